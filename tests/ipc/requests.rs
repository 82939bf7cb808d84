//! One request for each command that is accepted when the policy allows it.

use clinic_app::directory::view::{AddException, EditPatient};
use clinic_app::identity::access_view::Reauthenticate;
use clinic_domain::identity::role::Role;
use clinic_domain::time::Days;
use clinic_testkit::clinic::MONDAY;
use clinic_testkit::forms::{self, PASSWORD};
use serde_json::{Value, json};

use super::page::Page;

impl Page {
    /// Arguments of a command. `own` says whether the thing it is about is the signed-in person's.
    pub fn arguments(&self, command: &str, own: bool) -> Value {
        let request = self.request(command, own);
        // Making it may have taken minutes.
        if let Ok(me) = self.app.held_actor() {
            drop(self.app.reauthenticate(&me, Reauthenticate { password: PASSWORD.into() }));
        }
        match request {
            Value::Null => json!({}),
            request => json!({ "request": request }),
        }
    }

    fn request(&self, command: &str, own: bool) -> Value {
        match command {
            "create_store" => json!({ "kind": "passphrase", "passphrase": PASSWORD }),
            "open_store" => json!({ "passphrase": PASSWORD }),
            "recover_store" => json!({ "recovery_key": "0000-0000-0000-0000-0000-0000-0000" }),
            "make_recovery_key" => json!({ "password": PASSWORD }),
            "change_store_key" => json!({ "protection": "computer", "password": PASSWORD, "passphrase": "" }),
            "set_up_clinic" => self.set_up(),
            "check_password" => json!({ "password": "abc", "context": ["Harbour"], "own": false }),
            "sign_in" => json!({ "login": "nobody", "password": PASSWORD }),
            "unlock" => json!({ "password": PASSWORD }),
            "unlock_with_pin" => json!({ "pin": "471108" }),
            "switch_user" => json!({ "session_id": null }),
            "set_pin" => json!({ "pin": "471108" }),
            "book"
            | "reschedule"
            | "change_status"
            | "change_status:cancel"
            | "change_status:complete"
            | "view_schedule"
            | "view_month"
            | "read_appointment"
            | "list_appointments"
            | "list_appointments:patient"
            | "next_free"
            | "undo" => self.scheduling(command, own),
            "list_accounts" | "create_account" | "edit_account" | "set_account_active" | "delete_account"
            | "set_preferences" | "edit_profile" | "end_session" => self.identity(command, own),
            "read_closed_record" => json!(self.patient),
            "open_in_emergency" | "extend_emergency" | "end_emergency" | "list_emergencies"
            | "review_emergency" => self.emergency(command),
            "edit_clinic" => self.clinic_form(),
            "edit_security_policy" => json!(self.security_policy()),
            "edit_mail" | "send_test_mail" => self.mail(command),
            "list_audit" => matching(),
            "compare_audit" => json!({ "log_code": "1-7F3A-91C2-55D0-A1B2" }),
            "export_audit" => json!({ "matching": matching(), "kind": "sealed" }),
            _ => self.access(command, own).unwrap_or_else(|| self.directory(command, own)),
        }
    }

    fn scheduling(&self, command: &str, own: bool) -> Value {
        let doctors = json!([self.column(own)]);
        match command {
            "book" => {
                json!({ "request_id": self.id(), "place": place(&self.place(own)), "patient_id": self.patient,
                "type_id": null, "reason": "Cough" })
            }
            "reschedule" => {
                let booked = self.booked(own).appointment;
                json!({ "id": booked.id, "rev": booked.rev, "place": place(&self.place(own)) })
            }
            "change_status" => self.step(own, "confirmed", Value::Null),
            "change_status:cancel" => self.step(own, "cancelled", json!("patient_asked")),
            "change_status:complete" => self.step(own, "completed", Value::Null),
            "view_schedule" => json!({ "from": MONDAY, "days": 1, "doctor_ids": doctors }),
            "view_month" => json!({ "month": MONDAY, "doctor_ids": doctors }),
            "read_appointment" => json!(self.booked(own).appointment.id),
            "list_appointments" => json!({ "patient_id": null, "doctor_id": self.column(own), "page": 0 }),
            "list_appointments:patient" => {
                json!({ "patient_id": self.record(own), "doctor_id": null, "page": 0 })
            }
            // A patient, who may not book, has no own act.
            "undo" if own && self.actor().person.role != Role::Patient => {
                json!({ "action_id": self.booked_by(&self.actor(), true).action_id })
            }
            "undo" => json!({ "action_id": self.booked(true).action_id }),
            _ => {
                json!({ "from": MONDAY, "from_minute": 0, "minutes": 30, "doctor_ids": doctors, "specialty_id": null,
                "limit": 5, "days": 5 })
            }
        }
    }

    /// A step of an appointment; a visit is completed from its arrival.
    fn step(&self, own: bool, to: &str, cancel_reason: Value) -> Value {
        let completes = to == "completed";
        let mut booked = if completes { self.booked_today(own) } else { self.booked(own) }.appointment;
        if completes {
            let arrive = json!({ "id": booked.id, "rev": booked.rev, "to": "arrived", "cancel_reason": null, "note": "",
                "room": "" });
            booked = self
                .app
                .change_status(&self.other(), serde_json::from_value(arrive).unwrap())
                .unwrap()
                .appointment;
        }
        json!({ "id": booked.id, "rev": booked.rev, "to": to, "cancel_reason": cancel_reason, "note": "", "room": "" })
    }

    fn directory(&self, command: &str, own: bool) -> Value {
        let paging = json!({ "page": 0, "size": 20, "sort": "name", "descending": false });
        match command {
            "search_patients" | "find" => json!({ "query": "smi", "limit": 5 }),
            "list_patients" => json!({ "filter": { "query": "", "doctor_id": null, "validation": null,
                "with_alert": false, "archived": false }, "paging": paging }),
            "read_patient" => json!(self.record(own)),
            "find_duplicates" => json!(forms::patient("Nagy", "Ilona", "1975-11-30")),
            "add_patient" => json!({ "request_id": self.id(), "accept_duplicates": true,
                "form": forms::patient("Nagy", "Ilona", "1975-11-30") }),
            "edit_patient" => {
                let patient = self.clinic_patient(own);
                json!({ "id": patient.id, "rev": patient.rev, "form": patient.form })
            }
            "archive_patient" => {
                let form = forms::patient("Old", "Record", "1950-01-01");
                let request = json!({ "request_id": self.id(), "form": form, "accept_duplicates": true });
                let added =
                    self.app.add_patient(&self.other(), serde_json::from_value(request).unwrap()).unwrap();
                json!({ "id": added.patient.id, "rev": added.patient.rev, "archived": true })
            }
            "list_doctors" => {
                json!({ "query": "", "specialty_id": null, "with_inactive": false, "paging": paging })
            }
            "read_doctor" => json!(self.column(own)),
            "count_outside_hours" => {
                json!({ "kind": "doctor", "id": self.column(own), "hours": forms::doctor("New", "Ann").schedule })
            }
            "add_doctor" => json!({ "request_id": self.id(), "form": forms::doctor("New", "Ann"),
                "new_specialties": ["Cardiology"] }),
            "edit_doctor" => {
                let doctor = self.app.read_doctor(&self.clinic.admin(), self.column(own)).unwrap();
                json!({ "id": doctor.id, "rev": doctor.rev, "form": doctor.form, "new_specialties": [], "active": true })
            }
            "add_exception" => self.exception(own),
            "remove_exception" => {
                let request: AddException = serde_json::from_value(self.exception(own)).unwrap();
                let added = self.app.add_exception(&self.clinic.admin(), request).unwrap().doctor;
                json!({ "doctor_id": added.id, "exception_id": added.exceptions.last().unwrap().exception.id })
            }
            // Commands that send nothing.
            _ => Value::Null,
        }
    }

    /// Time off on a day on which nobody is booked.
    fn exception(&self, own: bool) -> Value {
        let date = self.place(own).date + Days::new(300);
        json!({ "request_id": self.id(), "doctor_id": self.column(own), "kind": "time_off", "from": date, "until": date,
            "span": { "start": 600, "end": 660 }, "reason": "Training" })
    }

    fn identity(&self, command: &str, own: bool) -> Value {
        let paging = json!({ "page": 0, "size": 20, "sort": "name", "descending": false });
        let user = format!("user{}", &self.id().as_str().unwrap()[30..]);
        let form = forms::account(&user, clinic_domain::identity::role::Role::FrontDesk, None);
        let create = json!({ "request_id": self.id(), "form": form, "password": PASSWORD });
        let made = || {
            let request = serde_json::from_value(create.clone()).unwrap();
            self.app.create_account(&self.clinic.admin(), request).unwrap().account
        };
        match command {
            "list_accounts" => json!({ "query": "", "role": null, "active": null, "paging": paging }),
            "create_account" => create,
            "edit_account" => {
                let account = made();
                json!({ "id": account.id, "rev": account.rev, "form": account.form })
            }
            "delete_account" => {
                let account = made();
                json!({ "id": account.id, "rev": account.rev })
            }
            "set_account_active" => {
                let account = made();
                json!({ "id": account.id, "rev": account.rev, "active": false })
            }
            "set_preferences" => json!({ "theme": "dark", "density": "normal", "single_letter_keys": true }),
            "edit_profile" => {
                json!({ "given_names": "Ada", "family_name": "Test", "email": "", "user_name": user,
                "password": PASSWORD })
            }
            _ => {
                let whose = if own { self.actor() } else { self.other() };
                json!({ "id": if own { Value::Null } else { json!(whose.session) } })
            }
        }
    }

    fn clinic_form(&self) -> Value {
        let view = self.app.read_clinic(&self.clinic.admin()).unwrap();
        json!({ "rev": view.rev, "profile": view.profile, "hours": view.hours, "slot_minutes": view.slot_minutes,
            "closed_days": view.closed_days, "appointment_types": view.appointment_types,
            "late_after_minutes": 20 })
    }

    /// A server that is not there: whoever may send a test mail is told so.
    fn mail(&self, command: &str) -> Value {
        let form = json!({ "host": "127.0.0.1", "port": 9, "security": "none", "user": "desk",
            "from_address": "desk@northgate.example", "from_name": "", "reply_to": "" });
        if command == "send_test_mail" {
            return json!({ "to": "ada@example.org", "form": form, "password": PASSWORD });
        }
        let rev = self.app.read_mail(&self.clinic.admin()).unwrap().rev;
        json!({ "rev": rev, "form": form, "password": PASSWORD })
    }

    fn set_up(&self) -> Value {
        let form = forms::clinic(serde_json::from_value(self.id()).unwrap());
        json!({ "request_id": self.id(), "admin": form.admin, "password": PASSWORD, "profile": form.profile,
            "hours": form.hours, "slot_minutes": 30, "demo": false,
            "doctors": [{ "form": forms::doctor("New", "Ann"), "specialty": "Cardiology" }] })
    }

    fn clinic_patient(&self, own: bool) -> EditPatient {
        let patient = self.app.read_patient(&self.clinic.admin(), self.record(own)).unwrap();
        EditPatient { id: patient.id, rev: patient.rev, form: patient.form }
    }

    fn id(&self) -> Value {
        json!(self.app.new_id().unwrap())
    }
}

fn place(place: &clinic_app::scheduling::view::Place) -> Value {
    json!({ "doctor_id": place.doctor_id, "date": place.date, "start": place.start, "minutes": place.minutes,
        "fold": null })
}

/// The log of a day, reads as well.
fn matching() -> Value {
    json!({ "query": "", "from": MONDAY, "until": MONDAY, "actor_id": null, "nobody": false, "op": null,
        "patient_id": null, "with_reads": true, "page": 0, "size": 20 })
}
