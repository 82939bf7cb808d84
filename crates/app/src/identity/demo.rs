//! The known accounts of a demo store (AD-12). A store with real people never has them.

use clinic_domain::identity::role::Role;

use crate::identity::view::DemoAccount;

/// The password of every known account.
pub const PASSWORD: &str = "clinic desk demo 2026";

/// An account that everybody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// User name.
    pub login: &'static str,
    /// Given name.
    pub given_names: &'static str,
    /// Family name.
    pub family_name: &'static str,
    /// Role.
    pub role: Role,
}

/// One account of each role that has a desk.
pub const KNOWN: [Known; 3] = [
    Known { login: "sofia", given_names: "Sofia", family_name: "Marchetti", role: Role::Admin },
    Known { login: "noor", given_names: "Noor", family_name: "Abadi", role: Role::FrontDesk },
    Known { login: "haddad", given_names: "Youssef", family_name: "Haddad", role: Role::Doctor },
];

/// The known accounts as the sign-in screen shows them.
pub fn accounts() -> Vec<DemoAccount> {
    let row = |known: &Known| DemoAccount {
        login: known.login.to_owned(),
        password: PASSWORD.to_owned(),
        name: format!("{} {}", known.given_names, known.family_name),
        role: known.role,
    };
    KNOWN.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::check_password;
    use crate::identity::fixture::Clinic;

    #[test]
    fn the_known_password_is_one_that_is_accepted() {
        let clinic = Clinic::new();
        for known in KNOWN {
            let context = [known.given_names, known.family_name, known.login];
            let wrong =
                clinic.read(|conn| check_password::errors(conn, "password", &PASSWORD.into(), &context));
            assert_eq!(wrong, []);
        }
    }
}
