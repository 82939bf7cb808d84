//! Requests about emergency access.

use clinic_app::Actor;
use clinic_app::directory::emergency::view::{EndEmergency, OpenInEmergency};
use clinic_domain::id::EmergencyId;
use clinic_domain::identity::role::Role;
use serde_json::{Value, json};

use super::page::Page;

impl Page {
    /// A request of one of these commands.
    pub fn emergency(&self, command: &str) -> Value {
        let why = json!({ "reason": "needs_treatment", "words": "Collapsed in the waiting room" });
        match command {
            "open_in_emergency" => {
                let mut request = why;
                request["request_id"] = json!(self.app.new_id().unwrap());
                request["patient_id"] = json!(self.record(false));
                request
            }
            "extend_emergency" => {
                let mut request = why;
                request["id"] = json!(self.running());
                request
            }
            "end_emergency" => json!({ "id": self.running() }),
            "list_emergencies" => json!({ "unreviewed": false, "paging":
                { "page": 0, "size": 20, "sort": "from", "descending": true } }),
            _ => {
                let doctor = self.clinic.doctor();
                let id = self.opened_by(&doctor);
                self.app.end_emergency(&doctor, EndEmergency { id }).unwrap();
                json!({ "id": id, "remark": "Spoke with Dr Lee" })
            }
        }
    }

    /// An emergency access of whoever is signed in; an id of none for whom may have none.
    fn running(&self) -> EmergencyId {
        let me = self.actor();
        match me.person.role {
            Role::Doctor => self.opened_by(&me),
            _ => EmergencyId(self.app.new_id().unwrap()),
        }
    }

    fn opened_by(&self, doctor: &Actor) -> EmergencyId {
        let request: OpenInEmergency = serde_json::from_value(self.emergency("open_in_emergency")).unwrap();
        self.app.open_in_emergency(doctor, request).unwrap().id
    }
}
