-- What an entry says of whom it was about lies beside what is chained, which holds only a salted hash of it: so that a
-- person can be taken out of the log and the chain still holds (TR-4; GDPR article 17). Entries from before have it in
-- their body, and there it stays.
ALTER TABLE audit ADD COLUMN words TEXT;
DROP TRIGGER audit_never_changes;
CREATE TRIGGER audit_never_changes
    BEFORE UPDATE OF seq, at_ms, op, actor_id, subject_id, patient_id, action, body, hash ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
CREATE TRIGGER audit_words_only_go BEFORE UPDATE OF words ON audit WHEN new.words IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'the words of the audit log only go'); END;
