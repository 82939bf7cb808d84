-- A span of days and what happened while nobody was signed in are asked of the audit log as often as a person is (AD-6).
-- Each index holds all that counting its matches looks at, so that no entry is read for it.
DROP INDEX audit_by_time;
CREATE INDEX audit_by_time ON audit (at_ms, seq, op);
DROP INDEX audit_by_actor;
CREATE INDEX audit_by_actor ON audit (actor_id, seq, op, at_ms);
