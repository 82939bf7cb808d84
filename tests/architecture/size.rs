//! Files and functions stay short, and every Rust file says what it is for.

use super::{none, one};
use crate::repository::{File, files};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;
const CODE: [&str; 4] = [".rs", ".ts", ".svelte", ".css"];
const GENERATED: &str = "ui/src/lib/backend/contract.ts";

fn faults(files: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| file.is("", &CODE) && file.path != GENERATED) {
        let lines = file.text.lines().count();
        if lines > FILE_LINES {
            faults.push(format!("{}: {lines} lines; at most {FILE_LINES}", file.path));
        }
        if file.is("", &[".rs"]) {
            if !file.text.starts_with("//!") {
                faults.push(format!("{}: does not begin with what it is for (`//!`)", file.path));
            }
            faults.extend(
                long_functions(&file.text)
                    .map(|long| format!("{}:{long}; at most {FUNCTION_LINES}", file.path)),
            );
        }
    }
    faults
}

/// Functions that are too long, by the shape that rustfmt gives them: the closing brace stands under the `fn`.
fn long_functions(text: &str) -> impl Iterator<Item = String> {
    let lines: Vec<_> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut long = Vec::new();
    for (start, line) in lines.iter().enumerate().filter(|(_, line)| begins_function(line)) {
        let end = lines[start..].iter().position(|end| end.trim() == "}" && indent(end) == indent(line));
        let length = end.map_or(1, |end| end + 1);
        if length > FUNCTION_LINES {
            long.push(format!("{}: a function of {length} lines", start + 1));
        }
    }
    long.into_iter()
}

fn begins_function(line: &str) -> bool {
    let mut words = line.trim_start().split(' ').skip_while(|word| {
        word.starts_with("pub")
            || ["in", "async", "const", "unsafe", "extern"].contains(word)
            || word.ends_with(')')
    });
    words.next() == Some("fn") && !line.trim_end().ends_with(';') && !line.trim_end().ends_with('}')
}

#[test]
fn files_and_functions_stay_short() {
    none(&faults(&files()));
}

#[test]
fn what_is_too_long_is_found() {
    let line = "    let x = 1;\n";
    let function =
        |lines: usize| format!("//! A.\n\npub(crate) async fn long() {{\n{}}}\n", line.repeat(lines));
    let planted = |path: &str, text: &str| faults(&[File::planted(path, text)]);
    one(&planted("crates/app/src/a.rs", &function(FUNCTION_LINES - 1)));
    none(&planted("crates/app/src/a.rs", &function(FUNCTION_LINES - 2)));
    one(&planted("crates/app/src/a.rs", "use std::fs;\n"));
    one(&planted("ui/src/a.svelte", &"<p>\n".repeat(FILE_LINES + 1)));
    none(&planted(GENERATED, &"x\n".repeat(FILE_LINES + 1)));
}
