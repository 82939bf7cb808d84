//! The demo clinic (AD-12): twenty doctors, one hundred patients, more than three hundred appointments around today.
//! Everything is invented; the store is marked for good.

mod calendar;
pub(super) mod dice;
pub(super) mod doctors;
mod people;

use clinic_domain::directory::patient::Validation;
use clinic_domain::id::{AccountId, DoctorId, ExceptionId, PatientId};
use clinic_domain::identity::account::AccountDetails;
use clinic_domain::identity::role::Role;
use clinic_domain::scheduling::booking::{BookingPolicy, DoctorDay, LONGEST_MINUTES};
use clinic_domain::scheduling::hours::{Exception, ExceptionKind};
use clinic_domain::time::{NaiveDate, Span, wall_of};

use self::dice::Dice;
use crate::app::App;
use crate::clinic::store;
use crate::db::{Record, Tx};
use crate::directory::record::{Doctor, DoctorException, Patient};
use crate::error::Answer;
use crate::identity::{account, demo, number};
use crate::scheduling::appointment::load_many;

/// The data is the same each time but for the day and hour at which it is made.
const SEED: u64 = 20_261_124;
/// Columns of the doctors who are away: all of today, and this afternoon.
const AWAY_TODAY: usize = 12;
const AWAY_AFTERNOON: usize = 8;
/// Patients of a hundred whose records have been checked.
const VALIDATED: usize = 80;

impl App {
    /// Writes the demo clinic; `secret` is the hash of the known accounts' password, `taken` a user name that is in use.
    /// Its rows are not kept for undo one by one: the store was empty before.
    pub(super) fn put_demo(&self, tx: &mut Tx<'_>, secret: &str, taken: &str) -> Answer<()> {
        let mut dice = Dice::new(SEED);
        let (clinic, _) = store::load(tx.conn())?;
        let policy = BookingPolicy {
            zone: clinic.profile.time_zone.parse().unwrap_or_default(),
            slot_minutes: clinic.slot_minutes,
            longest_minutes: LONGEST_MINUTES,
            clinic_hours: clinic.hours,
            closed_days: clinic.closed_days,
        };
        let today = wall_of(tx.now, policy.zone).0;
        let doctors = self.demo_doctors(tx, today)?;
        let ids: Vec<DoctorId> = doctors.iter().map(|(id, _)| *id).collect();
        let patients = self.demo_patients(tx, &mut dice, today, &ids)?;
        let types: Vec<_> =
            store::types(tx.conn())?.into_iter().map(|kind| (kind.id, kind.minutes)).collect();
        let by = "Noor Abadi";
        let facts = calendar::Facts {
            policy: &policy,
            doctors: &doctors,
            patients: &patients,
            types: &types,
            now: tx.now,
            by,
        };
        load_many(tx.conn(), calendar::appointments(&mut dice, &facts))?;
        self.demo_accounts(tx, secret, &ids, taken)
    }

    fn demo_doctors(&self, tx: &mut Tx<'_>, today: NaiveDate) -> Answer<Vec<(DoctorId, DoctorDay)>> {
        let names = doctors::specialties();
        let specialties = self.put_specialties(tx, names.into_iter())?;
        let forms = doctors::doctors(today, |name| specialties.get(&name.to_lowercase()).copied());
        let mut made = Vec::new();
        for (i, form) in forms.into_iter().enumerate() {
            let id = DoctorId(self.new_id()?);
            let public_id = number::free(self, tx.conn(), Role::Doctor)?;
            let position = 100 + u32::try_from(i).unwrap_or_default();
            let doctor = Doctor { id, public_id, form, position, active: true };
            doctor.save(tx.conn(), 1)?;
            let exceptions = self.demo_exception(tx, i, id, today)?;
            made.push((
                id,
                DoctorDay {
                    active: true,
                    licence_until: doctor.form.licence_until,
                    schedule: doctor.form.schedule,
                    exceptions,
                },
            ));
        }
        Ok(made)
    }

    fn demo_exception(
        &self,
        tx: &Tx<'_>,
        column: usize,
        doctor_id: DoctorId,
        today: NaiveDate,
    ) -> Answer<Vec<Exception>> {
        let (span, reason) = match column {
            AWAY_TODAY => (None, "Congress"),
            AWAY_AFTERNOON => (Some(Span::new(14 * 60, 17 * 60)), "Course"),
            _ => return Ok(Vec::new()),
        };
        let exception = Exception {
            id: ExceptionId(self.new_id()?),
            kind: ExceptionKind::TimeOff,
            from: today,
            until: today,
            span,
            reason: reason.to_owned(),
        };
        DoctorException { doctor_id, exception: exception.clone(), entered_at: tx.now }.save(tx.conn(), 1)?;
        Ok(vec![exception])
    }

    fn demo_patients(
        &self,
        tx: &Tx<'_>,
        dice: &mut Dice,
        today: NaiveDate,
        doctors: &[DoctorId],
    ) -> Answer<Vec<PatientId>> {
        let mut ids = Vec::new();
        for form in people::patients(dice, today, doctors) {
            let id = PatientId(self.new_id()?);
            let validated = dice.chance(VALIDATED);
            let patient = Patient {
                id,
                public_id: number::free(self, tx.conn(), Role::Patient)?,
                form,
                validation: if validated { Validation::FullValidated } else { Validation::Pending },
                archived_at: None,
                created_at: tx.now,
                changed_at: tx.now,
                changed_by: "Demo".to_owned(),
            };
            patient.save(tx.conn(), 1)?;
            ids.push(id);
        }
        Ok(ids)
    }

    /// The known accounts; one whose name the administrator took is left out.
    fn demo_accounts(&self, tx: &mut Tx<'_>, secret: &str, doctors: &[DoctorId], taken: &str) -> Answer<()> {
        for known in demo::KNOWN.iter().filter(|known| known.login != taken) {
            let details = AccountDetails {
                given_names: known.given_names.to_owned(),
                family_name: known.family_name.to_owned(),
                email: String::new(),
                user_name: known.login.to_owned(),
                role: known.role,
                // Dr Haddad has the third column.
                doctor: doctors.get(2).copied().filter(|_| known.role == Role::Doctor),
            };
            let public_id = number::free(self, tx.conn(), known.role)?;
            let id = AccountId(self.new_id()?);
            tx.put(&account::draft(id, public_id, details, secret.to_owned(), tx.now))?;
        }
        Ok(())
    }
}
