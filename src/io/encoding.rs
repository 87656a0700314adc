//! Bytes to UTF-8.

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::error::{Error, Fault, Result, quoted};
use crate::model::Detected;

/// Text as UTF-8 bytes without a byte order mark; single bad rows may still hold other bytes.
///
/// `newline` counts rows for the message.
pub(super) fn as_utf8<'a>(
    bytes: &'a [u8],
    encoding: Option<&str>,
    detected: &mut Vec<Detected>,
) -> Result<Cow<'a, [u8]>> {
    if let Some(label) = encoding {
        let encoding = Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| {
            Error::parameter(
                "encoding",
                quoted(label),
                "a name of the WHATWG list such as utf-8, cp1252 or utf-16le",
            )
        })?;
        if encoding != encoding_rs::UTF_8 {
            let (text, _, _) = encoding.decode(bytes);
            return Ok(match text {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            });
        }
    }
    if let Some(text) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        detected.push(Detected::new("encoding", "utf-8", "byte order mark"));
        return Ok(Cow::Borrowed(text));
    }
    if let Some(name) = looks_like_utf16(bytes) {
        return Err(Error::input(
            Fault::Encoding,
            format!(
                "the bytes are not UTF-8 from byte 0 on (header row); they look like {name} \
                 (\"Unicode text\" of Excel): give encoding=\"{name}\""
            ),
        ));
    }
    Ok(Cow::Borrowed(bytes))
}

fn looks_like_utf16(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, ..] => return Some("utf-16le"),
        [0xfe, 0xff, ..] => return Some("utf-16be"),
        _ => {}
    }
    let start = bytes.get(..bytes.len().min(1000)).unwrap_or_default();
    let zeros = |parity: usize| {
        start
            .iter()
            .skip(parity)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let enough = start.len() / 4;
    if start.len() < 8 {
        None
    } else if zeros(1) > enough {
        Some("utf-16le")
    } else if zeros(0) > enough {
        Some("utf-16be")
    } else {
        None
    }
}

/// How much of a text is UTF-8 beyond ASCII, and how much is something else.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Utf8Evidence {
    /// Characters of more than one byte.
    pub(super) valid: u64,
    /// Sequences that are not UTF-8.
    pub(super) invalid: u64,
    /// Where the first bad sequence stands.
    pub(super) first_invalid: Option<usize>,
}

impl Utf8Evidence {
    /// Counts over a piece of text that starts at `offset`.
    pub(super) fn of(bytes: &[u8], offset: usize) -> Self {
        let mut out = Self::default();
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            out.valid += chunk.valid().bytes().filter(|b| *b >= 0xc0).count() as u64;
            at += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                out.invalid += 1;
                out.first_invalid.get_or_insert(offset + at);
                at += chunk.invalid().len();
            }
        }
        out
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.valid += other.valid;
        self.invalid += other.invalid;
        self.first_invalid = match (self.first_invalid, other.first_invalid) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }

    /// Refuses a text in another encoding: more than one sequence is not UTF-8 and they are not
    /// outnumbered by proper ones. A single damaged spot is left to the rows.
    pub(super) fn check(&self, text: &[u8]) -> Result<()> {
        let Some(at) = self.first_invalid else {
            return Ok(());
        };
        if self.invalid < 2 || self.valid > self.invalid {
            return Ok(());
        }
        Err(not_utf8(text, at))
    }
}

/// The error that names the first byte that is not UTF-8.
pub(super) fn not_utf8(text: &[u8], at: usize) -> Error {
    let row = memchr::memchr_iter(b'\n', text.get(..at).unwrap_or_default()).count();
    let place = if row == 0 {
        "in the header row".to_owned()
    } else {
        format!("in row {row}")
    };
    let byte = text.get(at).copied().unwrap_or_default();
    Error::input(
        Fault::Encoding,
        format!(
            "byte {at} (0x{byte:02x}), {place}, is not UTF-8; a file from Excel or an older \
             system is usually cp1252: give encoding=\"cp1252\", or save it as UTF-8"
        ),
    )
}
