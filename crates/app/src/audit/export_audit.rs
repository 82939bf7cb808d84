//! Writes the log, or what a filter leaves of it, into a file for somebody else: sealed and signed, so that it can be
//! checked without the clinic, or as a table for a spreadsheet, which proves nothing.

use std::fs::{File, OpenOptions};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use chrono::SecondsFormat;
use clinic_domain::identity::policy::Action;
use clinic_wire::audit_file::{self, About, Writer};
use rusqlite::Connection;

use super::list_audit::filter;
use super::store::{self, Filter, Raw};
use super::verify_audit::chain_fits;
use crate::app::{Actor, App};
use crate::audit::view::{AuditFileKind, ExportAudit, ExportedAudit, ListAudit, Op};
use crate::db::Store;
use crate::db::audit::Entry;
use crate::error::{Answer, AppError};

/// What the key that signs is derived for.
const PURPOSE: &str = "clinic desk audit file 1";

impl App {
    /// Writes the entries that match into a new file in `folder`, oldest first, and answers where it is. That somebody
    /// took the log along is an entry of the log.
    ///
    /// # Errors
    /// [`AppError::Validation`] as for a page of the log; [`AppError::Forbidden`]; [`AppError::StoreFull`] and
    /// [`AppError::StoreReadOnly`] for the folder, in which nothing is left then; faults of the store.
    pub fn export_audit(&self, actor: &Actor, request: &ExportAudit, folder: &Path) -> Answer<ExportedAudit> {
        let opened = self.store()?;
        let exported = self.read(actor, Action::ReadAudit, |conn, _| {
            let filter = filter(conn, &request.matching)?;
            let target = Target::new(folder, &self.name_of(conn)?, request.kind)?;
            let written = match request.kind {
                AuditFileKind::Sealed => {
                    let about = self.about_file(conn, actor, &opened, is_whole(&request.matching))?;
                    sealed(conn, &filter, &about, &opened, &target.part)
                }
                AuditFileKind::Table => table(conn, &filter, &target.part),
            };
            target.settle(written)
        })?;
        let entry = Entry {
            subject: exported.path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
            ..actor.entry(Op::ExportAudit, self.now())
        };
        opened.note(&entry)?;
        Ok(exported)
    }

    /// "audit-2026-11-24-1542", by the clocks of the clinic.
    fn name_of(&self, conn: &Connection) -> Answer<String> {
        let local = self.now().with_timezone(&store::zone(conn)?);
        Ok(local.format("audit-%Y-%m-%d-%H%M").to_string())
    }

    fn about_file(&self, conn: &Connection, actor: &Actor, opened: &Store, whole: bool) -> Answer<About> {
        Ok(About {
            version: 1,
            clinic: store::clinic_name(conn)?,
            device: self.parts.device.clone(),
            made_by: format!("{} · {}", actor.name, actor.public_id),
            made_at: self.now().to_rfc3339_opts(SecondsFormat::Secs, true),
            whole,
            chain_fits: chain_fits(conn, opened)?,
        })
    }
}

fn is_whole(request: &ListAudit) -> bool {
    request.with_reads
        && request.query.trim().is_empty()
        && request.from.is_none()
        && request.until.is_none()
        && request.actor_id.is_none()
        && !request.nobody
        && request.op.is_none()
        && request.patient_id.is_none()
}

fn sealed(
    conn: &Connection,
    filter: &Filter,
    about: &About,
    opened: &Store,
    part: &File,
) -> Answer<(u32, Option<String>)> {
    let seed = zeroize::Zeroizing::new(opened.derive(PURPOSE));
    let mut writer = Writer::start(BufWriter::new(part), about).map_err(disk)?;
    store::each(conn, filter, |Raw { seq, body, words, hash }| {
        writer.add(seq, &hash, body, words).map_err(disk)
    })?;
    let entries = writer.finish(&seed).map_err(disk)?;
    Ok((entries, Some(audit_file::fingerprint_of_seed(&seed))))
}

fn table(conn: &Connection, filter: &Filter, part: &File) -> Answer<(u32, Option<String>)> {
    let mut out = csv::Writer::from_writer(BufWriter::new(part));
    let head = ["entry", "at", "who", "number", "device", "act", "about", "changes", "reason", "hash"];
    let fault = |fault: csv::Error| match fault.into_kind() {
        csv::ErrorKind::Io(fault) => disk(fault),
        other => AppError::internal(&std::io::Error::other(format!("{other:?}"))),
    };
    out.write_record(head).map_err(fault)?;
    let mut entries = 0;
    store::each(conn, filter, |Raw { seq, body, words, hash }| {
        let entry = Entry::stored(&body, words.as_deref())?;
        entries += 1;
        out.write_record(row(seq, &entry, &hash).map(harmless)).map_err(fault)
    })?;
    out.flush().map_err(disk)?;
    Ok((entries, None))
}

fn row(seq: u32, entry: &Entry, hash: &[u8; 32]) -> [String; 10] {
    let value = |value: &Option<String>| value.clone().unwrap_or_default();
    let changes: Vec<_> = entry
        .changes
        .iter()
        .map(|change| format!("{}: {} → {}", change.field, value(&change.before), value(&change.after)))
        .collect();
    [
        seq.to_string(),
        store::at(entry).to_rfc3339_opts(SecondsFormat::Millis, true),
        entry.actor.clone(),
        entry.actor_public_id.clone(),
        entry.device.clone(),
        crate::db::sql::name_of(&entry.op),
        entry.subject.clone(),
        changes.join("; "),
        entry.reason.clone(),
        hex::encode(hash),
    ]
}

/// A spreadsheet takes a text that begins like this for a formula and runs it (OWASP ASVS 1.2.10).
fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) { format!("'{text}") } else { text }
}

/// A file that gets its name when it is whole.
struct Target {
    part: File,
    part_path: PathBuf,
    path: PathBuf,
}

impl Target {
    fn new(folder: &Path, name: &str, kind: AuditFileKind) -> Answer<Self> {
        std::fs::create_dir_all(folder).map_err(disk)?;
        let ending = match kind {
            AuditFileKind::Sealed => "jsonl",
            AuditFileKind::Table => "csv",
        };
        let names = std::iter::once(format!("{name}.{ending}"));
        let mut names = names.chain((2..1_000).map(|n| format!("{name}-{n}.{ending}")));
        let path = names.find(|name| !folder.join(name).exists()).map(|name| folder.join(name));
        let path = path.ok_or(AppError::StoreFull)?;
        let part_path = path.with_extension("part");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let part = options.open(&part_path).map_err(disk)?;
        Ok(Self { part, part_path, path })
    }

    fn settle(self, written: Answer<(u32, Option<String>)>) -> Answer<ExportedAudit> {
        let settled = written.and_then(|(entries, fingerprint)| {
            self.part.sync_all().map_err(disk)?;
            std::fs::rename(&self.part_path, &self.path).map_err(disk)?;
            Ok(ExportedAudit { path: self.path.display().to_string(), entries, fingerprint })
        });
        if settled.is_err() {
            let removed = std::fs::remove_file(&self.part_path);
            removed.unwrap_or_else(|error| tracing::warn!(%error, "a file that was not finished stays"));
        }
        settled
    }
}

fn disk(fault: std::io::Error) -> AppError {
    match fault.kind() {
        std::io::ErrorKind::StorageFull => AppError::StoreFull,
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            AppError::StoreReadOnly
        }
        _ => AppError::internal(&fault),
    }
}
