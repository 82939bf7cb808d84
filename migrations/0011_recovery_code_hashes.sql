-- Recovery codes are hashed like passwords (ASVS 6.5.2). Those of before, under the key of the store alone, end: whoever had
-- some makes new ones in the own account.
DROP TABLE recovery_code;
CREATE TABLE recovery_code (
    account_id BLOB NOT NULL REFERENCES account (id),
    set_phc TEXT NOT NULL,                          -- salt and work of the set: a PHC string without a hash
    hash BLOB NOT NULL CHECK (length(hash) = 32), used_ms INTEGER,
    PRIMARY KEY (account_id, hash)
) WITHOUT ROWID;
