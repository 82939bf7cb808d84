-- Devices from which people sign in, and whom each one knows: one full sign-in makes it so, revoking takes it back
-- (AU-15).
CREATE TABLE device (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL, platform TEXT NOT NULL,
    first_seen_ms INTEGER NOT NULL, last_seen_ms INTEGER NOT NULL
);
CREATE TABLE trusted_device (
    account_id BLOB NOT NULL REFERENCES account (id), device_id BLOB NOT NULL REFERENCES device (id),
    since_ms INTEGER NOT NULL, PRIMARY KEY (account_id, device_id)
) WITHOUT ROWID;
CREATE INDEX trusted_device_by_device ON trusted_device (device_id);
ALTER TABLE session ADD COLUMN device_id BLOB REFERENCES device (id);
CREATE INDEX session_by_device ON session (device_id, ended_ms);

-- Wrong passwords (AU-16). A row is written before the password is looked at.
CREATE TABLE wrong_password (
    whose BLOB NOT NULL CHECK (length(whose) = 16), -- account, or keyed hash of a name that is no account's
    place BLOB NOT NULL CHECK (length(place) = 16), -- device that knows the account, or zeros for all that do not
    account_id BLOB REFERENCES account (id),        -- NULL for a name that is no account's
    failures INTEGER NOT NULL,                      -- since the last right one in this place
    in_a_row INTEGER NOT NULL,                      -- of these, those since the last right one in any place
    last_ms INTEGER NOT NULL,
    PRIMARY KEY (whose, place)
) WITHOUT ROWID;
CREATE INDEX wrong_password_by_account ON wrong_password (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX wrong_password_of_nobody ON wrong_password (last_ms) WHERE account_id IS NULL;
-- One row: what is remembered of wrong passwords over all names, from devices that do not know the person.
CREATE TABLE guessing (
    only INTEGER PRIMARY KEY NOT NULL CHECK (only = 1),
    filled_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL, alarmed_ms INTEGER
);

-- What a person is told at the next look at the screen (AU-15, AU-17).
CREATE TABLE notice (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    account_id BLOB NOT NULL REFERENCES account (id),   -- whom it is for
    kind TEXT NOT NULL, at_ms INTEGER NOT NULL,
    device TEXT NOT NULL,                               -- name of the device it is about
    about_id BLOB REFERENCES account (id),              -- account it is about; NULL for a name that is no account's
    read_ms INTEGER
);
CREATE INDEX notice_unread ON notice (account_id, at_ms) WHERE read_ms IS NULL;

-- When an administrator made sure who it is; NULL before, and again once the e-mail address is another one (AU-23).
ALTER TABLE account ADD COLUMN verified_ms INTEGER;
