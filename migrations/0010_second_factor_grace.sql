-- Days in which somebody who must have a second factor may still work without one (AU-18), and what they are counted from:
-- since when the clinic demands it of each role, and since when an account is in its role and may sign in.
ALTER TABLE security_policy ADD COLUMN factor_grace_days INTEGER NOT NULL DEFAULT 7;
ALTER TABLE security_policy ADD COLUMN demanded_since TEXT NOT NULL DEFAULT '[]'; -- JSON [[Role, Instant]]
ALTER TABLE account ADD COLUMN in_role_since_ms INTEGER NOT NULL DEFAULT 0;
UPDATE account SET in_role_since_ms = created_ms;
