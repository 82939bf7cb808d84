//! Proves the address of a registration, which becomes an account (AU-3).

use clinic_domain::directory::name;
use clinic_domain::id::{AccountId, ActionId, CodeId, RegistrationId, SessionId};
use clinic_domain::identity::account::AccountDetails;
use clinic_domain::identity::one_time_code::LINK_LIFETIME;
use clinic_domain::identity::policy::{Action, Ownership};
use clinic_domain::identity::registration as rules;
use rusqlite::{Connection, OptionalExtension};
use serde_json::json;

use super::account::{self, Account};
use super::code::name_hash;
use super::notice::{self, NoticeKind};
use super::registration_view::{ConfirmRegistration, Registered};
use super::reset_view::MailCodeProblem;
use super::store_one_time_code::{self as codes, Asked, New, Purpose};
use super::store_registration::{self as store, Pending};
use super::{number, store_account};
use crate::app::App;
use crate::audit::view::Op;
use crate::db::{Act, Tx};
use crate::error::{Answer, AppError};
use crate::messaging::{Letter, enqueue};

impl App {
    /// Proves the address with the newest code that was sent to it. The account is there afterwards, and nobody is signed
    /// in by it; a doctor's waits until an administrator has made sure who it is.
    ///
    /// # Errors
    /// [`AppError::MailCodeRefused`], which is written down; [`AppError::Validation`] for what is not six digits; faults of
    /// the store.
    pub fn confirm_registration(&self, request: ConfirmRegistration) -> Answer<Registered> {
        let expired = || AppError::MailCodeRefused { problem: MailCodeProblem::Expired, tries_left: 0 };
        let newest = self.store()?.read(|conn| codes::newest(conn, request.id.0))?;
        // One that was never sent is asked for like any other.
        let code = newest.unwrap_or(CodeId(request.id.0));
        let used = self.use_mail_code(Purpose::Registration, code, &request.code);
        let id = used.map(RegistrationId).map_err(|refusal| self.heed_refusal(refusal))?;
        let found = self.store()?.read(|conn| store::find(conn, id))?;
        let pending = found.filter(|pending| !pending.known && rules::waits(pending.begun, self.now()));
        let registered = self.make_account(pending.ok_or_else(expired)?)?;
        self.registrations_changed(id)?;
        Ok(registered)
    }

    fn make_account(&self, pending: Pending) -> Answer<Registered> {
        let id = AccountId(self.new_id()?);
        let action_id = ActionId(self.new_id()?);
        let who = &pending.who;
        let command = json!({"id": id, "role": who.role, "given_names": who.given_names,
            "family_name": who.family_name, "email": who.email, "patient": pending.patient});
        let act =
            self.act(Op::Register, Action::ManageOwnSession, action_id, "account.register", &command)?;
        let account = self.store()?.read(|conn| self.registered(conn, id, &pending))?;
        // The person acts, in no session: this id is the one of the act alone.
        let actor = account.actor(SessionId(self.new_id()?), &self.parts.device);
        self.transact(&actor, Act { undoable: false, ..act }, |tx| {
            tx.owned(Ownership::Own)?;
            let taken = store_account::taken(tx.conn(), None, &pending.who.email, "", None)?;
            if taken.email {
                return Err(AppError::MailCodeRefused { problem: MailCodeProblem::Expired, tries_left: 0 });
            }
            store::remove_address(tx.conn(), &pending.who.email)?;
            if !store::is_any(tx.conn())? {
                notice::withdraw(tx.conn(), NoticeKind::PendingRegistration)?;
            }
            tx.about(id.0, account.subject(), pending.patient.map(|patient| patient.0));
            tx.put(&account)?;
            self.welcome(tx, &account, &pending)?;
            Ok(Registered {
                public_id: account.public_id.clone(),
                name: name::given_first(&account.family_name, &account.given_names),
                role: account.role,
                waits: !account.active,
            })
        })
    }

    /// The account that a registration becomes. The number is that of the record, where there is one.
    fn registered(&self, conn: &Connection, id: AccountId, pending: &Pending) -> Answer<Account> {
        let who = &pending.who;
        let public_id = match pending.patient {
            Some(patient) => conn
                .prepare_cached("SELECT public_id FROM patient WHERE id = ?1")?
                .query_row([patient.bytes()], |row| row.get(0))
                .optional()?
                .ok_or(AppError::NotFound)?,
            None => number::free(self, conn, who.role)?,
        };
        let details = AccountDetails {
            given_names: who.given_names.clone(),
            family_name: who.family_name.clone(),
            email: who.email.clone(),
            user_name: String::new(),
            role: who.role,
            doctor: None,
        };
        let draft = account::draft(id, public_id, details, pending.password_hash.clone(), self.now());
        let active = rules::is_open_at_once(who.role);
        Ok(Account { patient_id: pending.patient, active, ..draft })
    }

    /// Writes to the new person; where the desk began it, with the way to a password of their own.
    fn welcome(&self, tx: &Tx<'_>, account: &Account, pending: &Pending) -> Answer<()> {
        let (conn, email) = (tx.conn(), &pending.who.email);
        let (name, login) = (account.given_names.clone(), account.public_id.clone());
        let waits = !account.active;
        enqueue(conn, &self.mail(email, Letter::AccountCreated { name: name.clone(), waits, login })?)?;
        if waits {
            let device = &self.parts.device;
            notice::for_administrators(self, conn, NoticeKind::DoctorRegistered, device, Some(account.id))?;
        }
        if pending.begun_by.is_none() {
            return Ok(());
        }
        let (link, until) = (self.new_link()?, tx.now + LINK_LIFETIME);
        let letter = self.mail(email, Letter::ResetLink { name, link: link.text.disclose(), until })?;
        let mailbox = name_hash(&*self.store()?, email);
        let asked = Asked { typed: mailbox, mailbox: Some(mailbox), device: self.this_device()?.id };
        let new = New {
            id: CodeId(self.new_id()?),
            purpose: Purpose::Reset,
            subject: Some(account.id.0),
            code_hash: None,
            link_hash: Some(link.hash),
            mail: letter.id,
        };
        codes::insert(conn, &asked, &new, tx.now)?;
        enqueue(conn, &letter)
    }
}
