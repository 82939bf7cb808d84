//! Imports of the interface: one seam to the host, features that do not know one another, a library that knows none.

use super::{none, one};
use crate::repository::{File, files};

const SEAM: [&str; 2] = ["ui/src/lib/backend/tauri.ts", "ui/src/lib/backend/contract.ts"];

/// Ways in which text becomes markup or code.
const MARKUP: [&str; 7] =
    ["{@html", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function("];

fn faults(files: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files.iter().filter(|file| file.is("ui/src/", &[".ts", ".svelte", ".js"])) {
        let markup = MARKUP.iter().filter(|way| file.text.contains(**way));
        faults.extend(markup.map(|way| format!("{}: {way} turns text into markup or code", file.path)));
        for import in imports(&file.text) {
            if import.starts_with("@tauri-apps/") && !SEAM.contains(&file.path.as_str()) {
                faults.push(format!("{}: only the seam may import {import}", file.path));
            }
            if let Some(feature) = feature_of_import(&file.path, import)
                && !may_import_feature(&file.path, &feature)
            {
                faults.push(format!("{}: may not import the feature `{feature}`", file.path));
            }
        }
    }
    faults
}

/// What stands in quotes behind `from` or inside `import(…)`.
fn imports(text: &str) -> impl Iterator<Item = &str> {
    let behind = |before: &'static str| text.split(before).skip(1).filter_map(|rest| rest.split('"').next());
    behind(" from \"").chain(behind("import(\"")).chain(behind("import \""))
}

/// The feature that an import leads into, if any.
fn feature_of_import(path: &str, import: &str) -> Option<String> {
    let target = match import.strip_prefix("$features/") {
        Some(rest) => format!("ui/src/features/{rest}"),
        None if import.starts_with('.') => resolve(path, import),
        None => return None,
    };
    Some(target.strip_prefix("ui/src/features/")?.split('/').next()?.to_owned())
}

fn resolve(path: &str, import: &str) -> String {
    let mut parts: Vec<_> = path.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn may_import_feature(path: &str, feature: &str) -> bool {
    match path.strip_prefix("ui/src/features/") {
        Some(inside) => inside.split('/').next() == Some(feature),
        // Only what puts the screens together may name features: the routes and the root.
        None => !path.starts_with("ui/src/lib/"),
    }
}

#[test]
fn the_interface_keeps_its_borders() {
    none(&faults(&files()));
}

#[test]
fn a_forbidden_import_is_found() {
    let planted = |path: &str, text: &str| faults(&[File::planted(path, text)]);
    one(&planted("ui/src/features/audit/A.svelte", "import { invoke } from \"@tauri-apps/api/core\";"));
    one(&planted("ui/src/features/audit/A.svelte", "import B from \"$features/directory/B.svelte\";"));
    one(&planted("ui/src/features/audit/A.svelte", "import B from \"../directory/B.svelte\";"));
    one(&planted("ui/src/lib/live/live.ts", "const b = () => import(\"$features/directory/B.svelte\");"));
    one(&planted("ui/src/features/audit/A.svelte", "<p>{@html entry.subject}</p>"));
    none(&planted("ui/src/features/audit/rows/A.svelte", "import B from \"../B.svelte\";"));
    none(&planted("ui/src/routes/routes.ts", "const b = () => import(\"$features/directory/B.svelte\");"));
}
