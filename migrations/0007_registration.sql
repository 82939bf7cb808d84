-- Registrations that wait for the code from the mail (AU-3): there is no account before it. Gone after half an hour.
CREATE TABLE pending_registration (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    role TEXT NOT NULL CHECK (role IN ('patient', 'doctor')),
    family_name TEXT NOT NULL, given_names TEXT NOT NULL, name_key TEXT NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,                    -- PHC string; of nothing that anybody knows where begun at the desk
    patient_id BLOB REFERENCES patient (id),        -- the record from which it was begun
    begun_by BLOB REFERENCES account (id),          -- NULL: by the person, where one signs in
    known INTEGER NOT NULL,                         -- the address is an account's already: nothing opens this
    begun_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL
);
CREATE INDEX pending_registration_by_end ON pending_registration (expires_ms);

-- The record of the patient whose account it is.
ALTER TABLE account ADD COLUMN patient_id BLOB REFERENCES patient (id);
CREATE UNIQUE INDEX account_by_patient ON account (patient_id) WHERE patient_id IS NOT NULL;

-- The mail in which a code went out, so that whoever asks is told what became of it.
ALTER TABLE one_time_code ADD COLUMN mail_id BLOB CHECK (length(mail_id) = 16);
