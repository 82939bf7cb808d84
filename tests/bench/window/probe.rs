//! From a key to what it paints, seen from the page: the time stamp of the key, then a frame, then a message that comes
//! after the frame is handed over. WebKit has no Event Timing of its own. The page's clock ticks in whole milliseconds.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::figures::share;

/// How long the page must be still before a key counts as answered.
const STILL: u32 = 250;
/// A key that changes nothing any more after this time is taken as it is.
const PATIENCE: Duration = Duration::from_secs(5);

/// `next` is the first frame after the key, `last` the frame with the last change of the page that the key led to.
const INSTALL: &str = r"
    if (window.__probe) return true;
    const probe = (window.__probe = { key: null, changed: 0 });
    const painted = (then) => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => then(performance.now());
        port2.postMessage(null);
    });
    addEventListener('keydown', (event) => {
        const key = (probe.key = { at: event.timeStamp, seen: performance.now(), next: null, last: null });
        painted((now) => { key.next = now - key.at; });
    }, true);
    // Lines that tell the time go on by themselves, whatever is pressed.
    const byItself = (it) => it.type === 'attributes' && it.attributeName === 'style' && it.target.tagName === 'I';
    new MutationObserver((changes) => {
        if (changes.every(byItself)) return;
        const key = probe.key;
        probe.changed = performance.now();
        if (key) painted((now) => { key.last = now - key.at; });
    }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    return true;
";

/// One key.
pub struct Pressed {
    /// What it was for.
    pub kind: &'static str,
    /// Milliseconds to the next frame.
    pub next: f64,
    /// Milliseconds to the frame with everything that it led to.
    pub last: f64,
}

impl Desk {
    /// Puts the probe into the page.
    pub async fn probe(&self) {
        self.js(INSTALL, Vec::new()).await;
    }

    /// Presses a key and waits until the page has answered and is still.
    pub async fn measured(&self, kind: &'static str, key: &str) -> Pressed {
        self.js("window.__probe.key = null", Vec::new()).await;
        self.press(key).await;
        let script = "const { key, changed } = window.__probe; const now = performance.now(); \
            return key && key.next !== null && now - Math.max(changed, key.at + key.next) > arguments[0] ? [key.next, key.last ?? key.next] : \
                [key?.next ?? -1, key?.last ?? -1, 'moving']";
        let start = Instant::now();
        loop {
            tokio::time::sleep(Duration::from_millis(60)).await;
            let answer = self.js(script, vec![json!(STILL)]).await;
            let number = |i: usize| answer.get(i).and_then(Value::as_f64).unwrap_or(f64::NAN);
            if answer.get(2).is_none() || start.elapsed() > PATIENCE {
                return Pressed { kind, next: number(0), last: number(1).max(number(0)) };
            }
        }
    }
}

/// A table: each kind, then all.
pub fn report(found: &[Pressed]) {
    println!(
        "{:<44} {:>5} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "ms from the key", "n", "next p50", "p95", "all p50", "p95", "worst"
    );
    let mut kinds: Vec<&str> = Vec::new();
    for pressed in found {
        if !kinds.contains(&pressed.kind) {
            kinds.push(pressed.kind);
        }
    }
    for kind in kinds {
        line(kind, found.iter().filter(|it| it.kind == kind));
    }
    line("every key", found.iter());
}

fn line<'a>(name: &str, found: impl Iterator<Item = &'a Pressed>) {
    let (next, last): (Vec<f64>, Vec<f64>) = found.map(|it| (it.next, it.last)).unzip();
    println!(
        "{name:<44} {:>5} {:>9.0} {:>9.0} {:>9.0} {:>9.0} {:>9.0}",
        next.len(),
        share(&next, 0.5),
        share(&next, 0.95),
        share(&last, 0.5),
        share(&last, 0.95),
        share(&last, 1.0)
    );
}
