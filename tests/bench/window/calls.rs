//! Calls from the page into the program: many in a row, divided, because the page's clock ticks in whole milliseconds.

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::figures::median;

/// Repetitions of a series; the median counts.
const SERIES: usize = 7;

const MANY: &str = "
    const [command, given, times, done] = arguments;
    (async () => {
        const { invoke } = window.__TAURI_INTERNALS__;
        let answer = await invoke(command, given);
        const start = performance.now();
        for (let i = 0; i < times; i++) answer = await invoke(command, given);
        return [(performance.now() - start) / times, JSON.stringify(answer).length, answer?.appointments?.length ?? answer?.length ?? 0];
    })().then(done, (error) => done(JSON.stringify(error)));
";

/// The round trips of the least call and of views.
pub async fn measure(desk: &Desk) {
    let date = desk.js("return window.__date", Vec::new()).await;
    let view = |days: u32| json!({ "request": { "from": date, "days": days, "doctor_ids": [] } });
    let search = |query: &str| json!({ "request": { "query": query, "limit": 20 } });
    println!("{:<44} {:>9} {:>9} {:>9}", "a call through the window, mean", "ms", "bytes", "rows");
    for (name, command, given, times) in [
        ("touch", "touch", json!({}), 400),
        ("session_state", "session_state", json!({}), 400),
        ("view_schedule, a day", "view_schedule", view(1), 60),
        ("view_schedule, a week", "view_schedule", view(7), 20),
        ("search_patients, one letter", "search_patients", search("s"), 60),
        ("search_patients, three letters", "search_patients", search("sel"), 60),
    ] {
        let mut found = Vec::new();
        let mut last = Value::Null;
        for _ in 0..SERIES {
            let arguments = vec![json!(command), given.clone(), json!(times)];
            last = desk.client.execute_async(MANY, arguments).await.unwrap();
            found.push(last.get(0).and_then(Value::as_f64).unwrap_or(f64::NAN));
        }
        let column = |i: usize| {
            last.get(i).and_then(Value::as_u64).map_or_else(|| last.to_string(), |it| it.to_string())
        };
        println!("{name:<44} {:>9.2} {:>9} {:>9}", median(&found), column(1), column(2));
    }
}
