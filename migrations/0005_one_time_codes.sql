-- Codes that were sent by mail (AU-3 to AU-6), hashed. One for a name that is no account's is a row, too, so that it is
-- the same work and nobody can tell. Rows are forgotten after a day, when they bound nothing any more.
CREATE TABLE one_time_code (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),           -- the flow in which the six digits count
    purpose TEXT NOT NULL CHECK (purpose IN ('reset', 'registration')),
    asked BLOB NOT NULL CHECK (length(asked) = 16),                 -- keyed hash of what was typed to get it
    mailbox BLOB CHECK (length(mailbox) = 16),                      -- keyed hash of its address; NULL: nothing was sent
    device_id BLOB NOT NULL CHECK (length(device_id) = 16),         -- where it was asked for
    subject_id BLOB CHECK (length(subject_id) = 16),                -- what it opens; NULL: nothing
    at_ms INTEGER NOT NULL,
    code_hash TEXT,                                                 -- PHC string; NULL for a long code alone
    link_hash BLOB CHECK (length(link_hash) = 32),                  -- SHA-256 of the long code
    tries INTEGER NOT NULL DEFAULT 0,                               -- counted before anything is compared
    used_ms INTEGER                                                 -- used, or closed because another way was
);
CREATE INDEX one_time_code_by_asked ON one_time_code (asked, at_ms);
CREATE INDEX one_time_code_by_mailbox ON one_time_code (mailbox, at_ms) WHERE mailbox IS NOT NULL;
CREATE INDEX one_time_code_by_device ON one_time_code (device_id, at_ms);
CREATE INDEX one_time_code_by_time ON one_time_code (at_ms);
CREATE INDEX one_time_code_by_subject ON one_time_code (subject_id) WHERE subject_id IS NOT NULL;
CREATE UNIQUE INDEX one_time_code_by_link ON one_time_code (link_hash) WHERE link_hash IS NOT NULL;
