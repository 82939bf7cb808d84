//! Enters time off or extra hours.

use clinic_domain::id::{DoctorId, ExceptionId};
use clinic_domain::identity::policy::Action;
use clinic_domain::scheduling::hours::{Exception, check_exception};
use clinic_domain::validation::check_line;

use super::doctor_view::{doctor_view, ownership};
use super::record::{Doctor, DoctorException};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::directory::view::{AddException, DoctorChanged};
use crate::error::{Answer, AppError};

/// Longest reason in characters, as the rule of the domain says.
const LONGEST_REASON: u32 = 120;

impl App {
    /// Enters time off or extra hours. Doctors enter their own; the desk enters everybody's. Appointments that lie in
    /// time off stay: the answer counts them. The same request sent again enters nothing more.
    ///
    /// # Errors
    /// [`AppError::Validation`]; [`AppError::NotFound`]; [`AppError::Forbidden`]; faults of the store.
    pub fn add_exception(&self, actor: &Actor, request: AddException) -> Answer<DoctorChanged> {
        let (doctor_id, action_id) = (request.doctor_id, request.request_id);
        let entry = DoctorException {
            doctor_id,
            exception: exception(ExceptionId(self.new_id()?), request)?,
            entered_at: self.now(),
        };
        let act =
            self.act(Op::AddException, Action::ManageExceptions, action_id, "doctor_exception.add", &entry)?;
        self.transact(actor, act, |tx| {
            tx.owned(ownership(actor, doctor_id))?;
            let doctor = match tx.earlier(action_id)? {
                Some(id) => DoctorId(id),
                None => {
                    let (doctor, _) = tx.get::<Doctor>(doctor_id.0)?;
                    tx.about(doctor_id.0, doctor.subject(), None);
                    tx.because(entry.exception.reason.clone());
                    tx.put(&entry)?;
                    doctor_id
                }
            };
            Ok(DoctorChanged { action_id, doctor: doctor_view(tx.conn(), doctor, tx.now)? })
        })
    }
}

/// The change as it is to be stored.
fn exception(id: ExceptionId, request: AddException) -> Answer<Exception> {
    let reason = check_line("reason", &request.reason, 0, LONGEST_REASON);
    let exception = Exception {
        id,
        kind: request.kind,
        from: request.from,
        until: request.until,
        span: request.span,
        reason: reason.unwrap_or(request.reason),
    };
    let fields = check_exception(&exception);
    if fields.is_empty() { Ok(exception) } else { Err(AppError::Validation { fields }) }
}

#[cfg(test)]
mod tests {
    use clinic_domain::identity::role::Role;
    use clinic_domain::scheduling::hours::ExceptionKind;
    use clinic_domain::time::Span;
    use clinic_domain::validation::FieldRule;

    use super::*;
    use crate::directory::fixture::{Clinic, date, person, physician};
    use crate::directory::store_columns::{Which, doctors};
    use crate::directory::view::RemoveException;

    fn time_off(clinic: &Clinic, doctor: DoctorId, from: &str, until: &str) -> AddException {
        AddException {
            request_id: clinic.request(),
            doctor_id: doctor,
            kind: ExceptionKind::TimeOff,
            from: date(from),
            until: date(until),
            span: None,
            reason: " Conference ".into(),
        }
    }

    #[test]
    fn time_off_counts_the_appointments_it_touches() {
        let clinic = Clinic::new();
        let doctor = clinic.add_doctor(physician("Lee", "Kim")).id;
        let other = clinic.add_doctor(physician("Park", "Jin")).id;
        let patient = clinic.add(person("Okafor", "Ngozi", "1988-03-12")).id;
        clinic.book(doctor, patient, "2026-11-30", 600, "scheduled");
        clinic.book(doctor, patient, "2026-12-01", 600, "confirmed");
        clinic.book(doctor, patient, "2026-12-01", 900, "confirmed");
        clinic.book(doctor, patient, "2026-12-01", 960, "cancelled");
        clinic.book(doctor, patient, "2026-12-03", 600, "scheduled");
        clinic.book(other, patient, "2026-12-01", 600, "scheduled");
        let admin = clinic.admin();
        let whole = clinic.app.add_exception(&admin, time_off(&clinic, doctor, "2026-12-01", "2026-12-02"));
        let mut morning = time_off(&clinic, doctor, "2026-11-30", "2026-12-01");
        morning.span = Some(Span::new(8 * 60, 12 * 60));
        clinic.app.add_exception(&admin, morning).unwrap();
        assert_eq!(whole.unwrap().doctor.exceptions[0].exception.reason, "Conference");
        let read = clinic.app.read_doctor(&admin, doctor).unwrap();
        let touched: Vec<_> = read
            .exceptions
            .iter()
            .map(|e| (e.exception.from, e.exception.span.is_some(), e.to_rebook))
            .collect();
        assert_eq!(touched, [(date("2026-11-30"), true, 2), (date("2026-12-01"), false, 2)]);
        assert_eq!(read.booked, 4);
    }

    #[test]
    fn a_doctor_enters_own_time_off_and_nobody_elses() {
        let clinic = Clinic::new();
        let own = clinic.add_doctor(physician("Lee", "Kim")).id;
        let other = clinic.add_doctor(physician("Park", "Jin")).id;
        let mut actor = clinic.person(Role::Doctor);
        actor.person.doctor = Some(own);
        clinic.app.add_exception(&actor, time_off(&clinic, own, "2026-12-01", "2026-12-01")).unwrap();
        let refusal = clinic
            .app
            .add_exception(&actor, time_off(&clinic, other, "2026-12-01", "2026-12-01"))
            .unwrap_err();
        assert_eq!(refusal, AppError::Forbidden);
        let entered =
            clinic.app.add_exception(&clinic.admin(), time_off(&clinic, other, "2026-12-01", "2026-12-01"));
        let exception_id = entered.unwrap().doctor.exceptions[0].exception.id;
        let request = RemoveException { doctor_id: other, exception_id };
        assert_eq!(clinic.app.remove_exception(&actor, request).unwrap_err(), AppError::Forbidden);
    }

    #[test]
    fn the_same_request_twice_enters_one_change_and_a_removed_one_is_gone() {
        let clinic = Clinic::new();
        let doctor = clinic.add_doctor(physician("Lee", "Kim")).id;
        let request = time_off(&clinic, doctor, "2026-12-01", "2026-12-01");
        clinic.app.add_exception(&clinic.admin(), request.clone()).unwrap();
        let twice = clinic.app.add_exception(&clinic.admin(), request).unwrap().doctor;
        assert_eq!(twice.exceptions.len(), 1);
        let request = RemoveException { doctor_id: doctor, exception_id: twice.exceptions[0].exception.id };
        let after = clinic.app.remove_exception(&clinic.admin(), request.clone()).unwrap().doctor;
        assert!(after.exceptions.is_empty());
        assert_eq!(clinic.app.remove_exception(&clinic.admin(), request).unwrap_err(), AppError::NotFound);
    }

    #[test]
    fn a_change_that_makes_no_sense_is_refused() {
        let clinic = Clinic::new();
        let doctor = clinic.add_doctor(physician("Lee", "Kim")).id;
        let refusal =
            clinic.app.add_exception(&clinic.admin(), time_off(&clinic, doctor, "2026-12-02", "2026-12-01"));
        let Err(AppError::Validation { fields }) = refusal else { panic!("{refusal:?}") };
        assert_eq!(fields[0].rule, FieldRule::EndBeforeStart);
    }

    #[test]
    fn the_schedule_gets_only_the_changes_that_touch_its_days() {
        let clinic = Clinic::new();
        let doctor = clinic.add_doctor(physician("Lee", "Kim")).id;
        for (from, until) in
            [("2026-11-01", "2026-11-10"), ("2026-11-20", "2026-12-01"), ("2026-12-24", "2026-12-24")]
        {
            clinic.app.add_exception(&clinic.admin(), time_off(&clinic, doctor, from, until)).unwrap();
        }
        let days = clinic.read(|conn| doctors(conn, Which::Active, date("2026-11-24"), date("2026-11-30")));
        let from: Vec<_> = days[0].day.exceptions.iter().map(|exception| exception.from).collect();
        assert_eq!(from, [date("2026-11-20")]);
        let these = clinic.read(|conn| {
            doctors(conn, Which::These(&[doctor, doctor]), date("2026-11-24"), date("2026-11-30"))
        });
        assert_eq!(these, days);
    }
}
