-- The store of one clinic. Ids are 16-byte UUIDv7 in rowid tables; instants are milliseconds since 1970 UTC;
-- `day` is the local date as days since 1970-01-01. `rev` counts local changes of a row, `v` is the hub's number.

CREATE TABLE clinic (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    v INTEGER NOT NULL DEFAULT 0, rev INTEGER NOT NULL,
    name TEXT NOT NULL, short_name TEXT NOT NULL, street TEXT NOT NULL, city TEXT NOT NULL, post_code TEXT NOT NULL,
    phone TEXT NOT NULL, time_zone TEXT NOT NULL, language TEXT NOT NULL, colour TEXT NOT NULL,
    hours TEXT NOT NULL,            -- JSON WeeklyHours
    closed_days TEXT NOT NULL,      -- JSON [ClosedDay]
    slot_minutes INTEGER NOT NULL, late_after_minutes INTEGER NOT NULL, idle_lock_minutes INTEGER NOT NULL,
    licence_pattern TEXT NOT NULL,
    is_demo INTEGER NOT NULL
);

CREATE TABLE specialty (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    v INTEGER NOT NULL DEFAULT 0, rev INTEGER NOT NULL,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE
);

CREATE TABLE appointment_type (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    v INTEGER NOT NULL DEFAULT 0, rev INTEGER NOT NULL,
    name TEXT NOT NULL, minutes INTEGER NOT NULL, position INTEGER NOT NULL, retired INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE doctor (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    v INTEGER NOT NULL DEFAULT 0, rev INTEGER NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    family_name TEXT NOT NULL, given_names TEXT NOT NULL, short_name TEXT NOT NULL, name_key TEXT NOT NULL,
    specialty_ids TEXT NOT NULL,    -- JSON [id], the first one is shown
    licence_number TEXT NOT NULL, licence_until TEXT,
    phone TEXT NOT NULL, email TEXT NOT NULL,
    schedule TEXT NOT NULL,         -- JSON of the days, Monday first: [open, start, end, [[start, end] of breaks]]
    position INTEGER NOT NULL,      -- order of the columns
    active INTEGER NOT NULL
);

CREATE TABLE doctor_exception (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    v INTEGER NOT NULL DEFAULT 0, rev INTEGER NOT NULL,
    doctor_id BLOB NOT NULL REFERENCES doctor (id),
    kind TEXT NOT NULL CHECK (kind IN ('time_off', 'extra_hours')),
    from_day INTEGER NOT NULL, until_day INTEGER NOT NULL CHECK (until_day >= from_day),
    start_minute INTEGER, end_minute INTEGER, reason TEXT NOT NULL, entered_ms INTEGER NOT NULL
);
CREATE INDEX doctor_exception_by_doctor ON doctor_exception (doctor_id, until_day);
CREATE INDEX doctor_exception_by_day ON doctor_exception (until_day, from_day);

CREATE TABLE account (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    v INTEGER NOT NULL DEFAULT 0, rev INTEGER NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('admin', 'front_desk', 'doctor', 'patient')),
    given_names TEXT NOT NULL, family_name TEXT NOT NULL, name_key TEXT NOT NULL,
    email TEXT UNIQUE, user_name TEXT UNIQUE,       -- folded to lower case; NULL when there is none
    doctor_id BLOB REFERENCES doctor (id),
    password_hash TEXT NOT NULL,                    -- PHC string
    preferences TEXT NOT NULL,                      -- JSON Preferences
    active INTEGER NOT NULL, created_ms INTEGER NOT NULL
);
CREATE INDEX account_by_name ON account (name_key);

-- Numbers of deleted or renamed records are never given out again (AU-1).
CREATE TABLE used_number (number TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID;

CREATE TABLE session (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    account_id BLOB NOT NULL REFERENCES account (id),
    device TEXT NOT NULL,
    started_ms INTEGER NOT NULL, last_active_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, ended_ms INTEGER
);
CREATE INDEX session_by_account ON session (account_id, ended_ms);

CREATE TABLE patient (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    v INTEGER NOT NULL DEFAULT 0, rev INTEGER NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    family_name TEXT NOT NULL, given_names TEXT NOT NULL, called TEXT NOT NULL, name_key TEXT NOT NULL,
    birth_date TEXT NOT NULL, sex TEXT NOT NULL, is_pregnant INTEGER,
    phone TEXT NOT NULL, phone_other TEXT NOT NULL, email TEXT NOT NULL,
    street TEXT NOT NULL, city TEXT NOT NULL, post_code TEXT NOT NULL,
    language TEXT NOT NULL, channel TEXT NOT NULL,
    emergency_contacts TEXT NOT NULL, alerts TEXT NOT NULL,     -- JSON
    doctor_id BLOB REFERENCES doctor (id), notes TEXT NOT NULL,
    validation TEXT NOT NULL, archived_ms INTEGER,
    created_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL, changed_by TEXT NOT NULL
);
CREATE INDEX patient_by_name ON patient (archived_ms IS NOT NULL, name_key, id);
CREATE INDEX patient_by_birth ON patient (birth_date, name_key);
CREATE INDEX patient_by_phone ON patient (phone);
CREATE INDEX patient_by_email ON patient (email) WHERE email <> '';
CREATE INDEX patient_by_change ON patient (changed_ms);
CREATE INDEX patient_by_doctor ON patient (doctor_id, name_key) WHERE doctor_id IS NOT NULL;

-- What a patient is found by: folded name parts, digits of phones, birth date, number. Answered by an index range.
CREATE TABLE patient_key (
    key TEXT NOT NULL, patient_id BLOB NOT NULL, PRIMARY KEY (key, patient_id)
) WITHOUT ROWID;
CREATE INDEX patient_key_by_patient ON patient_key (patient_id);
-- Every name part there is and how many bear it: what a misspelt one is compared with.
CREATE TABLE name_part (part TEXT PRIMARY KEY NOT NULL, bearers INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE appointment (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    v INTEGER NOT NULL DEFAULT 0, rev INTEGER NOT NULL,
    doctor_id BLOB NOT NULL REFERENCES doctor (id),
    patient_id BLOB NOT NULL REFERENCES patient (id),
    type_id BLOB REFERENCES appointment_type (id),
    start_ms INTEGER NOT NULL CHECK (start_ms % 300000 = 0),
    end_ms INTEGER NOT NULL CHECK (end_ms % 300000 = 0 AND end_ms > start_ms AND end_ms - start_ms <= 86400000),
    day INTEGER NOT NULL, zone TEXT NOT NULL,       -- local date and zone in which it was agreed
    status TEXT NOT NULL CHECK (status IN ('scheduled', 'confirmed', 'arrived', 'in_room', 'completed', 'cancelled',
                                           'no_show', 'needs_rebooking')),
    reason TEXT NOT NULL, cancel_reason TEXT, cancel_note TEXT NOT NULL, room TEXT NOT NULL,
    arrived_ms INTEGER, created_ms INTEGER NOT NULL, created_by TEXT NOT NULL
);
CREATE INDEX appointment_by_doctor ON appointment (doctor_id, day, start_ms);
-- Who waits: an index that a booking does not touch.
CREATE INDEX appointment_waiting ON appointment (day) WHERE status = 'arrived';
CREATE INDEX appointment_by_patient ON appointment (patient_id, start_ms);

-- The constraint of TR-1: one row for each five minutes that an appointment holds. Kept by triggers, so that raw
-- SQL meets it too; the abort comes before the write, so that no conflict clause can talk it over.
CREATE TABLE occupancy (
    doctor_id BLOB NOT NULL, slot INTEGER NOT NULL, appointment_id BLOB NOT NULL, PRIMARY KEY (doctor_id, slot)
) WITHOUT ROWID;
CREATE TABLE tick (n INTEGER PRIMARY KEY NOT NULL);
INSERT INTO tick (n)
WITH RECURSIVE counting (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counting WHERE n < 287) SELECT n FROM counting;

CREATE TRIGGER appointment_refuse_insert BEFORE INSERT ON appointment WHEN NEW.status NOT IN ('cancelled', 'no_show', 'needs_rebooking')
BEGIN
    SELECT RAISE(ABORT, 'slot taken') WHERE EXISTS (
        SELECT 1 FROM occupancy WHERE doctor_id = NEW.doctor_id AND slot >= NEW.start_ms / 300000
            AND slot < NEW.end_ms / 300000 AND appointment_id <> NEW.id);
END;
CREATE TRIGGER appointment_refuse_update BEFORE UPDATE OF doctor_id, start_ms, end_ms, status ON appointment
WHEN NEW.status NOT IN ('cancelled', 'no_show', 'needs_rebooking')
BEGIN
    SELECT RAISE(ABORT, 'slot taken') WHERE EXISTS (
        SELECT 1 FROM occupancy WHERE doctor_id = NEW.doctor_id AND slot >= NEW.start_ms / 300000
            AND slot < NEW.end_ms / 300000 AND appointment_id <> NEW.id);
END;
CREATE TRIGGER appointment_occupy_insert AFTER INSERT ON appointment WHEN NEW.status NOT IN ('cancelled', 'no_show', 'needs_rebooking')
BEGIN
    INSERT INTO occupancy (doctor_id, slot, appointment_id)
    SELECT NEW.doctor_id, NEW.start_ms / 300000 + n, NEW.id FROM tick
    WHERE n < (NEW.end_ms - NEW.start_ms) / 300000;
END;
CREATE TRIGGER appointment_occupy_update AFTER UPDATE OF doctor_id, start_ms, end_ms, status ON appointment
BEGIN
    DELETE FROM occupancy WHERE doctor_id = OLD.doctor_id AND slot >= OLD.start_ms / 300000
        AND slot < OLD.end_ms / 300000 AND appointment_id = OLD.id;
    INSERT INTO occupancy (doctor_id, slot, appointment_id)
    SELECT NEW.doctor_id, NEW.start_ms / 300000 + n, NEW.id FROM tick
    WHERE n < (NEW.end_ms - NEW.start_ms) / 300000
        AND NEW.status NOT IN ('cancelled', 'no_show', 'needs_rebooking');
END;
CREATE TRIGGER appointment_vacate AFTER DELETE ON appointment
BEGIN
    DELETE FROM occupancy WHERE doctor_id = OLD.doctor_id AND slot >= OLD.start_ms / 300000
        AND slot < OLD.end_ms / 300000 AND appointment_id = OLD.id;
END;

-- What is kept beside the appointments of each doctor's week, Monday first, so that neither a search nor a month reads
-- them. `masks`: of each day the booked five-minute ticks, counted from its local midnight, as 320 bits in little-endian
-- words. `counts`: of each day how many appointments have each status, as little-endian numbers of 16 bits in the order
-- of `store_weeks.rs`. `week` is counted from that of 1 January 1970.
CREATE TABLE doctor_week (
    doctor_id BLOB NOT NULL, week INTEGER NOT NULL, masks BLOB NOT NULL CHECK (length(masks) = 280),
    counts BLOB NOT NULL CHECK (length(counts) = 112), PRIMARY KEY (doctor_id, week)
) WITHOUT ROWID;

-- Local history: commands in the order in which they were given, and what each row was before.
CREATE TABLE outbox (
    q INTEGER PRIMARY KEY AUTOINCREMENT,
    mid BLOB NOT NULL UNIQUE, type TEXT NOT NULL, ver INTEGER NOT NULL, args TEXT NOT NULL,
    usr BLOB, sid BLOB, action BLOB NOT NULL,
    base INTEGER NOT NULL DEFAULT 0, created_ms INTEGER NOT NULL, tz TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending'
);
CREATE TABLE undo (
    q INTEGER NOT NULL REFERENCES outbox (q), i INTEGER NOT NULL, noun TEXT NOT NULL, id BLOB NOT NULL,
    pre TEXT,                       -- JSON of the record before; NULL when there was none
    post_rev INTEGER,               -- rev of the record after; NULL when it was removed
    PRIMARY KEY (q, i)
) WITHOUT ROWID;
-- Acts that can be undone and whether they were.
CREATE TABLE act (
    action BLOB PRIMARY KEY NOT NULL, sid BLOB, usr BLOB, op TEXT NOT NULL, subject TEXT NOT NULL,
    subject_id BLOB, undoes BLOB, undone_by BLOB, undoable INTEGER NOT NULL, q INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX act_by_session ON act (sid, q);

-- The audit chain (TR-4): hash = HMAC-SHA-256(key, 0x00 || hash of the entry before || seq || body).
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY NOT NULL, at_ms INTEGER NOT NULL, op TEXT NOT NULL,
    actor_id BLOB, subject_id BLOB, patient_id BLOB, action BLOB,
    body TEXT NOT NULL, hash BLOB NOT NULL CHECK (length(hash) = 32)
);
CREATE INDEX audit_by_time ON audit (at_ms);
CREATE INDEX audit_by_subject ON audit (subject_id, seq) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_by_patient ON audit (patient_id, seq, op) WHERE patient_id IS NOT NULL;
-- With the act, so that reads are left out of a count without looking at the entries.
CREATE INDEX audit_by_actor ON audit (actor_id, seq, op) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_by_op ON audit (op, seq);
CREATE INDEX audit_by_action ON audit (action) WHERE action IS NOT NULL;
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

-- Facts about this store and this device: device id, last start.
CREATE TABLE fact (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
