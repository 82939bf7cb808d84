-- One row: how much work a password hash is in this clinic, as found out on the computer where it was set up. None for a
-- clinic from before that: what the program begins with.
CREATE TABLE password_hashing (
    only INTEGER PRIMARY KEY NOT NULL CHECK (only = 1),
    memory_kib INTEGER NOT NULL, passes INTEGER NOT NULL
);
