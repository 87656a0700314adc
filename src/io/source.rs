//! From a path to bytes, and what kind of bytes they are.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Fault, Result};

/// The formats that are told apart by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Json,
    #[cfg(feature = "geopackage")]
    GeoPackage,
}

impl Format {
    /// Tells the format from the first bytes.
    pub(super) fn of(bytes: &[u8]) -> Result<Self> {
        if bytes.is_empty() {
            return Err(Error::input(
                Fault::EmptyFile,
                "there is no byte in the file; export it again",
            ));
        }
        let unknown = |what: &str, remedy: &str| {
            Err(Error::input(
                Fault::UnknownFormat,
                format!("the content is {what}; {remedy}"),
            ))
        };
        if bytes.starts_with(b"SQLite format 3\0") {
            #[cfg(feature = "geopackage")]
            return Ok(Self::GeoPackage);
            #[cfg(not(feature = "geopackage"))]
            return unknown(
                "a GeoPackage",
                "build with feature `geopackage`, or export GeoJSON",
            );
        }
        if bytes.starts_with(b"PK\x03\x04") {
            return unknown(
                "a ZIP archive (an Excel workbook or a zipped shapefile)",
                "save it as CSV, GeoJSON or GeoPackage",
            );
        }
        if bytes.starts_with(b"PAR1") {
            return unknown(
                "Parquet",
                "read it with pyarrow or geopandas, or export CSV or GeoPackage",
            );
        }
        if bytes.starts_with(&[0x00, 0x00, 0x27, 0x0a]) {
            return unknown("a shapefile", "export it as GeoPackage or GeoJSON");
        }
        if bytes.starts_with(b"<") {
            return unknown("XML or HTML", "export CSV, GeoJSON or GeoPackage");
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match text.iter().find(|b| !b.is_ascii_whitespace()) {
            Some(b'{' | b'[') => Ok(Self::Json),
            _ => Ok(Self::Csv),
        }
    }
}

/// All bytes of a file, unpacked when they are gzip; more than `limit` bytes are refused.
pub(super) fn read_all(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|e| Error::file(path, e))?;
    let length = file.metadata().map_err(|e| Error::file(path, e))?.len();
    check_size(length, limit)?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|e| Error::file(path, e))?;
    check_size(bytes.len() as u64, limit)?;
    unpacked(bytes.into(), limit).map(Cow::into_owned)
}

/// Whether a file that starts like this is gzip.
pub(super) fn is_packed(start: &[u8]) -> bool {
    start.starts_with(&[0x1f, 0x8b])
}

/// The bytes themselves, or what the gzip file they are contains.
pub(super) fn unpacked(bytes: Cow<'_, [u8]>, limit: u64) -> Result<Cow<'_, [u8]>> {
    if !is_packed(&bytes) {
        return Ok(bytes);
    }
    let mut out = Vec::new();
    flate2::read::MultiGzDecoder::new(&*bytes)
        .take(limit.saturating_add(1))
        .read_to_end(&mut out)
        .map_err(|e| {
            Error::input(
                Fault::Damaged,
                format!(
                    "the gzip file of {} bytes is damaged or cut off ({e}); copy it again",
                    bytes.len()
                ),
            )
        })?;
    check_size(out.len() as u64, limit)?;
    Ok(out.into())
}

fn check_size(bytes: u64, limit: u64) -> Result<()> {
    if bytes > limit {
        return Err(Error::too_large(
            "an input file",
            u128::from(bytes),
            u128::from(limit),
            "split the file, or raise max_bytes",
        ));
    }
    Ok(())
}

/// The SHA-256 of a file as 64 hexadecimal digits, for the provenance of a result.
///
/// # Errors
/// [`Error::File`] when it cannot be read.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("abc");
/// std::fs::write(&path, "abc")?;
/// assert!(brandpunt::io::sha256(&path)?.starts_with("ba7816bf8f01cfea"));
/// # Ok(())
/// # }
/// ```
pub fn sha256(path: impl AsRef<Path>) -> Result<String> {
    use std::fmt::Write;
    let path = path.as_ref();
    let mut file = File::open(path).map_err(|e| Error::file(path, e))?;
    let mut hash = Sha256::new();
    let mut block = vec![0; 1 << 16];
    loop {
        let n = file.read(&mut block).map_err(|e| Error::file(path, e))?;
        if n == 0 {
            break;
        }
        hash.update(block.get(..n).unwrap_or_default());
    }
    let mut text = String::with_capacity(64);
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}
