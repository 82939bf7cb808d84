//! How WebKit draws where there is no GPU: directly on the processor. It would have Mesa draw there what is meant for a GPU
//! otherwise, which takes more time and more memory (docs/performance.md).
//!
//! WebKit has to know before its first page: told to a page that is there already, it stops drawing in layers but still
//! sends the mouse wheel to them, where nobody listens. It reads its environment when it is loaded, so the program begins
//! once more with that set.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// Tells WebKit not to draw in layers.
const DIRECTLY: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Begins the program anew where WebKit should draw directly and does not know yet. Returns where that is so already, and
/// where it fails: then it draws as ever.
pub fn choose() {
    if std::env::var_os(DIRECTLY).is_some() || has_gpu(Path::new("/dev/dri")) {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    // It only ever returns with a fault, of which nothing follows but how the page is drawn.
    let _fault = Command::new(program).args(std::env::args_os().skip(1)).env(DIRECTLY, "1").exec();
}

/// Whether the kernel offers something that renders; a display alone is called `card0` and does not.
fn has_gpu(folder: &Path) -> bool {
    let devices = std::fs::read_dir(folder).into_iter().flatten().flatten();
    devices.into_iter().any(|device| device.file_name().as_encoded_bytes().starts_with(b"renderD"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_display_is_no_gpu() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!has_gpu(&folder.path().join("none")));
        std::fs::write(folder.path().join("card0"), "").unwrap();
        assert!(!has_gpu(folder.path()));
        std::fs::write(folder.path().join("renderD128"), "").unwrap();
        assert!(has_gpu(folder.path()));
    }
}
