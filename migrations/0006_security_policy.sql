-- What the clinic decided about security (AU-9, AU-16, AU-18, AU-22); without a row the program's own values hold. The
-- minutes before a desk locks itself move here from the clinic's settings.
CREATE TABLE security_policy (
    clinic_id BLOB PRIMARY KEY NOT NULL REFERENCES clinic (id),
    v INTEGER NOT NULL DEFAULT 0, rev INTEGER NOT NULL,
    password_least INTEGER NOT NULL, password_least_with_factor INTEGER NOT NULL,
    composition INTEGER NOT NULL,
    second_factor_roles TEXT NOT NULL, -- JSON [Role]
    free_tries INTEGER NOT NULL, longest_wait_minutes INTEGER NOT NULL, told_after INTEGER NOT NULL,
    untrusted_per_hour INTEGER NOT NULL,
    session_hours INTEGER NOT NULL, idle_minutes INTEGER NOT NULL
);
INSERT INTO security_policy
    SELECT id, 0, 1, 15, 8, 0, '[]', 3, 15, 10, 200, 12, idle_lock_minutes FROM clinic;
ALTER TABLE clinic DROP COLUMN idle_lock_minutes;
