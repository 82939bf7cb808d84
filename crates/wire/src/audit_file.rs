//! The audit log as a file that somebody else can check (TR-4): lines of JSON, each sealed to the one before, the last
//! one signed. Nothing of the clinic is needed to verify it, and nothing here reads or writes the log itself.
//!
//! ```text
//! {"link":"<hex>","about":{…}}            link = SHA-256(00 ‖ zeros ‖ bytes of about)
//! {"link":"<hex>","entry":{"seq":1,…}}    link = SHA-256(00 ‖ link before ‖ bytes of entry)
//!
//! entry = {"seq":1,"hash":"<hex>","body":{…,"words":"<hex>"},"words":{…}}
//!     body.words = SHA-256(01 ‖ bytes of words); words are missing where they were taken out of the log.
//!
//! {"end":{"entries":1,"key":"<hex>","signature":"<hex>"}}
//! ```
//!
//! The signature is Ed25519 (RFC 8032) over `clinic-desk audit file 1`, the last link and the number of entries. Whoever
//! changes the file can sign it anew, but not with the same key: its fingerprint is shown by the desk that wrote it.

use std::io::{BufRead, Write};

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

const CONTEXT: &[u8] = b"clinic-desk audit file 1";
/// Longest line that is read, in bytes.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// What a file says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Version of this format, 1.
    pub version: u32,
    /// Name of the clinic.
    pub clinic: String,
    /// Name of the device that wrote it.
    pub device: String,
    /// Who asked for it, by name and account number.
    pub made_by: String,
    /// When, in UTC (RFC 3339).
    pub made_at: String,
    /// Whether these are all entries from the first to the last, or those of a filter.
    pub whole: bool,
    /// Whether the desk recomputed its own chain and found it whole when it wrote the file.
    pub chain_fits: bool,
}

/// One entry of the log.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its number, from 1.
    pub seq: u32,
    /// Its hash in the chain of the desk, in hex.
    pub hash: String,
    /// What was written down, byte for byte.
    pub body: Box<RawValue>,
    /// What of it can be taken out of the log: what it says of whom it was about, byte for byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Box<RawValue>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    entries: u32,
    key: String,
    signature: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    entry: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<End>,
}

/// A file while it is written. [`Writer::finish`] signs it; without that it does not verify.
pub struct Writer<W> {
    out: W,
    link: [u8; 32],
    entries: u32,
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// Faults of what is written to.
    pub fn start(out: W, about: &About) -> std::io::Result<Self> {
        let mut writer = Self { out, link: [0; 32], entries: 0 };
        let about = serde_json::value::to_raw_value(about)?;
        let link = Some(writer.seal(&about));
        writer.write(&Written { link, about: Some(about), entry: None, end: None })?;
        Ok(writer)
    }

    /// Adds an entry; numbers have to grow.
    ///
    /// # Errors
    /// Faults of what is written to; a body or words that are not JSON.
    pub fn add(
        &mut self,
        seq: u32,
        hash: &[u8; 32],
        body: String,
        words: Option<String>,
    ) -> std::io::Result<()> {
        let words = words.map(RawValue::from_string).transpose()?;
        let line = Line { seq, hash: hex::encode(hash), body: RawValue::from_string(body)?, words };
        let entry = serde_json::value::to_raw_value(&line)?;
        let link = Some(self.seal(&entry));
        self.entries += 1;
        self.write(&Written { link, about: None, entry: Some(entry), end: None })
    }

    /// Signs the file with the key of this seed and answers how many entries it has.
    ///
    /// # Errors
    /// Faults of what is written to.
    pub fn finish(mut self, seed: &[u8; 32]) -> std::io::Result<u32> {
        let key = SigningKey::from_bytes(seed);
        let signature = key.sign(&signed(&self.link, self.entries));
        let end = End {
            entries: self.entries,
            key: hex::encode(key.verifying_key().to_bytes()),
            signature: hex::encode(signature.to_bytes()),
        };
        self.write(&Written { link: None, about: None, entry: None, end: Some(end) })?;
        self.out.flush()?;
        Ok(self.entries)
    }

    fn seal(&mut self, part: &RawValue) -> String {
        self.link = next(&self.link, part);
        hex::encode(self.link)
    }

    fn write(&mut self, line: &Written) -> std::io::Result<()> {
        serde_json::to_writer(&mut self.out, line)?;
        self.out.write_all(b"\n")
    }
}

/// A file that is as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What it says of itself.
    pub about: About,
    /// How many entries it has.
    pub entries: u32,
    /// Number of the last one.
    pub last: u32,
    /// Fingerprint of the key that signed it, to be compared with the one that the desk shows.
    pub fingerprint: String,
}

/// What is wrong with a file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A line that is none of this format.
    #[error("line {0} is not a line of an audit file")]
    Unreadable(u32),
    /// A line that was changed, put in, taken out or moved.
    #[error("line {0} does not fit the one before")]
    Changed(u32),
    /// A number that is missing from a file that says it has all, or does not grow.
    #[error("entry {0} is not where it must be")]
    Number(u32),
    /// The file ends before its signature.
    #[error("the file has no end")]
    CutOff,
    /// The signature is not of this content.
    #[error("the signature does not fit")]
    Signature,
}

/// Reads a file to its end and compares everything.
///
/// # Errors
/// The first [`Fault`].
pub fn verify(mut file: impl BufRead) -> Result<Verified, Fault> {
    let mut reading = Reading { link: [0; 32], about: None, entries: 0, last: 0 };
    let mut text = Vec::new();
    for number in 1.. {
        text.clear();
        let limit = std::io::Read::take(&mut file, LONGEST_LINE).read_until(b'\n', &mut text);
        if limit.map_err(|_| Fault::Unreadable(number))? == 0 {
            break;
        }
        let line: Written = serde_json::from_slice(&text).map_err(|_| Fault::Unreadable(number))?;
        if let Some(end) = &line.end {
            let rest = file.fill_buf().map_err(|_| Fault::Unreadable(number))?;
            return if rest.is_empty() { reading.end(end) } else { Err(Fault::Unreadable(number + 1)) };
        }
        reading.line(number, &line)?;
    }
    Err(Fault::CutOff)
}

struct Reading {
    link: [u8; 32],
    about: Option<About>,
    entries: u32,
    last: u32,
}

impl Reading {
    fn line(&mut self, number: u32, line: &Written) -> Result<(), Fault> {
        let unreadable = || Fault::Unreadable(number);
        let part = match (number, &line.about, &line.entry) {
            (1, Some(about), None) => about,
            (2.., None, Some(entry)) => entry,
            _ => return Err(unreadable()),
        };
        self.link = next(&self.link, part);
        if line.link.as_deref() != Some(&hex::encode(self.link)) {
            return Err(Fault::Changed(number));
        }
        if number == 1 {
            let about: About = serde_json::from_str(part.get()).map_err(|_| unreadable())?;
            self.about = Some(about).filter(|about| about.version == 1);
            return self.about.is_some().then_some(()).ok_or_else(unreadable);
        }
        let entry: Line = serde_json::from_str(part.get()).map_err(|_| unreadable())?;
        let whole = self.about.as_ref().is_some_and(|about| about.whole);
        if entry.seq <= self.last || (whole && entry.seq != self.last + 1) {
            return Err(Fault::Number(entry.seq));
        }
        (self.last, self.entries) = (entry.seq, self.entries + 1);
        Ok(())
    }

    fn end(self, end: &End) -> Result<Verified, Fault> {
        let about = self.about.ok_or(Fault::CutOff)?;
        let key: [u8; 32] = bytes(&end.key).ok_or(Fault::Signature)?;
        let signature = Signature::from_bytes(&bytes(&end.signature).ok_or(Fault::Signature)?);
        let checking = VerifyingKey::from_bytes(&key).map_err(|_| Fault::Signature)?;
        if end.entries != self.entries
            || checking.verify_strict(&signed(&self.link, self.entries), &signature).is_err()
        {
            return Err(Fault::Signature);
        }
        Ok(Verified { about, entries: self.entries, last: self.last, fingerprint: fingerprint(&key) })
    }
}

/// What people compare: the first 80 bits of the SHA-256 of the key that signs with this seed, in groups.
pub fn fingerprint_of_seed(seed: &[u8; 32]) -> String {
    fingerprint(&SigningKey::from_bytes(seed).verifying_key().to_bytes())
}

fn fingerprint(key: &[u8; 32]) -> String {
    let digest = Sha256::digest(key);
    digest[..10].chunks(2).map(hex::encode_upper).collect::<Vec<_>>().join(" ")
}

fn next(link: &[u8; 32], part: &RawValue) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(link).chain_update(part.get()).finalize().into()
}

fn signed(link: &[u8; 32], entries: u32) -> Vec<u8> {
    [CONTEXT, link, &entries.to_be_bytes()].concat()
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    hex::decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SEED: [u8; 32] = [5; 32];

    fn about(whole: bool) -> About {
        About {
            version: 1,
            clinic: "Riverside Clinic".into(),
            device: "Desk 1".into(),
            made_by: "Ada Test · ADM12345678".into(),
            made_at: "2026-11-24T12:00:00Z".into(),
            whole,
            chain_fits: true,
        }
    }

    fn file(seqs: &[u32], whole: bool) -> String {
        let mut out = Vec::new();
        let mut writer = Writer::start(&mut out, &about(whole)).unwrap();
        for &seq in seqs {
            writer.add(seq, &[7; 32], format!(r#"{{"op":"book","subject":"Müller {seq}"}}"#), None).unwrap();
        }
        assert_eq!(writer.finish(&SEED).unwrap() as usize, seqs.len());
        String::from_utf8(out).unwrap()
    }

    fn check(text: &str) -> Result<Verified, Fault> {
        verify(text.as_bytes())
    }

    #[test]
    fn a_file_that_nobody_touched_verifies() {
        let verified = check(&file(&[1, 2, 3], true)).unwrap();
        assert_eq!((verified.entries, verified.last, verified.about), (3, 3, about(true)));
        assert_eq!(verified.fingerprint, fingerprint_of_seed(&SEED));
        assert_eq!(verified.fingerprint.len(), 24);
        assert_eq!(check(&file(&[], true)).unwrap().entries, 0);
        assert_eq!(check(&file(&[4, 9], false)).unwrap().last, 9);
    }

    #[test]
    fn what_was_done_to_a_file_is_found_where_it_was_done() {
        let whole = file(&[1, 2, 3, 4], true);
        let lines: Vec<_> = whole.lines().collect();
        let without = |at: usize| [&lines[..at], &lines[at + 1..]].concat().join("\n");
        let swapped = [lines[0], lines[2], lines[1], lines[3], lines[4], lines[5]].join("\n");
        let doubled = [&lines[..3], &lines[2..]].concat().join("\n");
        assert_eq!(check(&whole.replace("Müller 3", "Muller 3")), Err(Fault::Changed(4)));
        assert_eq!(check(&without(2)), Err(Fault::Changed(3)));
        assert_eq!(check(&swapped), Err(Fault::Changed(2)));
        assert_eq!(check(&doubled), Err(Fault::Changed(4)));
        assert_eq!(check(&without(5)), Err(Fault::CutOff));
        assert_eq!(check(&without(4)), Err(Fault::Signature));
        assert_eq!(check(&without(0)), Err(Fault::Unreadable(1)));
        assert_eq!(check(&whole.replace("true", "false")), Err(Fault::Changed(1)));
        assert_eq!(check(&format!("{whole}{}", lines[5])), Err(Fault::Unreadable(7)));
        assert_eq!(check(""), Err(Fault::CutOff));
        assert_eq!(check(&whole[..whole.len() / 2]).err(), Some(Fault::Unreadable(3)));
    }

    #[test]
    fn entries_that_are_missing_from_a_whole_file_are_told() {
        assert_eq!(check(&file(&[1, 3], true)), Err(Fault::Number(3)));
        assert_eq!(check(&file(&[2, 3], true)), Err(Fault::Number(2)));
        assert_eq!(check(&file(&[4, 3], false)), Err(Fault::Number(3)));
    }

    #[test]
    fn a_file_that_somebody_else_signed_has_another_fingerprint() {
        let mut out = Vec::new();
        Writer::start(&mut out, &about(true)).unwrap().finish(&[6; 32]).unwrap();
        assert_ne!(verify(&out[..]).unwrap().fingerprint, fingerprint_of_seed(&SEED));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn no_changed_byte_goes_unnoticed(at in 0..2_000_usize, to: u8) {
            let good = file(&[1, 2, 3, 4], true).into_bytes();
            let mut changed = good.clone();
            let at = at % changed.len();
            changed[at] = to;
            prop_assert!(changed == good || same_json(&changed, &good) || verify(&changed[..]).is_err());
        }
    }

    /// White space between values and the case of hex digits say nothing.
    fn same_json(one: &[u8], other: &[u8]) -> bool {
        one.eq_ignore_ascii_case(other)
            || String::from_utf8_lossy(one)
                .split_whitespace()
                .eq(String::from_utf8_lossy(other).split_whitespace())
    }
}
