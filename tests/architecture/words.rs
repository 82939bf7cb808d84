//! What must not stand in any file: paths of one machine, hosts of package registries, links that lead nowhere.

use std::collections::BTreeSet;

use super::{none, one};
use crate::repository::{File, files};

/// In two pieces, so that this file does not find itself.
const PATHS: [(&str, &str); 6] =
    [("/wo", "rk/"), ("/ro", "ot/"), ("/ho", "me/"), ("/Us", "ers/"), ("/fa", "rm/"), ("/tmp/bash", "_jobs")];
/// The lock of npm names a host for each package unless it is told not to; cargo's names the public index only.
const HOSTS: [(&str, &str); 4] =
    [("\"resol", "ved\": \"http"), ("registry = ", "\"http"), ("sparse+", "http"), ("registry", ".npmjs.")];

fn faults(files: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files {
        for (needles, what) in [(&PATHS[..], "a path of one machine"), (&HOSTS[..], "a host of a registry")] {
            for (one, two) in needles {
                if let Some(at) = file.text.find(&format!("{one}{two}")) {
                    let line = file.text[..at].lines().count().max(1);
                    faults.push(format!("{}:{line}: {what}", file.path));
                }
            }
        }
    }
    let known: BTreeSet<_> = files.iter().map(|file| file.path.as_str()).collect();
    for file in files.iter().filter(|file| file.is("", &[".md"])) {
        faults.extend(
            links(&file.text)
                .filter(|link| !resolves(file, link, files, &known))
                .map(|link| format!("{}: {link} leads nowhere", file.path)),
        );
    }
    faults
}

/// Targets of `[text](target)`, outside of code.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let prose = text.split("```").step_by(2).flat_map(|prose| prose.split('`').step_by(2));
    prose.flat_map(|prose| prose.split("](").skip(1)).filter_map(|rest| rest.split(')').next())
}

fn resolves(file: &File, link: &str, files: &[File], known: &BTreeSet<&str>) -> bool {
    if link.starts_with("http://") || link.starts_with("https://") || link.starts_with("mailto:") {
        return true;
    }
    let (target, anchor) = link.split_once('#').unwrap_or((link, ""));
    let mut parts: Vec<_> = file.path.split('/').collect();
    if !target.is_empty() {
        parts.pop();
    }
    for part in target.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    let path = parts.join("/");
    let folder = format!("{path}/");
    let exists = known.contains(path.as_str())
        || known.iter().any(|known| known.starts_with(&folder))
        || crate::repository::root().join(&path).exists();
    exists
        && (anchor.is_empty()
            || files.iter().filter(|file| file.path == path).all(|file| has_heading(&file.text, anchor)))
}

pub(super) fn has_heading(text: &str, anchor: &str) -> bool {
    text.lines().filter(|line| line.starts_with('#')).any(|line| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let slug: String = words
            .chars()
            .filter_map(|letter| match letter {
                ' ' => Some('-'),
                letter if letter.is_alphanumeric() || letter == '-' || letter == '_' => Some(letter),
                _ => None,
            })
            .collect();
        slug == anchor
    })
}

#[test]
fn no_file_names_a_machine_or_a_registry_and_every_link_resolves() {
    none(&faults(&files()));
}

#[test]
fn planted_words_are_found() {
    let planted = |path: &str, text: &str| faults(&[File::planted(path, text)]);
    for (first, second) in PATHS.iter().chain(&HOSTS) {
        one(&planted("docs/a.txt", &format!("before {first}{second}x\"")));
    }
    one(&planted("docs/a.md", "See [there](nowhere.md)."));
    one(&planted("docs/a.md", "# Here\n\nSee [there](#elsewhere)."));
    none(&planted(
        "docs/a.md",
        "# Over here\n\nSee [there](#over-here), [a](a.md), [web](https://example.org), `[x](y)`.",
    ));
}
