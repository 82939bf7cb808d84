//! Requests about sessions, devices and wrong passwords.

use serde_json::{Value, json};

use super::page::Page;

impl Page {
    /// A request of one of these commands; nothing for any other.
    pub fn access(&self, command: &str) -> Option<Value> {
        let other = self.other().person.account;
        Some(match command {
            "unlock_account" => json!({ "id": other }),
            _ => return None,
        })
    }
}
