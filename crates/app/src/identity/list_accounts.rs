//! A page of accounts.

use clinic_domain::identity::policy::Action;

use super::store_accounts;
use crate::app::{Actor, App};
use crate::error::Answer;
use crate::identity::view::{AccountPage, ListAccounts};
use crate::paging;

impl App {
    /// A page of accounts.
    ///
    /// # Errors
    /// [`crate::AppError::Validation`] for an unknown sort and a size that is not 1 to 200; [`crate::AppError::Forbidden`]; faults of
    /// the store.
    pub fn list_accounts(&self, actor: &Actor, request: ListAccounts) -> Answer<AccountPage> {
        let now = self.now();
        let (rows, total) = self.read(actor, Action::ManageAccounts, |conn, _| {
            paging::check(&request.paging, &store_accounts::SORTS.map(|(name, _)| name))?;
            store_accounts::page(conn, &request, now)
        })?;
        let rows = match self.closed_tries() {
            Some(tries) => rows.into_iter().map(|row| tries.shown(row)).collect(),
            None => rows,
        };
        Ok(AccountPage { rows, total })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AppError;
    use crate::identity::fixture::{Clinic, PASSWORD};
    use crate::paging::Paging;
    use clinic_domain::identity::role::Role;

    fn request(sort: &str) -> ListAccounts {
        let paging = Paging { page: 0, size: 50, sort: sort.into(), descending: false };
        ListAccounts { query: String::new(), role: None, active: None, paging }
    }

    /// Given names, which are the user names here.
    fn names(clinic: &Clinic, request: ListAccounts) -> Vec<String> {
        let page = clinic.app.list_accounts(&clinic.admin(), request).unwrap();
        page.rows.into_iter().map(|row| row.form.user_name).collect()
    }

    fn staffed() -> Clinic {
        let clinic = Clinic::new();
        clinic.account("noor", Role::FrontDesk, None);
        let lena = clinic.account("lena", Role::FrontDesk, None);
        clinic.change(lena, |account| account.active = false);
        clinic.account("haddad", Role::Doctor, Some(clinic.doctor()));
        clinic
    }

    #[test]
    fn every_sort_and_filter_does_what_it_says() {
        let clinic = staffed();
        assert_eq!(names(&clinic, request("name")), ["ada", "haddad", "lena", "noor"]);
        assert_eq!(names(&clinic, request("role")), ["ada", "lena", "noor", "haddad"]);
        assert_eq!(names(&clinic, request("id")).first().unwrap(), "ada", "ADM before DOC and STF");
        let front_desk = ListAccounts { role: Some(Role::FrontDesk), ..request("name") };
        assert_eq!(names(&clinic, front_desk.clone()), ["lena", "noor"]);
        assert_eq!(names(&clinic, ListAccounts { active: Some(false), ..front_desk }), ["lena"]);
        for query in ["NOOR@", "noor t", " test noor", &clinic.admin().public_id] {
            let found = names(&clinic, ListAccounts { query: query.to_owned(), ..request("name") });
            assert_eq!(found.len(), 1, "{query}");
        }
        assert!(names(&clinic, ListAccounts { query: "%".into(), ..request("name") }).is_empty());
    }

    #[test]
    fn who_was_here_last_comes_last_or_first() {
        let clinic = staffed();
        clinic.admin();
        clinic.wait(60);
        clinic.sign_in("noor", PASSWORD).unwrap();
        let noor = clinic.app.actor().unwrap();
        let ada = clinic.person(
            clinic
                .read(|conn| {
                    super::super::store_account::by_login(
                        conn,
                        &clinic_domain::identity::account::Login::parse("ada"),
                    )
                })
                .unwrap()
                .id,
        );
        let mut latest = request("last_seen");
        latest.paging.descending = true;
        let page = clinic.app.list_accounts(&ada, latest).unwrap();
        let seen: Vec<_> = page.rows.iter().map(|row| row.last_seen_at.is_some()).collect();
        assert_eq!(page.rows[0].id, noor.person.account);
        assert_eq!(seen, [true, true, false, false]);
        assert_eq!(page.rows[0].last_device.as_deref(), Some("test desk"));
    }

    #[test]
    fn pages_follow_one_another_and_know_the_total() {
        let clinic = staffed();
        let mut second = request("name");
        (second.paging.page, second.paging.size) = (1, 3);
        let page = clinic.app.list_accounts(&clinic.admin(), second).unwrap();
        assert_eq!((page.rows.len(), page.total), (1, 4));
    }

    #[test]
    fn an_unknown_sort_and_a_huge_page_are_refused() {
        let clinic = Clinic::new();
        let mut wrong = request("password_hash");
        wrong.paging.size = 201;
        let refusal = clinic.app.list_accounts(&clinic.admin(), wrong).unwrap_err();
        let AppError::Validation { fields } = refusal else { panic!("{refusal:?}") };
        let fields: Vec<_> = fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["paging.size", "paging.sort"]);
    }
}
