-- How long a password is good: until its owner changes it, as long as a second factor is asked for beside it, or for one
-- sign-in because somebody else gave it (ASVS 6.4.1).
ALTER TABLE account ADD COLUMN password_standing TEXT NOT NULL DEFAULT 'lasting'
    CHECK (password_standing IN ('lasting', 'with_factor', 'temporary'));
