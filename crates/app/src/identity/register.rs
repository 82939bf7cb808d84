//! Begins to register: a registration waits, and six digits go to its address (AU-3). For an address that is an account's
//! already everything but the letter is the same, and so, to a whole step, is the time.

use clinic_domain::id::{PatientId, RegistrationId};
use clinic_domain::identity::account::Login;
use clinic_domain::identity::one_time_code::{LIFETIME, MOST_TRIES};
use clinic_domain::identity::registration::{self as rules, Registration};
use clinic_domain::identity::secret::Secret;
use clinic_domain::validation::{FieldError, FieldRule};
use zeroize::Zeroizing;

use super::account::Account;
use super::ask_reset::grouped;
use super::code::{NewCode, name_hash};
use super::notice::{self, NoticeKind};
use super::registration_view::{PendingRegistration, Register, RegistrationBegun};
use super::store_one_time_code::{self as codes, Asked, New, Purpose};
use super::store_registration::{self as store, Pending};
use super::whole_step::{STEP, STEP_OF_A_HASH};
use super::{check_password, forget_registration, store_account};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::clinic::store as clinic;
use crate::db::Noun;
use crate::db::audit::Entry;
use crate::db::record::{Change, ChangeSet};
use crate::error::{Answer, AppError};
use crate::messaging::{Letter, enqueue};

impl App {
    /// Begins to register as a patient or a doctor.
    ///
    /// # Errors
    /// [`AppError::Validation`]; [`AppError::CodesSpent`] after too many for this address or from this device;
    /// [`AppError::MailNotSetUp`]; faults of the store.
    pub fn register(&self, request: Register) -> Answer<RegistrationBegun> {
        let typed = Registration {
            role: request.role,
            given_names: request.given_names,
            family_name: request.family_name,
            email: request.email,
        };
        let checked = rules::check_registration(&typed);
        let weak = self.store()?.read(|conn| {
            let clinic = clinic::load(conn)?.0.profile.name;
            let context = [&*typed.given_names, &typed.family_name, &clinic];
            check_password::errors(conn, "password", &request.password, &context)
        })?;
        let mut fields = checked.as_ref().err().cloned().unwrap_or_default();
        fields.extend(weak);
        let Ok(who) = checked.map_err(|_| ()) else { return Err(AppError::Validation { fields }) };
        if !fields.is_empty() {
            return Err(AppError::Validation { fields });
        }
        self.at_whole_step(
            STEP_OF_A_HASH,
            |_| true,
            || {
                let password_hash = self.hash_password(&request.password)?;
                self.begin_registration(who, password_hash, None, None)
            },
        )
    }

    /// Begins the registration of a patient who stands at the desk, from the record. Nobody at the desk chooses the
    /// password: a code for one follows with the account.
    ///
    /// # Errors
    /// [`AppError::Validation`]; [`AppError::CodesSpent`]; [`AppError::MailNotSetUp`]; faults of the store.
    pub(crate) fn begin_for_patient(
        &self,
        actor: &Actor,
        patient: PatientId,
        who: &Registration,
    ) -> Answer<RegistrationBegun> {
        let who = rules::check_registration(who).map_err(|fields| AppError::Validation { fields })?;
        if self.owner_of(&who.email)?.is_some() {
            // Whoever may read the record may know.
            let fields = vec![FieldError::new("email", FieldRule::Taken)];
            return Err(AppError::Validation { fields });
        }
        let mut secret = Zeroizing::new([0; 32]);
        self.parts.random.fill(secret.as_mut())?;
        let nobody_knows = Secret::from(hex::encode(secret.as_slice()));
        let password_hash = self.hash_password(&nobody_knows)?;
        self.begin_registration(who, password_hash, Some(patient), Some(actor))
    }

    fn begin_registration(
        &self,
        who: Registration,
        password_hash: String,
        patient: Option<PatientId>,
        by: Option<&Actor>,
    ) -> Answer<RegistrationBegun> {
        self.needs_mail()?;
        let pending = Pending {
            id: RegistrationId(self.new_id()?),
            known: self.owner_of(&who.email)?.is_some(),
            who,
            password_hash,
            patient,
            begun_by: by.map(|actor| actor.person.account),
            begun: self.now(),
        };
        let entry = match by {
            Some(actor) => actor.entry(Op::BeginRegistration, pending.begun),
            None => Entry::of_nobody(Op::BeginRegistration, pending.begun, &self.parts.device),
        };
        self.send_code(&pending, Entry { patient_id: patient.map(|id| id.0), ..entry }, true)
    }

    /// Has the code of the own registration sent again. The one before is good no more.
    ///
    /// # Errors
    /// [`AppError::CodesSpent`]; [`AppError::NotFound`] when the registration is gone; faults of the store.
    pub fn resend_registration(&self, request: PendingRegistration) -> Answer<RegistrationBegun> {
        // No address leads to the id of a registration.
        let could_tell = |answer: &Answer<_>| !matches!(answer, Err(AppError::NotFound));
        self.at_whole_step(STEP, could_tell, || {
            let entry = Entry::of_nobody(Op::ResendRegistration, self.now(), &self.parts.device);
            self.resend_code(&request, entry)
        })
    }

    /// The same, with what is written down about it.
    ///
    /// # Errors
    /// As [`App::resend_registration`].
    pub(super) fn resend_code(
        &self,
        request: &PendingRegistration,
        entry: Entry,
    ) -> Answer<RegistrationBegun> {
        let found = self.store()?.read(|conn| store::find(conn, request.id))?;
        let pending = found.filter(|pending| rules::waits(pending.begun, self.now()));
        self.send_code(&pending.ok_or(AppError::NotFound)?, entry, false)
    }

    /// Makes a code for a registration and sends it: to its address, or to whom that belongs already a word about it.
    fn send_code(&self, pending: &Pending, entry: Entry, is_new: bool) -> Answer<RegistrationBegun> {
        let (opened, now, device) = (self.store()?, self.now(), self.this_device()?);
        let code = self.new_code(Purpose::Registration)?;
        let mail = self.mail(&pending.who.email, self.registration_letter(pending, &code)?)?;
        let address = name_hash(&opened, &pending.who.email);
        let asked = Asked { typed: address, mailbox: Some(address), device: device.id };
        opened.keep(Some(&entry), |conn| {
            let sends = self.may_send(conn, &asked)?;
            let mail = if sends { mail } else { mail.kept_back() };
            if is_new {
                forget_registration::forget_over(conn, now)?;
                store::insert(conn, pending)?;
                notice::once_for_administrators(
                    self,
                    conn,
                    NoticeKind::PendingRegistration,
                    &device.name,
                    None,
                )?;
            }
            codes::close(conn, pending.id.0, now)?;
            let new = New {
                id: code.id,
                purpose: Purpose::Registration,
                subject: Some(pending.id.0),
                code_hash: Some(&code.hash),
                link_hash: None,
                mail: mail.id,
            };
            codes::insert(conn, &Asked { mailbox: asked.mailbox.filter(|_| sends), ..asked }, &new, now)?;
            enqueue(conn, &mail)
        })?;
        self.mail_queue_changed()?;
        self.registrations_changed(pending.id)?;
        let seconds = u32::try_from(LIFETIME.num_seconds()).unwrap_or_default();
        Ok(RegistrationBegun { id: pending.id, seconds, tries: MOST_TRIES })
    }

    fn registration_letter(&self, pending: &Pending, code: &NewCode) -> Answer<Letter> {
        let code = grouped(&code.digits).disclose();
        let code = Letter::RegistrationCode { code, until: self.now() + LIFETIME };
        // Asked for every address, so that it is the same work.
        Ok(match self.owner_of(&pending.who.email)? {
            Some(owner) => Letter::AlreadyRegistered { name: owner.given_names },
            None => code,
        })
    }

    fn owner_of(&self, email: &str) -> Answer<Option<Account>> {
        self.store()?.read(|conn| store_account::by_login(conn, &Login::Email(email.to_owned())))
    }

    /// Tells whoever looks at them that pending registrations are others now.
    ///
    /// # Errors
    /// The computer gives no randomness.
    pub(super) fn registrations_changed(&self, id: RegistrationId) -> Answer<()> {
        let changes = vec![Change { noun: Noun::Registration, id: id.0 }];
        self.tell(&ChangeSet { action_id: clinic_domain::id::ActionId(self.new_id()?), changes });
        Ok(())
    }
}
