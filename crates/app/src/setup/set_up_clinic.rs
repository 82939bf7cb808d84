//! Sets up the clinic and its first administrator, and signs that person in (AU-20).

use std::collections::BTreeMap;

use clinic_domain::id::{AccountId, ActionId, AppointmentTypeId, DoctorId, SessionId, SpecialtyId};
use clinic_domain::identity::policy::Action;
use clinic_domain::identity::role::{self, Role};
use clinic_domain::identity::secret::Secret;
use clinic_domain::identity::security_policy::SecurityPolicy;
use clinic_domain::time::wall_of;
use rusqlite::{Connection, OptionalExtension};
use serde_json::json;

use super::check::{self, Checked};
use super::demo::doctors::open_today;
use super::view::SetUpClinic;
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::clinic::record::{AppointmentType, Clinic, Specialty};
use crate::clinic::store;
use crate::db::{Record, Tx, sql};
use crate::directory::record::Doctor;
use crate::error::{Answer, AppError};
use crate::identity::account::{self, Account};
use crate::identity::store_security_policy::ClinicSecurity;
use crate::identity::view::{SessionState, SignIn};
use crate::identity::{demo, hash_cost, hashing, number};

/// Kinds of appointment a new clinic begins with; the first four have a key of their own in the booking sheet.
const TYPES: [(&str, u16); 8] = [
    ("Follow-up", 30),
    ("Check-up", 30),
    ("New patient", 45),
    ("Procedure", 60),
    ("Blood test", 15),
    ("Vaccine", 15),
    ("Results", 15),
    ("Referral", 30),
];
/// Minutes of waiting after which an arrival counts as late, until the settings say otherwise.
const LATE_AFTER: u16 = 15;

impl App {
    /// Sets up the clinic and its first administrator, and signs that person in (AU-20). Sent again, it answers with the
    /// session. All of it is written, or nothing.
    ///
    /// # Errors
    /// [`AppError::Validation`] naming each field; [`AppError::WrongState`] when there is a clinic already; faults of
    /// the store.
    pub fn set_up_clinic(&self, request: SetUpClinic) -> Answer<SessionState> {
        let checked = check::check(&request)?;
        let found =
            self.store()?.read(|conn| Ok((store::find(conn)?, earlier(conn, request.request_id)?)))?;
        match found {
            // Whoever sends it again must know the password: the id of an act is no secret.
            (_, Some(admin)) => return self.sign_in_again(admin, request.password),
            (Some(_), None) => return Err(AppError::WrongState),
            (None, None) => {}
        }
        let admin = AccountId(self.new_id()?);
        let cost = hash_cost::calibrate(&self.parts)?;
        let hash = |password: &Secret| hashing::hash(&*self.parts.random, cost, password);
        let secret = hash(&request.password)?;
        let actor = self.founder(admin, &checked)?;
        let command = json!({
            "profile": checked.profile, "hours": request.hours, "slot_minutes": request.slot_minutes,
            "demo": request.demo, "admin": admin,
        });
        let act =
            self.act(Op::SetUpClinic, Action::EditClinic, request.request_id, "clinic.set_up", &command)?;
        let act = crate::db::Act { undoable: false, ..act };
        let demo_secret = request.demo.then(|| hash(&demo::PASSWORD.into())).transpose()?;
        self.transact(&actor, act, |tx| {
            let number = actor.public_id.clone();
            tx.put(&account::draft(admin, number, checked.admin.clone(), secret, tx.now))?;
            hash_cost::keep(tx.conn(), cost)?;
            self.put_clinic(tx, &request, &checked)?;
            self.put_doctors(tx, &checked)?;
            if let Some(secret) = demo_secret {
                self.put_demo(tx, &secret, &checked.admin.user_name)?;
            }
            tx.about(admin.0, checked.profile.name.clone(), None);
            Ok(())
        })?;
        self.sign_in_as(admin)
    }

    /// Answers a request that set up the clinic before.
    fn sign_in_again(&self, admin: AccountId, password: Secret) -> Answer<SessionState> {
        let found = self.store()?.read(|conn| Account::load(conn, admin.0))?;
        let (account, _) = found.ok_or(AppError::WrongState)?;
        self.sign_in(SignIn { login: account.public_id, password })
    }

    /// The first administrator as the one who sets up.
    fn founder(&self, admin: AccountId, checked: &Checked) -> Answer<Actor> {
        Ok(Actor {
            person: role::Actor { account: admin, role: Role::Admin, doctor: None },
            session: SessionId(self.new_id()?),
            name: format!("{} {}", checked.admin.given_names, checked.admin.family_name),
            public_id: self.store()?.read(|conn| number::free(self, conn, Role::Admin))?,
            device: self.parts.device.clone(),
        })
    }

    fn put_clinic(&self, tx: &mut Tx<'_>, request: &SetUpClinic, checked: &Checked) -> Answer<()> {
        let mut hours = request.hours.clone();
        if request.demo {
            let zone = checked.profile.time_zone.parse().unwrap_or_default();
            open_today(&mut hours, wall_of(tx.now, zone).0);
        }
        let id = self.new_id()?;
        tx.put(&Clinic {
            id,
            profile: checked.profile.clone(),
            hours,
            closed_days: Vec::new(),
            slot_minutes: request.slot_minutes,
            late_after_minutes: LATE_AFTER,
            licence_pattern: String::new(),
            is_demo: request.demo,
        })?;
        // The accounts of a demo are known to everybody; a second factor would only be in the way.
        let policy = if request.demo { SecurityPolicy::default() } else { SecurityPolicy::of_new_clinic() };
        tx.put(&ClinicSecurity::decided(id, policy, &[], tx.now))?;
        for (position, (name, minutes)) in (0..).zip(TYPES) {
            let id = AppointmentTypeId(self.new_id()?);
            tx.put(&AppointmentType { id, name: name.to_owned(), minutes, position, retired: false })?;
        }
        Ok(())
    }

    fn put_doctors(&self, tx: &mut Tx<'_>, checked: &Checked) -> Answer<()> {
        let names = checked.doctors.iter().map(|(_, specialty)| specialty.as_str());
        let specialties = self.put_specialties(tx, names)?;
        for (position, (form, specialty)) in (0..).zip(&checked.doctors) {
            let mut form = form.clone();
            form.specialty_ids = specialties.get(&specialty.to_lowercase()).copied().into_iter().collect();
            let id = DoctorId(self.new_id()?);
            let public_id = number::free(self, tx.conn(), Role::Doctor)?;
            tx.put(&Doctor { id, public_id, form, position, active: true })?;
        }
        Ok(())
    }

    /// Puts new specialties on the list; answers with the ids of all that were named, by their names in lower case.
    pub(super) fn put_specialties<'n>(
        &self,
        tx: &mut Tx<'_>,
        names: impl Iterator<Item = &'n str>,
    ) -> Answer<BTreeMap<String, SpecialtyId>> {
        let listed = store::specialties(tx.conn())?;
        let mut ids: BTreeMap<_, _> = listed.into_iter().map(|s| (s.name.to_lowercase(), s.id)).collect();
        for name in names.filter(|name| !name.is_empty()) {
            if ids.contains_key(&name.to_lowercase()) {
                continue;
            }
            let id = SpecialtyId(self.new_id()?);
            tx.put(&Specialty { id, name: name.to_owned() })?;
            ids.insert(name.to_lowercase(), id);
        }
        Ok(ids)
    }
}

/// Whom the same request made the administrator when it came before.
fn earlier(conn: &Connection, request: ActionId) -> Answer<Option<AccountId>> {
    let found = conn
        .prepare_cached("SELECT subject_id FROM act WHERE action = ?1")?
        .query_row([request.bytes()], |row| sql::id_or_null(row, "subject_id"))
        .optional()?;
    Ok(found.flatten().map(AccountId))
}
