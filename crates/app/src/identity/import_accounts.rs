//! Makes the accounts of another program, with the passwords that their owners know (AU-8).

use clinic_domain::id::AccountId;
use clinic_domain::identity::account::Login;
use clinic_domain::identity::policy::Action;
use clinic_domain::identity::role::Role;
use clinic_domain::validation::{FieldError, FieldRule};
use rusqlite::Connection;
use serde_json::json;

use super::account::{Account, draft};
use super::import_table::{self, Line};
use super::import_view::{ImportAccounts, ImportPreview, Imported, PreviewImport};
use super::{number, store_account};
use crate::app::{Actor, App};
use crate::audit::view::Op;
use crate::db::Act;
use crate::error::{Answer, AppError};

impl App {
    /// What would come of a table of accounts, line by line.
    ///
    /// # Errors
    /// [`AppError::Validation`] for what is no such table: `text`, or the heading that is missing; [`AppError::Forbidden`];
    /// faults of the store.
    pub fn preview_import(&self, actor: &Actor, request: PreviewImport) -> Answer<ImportPreview> {
        let lines = self.read(actor, Action::ManageAccounts, |conn, _| compared(conn, &request.text))?;
        let count = |meant: fn(&Line) -> bool| {
            u32::try_from(lines.iter().filter(|line| meant(line)).count()).unwrap_or(u32::MAX)
        };
        let (fresh, faulty) = (count(is_fresh), count(|line| !line.row.faults.is_empty()));
        Ok(ImportPreview { rows: lines.into_iter().map(|line| line.row).collect(), fresh, faulty })
    }

    /// Makes every account of a table that is not there yet, or none. The passwords are those of the other program; a
    /// doctor's account waits until an administrator has chosen the doctor. Each is an entry of its own in the log.
    ///
    /// # Errors
    /// As [`App::preview_import`]; [`AppError::Validation`] with paths `<line>.<heading>` as long as anything is wrong.
    pub fn import_accounts(&self, actor: &Actor, request: ImportAccounts) -> Answer<Imported> {
        let action_id = request.request_id;
        // Before the door, so that what goes into the outbox is known; again inside, because others go on working.
        let lines = self.read(actor, Action::ManageAccounts, |conn, _| compared(conn, &request.text))?;
        let count = |lines: usize| u32::try_from(lines).unwrap_or(u32::MAX);
        let ids = lines.iter().map(|_| self.new_id().map(AccountId)).collect::<Answer<Vec<_>>>()?;
        let fresh = ids.iter().zip(&lines).filter(|(_, line)| is_fresh(line));
        let command =
            json!({ "accounts": fresh.map(|(id, line)| as_argument(*id, line)).collect::<Vec<_>>() });
        let act =
            self.act(Op::ImportAccounts, Action::ManageAccounts, action_id, "account.import", &command)?;
        self.transact(actor, Act { undoable: false, ..act }, |tx| {
            if tx.earlier(action_id)?.is_some() {
                return Ok(Imported { action_id, made: 0, known: count(lines.len()) });
            }
            let lines = compared(tx.conn(), &request.text)?;
            let wrong: Vec<_> = lines.iter().flat_map(faults_of).collect();
            if !wrong.is_empty() {
                return Err(AppError::Validation { fields: wrong });
            }
            let (mut made, mut known) = (0, 0);
            for (id, line) in ids.into_iter().zip(lines) {
                if line.row.known {
                    known += 1;
                    continue;
                }
                made += 1;
                let public_id = number::free(self, tx.conn(), line.details.role)?;
                let active = line.details.role != Role::Doctor;
                let account = draft(id, public_id, line.details, line.password_hash, tx.now);
                tx.put(&Account { active, ..account.clone() })?;
                tx.part(Op::CreateAccount, id.0, account.subject());
            }
            tx.about(actor.person.account.0, made.to_string(), None);
            Ok(Imported { action_id, made: count(made), known: count(known) })
        })
    }
}

/// The account as the command names it, without the hash.
fn as_argument(id: AccountId, line: &Line) -> serde_json::Value {
    let who = &line.details;
    json!({"id": id, "role": who.role, "given_names": who.given_names, "family_name": who.family_name,
        "email": who.email, "user_name": who.user_name})
}

fn is_fresh(line: &Line) -> bool {
    line.row.faults.is_empty() && !line.row.known
}

fn faults_of(line: &Line) -> impl Iterator<Item = FieldError> {
    let number = line.row.line;
    line.row
        .faults
        .iter()
        .map(move |fault| FieldError { field: format!("{number}.{}", fault.field), ..fault.clone() })
}

/// The lines of a table beside the accounts that are there: one with the same names is known, one that shares a name with
/// somebody else is faulty.
fn compared(conn: &Connection, text: &str) -> Answer<Vec<Line>> {
    let mut lines = import_table::read(text).map_err(|fields| AppError::Validation { fields })?;
    for line in &mut lines {
        let email = owner(conn, &line.details.email, Login::Email)?;
        let user_name = owner(conn, &line.details.user_name, Login::UserName)?;
        let Some(owner) = email.or(user_name) else { continue };
        let faults = &mut line.row.faults;
        let is = |found: Option<AccountId>, typed: &str| typed.is_empty() || found == Some(owner);
        if is(email, &line.details.email) && is(user_name, &line.details.user_name) {
            line.row.known = faults.is_empty();
            continue;
        }
        for (field, found) in [("email", email), ("user_name", user_name)] {
            if found.is_some() {
                faults.push(FieldError::new(field, FieldRule::Taken));
            }
        }
    }
    Ok(lines)
}

fn owner(conn: &Connection, name: &str, login: fn(String) -> Login) -> Answer<Option<AccountId>> {
    if name.is_empty() {
        return Ok(None);
    }
    Ok(store_account::by_login(conn, &login(name.to_owned()))?.map(|account| account.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use crate::identity::view::SessionState;
    use proptest::prelude::*;

    /// Made by libxcrypt for [`PASSWORD`].
    const BCRYPT: &str = "$2b$06$abcdefghijklmnopqrstuuyTM.3f/Ro/5i.vkGpphgcmlwXsuYMEC";
    const HEAD: &str = "role,given name,family name,user name,e-mail,password hash\n";

    fn preview(clinic: &Clinic, text: &str) -> Answer<ImportPreview> {
        clinic.app.preview_import(&clinic.admin(), PreviewImport { text: text.into() })
    }

    fn import(clinic: &Clinic, text: &str) -> Answer<Imported> {
        let request = ImportAccounts { request_id: clinic.request(), text: text.into() };
        clinic.app.import_accounts(&clinic.admin(), request)
    }

    /// What is wrong with the only line of a table.
    fn wrong(line: &str) -> Vec<(String, FieldRule)> {
        let found = preview(&Clinic::new(), &format!("{HEAD}{line}\n")).unwrap();
        assert_eq!((found.rows.len(), found.rows[0].line), (1, 2));
        found.rows[0].faults.iter().map(|fault| (fault.field.clone(), fault.rule)).collect()
    }

    #[test]
    fn imported_accounts_sign_in_with_the_old_password_which_is_hashed_anew() {
        let clinic = Clinic::new();
        let argon2 = clinic.load(clinic.admin().person.account).0.password_hash;
        let text = format!(
            "\u{feff}password hash;role;given name;family name;user name;e-mail\r\n{BCRYPT};front desk;Noor;Abadi;Noor;\r\n\
             \"{argon2}\";admin;\"Zoé; Ann\";O'Hara;;zoe@example.org\r\n{BCRYPT};doctor;Youssef;Haddad;haddad;\r\n"
        );
        let found = preview(&clinic, &text).unwrap();
        assert_eq!((found.fresh, found.faulty), (3, 0), "{found:?}");
        let before = clinic.ops().len();
        let done = import(&clinic, &text).unwrap();
        assert_eq!((done.made, done.known), (3, 0));
        let ops: Vec<_> = clinic.ops().into_iter().skip(before).filter(|op| *op != Op::SignIn).collect();
        assert_eq!(ops.iter().filter(|op| **op == Op::CreateAccount).count(), 3, "{ops:?}");
        assert_eq!(ops.iter().filter(|op| **op == Op::ImportAccounts).count(), 1);
        for login in ["noor", "zoe@example.org"] {
            let state = clinic.sign_in(login, PASSWORD).unwrap();
            assert!(matches!(state, SessionState::SignedIn { .. }), "{login}: {state:?}");
            let account = clinic.load(clinic.app.actor().unwrap().person.account).0;
            assert!(account.password_hash.starts_with("$argon2id$"), "{}", account.password_hash);
        }
        assert_eq!(clinic.sign_in("haddad", PASSWORD).unwrap_err(), AppError::WrongCredentials, "he waits");
        assert_eq!(import(&clinic, &text).unwrap().known, 3);
    }

    #[test]
    fn every_line_says_what_is_wrong_with_it() {
        let one = |field: &str, rule| vec![(field.to_owned(), rule)];
        let line = |hash: &str| wrong(&format!("admin,Ada,Lee,al,,{hash}").replace(",al,", ",alee,"));
        assert_eq!(line(BCRYPT), []);
        for hash in [
            "kvass blurt fjord zwerg",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "$1$salt$qJH7.N4xYta3aEG/dfqo/0",
            "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2b$15$CCCCCCCCCCCCCCCCCCCCC.jJXUjSlXZ2p6nRm3NJIupp3r/yrrjVy",
            "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2b$05$short",
            "$argon2i$v=19$m=65536$c29tZXNhbHRzb21lc2FsdA",
            "\"$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
            "\"$argon2id$v=19$m=65536,t=4000000000,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
            "\"$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA\"",
            "=HYPERLINK(1)",
        ] {
            assert_eq!(line(hash), one("password_hash", FieldRule::Malformed), "{hash}");
        }
        assert_eq!(line(""), one("password_hash", FieldRule::Required));
        assert_eq!(wrong(&format!("owner,Ada,Lee,alee,,{BCRYPT}")), one("role", FieldRule::Unknown));
        assert_eq!(wrong(&format!("patient,Ada,Lee,alee,,{BCRYPT}")), one("role", FieldRule::Unknown));
        assert_eq!(wrong(&format!("admin,,Lee,alee,,{BCRYPT}")), one("given_names", FieldRule::Required));
        assert_eq!(wrong(&format!("admin,Ada,Lee,,,{BCRYPT}")), one("user_name", FieldRule::Required));
        assert_eq!(wrong(&format!("admin,Ada,Lee,alee,x,{BCRYPT}")), one("email", FieldRule::Malformed));
        assert_eq!(
            wrong(&format!("admin,Ada,Lee,=1+1,,{BCRYPT}")),
            one("user_name", FieldRule::BadCharacter)
        );
        assert_eq!(
            wrong(&format!("admin,A\u{202e}da,Lee,alee,,{BCRYPT}")),
            one("given_names", FieldRule::BadCharacter)
        );
        assert_eq!(wrong("admin,Ada"), one("line", FieldRule::Malformed));
    }

    #[test]
    fn who_is_there_stays_as_they_are_and_a_name_of_somebody_else_is_no_new_one() {
        let clinic = Clinic::new();
        let lines = [
            format!("admin,Ada,Other,ADA,ada@example.org,{BCRYPT}"),
            format!("admin,Noor,Abadi,ada,noor@example.org,{BCRYPT}"),
            format!("front desk,Noor,Abadi,noor,noor@example.com,{BCRYPT}"),
            format!("front desk,Lena,Abadi,lena,Noor@example.com,{BCRYPT}"),
        ];
        let found = preview(&clinic, &format!("{HEAD}{}\n", lines.join("\n"))).unwrap();
        let rows: Vec<_> = found
            .rows
            .iter()
            .map(|row| {
                (
                    row.line,
                    row.known,
                    row.faults.iter().map(|f| (f.field.as_str(), f.rule)).collect::<Vec<_>>(),
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                (2, true, vec![]),
                (3, false, vec![("user_name", FieldRule::Duplicate), ("user_name", FieldRule::Taken)]),
                (4, false, vec![]),
                (5, false, vec![("email", FieldRule::Duplicate)]),
            ]
        );
        let accounts = clinic.count("account");
        let refusal = import(&clinic, &format!("{HEAD}{}\n", lines.join("\n"))).unwrap_err();
        let fields = vec![
            FieldError::new("3.user_name", FieldRule::Duplicate),
            FieldError::new("3.user_name", FieldRule::Taken),
            FieldError::new("5.email", FieldRule::Duplicate),
        ];
        assert_eq!(refusal, AppError::Validation { fields });
        assert_eq!(clinic.count("account"), accounts, "all or nothing");
    }

    #[test]
    fn a_thousand_are_made_at_once_and_one_more_is_too_many() {
        let clinic = Clinic::new();
        let line = |n: usize| format!("front_desk,Noor {n},Abadi,noor{n},,{BCRYPT}\n");
        let text = |most: usize| HEAD.to_owned() + &(0..most).map(line).collect::<String>();
        let before = clinic.ops().len();
        assert_eq!(import(&clinic, &text(1000)).unwrap().made, 1000);
        assert_eq!(clinic.count("account"), 1001);
        let entries = clinic.audit().split_off(before);
        let made: Vec<_> = entries.iter().filter(|entry| entry.op == Op::CreateAccount).collect();
        assert!(made.len() == 1000 && made.iter().all(|entry| !entry.changes.is_empty()));
        assert!(!format!("{entries:?}").contains("$2b$"));
        let fields = vec![FieldError::new("text", FieldRule::TooLong).bound(1000)];
        assert_eq!(preview(&clinic, &text(1001)).unwrap_err(), AppError::Validation { fields });
    }

    #[test]
    fn what_is_no_table_is_told_by_what_it_lacks() {
        let clinic = Clinic::new();
        let fields = |text: &str| match preview(&clinic, text).unwrap_err() {
            AppError::Validation { fields } => {
                fields.into_iter().map(|field| (field.field, field.rule)).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(fields("").len(), 6, "no heading at all");
        let without_hash = "role,given_names,family_name,user_name,email\nadmin,A,B,abc,\n";
        assert_eq!(fields(without_hash), [("password_hash".to_owned(), FieldRule::Required)]);
        assert_eq!(fields(HEAD), [("text".to_owned(), FieldRule::Required)]);
        assert_eq!(fields(&"x".repeat(2_000_000)), [("text".to_owned(), FieldRule::TooLong)]);
    }

    #[test]
    fn the_same_request_acts_once_and_only_an_administrators() {
        let clinic = Clinic::new();
        let text = format!("{HEAD}front desk,Noor,Abadi,noor,,{BCRYPT}\n");
        let request = ImportAccounts { request_id: clinic.request(), text };
        let admin = clinic.admin();
        assert_eq!(clinic.app.import_accounts(&admin, request.clone()).unwrap().made, 1);
        let again = clinic.app.import_accounts(&admin, request.clone()).unwrap();
        assert_eq!((again.made, again.known), (0, 1));
        let lena = clinic.person(clinic.account("lena", Role::FrontDesk, None));
        let preview = PreviewImport { text: request.text.clone() };
        assert_eq!(clinic.app.preview_import(&lena, preview).unwrap_err(), AppError::Forbidden);
        assert_eq!(clinic.app.import_accounts(&lena, request).unwrap_err(), AppError::Forbidden);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn whatever_a_name_holds_it_comes_back_as_it_was_or_is_refused(
            given in "\\PC{1,30}", family in "[\\PC\",;\t]{1,30}", mark in prop::sample::select(vec![b',', b';', b'\t'])
        ) {
            let mut out = csv::WriterBuilder::new().delimiter(mark).from_writer(Vec::new());
            out.write_record(["role", "given_names", "family_name", "user_name", "email", "password_hash"]).unwrap();
            out.write_record(["admin", &given, &family, "alee", "", BCRYPT]).unwrap();
            let text = String::from_utf8(out.into_inner().unwrap()).unwrap();
            let lines = import_table::read(&text).unwrap();
            prop_assert_eq!(lines.len(), 1);
            if lines[0].row.faults.is_empty() {
                let expected = clinic_domain::validation::check_line("g", &given, 1, 80).unwrap();
                prop_assert_eq!(&lines[0].details.given_names, &expected);
            }
        }

        #[test]
        fn no_text_brings_it_down(text in "\\PC{0,200}", head: bool) {
            let text = if head { format!("{HEAD}{text}") } else { text };
            drop(import_table::read(&text));
        }
    }
}
