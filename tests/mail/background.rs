//! Mail leaves by itself: nobody asks for it, and nobody has to be signed in.

use std::sync::Arc;
use std::time::Duration;

use clinic_app::App;
use clinic_app::messaging::letter::Letter;
use clinic_app::messaging::view::EditMail;
use clinic_testkit::TestClinic;

use super::postbox::Postbox;

#[test]
fn a_mail_leaves_by_itself_after_whatever_caused_it() {
    let postbox = Postbox::start();
    let clinic = TestClinic::new();
    let request = EditMail { rev: 0, form: postbox.server(), password: "".into() };
    clinic.app.edit_mail(&clinic.admin(), request).unwrap();
    let app: Arc<App> = Arc::new(clinic.app);
    // Nothing but the change itself wakes it.
    clinic_desktop::jobs::start(&app, Duration::MAX);
    let letter = Letter::AccountCreated { name: "Jo".into(), login: "jo".into(), waits: false };
    app.queue_mail("jo@example.org", letter).unwrap();
    assert_eq!(postbox.next().to, "jo@example.org");
}
