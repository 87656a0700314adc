//! Files that are old or complete, never half.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use tempfile::Builder;

use crate::error::{Error, Result};

/// Writes a file so that other programs see the old one or the whole new one.
///
/// `write` fills a temporary file in the same folder; it is brought to disk and then takes the
/// place of `path`. When anything fails the old file is untouched and no temporary file is left.
///
/// # Errors
/// [`Error::File`] with what the operating system, or `write`, said, and where `path` is something
/// else than an ordinary file, such as a folder or a device.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::io::Write;
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("notes.txt");
/// brandpunt::io::atomically(&path, |file| file.write_all(b"whole"))?;
/// let failed = brandpunt::io::atomically(&path, |file| {
///     file.write_all(b"ha")?;
///     Err(std::io::Error::other("disk full"))
/// });
/// assert!(failed.is_err());
/// assert_eq!(std::fs::read(&path)?, b"whole");
/// # Ok(())
/// # }
/// ```
pub fn atomically(
    path: impl AsRef<Path>,
    write: impl FnOnce(&mut BufWriter<&mut File>) -> std::io::Result<()>,
) -> Result<()> {
    let path = path.as_ref();
    let failed = |e| Error::file(path, e);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // What takes the place of a device or a pipe would be the end of it.
    if std::fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return Err(failed(std::io::Error::new(
            std::io::ErrorKind::AlreadyExists,
            "what is there is no ordinary file; choose another name",
        )));
    }
    let mut builder = Builder::new();
    builder.prefix(".brandpunt-").suffix(".part");
    // A temporary file is private; what takes its place is as readable as any new file.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    {
        let mut out = BufWriter::with_capacity(1 << 16, file.as_file_mut());
        write(&mut out).map_err(failed)?;
        out.flush().map_err(failed)?;
    }
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|e| failed(e.error))?;
    // The new name itself must reach the disk too; not every system can sync a folder.
    #[cfg(unix)]
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails once `left` bytes are written.
    struct FullDisk<W> {
        inner: W,
        left: usize,
    }

    impl<W: Write> Write for FullDisk<W> {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let n = bytes.len().min(self.left);
            if n == 0 && !bytes.is_empty() {
                return Err(std::io::Error::other("disk full"));
            }
            self.left -= n;
            self.inner.write(&bytes[..n])
        }

        fn flush(&mut self) -> std::io::Result<()> {
            self.inner.flush()
        }
    }

    #[test]
    fn a_failure_at_any_byte_leaves_the_old_file_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("table.csv");
        std::fs::write(&path, "old").unwrap();
        let table = crate::io::Table::new()
            .with_text("name", vec!["a;b".to_owned(), "=1+1".to_owned()])
            .and_then(|t| t.with_float("v", vec![1.5, f64::NAN]))
            .unwrap();
        let mut whole = Vec::new();
        crate::io::csv::write_into(&mut whole, &table, crate::io::CsvFlavour::Spreadsheet).unwrap();
        for left in 0..whole.len() {
            let result = atomically(&path, |out| {
                let mut disk = FullDisk { inner: out, left };
                crate::io::csv::write_into(&mut disk, &table, crate::io::CsvFlavour::Spreadsheet)
            });
            assert!(matches!(result, Err(Error::File { .. })), "{left}");
            assert_eq!(std::fs::read(&path).unwrap(), b"old", "{left}");
            assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "{left}");
        }
        atomically(&path, |out| out.write_all(&whole)).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), whole);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("socket");
        let _bound = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for there in [socket.as_path(), dir.path()] {
            let error = atomically(there, |out| out.write_all(b"x")).unwrap_err();
            assert!(error.to_string().contains("no ordinary file"), "{error}");
        }
        assert!(!std::fs::metadata(&socket).unwrap().is_file());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let error = atomically("/no/such/folder/x", |_| Ok(())).unwrap_err();
        assert!(error.to_string().contains("/no/such/folder/x"), "{error}");
    }
}
