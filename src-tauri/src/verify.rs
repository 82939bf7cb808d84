//! `clinic-desk verify-audit FILE`: checks a file of the audit log on any computer, without a store and without a window.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufReader, Write};
use std::process::ExitCode;

use clinic_app::audit::audit_file::{Verified, verify};

/// What asks for it on the command line.
const COMMAND: &str = "verify-audit";

/// Checks a file and says what was found, when that is what the program was started for.
pub fn asked(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    (arguments.nth(1)? == COMMAND).then(|| {
        let said = match arguments.next() {
            Some(path) => said(&path),
            None => Err(format!("{COMMAND}: name the file")),
        };
        let (words, code) = match said {
            Ok(words) => (words, ExitCode::SUCCESS),
            Err(words) => (words, ExitCode::FAILURE),
        };
        // Nobody reads a closed pipe; the exit code says it all the same.
        writeln!(std::io::stdout(), "{words}").unwrap_or_default();
        code
    })
}

fn said(path: &OsString) -> Result<String, String> {
    let shown = path.to_string_lossy();
    let file = File::open(path).map_err(|fault| format!("{shown}: {fault}"))?;
    let verified =
        verify(BufReader::new(file)).map_err(|fault| format!("{shown}: NOT AS WRITTEN: {fault}"))?;
    let Verified { about, entries, last, fingerprint } = verified;
    Ok(format!(
        "{shown}: as written\n  clinic       {}\n  written by   {} on {}, {}\n  entries      {entries}{}\n  \
         chain        {}\n  fingerprint  {fingerprint}\nCompare the fingerprint with the one under Audit log, Export.",
        about.clinic,
        about.made_by,
        about.device,
        about.made_at,
        if about.whole { format!(", all from 1 to {last}") } else { ", those of a filter".to_owned() },
        if about.chain_fits { "was whole when it was written" } else { "WAS BROKEN when it was written" },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_arguments_start_the_desk() {
        let asked = |arguments: &[&str]| asked(arguments.iter().map(OsString::from));
        assert!(asked(&["clinic-desk"]).is_none());
        assert!(asked(&["clinic-desk", "--verify"]).is_none());
        assert_eq!(asked(&["clinic-desk", COMMAND]), Some(ExitCode::FAILURE));
        assert_eq!(asked(&["clinic-desk", COMMAND, "/nowhere"]), Some(ExitCode::FAILURE));
    }
}
