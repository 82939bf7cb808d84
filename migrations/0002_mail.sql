-- Outbound mail (NO-4): a row is written in the transaction that causes it and worked off later. It stays as the log of
-- what was sent (NO-2); what a secret one said is wiped once it was sent or is of no more use.
CREATE TABLE mail (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    template TEXT NOT NULL,
    letter TEXT,                    -- JSON Letter; NULL once wiped
    secret INTEGER NOT NULL,
    recipient TEXT NOT NULL, recipient_name TEXT NOT NULL,
    sender TEXT NOT NULL DEFAULT '', -- the address it went out from
    created_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'skipped')),
    due_ms INTEGER NOT NULL,        -- of one that is being sent: when it counts as not sent
    tries INTEGER NOT NULL DEFAULT 0,
    fault TEXT, status INTEGER,     -- what went wrong last, and the server's code
    settled_ms INTEGER              -- when it was sent, failed or was skipped
);
CREATE INDEX mail_by_due ON mail (due_ms, id) WHERE state IN ('queued', 'sending');
CREATE INDEX mail_with_secret ON mail (expires_ms) WHERE secret AND letter IS NOT NULL;
CREATE INDEX mail_by_end ON mail (state, settled_ms) WHERE settled_ms IS NOT NULL;

-- One row: how mail leaves the clinic. The password of the account is not here (mail_password).
CREATE TABLE mail_settings (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    v INTEGER NOT NULL DEFAULT 0, rev INTEGER NOT NULL,
    host TEXT NOT NULL, port INTEGER NOT NULL, security TEXT NOT NULL, user TEXT NOT NULL,
    from_address TEXT NOT NULL, from_name TEXT NOT NULL, reply_to TEXT NOT NULL,
    password_ms INTEGER             -- when the password was set; NULL without one
);
-- One row: the password, sealed, where the computer has no keystore; `sealed` is NULL where the keystore holds it.
CREATE TABLE mail_password (only INTEGER PRIMARY KEY NOT NULL CHECK (only = 1), sealed BLOB);
