//! In which coordinate reference system a file is, from its columns.

use crate::error::{Error, Fault, Result};
use crate::model::{Bounds, Crs, Projection};

/// Where the coordinates of a file fit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PlaceEvidence {
    known: u64,
    rd: u64,
    rd_swapped: u64,
    degrees: u64,
    british: u64,
}

/// The British mainland and islands; the grid itself reaches far beyond.
const BRITAIN: Bounds = Bounds::new(0.0, 0.0, 660_000.0, 1_230_000.0);

impl PlaceEvidence {
    pub(super) fn add(&mut self, x: f64, y: f64) {
        if !x.is_finite() || !y.is_finite() || (x == 0.0 && y == 0.0) {
            return;
        }
        let rd = |x, y| Crs::RD_NEW.bounds().is_some_and(|b| b.contains(x, y));
        self.known += 1;
        self.rd += u64::from(rd(x, y));
        self.rd_swapped += u64::from(rd(y, x));
        let degrees = x.abs() <= 180.0 && y.abs() <= 90.0;
        self.degrees += u64::from(degrees);
        self.british += u64::from(!degrees && BRITAIN.contains(x, y));
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.known += other.known;
        self.rd += other.rd;
        self.rd_swapped += other.rd_swapped;
        self.degrees += other.degrees;
        self.british += other.british;
    }

    /// The system of columns called x and y, with the reason.
    ///
    /// # Errors
    /// [`Fault::AxesSwapped`], [`Fault::CoordinatesOutOfCrsRange`] for degrees,
    /// [`Fault::UnknownCrs`].
    pub(super) fn metres(&self) -> Result<(Crs, String)> {
        let n = self.known;
        if 2 * self.rd >= n {
            return Ok((
                Crs::RD_NEW,
                format!("{} of {n} points lie in the range of RD New", self.rd),
            ));
        }
        if 2 * self.rd_swapped > n {
            return Err(Error::input(
                Fault::AxesSwapped,
                format!(
                    "{} of {n} points lie in the range of EPSG:28992 only with x and y exchanged \
                     (there x is always less than y); exchange x= and y=, or give the crs if it \
                     is another",
                    self.rd_swapped
                ),
            ));
        }
        if 2 * self.degrees > n {
            return Err(Error::input(
                Fault::CoordinatesOutOfCrsRange,
                format!(
                    "{} of {n} points in the x and y columns look like degrees, not metres: give \
                     crs=\"EPSG:4326\" if x is the longitude and y the latitude",
                    self.degrees
                ),
            ));
        }
        if 20 * self.british >= 19 * n {
            return Ok((
                Crs::BRITISH_GRID,
                format!(
                    "{} of {n} points lie in the range of the British grid and not of RD New; \
                     other systems of metres are possible: give crs= to be sure",
                    self.british
                ),
            ));
        }
        Err(Error::input(
            Fault::UnknownCrs,
            format!(
                "of {n} points {} fit RD New and {} the British grid; give crs=, for instance \
                 crs=\"EPSG:32631\"",
                self.rd, self.british
            ),
        ))
    }
}

/// The system in which x and y are the same places as longitude and latitude, if it is one of
/// those that can be transformed.
pub(super) fn proven(points: &[(f64, f64, f64, f64)]) -> Option<(Crs, String)> {
    let usable: Vec<_> = points
        .iter()
        .filter(|(x, y, lon, lat)| {
            [x, y, lon, lat].iter().all(|v| v.is_finite())
                && (*x, *y) != (0.0, 0.0)
                && Crs::WGS84.bounds().is_some_and(|b| b.contains(*lon, *lat))
        })
        .collect();
    let (_, _, lon, lat) = usable.first()?;
    let zone = ((lon + 180.0) / 6.0).floor() as u32 % 60 + 1;
    let utm = if *lat < 0.0 { 32_700 } else { 32_600 } + zone;
    [
        Crs::RD_NEW,
        Crs::BRITISH_GRID,
        Crs::from_epsg(utm),
        Crs::from_epsg(3857),
    ]
    .into_iter()
    .find_map(|crs| {
        let projection = Projection::between(Crs::WGS84, crs).ok()?;
        // Longitudes of three decimals are 70 m apart.
        let near = usable
            .iter()
            .filter(|(x, y, lon, lat)| {
                projection
                    .apply(*lon, *lat)
                    .is_ok_and(|(px, py)| (px - x).hypot(py - y) < 150.0)
            })
            .count();
        (10 * near >= 9 * usable.len()).then(|| {
            (
                crs,
                format!(
                    "x and y are where longitude and latitude say in {near} of {} rows",
                    usable.len()
                ),
            )
        })
    })
}
