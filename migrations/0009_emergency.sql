-- Emergency access (HIPAA 164.312(a)(2)(ii)): who opened whose record, why and for how long.
CREATE TABLE emergency (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    v INTEGER NOT NULL DEFAULT 0, rev INTEGER NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    session_id BLOB NOT NULL REFERENCES session (id),
    device TEXT NOT NULL,
    patient_id BLOB NOT NULL REFERENCES patient (id),
    reason TEXT NOT NULL CHECK (reason IN ('needs_treatment', 'asked_by_phone', 'urgent_result', 'other')),
    words TEXT NOT NULL,
    second_reason TEXT, second_words TEXT NOT NULL,     -- why it was prolonged; NULL and '': it was not
    from_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL CHECK (until_ms > from_ms AND until_ms - from_ms <= 7200000),
    ended_ms INTEGER,                                   -- before its time; NULL: it ends by itself
    reviewed_ms INTEGER, reviewed_by BLOB REFERENCES account (id),
    remark TEXT NOT NULL
);
CREATE INDEX emergency_by_session ON emergency (session_id) WHERE ended_ms IS NULL;
CREATE INDEX emergency_by_time ON emergency (from_ms);
CREATE INDEX emergency_unreviewed ON emergency (from_ms) WHERE reviewed_ms IS NULL;

-- No record stays open longer than the session in which it was opened, whatever ends that: the person, an
-- administrator, a deactivated account, a device that was shut out.
CREATE TRIGGER emergency_ends_with_its_session AFTER UPDATE OF ended_ms ON session WHEN NEW.ended_ms IS NOT NULL BEGIN
    UPDATE emergency SET ended_ms = NEW.ended_ms, rev = rev + 1
    WHERE session_id = NEW.id AND ended_ms IS NULL AND until_ms > NEW.ended_ms;
END;

-- Who was told of it.
CREATE TABLE emergency_notice (
    notice_id BLOB PRIMARY KEY NOT NULL REFERENCES notice (id) ON DELETE CASCADE,
    emergency_id BLOB NOT NULL REFERENCES emergency (id)
) WITHOUT ROWID;
CREATE INDEX emergency_notice_by_emergency ON emergency_notice (emergency_id);
