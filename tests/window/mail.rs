//! Settings → Mail: a server is entered, tried out, put right and saved, and a mail really arrives.

use serde_json::json;

use super::desk::Desk;
use super::opening::at_a_desk;
use super::prepared;
use crate::mail::postbox::Postbox;

async fn open_mail(desk: &Desk) {
    desk.go("settings").await;
    desk.click("Mail").await;
    desk.until("the form", "return !!field('Host')").await;
}

async fn enter(desk: &Desk, port: u16) {
    desk.fill("Host", "localhost").await;
    desk.click("None").await;
    desk.fill("Port", &port.to_string()).await;
    desk.fill("Address", "desk@northgate.example").await;
}

#[test]
fn mail_is_tried_out_put_right_and_saved() {
    let (closed, postbox) = (Postbox::down(), Postbox::start());
    at_a_desk(prepared::small, |desk| async move {
        desk.begin_album("mail");
        desk.sign_in("ada").await;
        open_mail(&desk).await;
        desk.look("empty").await;
        enter(&desk, closed.server().port).await;
        desk.fill("Send to", "ada@example.org").await;
        desk.press("Enter").await;
        desk.until_shown("Nothing listens on this port").await;
        desk.look("refused").await;
        desk.fill("Port", &postbox.server().port.to_string()).await;
        desk.fill("Send to", "ada@example.org").await;
        desk.press("Enter").await;
        desk.until_shown("Accepted by the server").await;
        assert_eq!(postbox.next().to, "ada@example.org");
        desk.look("accepted").await;
        desk.press("Ctrl+s").await;
        desk.until_shown("Mail settings saved").await;
        desk.until_shown("a test mail").await;
        for theme in ["dark", "contrast"] {
            desk.js("document.documentElement.dataset.theme = arguments[0]", vec![json!(theme)]).await;
            desk.look(theme).await;
        }
    });
}

#[test]
fn what_is_wrong_with_a_server_is_said_at_its_fields() {
    at_a_desk(prepared::small, |desk| async move {
        desk.begin_album("mail-fields");
        desk.sign_in("ada").await;
        open_mail(&desk).await;
        desk.fill("Host", "mail example").await;
        desk.fill("User name", "desk").await;
        desk.press("Ctrl+s").await;
        for words in ["A name such as smtp.clinic.example", "Needed with a user name.", "Needed."] {
            desk.until_shown(words).await;
        }
        desk.look("wrong").await;
    });
}
