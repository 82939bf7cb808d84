//! Accessibility by axe-core: WCAG 2.0 to 2.2, levels A and AA.

use serde_json::{Value, json};

use super::desk::Desk;
use super::opening::at_a_desk;
use super::prepared;
use crate::repository::root;

const TAGS: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

impl Desk {
    /// What axe finds wrong with what is shown, one line for each element.
    pub async fn violations(&self) -> Vec<String> {
        self.violations_of("html").await
    }

    /// The same of a part of the page.
    pub async fn violations_of(&self, part: &str) -> Vec<String> {
        let axe = std::fs::read_to_string(root().join("ui/node_modules/axe-core/axe.min.js")).unwrap();
        if self.js("return typeof axe === 'undefined'", Vec::new()).await == json!(true) {
            self.client.execute(&axe, Vec::new()).await.unwrap();
        }
        self.settle().await;
        let script = "const [tags, part, done] = arguments; axe.run(document.querySelector(part), { runOnly: { type: 'tag', values: tags }, \
            resultTypes: ['violations'] }).then((it) => done(it.violations.flatMap((rule) => rule.nodes.map((node) => \
            `${rule.id}: ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`))), (fault) => done([String(fault)]))";
        let found = self.client.execute_async(script, vec![json!(TAGS), json!(part)]).await.unwrap();
        found.as_array().unwrap().iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
    }
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
