//! When something is to be seen: read from the frame buffer of a virtual display, because a page that says that it has
//! painted does not know when that reaches the screen, and paints before its window is shown, too.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tempfile::TempDir;

use crate::process::Screen;

/// A ground and a few lines have fewer colours; a word has more, since its letters have soft edges.
const COLOURS: usize = 5;
/// How often the frame buffer is looked at.
const LOOK: Duration = Duration::from_millis(1);
/// Nothing to be seen after this time is a fault.
const PATIENCE: Duration = Duration::from_secs(60);

/// A display whose frame buffer can be read.
pub struct Seen {
    /// The display.
    pub screen: Screen,
    folder: TempDir,
}

impl Seen {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let screen = Screen::with(&["-fbdir", &folder.path().to_string_lossy()]);
        Self { screen, folder }
    }

    /// Looks on a thread of its own until something is written on the screen; answers with when, in milliseconds on the
    /// clock of the world.
    pub fn watch(&self) -> std::thread::JoinHandle<f64> {
        let frame = self.folder.path().join("Xvfb_screen0");
        std::thread::spawn(move || written(&frame))
    }
}

fn written(frame: &Path) -> f64 {
    let pixels = Pixels::open(frame.to_owned());
    let start = Instant::now();
    while pixels.colours() < COLOURS {
        assert!(start.elapsed() < PATIENCE, "nothing is written on the screen");
        std::thread::sleep(LOOK);
    }
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64() * 1000.0
}

/// An X window dump (`XWDFile.h`): a head of numbers, most significant byte first, a table of colours, rows of pixels.
struct Pixels {
    file: File,
    begin: u64,
    height: u64,
    row: u64,
}

impl Pixels {
    fn open(path: PathBuf) -> Self {
        let file = File::open(path).unwrap();
        let number = |place: u64| {
            let mut bytes = [0; 4];
            file.read_exact_at(&mut bytes, place * 4).unwrap();
            u64::from(u32::from_be_bytes(bytes))
        };
        /// Bytes of one entry of the table.
        const COLOUR: u64 = 12;
        let (begin, height, row) = (number(0) + number(19) * COLOUR, number(5), number(12));
        Self { file, begin, height, row }
    }

    /// Colours in every twentieth row, as many as matter.
    fn colours(&self) -> usize {
        let mut found: Vec<[u8; 4]> = Vec::new();
        let mut row = vec![0; usize::try_from(self.row).unwrap()];
        for at in (0..self.height).step_by(20) {
            self.file.read_exact_at(&mut row, self.begin + at * self.row).unwrap();
            for pixel in row.as_chunks::<4>().0 {
                if found.len() < COLOURS && !found.contains(pixel) {
                    found.push(*pixel);
                }
            }
        }
        found.len()
    }
}
