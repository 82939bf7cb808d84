//! Accounts of another program: pasted, looked at, mended and imported by the keyboard, in the real window.

use clinic_testkit::forms;
use serde_json::json;

use super::access::{looks, sign_out};
use super::desk::Desk;
use super::opening::at_a_desk;
use super::prepared;

/// Made by libxcrypt for the password that everybody has in tests.
const BCRYPT: &str = "$2b$06$abcdefghijklmnopqrstuuyTM.3f/Ro/5i.vkGpphgcmlwXsuYMEC";

async fn paste(desk: &Desk, lines: &[&str]) {
    let head = "role,given_names,family_name,user_name,email,password_hash";
    let text = format!("{head}\n{}", lines.join("\n")).replace("HASH", BCRYPT);
    let put = "const it = document.querySelector('textarea'); it.value = arguments[0]; \
        it.dispatchEvent(new Event('input', { bubbles: true }))";
    desk.js(put, vec![json!(text)]).await;
}

#[test]
fn accounts_of_another_program_come_over_with_their_passwords() {
    at_a_desk(prepared::small, |desk| async move {
        desk.sign_in("ada").await;
        desk.go("accounts").await;
        desk.until("the list", "return !!document.querySelector('tbody [data-row]')").await;
        desk.press("i").await;
        desk.until_shown("Import: no table yet").await;
        looks(&desk, "import-1-empty").await;
        let fran = "front_desk,Fran,Test,fran,fran@example.org,HASH";
        let noor = "front_desk,Noor,Abadi,noor,,HASH";
        paste(&desk, &[fran, noor, "doctor,Youssef,Haddad,haddad,,plain words", "owner,Li,Wu,li.wu,,HASH"])
            .await;
        desk.until_shown("Import: 2 lines to mend first").await;
        desk.until_shown("Password hash: No hash of bcrypt").await;
        desk.until_shown("Role: One of admin, front_desk, doctor.").await;
        desk.until_shown("There already; it stays as it is").await;
        looks(&desk, "import-2-faulty").await;
        desk.press("Ctrl+s").await;
        paste(&desk, &[fran, noor, "doctor,Youssef,Haddad,haddad,,HASH"]).await;
        desk.until_shown("Import 2 accounts").await;
        desk.press("Ctrl+s").await;
        desk.until_shown("2 accounts imported").await;
        desk.until_shown("Abadi, Noor").await;
        looks(&desk, "import-3-done").await;
        sign_out(&desk).await;
        desk.until_shown("Sign in on this computer").await;
        desk.fill("Account id", "noor").await;
        desk.fill("Password", forms::PASSWORD).await;
        desk.press("Enter").await;
        desk.until("the schedule", "return !!document.querySelector('.sched')").await;
    });
}
