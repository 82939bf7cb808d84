//! The files of this repository, as tests look at them.

use std::fs;
use std::path::{Path, PathBuf};

/// What holds nothing written by hand, wherever it is: folders, and the file that stands for `.git` in a second worktree.
const MADE: [&str; 8] = [".git", "target", "node_modules", "dist", "gen", "artifacts", "paraglide", "bundle"];

/// A text file with its path from the root, with `/` between folders.
#[derive(Debug, Clone)]
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    /// An invented file, to show that a check can fail.
    pub fn planted(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// Whether the path begins with `folder` and ends with one of `endings`.
    pub fn is(&self, folder: &str, endings: &[&str]) -> bool {
        self.path.starts_with(folder) && endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every hand-written text file.
pub fn files() -> Vec<File> {
    let mut found = Vec::new();
    walk(&root(), &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn walk(folder: &Path, found: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if MADE.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            walk(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            found.push(File { path, text });
        }
    }
}

#[test]
fn the_files_of_the_repository_are_found() {
    let files = files();
    for path in ["Cargo.toml", "tests/repository.rs", "ui/package.json"] {
        assert!(files.iter().any(|file| file.path == path), "{path}");
    }
    assert!(!files.iter().any(|file| file.path.contains("node_modules")));
}
