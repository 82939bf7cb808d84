//! Keys as a person presses them, and their number.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;

/// The actions of one chord, spelled as in the key map: `a`, `Enter`, `Ctrl+k`, `Shift+ArrowDown`.
pub fn chord(spelled: &str) -> KeyActions {
    // The plus key itself would be `Ctrl++`.
    let mut parts: Vec<&str> = spelled.split('+').filter(|part| !part.is_empty()).collect();
    let last = parts.pop().unwrap_or("+");
    let held: Vec<char> = parts.into_iter().map(key).collect();
    let mut actions = KeyActions::new("keyboard".to_owned());
    for value in &held {
        actions = actions.then(KeyAction::Down { value: *value });
    }
    actions = actions.then(KeyAction::Down { value: key(last) }).then(KeyAction::Up { value: key(last) });
    for value in held.iter().rev() {
        actions = actions.then(KeyAction::Up { value: *value });
    }
    actions
}

fn key(name: &str) -> char {
    match name {
        "Ctrl" => Key::Control.into(),
        "Shift" => Key::Shift.into(),
        "Alt" => Key::Alt.into(),
        "Enter" => Key::Enter.into(),
        "Escape" => Key::Escape.into(),
        "Tab" => Key::Tab.into(),
        "Space" => ' ',
        "Delete" => Key::Delete.into(),
        "Backspace" => Key::Backspace.into(),
        "Home" => Key::Home.into(),
        "End" => Key::End.into(),
        "PageUp" => Key::PageUp.into(),
        "PageDown" => Key::PageDown.into(),
        "ArrowUp" => Key::Up.into(),
        "ArrowDown" => Key::Down.into(),
        "ArrowLeft" => Key::Left.into(),
        "ArrowRight" => Key::Right.into(),
        _ => {
            let mut letters = name.chars();
            let letter = letters.next().unwrap();
            assert!(letters.next().is_none(), "no key is called {name}");
            letter
        }
    }
}
