//! Requests about sessions, devices and wrong passwords.

use clinic_app::directory::view::AddPatient;
use clinic_app::identity::access_view::UnlockAccount;
use clinic_app::identity::second_factor_view::{FactorCode, ProvenByPassword, ResetSecondFactor};
use clinic_app::identity::view::SignIn;
use clinic_domain::id::{ActionId, NoticeId, PatientId, RegistrationId};
use clinic_domain::identity::role::Role;
use clinic_testkit::forms::{self, PASSWORD};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use super::page::Page;

impl Page {
    /// The security policy as it stands, to be sent back.
    pub fn security_policy(&self) -> Value {
        let view = self.app.read_security_policy(&self.clinic.admin()).unwrap();
        json!({ "rev": view.rev, "form": view.policy })
    }

    /// A request of one of these commands; nothing for any other.
    pub fn access(&self, command: &str, own: bool) -> Option<Value> {
        let (me, admin) = (self.actor(), self.clinic.admin());
        let other = self.other().person.account;
        // Everybody in these tests has signed in on this device.
        let device = || self.app.list_devices(&me).unwrap()[0].id;
        Some(match command {
            "preview_import" | "import_accounts" => self.table(command),
            "change_password" => json!({ "current": PASSWORD, "password": PASSWORD, "end_others": true }),
            "prove_second_factor" => json!({ "code": "123456" }),
            "begin_second_factor" => {
                self.second_factor(false);
                Value::Null
            }
            "reauthenticate" => json!({ "password": PASSWORD }),
            "confirm_second_factor" => {
                self.second_factor(false);
                json!({ "code": self.code().unwrap_or_default() })
            }
            "renew_recovery_codes" | "end_second_factor" => {
                self.demand_no_factor();
                self.second_factor(true);
                json!({ "password": PASSWORD })
            }
            "reset_second_factor" => json!({ "id": other }),
            "register" => json!({ "role": "patient", "given_names": "Bea", "family_name": "Vega",
                "email": "bea@mail.example", "password": PASSWORD }),
            "confirm_registration" => json!({ "id": self.app.new_id().unwrap(), "code": "123456" }),
            "resend_registration" => json!({ "id": self.app.new_id().unwrap() }),
            "list_registrations" => json!({ "query": "", "paging":
                { "page": 0, "size": 20, "sort": "expires", "descending": false } }),
            "send_registration" | "delete_registration" => json!({ "id": self.registration() }),
            "register_patient" => json!({ "id": self.addressed_patient(own) }),
            "ask_reset" => json!({ "login": "nobody" }),
            "prove_reset" => json!({ "kind": "code", "id": self.app.new_id().unwrap(), "code": "123456" }),
            "reset_password" | "replace_password" => json!({ "password": PASSWORD }),
            "send_reset" => {
                self.set_up_mail();
                json!({ "id": other })
            }
            "forget_device" | "revoke_device" => json!({ "id": device() }),
            "dismiss_notice" => json!({ "id": self.notice() }),
            "read_account_access" => json!(other),
            "end_account_session" => json!({ "account_id": other, "session_id": null }),
            "forget_account_device" => json!({ "account_id": me.person.account, "device_id": device() }),
            "unlock_account" => json!({ "id": other }),
            "verify_account" => {
                let rev = self.app.unlock_account(&admin, UnlockAccount { id: other }).unwrap().rev;
                json!({ "id": other, "rev": rev, "verified": true })
            }
            _ => return None,
        })
    }

    /// A table with one account that is not there yet.
    fn table(&self, command: &str) -> Value {
        let id = self.app.new_id().unwrap().to_string();
        let hash = "$2b$06$abcdefghijklmnopqrstuuyTM.3f/Ro/5i.vkGpphgcmlwXsuYMEC";
        let text = format!(
            "role,given_names,family_name,user_name,email,password_hash\nadmin,Zoe,Ng,u{},,{hash}\n",
            &id[20..]
        );
        match command {
            "preview_import" => json!({ "text": text }),
            _ => json!({ "request_id": self.app.new_id().unwrap(), "text": text }),
        }
    }

    /// Somebody who registers just now.
    fn registration(&self) -> RegistrationId {
        self.set_up_mail();
        let email = format!("bea{}@mail.example", self.app.new_id().unwrap());
        let request = json!({ "role": "patient", "given_names": "Bea", "family_name": "Vega", "email": email,
            "password": PASSWORD });
        self.app.register(serde_json::from_value(request).unwrap()).unwrap().id
    }

    /// A patient to whom mail can be sent, and who has no account.
    fn addressed_patient(&self, own: bool) -> PatientId {
        self.set_up_mail();
        let id = self.app.new_id().unwrap();
        let mut form = forms::patient("Vega", "Bea", "1975-11-30");
        form.email = format!("bea{id}@mail.example");
        form.doctor_id = Some(self.column(own));
        let request = AddPatient { request_id: ActionId(id), form, accept_duplicates: true };
        self.app.add_patient(&self.clinic.admin(), request).unwrap().patient.id
    }

    /// Mail leaves the clinic, as far as anybody here can tell.
    fn set_up_mail(&self) {
        let admin = self.clinic.admin();
        let rev = self.app.read_mail(&admin).unwrap().rev;
        let form = json!({ "host": "127.0.0.1", "port": 9, "security": "none", "user": "",
            "from_address": "desk@northgate.example", "from_name": "", "reply_to": "" });
        let request = json!({ "rev": rev, "form": form, "password": "" });
        self.app.edit_mail(&admin, serde_json::from_value(request).unwrap()).unwrap();
    }

    /// Nobody must have a second factor any more.
    fn demand_no_factor(&self) {
        let mut policy = self.security_policy();
        policy["form"]["second_factor_roles"] = json!([]);
        let policy = serde_json::from_value(policy).unwrap();
        self.app.edit_security_policy(&self.clinic.admin(), policy).unwrap();
    }

    /// Turns the second factor of whoever is signed in on or off, where they may have one.
    pub fn second_factor(&self, on: bool) {
        let me = self.actor();
        let Ok(state) = self.app.read_second_factor(&me) else { return };
        if state.since.is_some() && !on {
            let proven = ProvenByPassword { password: PASSWORD.into() };
            self.app.end_second_factor(&me, proven).unwrap();
        } else if state.since.is_none() && on {
            let code = self.code().unwrap();
            self.app.confirm_second_factor(&me, FactorCode { code: code.into() }).unwrap();
        }
    }

    /// The code that a newly set up app shows; nothing for whom may have none.
    pub fn code(&self) -> Option<String> {
        let offer = self.app.begin_second_factor(&self.app.enrolling_actor().unwrap()).ok()?;
        let secret = Secret::try_from_base32(offer.key.expose().replace(' ', "")).unwrap();
        let app = Builder::new().with_secret(secret).build_noncompliant();
        Some(app.generate(self.app.now().timestamp().unsigned_abs()).to_string())
    }

    /// A notice for whoever is signed in: an administrator hears of guessing, anybody else of a second factor that was
    /// taken away.
    pub fn notice(&self) -> NoticeId {
        let me = self.actor();
        if me.person.role == Role::Admin {
            let login = format!("nobody{}", self.app.new_id().unwrap());
            for _ in 0..10 {
                self.clinic.clock.wait_minutes(1);
                self.app.touch().unwrap();
                let guess = SignIn { login: login.clone(), password: "a wrong password".into() };
                self.app.sign_in(guess).unwrap_err();
            }
        } else {
            self.second_factor(true);
            let reset = ResetSecondFactor { id: me.person.account };
            self.app.reset_second_factor(&self.clinic.admin(), reset).unwrap();
        }
        self.app.list_notices(&self.actor()).unwrap()[0].id
    }
}
