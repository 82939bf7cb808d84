//! Asks for a way to a new password: six digits and a long code by mail (AU-5, AU-6).

use chrono::TimeDelta;
use clinic_domain::identity::account::Login;
use clinic_domain::identity::one_time_code::{LIFETIME, LINK_LIFETIME, MOST_TRIES};
use clinic_domain::identity::secret::Secret;
use clinic_domain::validation::check_line;

use super::account::Account;
use super::code::{NewCode, NewLink, name_hash};
use super::reset_view::{AskReset, CodeAsked};
use super::store_account;
use super::store_one_time_code::{self as store, Asked, New, Purpose};
use super::whole_step::STEP;
use crate::app::App;
use crate::audit::view::Op;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};
use crate::messaging::{Letter, enqueue};

/// Longest name that is looked for: that of an e-mail address.
const LONGEST_NAME: u32 = 254;

impl App {
    /// Sends six digits and a long code to the address of an account. For a name that is no account's, a deactivated
    /// account and one without an address, everything but the mail is the same: the work, what is kept, the answer and, to
    /// a whole step, its time.
    ///
    /// # Errors
    /// [`AppError::Validation`] for what can be no name; [`AppError::CodesSpent`] after too many for this name or from
    /// this device; [`AppError::MailNotSetUp`]; faults of the store.
    pub fn ask_reset(&self, request: AskReset) -> Answer<CodeAsked> {
        let typed = check_line("login", &request.login, 1, LONGEST_NAME)
            .map_err(|error| AppError::Validation { fields: vec![error] })?;
        self.needs_mail()?;
        self.at_whole_step(STEP, |_| true, || self.send_code_for(&Login::parse(&typed)))
    }

    fn send_code_for(&self, login: &Login) -> Answer<CodeAsked> {
        let (device, opened) = (self.this_device()?, self.store()?);
        let found = opened.read(|conn| store_account::by_login(conn, login))?;
        let account = found.filter(|account| account.active);
        let address = account.as_ref().and_then(|account| account.email.clone());
        let mailbox = name_hash(&opened, address.as_deref().unwrap_or_default());
        let asked = Asked {
            typed: name_hash(&opened, &login.normalised()),
            mailbox: address.is_some().then_some(mailbox),
            device: device.id,
        };
        let (code, link) = (self.new_code(Purpose::Reset)?, self.new_link()?);
        let link_hash = link.hash;
        let letter = self.reset_letter(account.as_ref(), &code, link);
        let mail = self.mail(address.as_deref().unwrap_or_default(), letter)?;
        let entry = Entry::of_nobody(Op::AskReset, self.now(), &device.name);
        let entry = self.about_typed(login, account.as_ref(), entry)?;
        opened.keep(Some(&entry), |conn| {
            // Past its bound a mailbox gets nothing more, and nobody is told.
            let sends = self.may_send(conn, &asked)? && asked.mailbox.is_some();
            let asked = Asked { mailbox: asked.mailbox.filter(|_| sends), ..asked };
            let mail = if sends { mail } else { mail.kept_back() };
            let new = New {
                id: code.id,
                purpose: Purpose::Reset,
                subject: account.as_ref().map(|account| account.id.0).filter(|_| sends),
                code_hash: Some(&code.hash),
                link_hash: Some(link_hash),
                mail: mail.id,
            };
            store::insert(conn, &asked, &new, self.now())?;
            enqueue(conn, &mail)
        })?;
        self.mail_queue_changed()?;
        Ok(code_asked(&code))
    }

    fn reset_letter(&self, account: Option<&Account>, code: &NewCode, link: NewLink) -> Letter {
        Letter::ResetCode {
            name: account.map(|account| account.given_names.clone()).unwrap_or_default(),
            code: grouped(&code.digits).disclose(),
            until: self.now() + LIFETIME,
            link: link.text.disclose(),
            link_until: self.now() + LINK_LIFETIME,
        }
    }
}

/// What is answered to whoever asks for a code.
pub(super) fn code_asked(code: &NewCode) -> CodeAsked {
    CodeAsked { id: code.id, seconds: seconds(LIFETIME), tries: MOST_TRIES }
}

/// Six digits as people read them.
pub(super) fn grouped(digits: &Secret) -> Secret {
    let digits = digits.expose();
    let (first, last) = digits.split_at(digits.len() / 2);
    format!("{first} {last}").into()
}

fn seconds(span: TimeDelta) -> u32 {
    u32::try_from(span.num_seconds()).unwrap_or_default()
}
