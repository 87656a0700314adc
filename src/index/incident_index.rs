//! Which incidents are near?

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::count::{count_labels, require_same_crs};
use super::neighbourhood_index::NeighbourhoodIndex;
use super::strips::{Reach, Strips, squared_distance};
use crate::error::{Error, Fault, Result};
use crate::memory::{MOST_BYTES, afford};
use crate::model::{Counts, Crs, Incidents, Neighbourhoods};
use crate::parallel::Workers;

type Tree = RTree<GeomWithData<[f64; 2], u32>>;

/// Locations of incidents, for questions of nearness.
///
/// Incidents on one spot are merged into one *location* first, so a hundred thousand reports from
/// one address cost no more than one, and are still counted one by one. Locations are numbered by
/// x, then y.
///
/// Single questions ([`within`](Self::within), [`nearest`](Self::nearest)) go to an R-tree, which
/// is built when the first one is asked; questions about all incidents with one radius
/// ([`close_pairs`](Self::close_pairs), [`count_within_all`](Self::count_within_all)) go through
/// strips of that height, several times as fast.
///
/// Distances are Euclidean, in the unit of the coordinates. An incident is within a radius when
/// dx² + dy² ≤ r², the edge included.
///
/// ```
/// use brandpunt::index::IncidentIndex;
///
/// # fn main() -> brandpunt::Result<()> {
/// let index = IncidentIndex::from_xy(&[0.0, 3.0, 3.0, 9.0], &[0.0, 4.0, 4.0, 9.0])?;
/// assert_eq!(index.within(0.0, 0.0, 5.0), [0, 1, 2]);
/// assert_eq!(index.nearest(3.0, 4.0, 3), [(1, 0.0), (2, 0.0), (0, 5.0)]);
/// assert_eq!(index.locations(), 3);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct IncidentIndex {
    crs: Crs,
    /// Different locations by x, then y.
    at: Vec<[f64; 2]>,
    /// Ends of the locations' lists in `members`.
    end: Vec<u32>,
    /// Positions of the incidents, ascending within a location.
    members: Vec<u32>,
    tree: OnceLock<Tree>,
}

impl IncidentIndex {
    /// Pairs of locations that [`close_pairs`](Self::close_pairs) returns at most.
    pub const MOST_PAIRS: usize = 1 << 29;

    /// Indexes incidents.
    #[must_use]
    pub fn build(incidents: &Incidents) -> Self {
        Self::merged(incidents.x(), incidents.y(), incidents.crs())
    }

    /// Indexes points of a plane.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`], [`Fault::NonFinite`], [`Error::TooLarge`] for more than 2³² − 1
    /// points.
    pub fn from_xy(x: &[f64], y: &[f64]) -> Result<Self> {
        if x.len() != y.len() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "{} x and {} y; give one of each per point",
                    x.len(),
                    y.len()
                ),
            ));
        }
        let bad = x
            .iter()
            .zip(y)
            .position(|(x, y)| !x.is_finite() || !y.is_finite());
        if let Some(i) = bad {
            return Err(Error::input(
                Fault::NonFinite,
                format!("point {i} (from 0) is ({}, {}); leave it out", x[i], y[i]),
            ));
        }
        if u32::try_from(x.len()).is_err() {
            return Err(Error::too_large(
                "an index of points",
                x.len() as u128 * 16,
                u128::from(u32::MAX) * 16,
                "split the points",
            ));
        }
        Ok(Self::merged(x, y, Crs::PLANAR))
    }

    fn merged(x: &[f64], y: &[f64], crs: Crs) -> Self {
        let mut points: Vec<(u64, u64, u32)> = x
            .iter()
            .zip(y)
            .zip(0u32..)
            .map(|((&x, &y), i)| (sortable(x), sortable(y), i))
            .collect();
        points.sort_unstable();
        let mut out = Self {
            crs,
            at: Vec::with_capacity(points.len()),
            end: Vec::with_capacity(points.len()),
            members: points.iter().map(|p| p.2).collect(),
            tree: OnceLock::new(),
        };
        let mut end = 0;
        for group in points.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            end += group.len() as u32;
            let first = group[0].2 as usize;
            out.at.push([x[first], y[first]]);
            out.end.push(end);
        }
        out.at.shrink_to_fit();
        out.end.shrink_to_fit();
        out
    }

    fn tree(&self) -> &Tree {
        self.tree.get_or_init(|| {
            RTree::bulk_load(
                (0u32..)
                    .zip(&self.at)
                    .map(|(i, p)| GeomWithData::new(*p, i))
                    .collect(),
            )
        })
    }

    /// How many incidents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// How many different locations they have.
    #[must_use]
    pub fn locations(&self) -> usize {
        self.at.len()
    }

    /// Where a location is.
    ///
    /// # Panics
    /// When `location >= locations()`.
    #[must_use]
    pub fn at(&self, location: u32) -> (f64, f64) {
        let [x, y] = self.at[location as usize];
        (x, y)
    }

    /// The incidents on a location, ascending.
    ///
    /// # Panics
    /// When `location >= locations()`.
    #[must_use]
    pub fn members(&self, location: u32) -> &[u32] {
        let location = location as usize;
        let from = if location == 0 {
            0
        } else {
            self.end[location - 1]
        };
        &self.members[from as usize..self.end[location] as usize]
    }

    /// The incidents within a radius of a point, ascending. A radius that is negative or not a
    /// number finds none.
    #[must_use]
    pub fn within(&self, x: f64, y: f64, radius: f64) -> Vec<u32> {
        let mut found: Vec<u32> = self
            .locations_within(x, y, radius)
            .flat_map(|location| self.members(location))
            .copied()
            .collect();
        found.sort_unstable();
        found
    }

    /// How many incidents there are within a radius of a point.
    #[must_use]
    pub fn count_within(&self, x: f64, y: f64, radius: f64) -> usize {
        self.locations_within(x, y, radius)
            .map(|location| self.members(location).len())
            .sum()
    }

    pub(crate) fn locations_within(
        &self,
        x: f64,
        y: f64,
        radius: f64,
    ) -> impl Iterator<Item = u32> + '_ {
        let sensible = x.is_finite() && y.is_finite() && radius >= 0.0;
        sensible
            .then(|| {
                self.tree()
                    .locate_within_distance([x, y], Reach::of(radius).squared)
            })
            .into_iter()
            .flatten()
            .map(|found| found.data)
    }

    /// For each point, how many incidents there are within a radius of it.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`], [`Error::Parameter`] for a radius that is negative or not
    /// finite, [`Error::Cancelled`].
    pub fn count_within_all(
        &self,
        x: &[f64],
        y: &[f64],
        radius: f64,
        workers: &Workers,
    ) -> Result<Vec<u32>> {
        const PIECE: usize = 1 << 10;
        if x.len() != y.len() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "{} x and {} y; give one of each per point",
                    x.len(),
                    y.len()
                ),
            ));
        }
        check_radius(radius)?;
        let strips = Strips::new(&self.at, radius);
        let mut out = vec![0; x.len()];
        workers.fill(
            &mut out,
            PIECE,
            || (),
            |(), piece, slice| {
                let from = piece * PIECE;
                for (count, (&x, &y)) in slice.iter_mut().zip(x[from..].iter().zip(&y[from..])) {
                    strips.within([x, y], radius, |location| {
                        *count += self.members(location).len() as u32;
                    });
                }
            },
        )?;
        Ok(out)
    }

    /// Calls `visit` with each wanted location and those within a radius of it, itself included, in
    /// no order; what pieces of the locations gathered comes back in the order of the locations.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a radius that is negative or not finite, [`Error::Cancelled`].
    pub(crate) fn around_each<T: Send>(
        &self,
        radius: f64,
        workers: &Workers,
        wanted: impl Fn(u32) -> bool + Sync,
        start: impl Fn() -> T + Sync,
        visit: impl Fn(&mut T, u32, &[u32]) + Sync,
    ) -> Result<Vec<T>> {
        const PIECE: usize = 1 << 10;
        check_radius(radius)?;
        let strips = Strips::new(&self.at, radius);
        workers.map_ranges(self.at.len(), PIECE, |range| {
            let mut gathered = start();
            let mut around = Vec::new();
            for (location, at) in (range.start as u32..).zip(&self.at[range]) {
                if wanted(location) {
                    around.clear();
                    strips.within(*at, radius, |other| around.push(other));
                    visit(&mut gathered, location, &around);
                }
            }
            gathered
        })
    }

    /// The `k` incidents nearest to a point with their distance, nearest first, and of equally
    /// near ones the first in the input; all of them when there are fewer.
    #[must_use]
    pub fn nearest(&self, x: f64, y: f64, k: usize) -> Vec<(u32, f64)> {
        if k == 0 || !x.is_finite() || !y.is_finite() {
            return Vec::new();
        }
        let mut found: Vec<(f64, u32)> = Vec::new();
        for (location, squared) in self.tree().nearest_neighbor_iter_with_distance_2([x, y]) {
            if found.len() >= k && found.last().is_some_and(|last| squared > last.0) {
                break;
            }
            let members = self.members(location.data);
            found.extend(members.iter().take(k).map(|&i| (squared, i)));
        }
        found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.truncate(k);
        found
            .into_iter()
            .map(|(squared, i)| (i, squared.sqrt()))
            .collect()
    }

    /// The distance from a point to the nearest incident, `None` without incidents or for a point
    /// that is not finite.
    #[must_use]
    pub fn distance_to_nearest(&self, x: f64, y: f64) -> Option<f64> {
        if !x.is_finite() || !y.is_finite() {
            return None;
        }
        let nearest = self.tree().nearest_neighbor([x, y])?;
        Some(squared_distance(*nearest.geom(), [x, y]).sqrt())
    }

    /// All pairs of different locations within a radius of each other.
    ///
    /// Pairs of incidents follow from [`members`](ClosePairs::of): those of two close locations,
    /// and those on one location.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a radius that is negative or not finite, [`Error::TooLarge`] for
    /// more than [`MOST_PAIRS`](Self::MOST_PAIRS), [`Error::Cancelled`].
    pub fn close_pairs(&self, radius: f64, workers: &Workers) -> Result<ClosePairs> {
        const PIECE: usize = 1 << 12;
        check_radius(radius)?;
        let strips = Strips::new(&self.at, radius);
        self.afford_pairs(&strips, radius, workers)?;
        let total = AtomicUsize::new(0);
        let pieces = workers.try_map(self.at.len().div_ceil(PIECE), |piece| {
            let mut later = Vec::new();
            let mut end = Vec::with_capacity(PIECE);
            let from = piece * PIECE;
            let mut counted = 0;
            for (i, at) in (from as u32..).zip(&self.at[from..]).take(PIECE) {
                let first = later.len();
                strips.later(i, *at, radius, |j| later.push(j));
                later[first..].sort_unstable();
                end.push(later.len());
                let before = total.fetch_add(later.len() - counted, Ordering::Relaxed);
                counted = later.len();
                // The pieces and the list that they are joined to: four bytes a pair in each.
                afford(
                    "a list of close pairs",
                    8 * before as u128,
                    MOST_BYTES,
                    || "choose a smaller radius".to_owned(),
                )?;
            }
            Ok((end, later))
        })?;
        let mut out = ClosePairs {
            start: Vec::with_capacity(self.at.len() + 1),
            later: Vec::with_capacity(pieces.iter().map(|p| p.1.len()).sum()),
        };
        out.start.push(0);
        for (end, later) in pieces {
            let offset = out.later.len();
            out.start.extend(end.into_iter().map(|e| e + offset));
            out.later.extend(later);
        }
        Ok(out)
    }

    /// Refuses by a sample what would be far too much; what is near the limit is counted on the
    /// way.
    fn afford_pairs(&self, strips: &Strips, radius: f64, workers: &Workers) -> Result<()> {
        const EVERY: usize = 64;
        let n = self.at.len();
        if n as u128 * n as u128 <= Self::MOST_PAIRS as u128 {
            return Ok(());
        }
        let sampled = workers.unheard().map(n.div_ceil(EVERY), |k| {
            let mut later = 0u128;
            strips.later((k * EVERY) as u32, self.at[k * EVERY], radius, |_| {
                later += 1;
            });
            later
        })?;
        let pairs = EVERY as u128 * sampled.iter().sum::<u128>();
        if 2 * pairs <= 3 * Self::MOST_PAIRS as u128 {
            return Ok(());
        }
        afford("a list of close pairs", 8 * pairs, MOST_BYTES, || {
            "choose a smaller radius".to_owned()
        })
    }

    /// How many incidents lie in each area; each location is looked up once.
    ///
    /// # Errors
    /// [`Fault::CrsMismatch`] unless both are in one coordinate reference system.
    pub fn count_in(&self, hoods: &Neighbourhoods) -> Result<Counts> {
        require_same_crs(self.crs, hoods.crs())?;
        let (x, y): (Vec<f64>, Vec<f64>) = self.at.iter().map(|p| (p[0], p[1])).unzip();
        let places = NeighbourhoodIndex::build(hoods)?.locate_all(&x, &y, &Workers::new(0)?)?;
        let mut labels = vec![NeighbourhoodIndex::NONE; self.len()];
        for (location, label) in (0u32..).zip(places) {
            for &i in self.members(location) {
                labels[i as usize] = label;
            }
        }
        let counts = count_labels(&labels, None, Vec::new(), hoods.len())?;
        Ok(counts.of_areas(hoods.fingerprint()))
    }

    /// Squared distance of two locations.
    ///
    /// # Panics
    /// When one of them is not below [`locations`](Self::locations).
    #[must_use]
    pub fn squared_distance(&self, a: u32, b: u32) -> f64 {
        squared_distance(self.at[a as usize], self.at[b as usize])
    }
}

/// Pairs of close locations of an [`IncidentIndex`], each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosePairs {
    start: Vec<usize>,
    later: Vec<u32>,
}

impl ClosePairs {
    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.later.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.later.is_empty()
    }

    /// The locations close to a location that have a greater number, ascending.
    ///
    /// # Panics
    /// When there is no such location.
    #[must_use]
    pub fn of(&self, location: u32) -> &[u32] {
        &self.later[self.start[location as usize]..self.start[location as usize + 1]]
    }

    /// All pairs, the lower number first, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0u32..)
            .zip(self.start.windows(2))
            .flat_map(|(i, ends)| self.later[ends[0]..ends[1]].iter().map(move |&j| (i, j)))
    }
}

/// Bits that sort as the number does; both zeros are one.
fn sortable(v: f64) -> u64 {
    let bits = (v + 0.0).to_bits();
    if bits >> 63 == 1 {
        !bits
    } else {
        bits | 1 << 63
    }
}

fn check_radius(radius: f64) -> Result<()> {
    if radius.is_finite() && radius >= 0.0 {
        return Ok(());
    }
    Err(Error::parameter(
        "radius",
        radius,
        "a finite distance, 0 or more",
    ))
}
