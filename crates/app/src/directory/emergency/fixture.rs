//! Jo Smith is the patient of Dr Roy; Dr Lee sits at the desk: for the tests of emergency access.

use clinic_domain::directory::patient::PatientForm;
use clinic_domain::id::DoctorId;
use clinic_domain::identity::emergency::EmergencyReason;
use clinic_domain::identity::role::Role;

use super::view::{
    EmergencyPage, ExtendEmergency, ListEmergencies, OpenInEmergency, ReviewEmergency, RunningEmergency,
};
use crate::app::Actor;
use crate::audit::view::Op;
use crate::directory::store_visits::book_for_test;
use crate::directory::view::{AddDoctor, AddPatient, PatientView};
use crate::error::{Answer, AppError};
use crate::fixture::{person, physician};
use crate::identity::fixture::{Clinic, PASSWORD};
use crate::paging::Paging;

pub(super) const WORDS: &str = "Collapsed in the waiting room";

/// The clinic with those who matter here.
pub(super) struct Ward {
    pub clinic: Clinic,
    pub ada: Actor,
    pub lee: Actor,
    pub roy: Actor,
    pub roys: DoctorId,
    pub smith: PatientView,
}

impl Ward {
    pub fn new() -> Self {
        let clinic = Clinic::new();
        let ada = clinic.admin();
        let doctor = |family_name: &str| {
            let form = physician(family_name, "Ann");
            let request = AddDoctor { request_id: clinic.request(), form, new_specialties: Vec::new() };
            clinic.app.add_doctor(&ada, request).unwrap().doctor.id
        };
        let (lees, roys) = (doctor("Lee"), doctor("Roy"));
        clinic.account("lee", Role::Doctor, Some(lees));
        let roy = clinic.account("roy", Role::Doctor, Some(roys));
        clinic.account("noor", Role::FrontDesk, None);
        let roy = clinic.person(roy);
        let smith = PatientForm { doctor_id: Some(roys), ..person("Smith", "Jo", "1980-02-29") };
        let smith = add(&clinic, &ada, smith).unwrap();
        clinic.sign_in("lee", PASSWORD).unwrap();
        let lee = clinic.app.actor().unwrap();
        Self { clinic, ada, lee, roy, roys, smith }
    }

    pub fn request(&self) -> OpenInEmergency {
        OpenInEmergency {
            request_id: self.clinic.request(),
            patient_id: self.smith.id,
            reason: EmergencyReason::NeedsTreatment,
            words: WORDS.into(),
        }
    }

    pub fn open(&self) -> RunningEmergency {
        self.clinic.app.open_in_emergency(&self.lee, self.request()).unwrap()
    }

    pub fn read(&self, who: &Actor) -> Answer<PatientView> {
        self.clinic.app.read_patient(who, self.smith.id)
    }

    pub fn reads(&self) -> bool {
        match self.read(&self.lee) {
            Ok(_) => true,
            Err(AppError::Forbidden) => false,
            Err(other) => panic!("{other:?}"),
        }
    }

    pub fn extend(&self, running: &RunningEmergency) -> Answer<RunningEmergency> {
        let request = ExtendEmergency {
            id: running.id,
            reason: EmergencyReason::Other,
            words: "Still no bed free".into(),
        };
        self.clinic.app.extend_emergency(&self.lee, request)
    }

    pub fn listed(&self, unreviewed: bool) -> EmergencyPage {
        let paging = Paging { page: 0, size: 50, sort: "from".into(), descending: true };
        self.clinic.app.list_emergencies(&self.ada, ListEmergencies { unreviewed, paging }).unwrap()
    }

    pub fn review(&self, who: &Actor, running: &RunningEmergency, remark: &str) -> Answer<()> {
        self.clinic.app.review_emergency(who, ReviewEmergency { id: running.id, remark: remark.into() })
    }

    pub fn book(&self, doctor: DoctorId, status: &str) {
        let id = self.clinic.app.new_id().unwrap();
        let day = "2026-11-20".parse().unwrap();
        self.clinic.write(|conn| book_for_test(conn, id, doctor, self.smith.id, day, 600, status));
    }

    /// From now on nothing can be written down.
    pub fn break_the_log(&self) {
        let broken = "CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'broken'); END";
        self.clinic.write(|conn| Ok(conn.execute_batch(broken)?));
    }

    /// The operations that were written down after the first so many.
    pub fn ops_after(&self, count: usize) -> Vec<Op> {
        self.clinic.ops().split_off(count)
    }
}

/// Adds a patient.
pub(super) fn add(clinic: &Clinic, who: &Actor, form: PatientForm) -> Answer<PatientView> {
    let request = AddPatient { request_id: clinic.request(), form, accept_duplicates: true };
    Ok(clinic.app.add_patient(who, request)?.patient)
}
