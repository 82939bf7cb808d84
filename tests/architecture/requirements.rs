//! The list of security requirements (TR-10): every one of levels 1 and 2 of the OWASP ASVS 5.0 is there, and the tests and
//! pages that it names exist.

use super::words::has_heading;
use super::{none, one};
use crate::repository::{File, files};

const LIST: &str = "docs/asvs.csv";
/// Requirements of level 1 and of level 2.
const OF_LEVELS: [(&str, usize); 2] = [("1", 70), ("2", 183)];

/// One line of the list.
struct Row<'l> {
    id: Vec<u16>,
    level: &'l str,
    status: &'l str,
    evidence: Vec<&'l str>,
    why: &'l str,
}

/// Id, level, status, evidence, reason; only the reason may hold a comma.
fn row(line: &str) -> Option<Row<'_>> {
    let [id, level, status, evidence, why] = line.splitn(5, ',').collect::<Vec<_>>().try_into().ok()?;
    let id: Vec<u16> = id.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    let evidence = evidence.split("; ").filter(|named| !named.is_empty()).collect();
    (id.len() == 3).then_some(Row { id, level, status, evidence, why })
}

fn faults(files: &[File]) -> Vec<String> {
    let Some(list) = files.iter().find(|file| file.path == LIST) else {
        return vec![format!("{LIST} is not there")];
    };
    let mut faults = Vec::new();
    let mut rows = Vec::new();
    for line in list.text.lines().skip(1) {
        match row(line) {
            Some(row) => rows.push(row),
            None => faults.push(format!("no requirement: {line}")),
        }
    }
    if !rows.is_sorted_by(|one, other| one.id < other.id) {
        faults.push("requirements are not in their order, or twice".to_owned());
    }
    for (level, number) in OF_LEVELS {
        let found = rows.iter().filter(|row| row.level == level).count();
        if found != number {
            faults.push(format!("{found} requirements of level {level} instead of {number}"));
        }
    }
    for row in &rows {
        faults.extend(fault(files, row).map(|fault| format!("{:?}: {fault}", row.id)));
    }
    faults
}

/// What is wrong with one line.
fn fault(files: &[File], row: &Row<'_>) -> Option<String> {
    let missing = row.evidence.iter().find(|named| !exists(files, named)).map(|named| format!("no {named}"));
    let without = match row.status {
        "test" => !row.evidence.iter().any(|named| named.contains("::")),
        "document" => row.evidence.is_empty(),
        "hub" | "open" | "does not apply" => row.why.is_empty(),
        other => return Some(format!("an unknown status: {other}")),
    };
    missing.or_else(|| without.then(|| format!("nothing shows or explains: {}", row.status)))
}

/// Whether there is such a test (`file::function`), heading (`file#anchor`) or file.
fn exists(files: &[File], named: &str) -> bool {
    let (path, test, anchor) = match (named.split_once("::"), named.split_once('#')) {
        (Some((path, test)), _) => (path, Some(test), None),
        (None, Some((path, anchor))) => (path, None, Some(anchor)),
        (None, None) => (named, None, None),
    };
    files.iter().find(|file| file.path == path).is_some_and(|file| {
        test.is_none_or(|test| is_test(&file.text, test))
            && anchor.is_none_or(|anchor| has_heading(&file.text, anchor))
    })
}

/// Whether a function stands directly behind a line that makes it a test.
fn is_test(text: &str, name: &str) -> bool {
    let declared = format!("fn {name}(");
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    lines.iter().enumerate().filter(|(_, line)| line.contains(&declared)).any(|(at, _)| {
        let before = lines.get(..at).unwrap_or_default();
        let attributes =
            before.iter().rev().take_while(|line| line.starts_with('#') || line.starts_with("//"));
        attributes.into_iter().any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"))
    })
}

#[test]
fn every_requirement_is_on_the_list_with_what_shows_it() {
    none(&faults(&files()));
}

#[test]
fn a_list_that_says_too_much_or_too_little_is_found() {
    let changed = |change: &dyn Fn(&str) -> String| {
        let mut files = files();
        let list = files.iter_mut().find(|file| file.path == LIST).unwrap();
        list.text = change(&list.text);
        faults(&files)
    };
    let renamed = "::an_accepted_line_is_accepted_unchanged_the_second_time";
    one(&changed(&|text| text.replacen(renamed, "::a_test_that_was_renamed", 1)));
    one(&changed(&|text| text.replacen("docs/security.md#components", "docs/security.md#parts", 1)));
    one(&changed(&|text| text.replacen(",No LDAP", ",", 1)));
    one(&changed(&|text| text.replacen("1.2.6,2,", "1.2.5,2,", 1)));
    one(&changed(&|text| {
        text.lines().filter(|line| !line.starts_with("6.1.1,")).map(|line| format!("{line}\n")).collect()
    }));
    one(&changed(&|text| text.replacen("does not apply", "is of no interest", 1)));
    // A function that is there and is no test.
    one(&changed(&|text| text.replacen("::no_changed_token_is_accepted", "::accepted", 1)));
}
