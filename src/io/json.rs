//! Values and texts to files.

use std::io::Write;
use std::path::Path;

use serde::Serialize;

use super::atomically::atomically;
use crate::error::Result;

/// Writes a value as indented JSON with a newline at the end.
///
/// # Errors
/// [`Error::File`](crate::Error::File); the old file is then untouched.
pub fn write_json(path: impl AsRef<Path>, value: &impl Serialize) -> Result<()> {
    atomically(path, |out| {
        serde_json::to_writer_pretty(&mut *out, value)?;
        out.write_all(b"\n")
    })
}

/// Writes a text as it is.
///
/// # Errors
/// [`Error::File`](crate::Error::File); the old file is then untouched.
pub fn write_text(path: impl AsRef<Path>, text: &str) -> Result<()> {
    atomically(path, |out| out.write_all(text.as_bytes()))
}
