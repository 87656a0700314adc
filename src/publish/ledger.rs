//! What was published before.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disclosure::Secret;
use super::key::CellKey;
use crate::error::{Error, Fault, Result};
use crate::io;

/// The form of the file.
const VERSION: u32 = 1;

/// Every figure of earlier releases, so that a new release is judged together with them: what the
/// difference of two releases says may expose somebody whom neither exposes.
///
/// A ledger is a JSON file that only grows. Keep it as you keep the reports: it holds the secret of
/// the rounding. Figures of different area divisions (vintages) are taken as unrelated.
///
/// ```
/// use brandpunt::publish::{CellKey, CountTable, Disclosure, Ledger, State};
///
/// # fn main() -> brandpunt::Result<()> {
/// let rules = Disclosure::internal().minimum_count(5);
/// let mut ledger = Ledger::new();
/// let mut year = CountTable::new();
/// year.push(CellKey::area("a").between(0, 12), 30)?;
/// rules.run_against(&year, &mut ledger, "the year")?;
/// // Eleven of the twelve months would tell the twelfth: 30 − 28 = 2.
/// let mut months = CountTable::new();
/// months.push(CellKey::area("a").between(0, 11), 28)?;
/// let next = rules.run_against(&months, &mut ledger, "eleven months")?;
/// assert!(matches!(next.states[0], State::Withheld { .. }));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ledger {
    path: Option<PathBuf>,
    secret: Option<Secret>,
    pub(super) releases: Vec<Release>,
}

/// One release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Release {
    /// What it is called.
    pub label: String,
    /// The rules it was made under.
    pub rules: String,
    pub(super) cells: Vec<Entry>,
    /// A total and its parts, as positions of cells.
    pub(super) relations: Vec<(usize, Vec<usize>)>,
}

impl Release {
    /// Number of figures, withheld ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }
}

/// One figure as it was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) area: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) vintage: Option<i16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) categories: Option<BTreeSet<String>>,
    pub(super) start: i64,
    pub(super) end: i64,
    /// The figure; nothing where it was withheld.
    pub(super) published: Option<i64>,
    /// Whether nothing was said of it, not even that it is withheld.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) kept_back: bool,
    /// What it says of the count.
    pub(super) low: i64,
    pub(super) high: Option<i64>,
}

impl Entry {
    pub(super) fn key(&self) -> CellKey {
        CellKey {
            area: self.area.clone(),
            part: self.part.clone(),
            vintage: self.vintage,
            categories: self.categories.clone(),
            start: self.start,
            end: self.end,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    version: u32,
    secret: Option<String>,
    releases: Vec<Release>,
}

const FORMAT: &str = "brandpunt release ledger";

impl Ledger {
    /// A ledger in memory, for releases that go out together.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The ledger in a file, or an empty one where there is no file yet; the file is written at
    /// every release.
    ///
    /// # Errors
    /// [`Error::File`]; [`Fault::InvalidJson`] and [`Fault::UnknownFormat`] for another file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let mut out = Self {
            path: Some(path.to_owned()),
            ..Self::default()
        };
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(out),
            Err(e) => return Err(Error::file(path, e)),
        };
        let file: File = serde_json::from_slice(&bytes).map_err(|e| {
            Error::input(
                Fault::InvalidJson,
                format!(
                    "{} is no ledger of releases: {e}; give the file that an earlier release \
                     wrote, or a name that does not exist yet",
                    path.display()
                ),
            )
        })?;
        if file.format != FORMAT || file.version != VERSION || !file.releases.iter().all(sound) {
            return Err(Error::input(
                Fault::UnknownFormat,
                format!(
                    "{} is not a `{FORMAT}` of version {VERSION}, or damaged; use the version that wrote it",
                    path.display()
                ),
            ));
        }
        out.secret = file.secret.map(Secret);
        out.releases = file.releases;
        Ok(out)
    }

    /// The releases, the oldest first.
    #[must_use]
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// The file, where there is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    pub(super) fn secret(&self) -> Option<&str> {
        self.secret.as_ref().map(|s| s.0.as_str())
    }

    /// Whether a release counts some of these categories in the same time, but not all of them; then
    /// they cannot be told apart by kind.
    pub(crate) fn splits(&self, key: &CellKey) -> bool {
        self.keys().any(|other| other.splits(key))
    }

    /// Whether a release counts some of the same reports over other categories or another time.
    pub(crate) fn crosses(&self, key: &CellKey) -> bool {
        self.keys().any(|other| other.crosses(key))
    }

    /// Whether a release divides reports that are among those of `total` into parts of something else
    /// than these cells.
    pub(crate) fn divides(&self, total: &CellKey, known: &[CellKey]) -> bool {
        self.keys().any(|key| {
            let whole = CellKey {
                part: None,
                ..key.clone()
            };
            key.part.is_some() && key.meets(total) && !known.contains(&whole)
        })
    }

    /// Whether a release divides some of the reports of a key by something of this kind other than
    /// `by`: what two such divisions say together is not audited.
    #[cfg(feature = "cli")]
    pub(crate) fn divides_otherwise(&self, key: &CellKey, kind: &str, by: &str) -> bool {
        self.keys().any(|other| {
            let is_of_kind = |(own, _): &(String, String)| own.starts_with(kind) && own != by;
            other.part.as_ref().is_some_and(is_of_kind) && other.meets(key)
        })
    }

    /// Every figure of every release.
    pub(super) fn keys(&self) -> impl Iterator<Item = CellKey> {
        let cells = self.releases.iter().flat_map(|release| &release.cells);
        cells.map(Entry::key)
    }

    /// The same releases in memory, for several that go out together or not at all.
    #[must_use]
    pub fn staged(&self) -> Self {
        Self {
            path: None,
            ..self.clone()
        }
    }

    /// Takes over the releases of a [`staged`](Self::staged) copy and writes the file. What cannot be
    /// written down is not published.
    ///
    /// # Errors
    /// [`Error::File`]; the ledger is then as it was.
    pub fn adopt(&mut self, staged: Self) -> Result<()> {
        let next = Self {
            path: self.path.clone(),
            ..staged
        };
        if let Some(path) = &next.path {
            io::write_json(
                path,
                &File {
                    format: FORMAT.to_owned(),
                    version: VERSION,
                    secret: next.secret.as_ref().map(|s| s.0.clone()),
                    releases: next.releases.clone(),
                },
            )?;
        }
        *self = next;
        Ok(())
    }

    pub(super) fn append(&mut self, release: Release, secret: &str) -> Result<()> {
        let mut next = self.staged();
        next.secret.get_or_insert_with(|| Secret(secret.to_owned()));
        next.releases.push(release);
        self.adopt(next)
    }
}

/// Whether positions and bounds can be what was written.
fn sound(release: &Release) -> bool {
    let n = release.cells.len();
    release
        .relations
        .iter()
        .all(|(total, parts)| *total < n && parts.iter().all(|p| p < &n && p != total))
        && release.cells.iter().all(|c| {
            let bound = super::system::UNBOUNDED >> 20;
            c.start < c.end
                && (0..bound).contains(&c.low)
                && c.high.is_none_or(|h| (c.low..bound).contains(&h))
        })
}
