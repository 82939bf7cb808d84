//! Logs: JSON lines in `logs/`, one file a day, the last fourteen kept (OP-2). They hold codes, ids and durations, never
//! what somebody typed or a patient's data. `CLINIC_DESK_LOG=debug` adds a line for each command that was carried out.

use std::panic::PanicHookInfo;
use std::path::Path;
use std::time::Instant;

use clinic_app::{Answer, App};
use tracing::Level;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How many daily files are kept.
const KEPT: usize = 14;

/// Starts logging into this folder, or to the terminal when it cannot be written to. Logs are flushed when the guard is
/// dropped.
pub fn start(folder: &Path) -> Option<WorkerGuard> {
    std::panic::set_hook(Box::new(panicked));
    let wanted = std::env::var("CLINIC_DESK_LOG").ok();
    match files(folder) {
        Some(files) => {
            let (writer, guard) = tracing_appender::non_blocking(files);
            write_to(writer, wanted.as_deref());
            Some(guard)
        }
        None => {
            write_to(std::io::stderr, wanted.as_deref());
            tracing::warn!("the log folder cannot be written to; logging to the terminal");
            None
        }
    }
}

/// Writes JSON lines: what is wanted, such as `debug` or `info,clinic_app=trace`, or the usual. A second call in one
/// process keeps the first log.
pub fn write_to(writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static, wanted: Option<&str>) {
    let filter: Targets = wanted
        .and_then(|wanted| wanted.parse().ok())
        .unwrap_or_else(|| Targets::new().with_default(Level::INFO).with_target("zbus", Level::WARN));
    let lines = tracing_subscriber::fmt().json().with_span_list(false).with_max_level(Level::TRACE);
    let _already = lines.with_writer(writer).finish().with(filter).try_init();
}

/// Carries out a command. Whatever is logged meanwhile bears its name and the id of this request; how it ended is a line
/// of its own: what was refused at the usual level, what was carried out for who asks for more.
pub fn command<T>(name: &'static str, app: &App, run: impl FnOnce(&App) -> Answer<T>) -> Answer<T> {
    let request = app.new_id()?;
    let _span = tracing::info_span!("command", name, %request).entered();
    let begun = Instant::now();
    let answer = run(app);
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    match &answer {
        Ok(_) => tracing::debug!(ms, "carried out"),
        Err(error) => tracing::info!(ms, code = error.kind().code(), "refused"),
    }
    answer
}

fn files(folder: &Path) -> Option<RollingFileAppender> {
    let folder = folder.join("logs");
    std::fs::create_dir_all(&folder).ok()?;
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("clinic-desk")
        .filename_suffix("jsonl")
        .max_log_files(KEPT)
        .build(folder)
        .ok()
}

/// Where a fault of the program happened. Its message is left out: it may quote what somebody typed.
fn panicked(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "a thread panicked");
    if cfg!(debug_assertions) {
        tracing::debug!(message = panic.payload_as_str().unwrap_or_default(), "panic message");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_made_gives_no_files() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(files(file.path()).is_none(), "a file stands where the folder should be");
    }

    #[test]
    fn old_files_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let logs = folder.path().join("logs");
        std::fs::create_dir(&logs).unwrap();
        for day in 1..=20 {
            std::fs::write(logs.join(format!("clinic-desk.2020-01-{day:02}.jsonl")), "{}\n").unwrap();
        }
        drop(files(folder.path()).unwrap());
        assert!(std::fs::read_dir(&logs).unwrap().count() <= KEPT);
    }
}
