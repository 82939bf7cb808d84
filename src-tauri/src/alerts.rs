//! What the desktop shows when something wants to be looked at while the program is not in front (NO-5). It names nobody:
//! a notice on the desktop is read by whoever passes by. What it is about stands in the program.

use std::collections::{HashMap, HashSet};

use clinic_app::App;
use clinic_app::identity::access_view::NoticeRow;
use clinic_domain::id::{AccountId, NoticeId};

use crate::windows::TITLE;

/// The words, which are the interface's. Each kind of notice has its own, under `alert.<kind>`.
const WORDS: &str = include_str!("../../ui/messages/en/alerts.json");

/// Shows a title and a sentence on the desktop.
pub type Show = Box<dyn Fn(&str, &str) + Send>;

/// Which notices are known, so that each is told once.
pub struct Alerts {
    show: Show,
    words: HashMap<String, String>,
    reader: Option<AccountId>,
    known: HashSet<NoticeId>,
}

impl Alerts {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(show: Show) -> Self {
        let words = serde_json::from_str(WORDS).unwrap_or_default();
        Self { show, words, reader: None, known: HashSet::new() }
    }

    /// Looks for new notices for whoever is signed in. Answers whether there are some; shows the latest of them unless the
    /// program is in front, which shows them itself. Whoever just sat down sees all of them there. A locked desk is told
    /// nothing: whoever unlocks it sees them.
    pub fn look(&mut self, app: &App, in_front: bool) -> bool {
        let Ok(actor) = app.actor() else { return false };
        let rows = match app.list_notices(&actor) {
            Ok(rows) => rows,
            Err(error) => {
                tracing::warn!(%error, "the notices could not be read");
                return false;
            }
        };
        let known = std::mem::replace(&mut self.known, rows.iter().map(|row| row.id).collect());
        if self.reader.replace(actor.person.account) != Some(actor.person.account) {
            return false;
        }
        let mut fresh = rows.iter().filter(|row| !known.contains(&row.id));
        let Some(latest) = fresh.next() else { return false };
        if !in_front {
            (self.show)(TITLE, &self.sentence(latest));
        }
        true
    }

    fn sentence(&self, row: &NoticeRow) -> String {
        let kind = serde_json::to_value(row.kind).ok();
        let key = kind.as_ref().and_then(|kind| kind.as_str()).map(|kind| format!("alert.{kind}"));
        key.and_then(|key| self.words.get(&key)).cloned().unwrap_or_default()
    }
}

/// Shows it where the system shows such things. On a thread of its own: a desktop that does not answer holds nobody up.
pub fn on_the_desktop(title: &str, sentence: &str) {
    let mut alert = notify_rust::Notification::new();
    alert.appname(TITLE).summary(title).body(sentence).icon("clinic-desk");
    std::thread::spawn(move || {
        if let Err(error) = alert.show() {
            tracing::warn!(%error, "the desktop shows no notices");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_notice_has_its_words() {
        // As fresh as the contract's own test says.
        let (_, kinds) = include_str!("../../ui/src/lib/backend/contract.ts")
            .split_once("export type NoticeKind =")
            .unwrap();
        let (kinds, _) = kinds.split_once(';').unwrap();
        let kinds: Vec<_> =
            kinds.lines().filter_map(|line| line.trim().strip_prefix('"')?.split('"').next()).collect();
        let words = Alerts::new(Box::new(|_, _| ())).words;
        assert!(kinds.contains(&"new_device") && kinds.len() == words.len(), "{kinds:?}");
        let without: Vec<_> =
            kinds.iter().filter(|kind| !words.contains_key(&format!("alert.{kind}"))).collect();
        assert!(without.is_empty(), "{without:?}");
    }
}
