//! Accessibility by axe-core: WCAG 2.0 to 2.2, levels A and AA, on every screen in every theme, empty and full.

use serde_json::{Value, json};

use super::desk::{Desk, at_a_desk};
use super::prepared;
use crate::repository::root;

const TAGS: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const THEMES: [&str; 3] = ["light", "dark", "contrast"];
const SCREENS: [&str; 7] = ["schedule", "patients", "accounts", "doctors", "settings", "audit", "me"];

impl Desk {
    /// What axe finds wrong with what is shown, one line for each element.
    pub async fn violations(&self) -> Vec<String> {
        let axe = std::fs::read_to_string(root().join("ui/node_modules/axe-core/axe.min.js")).unwrap();
        if self.js("return typeof axe === 'undefined'", Vec::new()).await == json!(true) {
            self.client.execute(&axe, Vec::new()).await.unwrap();
        }
        self.settle().await;
        let script = "const [tags, done] = arguments; axe.run(document, { runOnly: { type: 'tag', values: tags }, \
            resultTypes: ['violations'] }).then((it) => done(it.violations.flatMap((rule) => rule.nodes.map((node) => \
            `${rule.id}: ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`))), (fault) => done([String(fault)]))";
        let found = self.client.execute_async(script, vec![json!(TAGS)]).await.unwrap();
        found.as_array().unwrap().iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
    }

    async fn check_every_screen(&self, full: &str) {
        let mut found = Vec::new();
        for theme in THEMES {
            self.js("document.documentElement.dataset.theme = arguments[0]", vec![json!(theme)]).await;
            for screen in SCREENS {
                self.go(screen).await;
                found.extend(self.examine(&format!("{screen}-{full}-{theme}")).await);
            }
            found.extend(self.check_what_opens(&format!("{full}-{theme}")).await);
        }
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    }

    /// What lies over or beside the screens.
    async fn check_what_opens(&self, state: &str) -> Vec<String> {
        let mut found = Vec::new();
        self.go("schedule").await;
        for (key, name) in [("w", "week"), ("m", "month"), ("d", "day"), ("?", "keys"), ("Ctrl+k", "palette")]
        {
            self.until("the keyboard on the schedule", "return !!document.activeElement?.closest('main')")
                .await;
            self.press(key).await;
            found.extend(self.examine(&format!("{name}-{state}")).await);
            if ["keys", "palette"].contains(&name) {
                self.press("Escape").await;
                self.until("nothing over it", "return !document.querySelector('dialog[open]')").await;
            }
        }
        self.go("patients").await;
        if self
            .js("const row = document.querySelector('[data-row]'); row?.click(); return !!row", Vec::new())
            .await
            == json!(true)
        {
            self.until("the patient", "return document.documentElement.dataset.screen === 'patient'").await;
            found.extend(self.examine(&format!("patient-{state}")).await);
        }
        found
    }

    async fn examine(&self, name: &str) -> Vec<String> {
        self.picture(&format!("screen-{name}")).await;
        self.violations().await.iter().map(|one| format!("{name}: {one}")).collect()
    }
}

#[test]
fn every_screen_of_an_empty_clinic_is_accessible() {
    at_a_desk(prepared::empty, |desk| async move {
        desk.sign_in("ada").await;
        desk.check_every_screen("empty").await;
    });
}

#[test]
fn every_screen_of_a_full_clinic_is_accessible() {
    at_a_desk(prepared::full, |desk| async move {
        desk.sign_in("ada").await;
        desk.check_every_screen("full").await;
    });
}

#[test]
fn a_planted_fault_is_found() {
    at_a_desk(prepared::empty, |desk| async move {
        desk.until_shown("Sign in on this computer").await;
        assert_eq!(desk.violations().await, Vec::<String>::new());
        desk.js(
            "document.querySelector('main, body').append(Object.assign(new Image(), { src: '/x.png' }))",
            Vec::new(),
        )
        .await;
        assert!(desk.violations().await.iter().any(|one| one.starts_with("image-alt")));
    });
}
