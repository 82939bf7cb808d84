//! Counts the pages in a write-ahead log, exactly and without noise. The headers of the log are not encrypted.
//! Format: <https://www.sqlite.org/fileformat2.html#walformat>.

use std::path::Path;

use crate::Fault;

/// Bytes of the log's header, of a frame's header and of a page.
const HEADER: usize = 32;
const FRAME: usize = 24;
const PAGE: usize = 4096;

/// How far a log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Changes whenever the log begins anew.
    salts: [u8; 8],
    /// Pages since then.
    pages: usize,
}

impl Written {
    /// How far the log beside a store is written.
    pub fn of(store: &Path) -> Result<Self, Fault> {
        let log = std::fs::read(store.with_extension("db-wal"))?;
        let salts: [u8; 8] = log.get(16..24).ok_or("the log is empty")?.try_into()?;
        // Frames of the rounds before carry other salts.
        let frames = log[HEADER..].chunks_exact(FRAME + PAGE);
        let pages = frames.take_while(|frame| frame.get(8..16) == Some(&salts)).count();
        Ok(Self { salts, pages })
    }

    /// Pages written since an earlier reading; `None` when the log began anew meanwhile.
    pub fn since(self, earlier: Self) -> Option<usize> {
        (self.salts == earlier.salts).then(|| self.pages.saturating_sub(earlier.pages))
    }
}
