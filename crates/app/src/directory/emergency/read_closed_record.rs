//! Who somebody is whose record is closed to the reader.

use clinic_domain::directory::name;
use clinic_domain::directory::patient::age_on;
use clinic_domain::id::PatientId;
use clinic_domain::identity::emergency::{LASTS, Opening};
use clinic_domain::identity::policy::Action;

use super::told;
use super::view::ClosedRecord;
use crate::app::{Actor, App};
use crate::db::Record;
use crate::directory::record::{Doctor, Patient};
use crate::directory::store_rules::Rules;
use crate::error::{Answer, AppError};

impl App {
    /// The identity of a patient and the usual doctor, which everybody who books may know; nothing of the record.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Forbidden`]; faults of the store.
    pub fn read_closed_record(&self, actor: &Actor, request: PatientId) -> Answer<ClosedRecord> {
        let now = self.now();
        self.read(actor, Action::FindPatients, |conn, _| {
            let today = Rules::load(conn)?.today(now);
            let (patient, _) = Patient::load(conn, request.0)?.ok_or(AppError::NotFound)?;
            let doctor = match patient.form.doctor_id {
                Some(id) => Doctor::load(conn, id.0)?.map(|(doctor, _)| doctor.name()),
                None => None,
            };
            Ok(ClosedRecord {
                id: patient.id,
                name: name::given_first(&patient.form.family_name, &patient.form.given_names),
                sex: patient.form.sex,
                age: patient.form.birth_date.map_or(0, |born| age_on(born, today)),
                birth_date: patient.form.birth_date,
                doctor_name: doctor,
                doctor_told: told::has_account(conn, patient.form.doctor_id)?,
                minutes: u16::try_from(LASTS.num_minutes()).unwrap_or_default(),
                until: Opening::at(now).until,
                public_id: patient.public_id,
            })
        })
    }
}
