//! Slices of the services import only downward. What a slice shows (`view`) may be named anywhere; so may the
//! application, its error and its contract.

use super::{none, one};
use crate::repository::{File, files};

const SERVICES: &str = "crates/app/src/";

/// From the lowest up; `audit` stands beside them on `db` and `identity`.
const ORDER: [&str; 8] =
    ["db", "clinic", "messaging", "identity", "directory", "scheduling", "history", "setup"];
const UNDER_AUDIT: [&str; 2] = ["db", "identity"];

fn faults(files: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| file.is(SERVICES, &[".rs"]) && !is_test(file, files)) {
        let Some((slice, _)) = file.path[SERVICES.len()..].split_once('/') else { continue };
        if slice != "audit" && !ORDER.contains(&slice) {
            faults.push(format!("{}: the slice `{slice}` has no place in the order", file.path));
        }
        // Tests may set up a whole clinic.
        let code = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        for used in named_slices(code) {
            if !may_use(slice, used) {
                faults.push(format!("{}: `{slice}` may not know `{used}`", file.path));
            }
        }
    }
    faults
}

/// Whether a file is only there for tests: the module around it says so.
fn is_test(file: &File, files: &[File]) -> bool {
    let Some((folder, name)) = file.path.rsplit_once('/') else { return false };
    if name.ends_with("tests.rs") {
        return true;
    }
    let declared = format!("#[cfg(test)]\nmod {};", name.trim_end_matches(".rs"));
    files.iter().any(|around| around.path == format!("{folder}/mod.rs") && around.text.contains(&declared))
}

/// Every slice that the code names by its path, except for what the slice shows.
fn named_slices(code: &str) -> impl Iterator<Item = &str> {
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .filter_map(|path| {
            let mut names = path.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            let slice = names.next()?;
            let inside = path[slice.len()..].strip_prefix("::").unwrap_or_default();
            let shown = inside == "view" || inside.starts_with("view::") || inside.starts_with("view;");
            (slice == "audit" || ORDER.contains(&slice)).then_some(slice).filter(|_| !shown)
        })
}

fn may_use(slice: &str, other: &str) -> bool {
    let place = |name: &str| ORDER.iter().position(|slice| *slice == name);
    match (place(slice), place(other)) {
        _ if slice == other => true,
        (None, Some(_)) => slice == "audit" && UNDER_AUDIT.contains(&other),
        (Some(above), Some(below)) => below < above,
        _ => false,
    }
}

#[test]
fn slices_import_only_downward() {
    none(&faults(&files()));
}

#[test]
fn an_upward_import_is_found() {
    let planted =
        |slice: &str, line: &str| faults(&[File::planted(&format!("{SERVICES}{slice}/planted.rs"), line)]);
    one(&planted("db", "use crate::scheduling::store;"));
    one(&planted("clinic", "    let row = crate::directory::record::load(conn)?;"));
    one(&planted("audit", "use crate::scheduling::store;"));
    one(&planted("scheduling", "use crate::audit::list_audit;"));
    one(&planted("billing", "use crate::error::Answer;"));
    none(&planted("scheduling", "use crate::directory::record::Patient;\nuse crate::audit::view::Op;"));
    none(&planted("db", "#[cfg(test)]\nmod tests {\n    use crate::setup::view::SetUpClinic;\n}"));
}
