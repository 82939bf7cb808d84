-- The second factor of a person (AU-18): the secret of the authenticator app, in the encrypted store and nowhere else.
CREATE TABLE second_factor (
    account_id BLOB PRIMARY KEY NOT NULL REFERENCES account (id),
    secret BLOB NOT NULL CHECK (length(secret) = 20),
    begun_ms INTEGER NOT NULL,
    since_ms INTEGER,               -- NULL until a code proved that the app has the secret
    last_step INTEGER               -- step of the code that was accepted last: none before or at it counts again
) WITHOUT ROWID;
-- Keyed hashes of recovery codes; each is good once.
CREATE TABLE recovery_code (
    account_id BLOB NOT NULL REFERENCES account (id), hash BLOB NOT NULL CHECK (length(hash) = 32), used_ms INTEGER,
    PRIMARY KEY (account_id, hash)
) WITHOUT ROWID;
