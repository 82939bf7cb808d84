//! What the first page is told with its own HTML, so that it need not ask: the store opens on a thread of its own while
//! the web view starts. It decides nothing, and waits for nothing on the page's way: what is not there in time is asked
//! for with commands.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use clinic_app::identity::view::{SessionState, StartState};
use clinic_app::{Answer, App};
use serde::Serialize;

/// Where the page's head ends in HTML.
const END_OF_HEAD: &str = "</head>";

/// What was found when the program started; handed out once, since the next page shall not see an old answer.
#[derive(Default)]
pub struct First(Mutex<Option<JoinHandle<Answer<StartState>>>>);

/// As `first.ts` reads it.
#[derive(Serialize)]
struct Told {
    start: StartState,
    session: Option<SessionState>,
}

impl First {
    /// Begins to open the store.
    #[must_use]
    pub fn begin(app: &Arc<App>) -> Self {
        let app = Arc::clone(app);
        Self(Mutex::new(Some(std::thread::spawn(move || app.start()))))
    }

    /// What was found, waited for; `None` when it was handed out before.
    pub fn wait(&self) -> Option<Answer<StartState>> {
        // Held while waiting: whoever asks meanwhile must not open the store a second time.
        let mut opening = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A panic is in the log, and whoever asks tries again.
        opening.take()?.join().ok()
    }

    /// Puts what was found into a page, if it is there already. A page of the embedded interface only.
    pub fn put_into(&self, app: &App, page: &mut Cow<'static, [u8]>) {
        let Some(Ok(start)) = self.if_there() else { return };
        let session = app.session_state().ok();
        let Ok(told) = serde_json::to_string(&Told { start, session }) else { return };
        if let Some(with) = std::str::from_utf8(page).ok().and_then(|html| with(html, &told)) {
            *page = Cow::Owned(with.into_bytes());
        }
    }

    fn if_there(&self) -> Option<Answer<StartState>> {
        let there = self.0.try_lock().ok()?.as_ref().is_some_and(JoinHandle::is_finished);
        if there { self.wait() } else { None }
    }
}

/// A page with data in its head, which no browser runs.
fn with(html: &str, json: &str) -> Option<String> {
    let (head, rest) = html.split_once(END_OF_HEAD)?;
    // Nothing that somebody typed ends the element.
    let json = json.replace('<', "\\u003c");
    Some(format!("{head}<script type=\"application/json\" id=\"first\">{json}</script>{END_OF_HEAD}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_in_a_page_cannot_end_its_element() {
        let page =
            with("<html><head><title></title></head><body></body></html>", r#"{"clinic":"</script><b>"}"#)
                .unwrap();
        assert_eq!(page.matches("</script>").count(), 1);
        let (_, after) = page.split_once("id=\"first\">").unwrap();
        let (data, rest) = after.split_once("</script>").unwrap();
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["clinic"], "</script><b>");
        assert_eq!(rest, "</head><body></body></html>");
    }

    #[test]
    fn what_is_no_page_gets_no_data() {
        assert_eq!(with("a script", "{}"), None);
    }

    #[test]
    fn what_was_found_is_handed_out_once() {
        let found = || Ok(StartState::Ready { clock_back_minutes: Some(7) });
        let first = First(Mutex::new(Some(std::thread::spawn(found))));
        assert_eq!(first.wait(), Some(found()));
        assert_eq!(first.wait(), None, "the next page asks");
    }

    #[test]
    fn a_page_does_not_wait_for_the_store() {
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let slow = move || {
            let _ = wait.recv();
            Ok(StartState::Ready { clock_back_minutes: None })
        };
        let first = First(Mutex::new(Some(std::thread::spawn(slow))));
        assert_eq!(first.if_there(), None);
        drop(go);
        assert!(first.wait().is_some(), "it is still there for whoever asks");
    }
}
