//! The log as a file for somebody else: whole, checkable without the clinic, and harmless in a spreadsheet.

use std::io::BufReader;
use std::path::Path;

use clinic_app::audit::audit_file::{Fault, Verified, verify};
use clinic_app::audit::view::{AuditFileKind, ExportAudit, ExportedAudit, ListAudit, Op};
use clinic_app::{Answer, AppError};
use clinic_testkit::TestClinic;

fn all() -> ListAudit {
    ListAudit { with_reads: true, size: 1, ..ListAudit::default() }
}

/// A clinic in which something happened, and a folder for files.
fn clinic() -> (TestClinic, tempfile::TempDir) {
    let clinic = TestClinic::new();
    clinic.add_patient("=HYPERLINK(1)", "Jo", "1980-02-29");
    (clinic, tempfile::tempdir().unwrap())
}

fn export(
    clinic: &TestClinic,
    matching: ListAudit,
    kind: AuditFileKind,
    folder: &Path,
) -> Answer<ExportedAudit> {
    clinic.app.export_audit(&clinic.admin(), &ExportAudit { matching, kind }, folder)
}

fn checked(path: &str) -> Result<Verified, Fault> {
    verify(BufReader::new(std::fs::File::open(path).unwrap()))
}

#[test]
fn the_whole_log_verifies_without_the_clinic() {
    let (clinic, folder) = clinic();
    let logged = clinic.app.list_audit(&clinic.admin(), all()).unwrap().total;
    let exported = export(&clinic, all(), AuditFileKind::Sealed, folder.path()).unwrap();
    let verified = checked(&exported.path).unwrap();
    assert_eq!((exported.entries, verified.entries, verified.last), (logged, logged, logged));
    assert!(verified.about.whole && verified.about.chain_fits);
    assert_eq!(Some(verified.fingerprint), exported.fingerprint);
    assert!(exported.path.ends_with("audit-2026-11-23-0900.jsonl"), "{}", exported.path);
}

#[test]
fn that_the_log_was_taken_along_is_in_the_log() {
    let (clinic, folder) = clinic();
    export(&clinic, all(), AuditFileKind::Sealed, folder.path()).unwrap();
    let taken = ListAudit { op: Some(Op::ExportAudit), ..all() };
    let page = clinic.app.list_audit(&clinic.admin(), taken).unwrap();
    assert_eq!(page.rows[0].subject, "audit-2026-11-23-0900.jsonl");
}

#[test]
fn a_filtered_file_says_that_it_is_a_part() {
    let (clinic, folder) = clinic();
    let matching = ListAudit { op: Some(Op::AddPatient), ..all() };
    let exported = export(&clinic, matching, AuditFileKind::Sealed, folder.path()).unwrap();
    let verified = checked(&exported.path).unwrap();
    assert_eq!((verified.entries, verified.about.whole), (1, false));
}

#[test]
fn one_changed_letter_is_found() {
    let (clinic, folder) = clinic();
    let exported = export(&clinic, all(), AuditFileKind::Sealed, folder.path()).unwrap();
    let text = std::fs::read_to_string(&exported.path).unwrap();
    std::fs::write(&exported.path, text.replacen("HYPERLINK", "HYPERLINX", 1)).unwrap();
    assert!(matches!(checked(&exported.path), Err(Fault::Changed(_))));
}

#[test]
fn a_spreadsheet_runs_nothing() {
    let (clinic, folder) = clinic();
    let exported = export(&clinic, all(), AuditFileKind::Table, folder.path()).unwrap();
    let text = std::fs::read_to_string(&exported.path).unwrap();
    assert_eq!(text.lines().count() as u32, exported.entries + 1);
    assert!(text.contains("'=HYPERLINK(1)"), "{text}");
    assert!(!text.contains(",=HYPERLINK") && !text.contains("\"=HYPERLINK"), "{text}");
}

#[test]
fn a_file_that_is_there_is_never_written_over() {
    let (clinic, folder) = clinic();
    let one = export(&clinic, all(), AuditFileKind::Table, folder.path()).unwrap();
    let other = export(&clinic, all(), AuditFileKind::Table, folder.path()).unwrap();
    assert!(other.path.ends_with("-0900-2.csv") && one.path != other.path, "{}", other.path);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "and no half file stays");
}

#[test]
fn only_administrators_take_the_log_along() {
    let (clinic, folder) = clinic();
    let request = ExportAudit { matching: all(), kind: AuditFileKind::Sealed };
    for actor in [clinic.front_desk(), clinic.doctor()] {
        let refusal = clinic.app.export_audit(&actor, &request, folder.path()).unwrap_err();
        assert_eq!(refusal, AppError::Forbidden);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
