//! At what distance do like values lie together most clearly?

use super::global_statistic::GlobalStatistic;
use super::moran::Moran;
use crate::error::{Error, Fault, Result};
use crate::methods::local::defined::Defined;
use crate::model::{Warning, WarningCode};
use crate::parallel::Workers;
use crate::weights::{Weights, connecting_radius_with, mean_nearest_distance};

/// Moran's I of points at a list of distances: at what distance do like values lie together most
/// clearly?
///
/// At each distance, points up to that far apart are neighbours, and z is that of [`Moran`] under
/// randomisation. A *peak* is a distance at which z is greater than at the distances before and
/// after (of equal ones in a row, the first), positive, and clear at the level asked for; the
/// first and the last distance have one side only and are no peaks. The first peak is a common
/// choice of the band of a local statistic, the greatest one where z is largest. That many
/// distances were tried is not corrected for: peaks are for choosing, not for testing.
///
/// Without a list, distances begin where every point has a neighbour ([`connecting_radius`])
/// and go up by the mean distance to the nearest neighbour, as in ArcGIS' Incremental Spatial
/// Autocorrelation. Weights are divided by the sum of their row unless told otherwise.
///
/// A point whose value is NaN is left out. The time taken is that of the links at all distances.
///
/// [`connecting_radius`]: crate::weights::connecting_radius
///
/// ```
/// use brandpunt::methods::local::IncrementalMoran;
///
/// # fn main() -> brandpunt::Result<()> {
/// // Two groups of three, each with its own level.
/// let (x, y) = ([0.0, 1.0, 2.0, 10.0, 11.0, 12.0], [0.0; 6]);
/// let table = IncrementalMoran::new()
///     .distances(vec![1.0, 2.0, 11.0])
///     .run(&[1.0, 2.0, 1.0, 8.0, 9.0, 8.0], &x, &y)?;
/// assert_eq!(table.max_peak, Some(2.0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct IncrementalMoran {
    distances: Option<Vec<f64>>,
    steps: usize,
    row_standardise: bool,
    level: f64,
}

/// Moran's I at each distance, ascending; NaN where it is not defined.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct IncrementalTable {
    /// Distances, in the unit of the coordinates.
    pub distance: Vec<f64>,
    /// I at each.
    pub statistic: Vec<f64>,
    /// Its expectation.
    pub expected: Vec<f64>,
    /// Its variance under randomisation.
    pub variance: Vec<f64>,
    /// Its z.
    pub z: Vec<f64>,
    /// Two-sided normal p-value of z.
    pub p: Vec<f64>,
    /// How many points have no neighbour at that distance.
    pub islands: Vec<usize>,
    /// Mean number of neighbours.
    pub neighbours: Vec<f64>,
    /// Distance of the first peak.
    pub first_peak: Option<f64>,
    /// Distance of the peak with the greatest z.
    pub max_peak: Option<f64>,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

impl Default for IncrementalMoran {
    fn default() -> Self {
        Self {
            distances: None,
            steps: 10,
            row_standardise: true,
            level: 0.05,
        }
    }
}

impl IncrementalMoran {
    /// Ten distances of its own choice, weights divided by the sum of their row, level 0.05.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the distances, ascending.
    #[must_use]
    pub fn distances(mut self, distances: Vec<f64>) -> Self {
        self.distances = Some(distances);
        self
    }

    /// Sets how many distances are chosen where no list is given.
    #[must_use]
    pub fn steps(mut self, steps: usize) -> Self {
        self.steps = steps;
        self
    }

    /// Sets whether weights are divided by the sum of their row.
    #[must_use]
    pub fn row_standardise(mut self, standardise: bool) -> Self {
        self.row_standardise = standardise;
        self
    }

    /// Sets the greatest p-value of a peak.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, values: &[f64], x: &[f64], y: &[f64]) -> Result<IncrementalTable> {
        self.run_with(values, x, y, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Error::Parameter`] for distances that are not finite, above 0 and ascending, for 0 steps,
    /// for a level outside 0 to 1, and where all points lie on one spot or fewer than two have a
    /// value; [`Fault::LengthMismatch`], [`Fault::NonFinite`], [`Error::TooLarge`],
    /// [`Error::Cancelled`].
    pub fn run_with(
        &self,
        values: &[f64],
        x: &[f64],
        y: &[f64],
        workers: &Workers,
    ) -> Result<IncrementalTable> {
        self.check()?;
        if values.len() != x.len() || x.len() != y.len() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "{} values for {} x and {} y; one of each per point is needed",
                    values.len(),
                    x.len(),
                    y.len()
                ),
            ));
        }
        let nobody = Weights::from_neighbours(vec![Vec::new(); values.len()])?;
        let known = Defined::of(values, &nobody)?;
        let (x, y) = (known.kept(x), known.kept(y));
        let distances = match &self.distances {
            Some(distances) => distances.clone(),
            None => self.chosen(&x, &y, workers)?,
        };
        let mut table = IncrementalTable::default();
        for &distance in &distances {
            let band = Weights::distance_band_with(&x, &y, distance, workers)?;
            let neighbours = band.pairs() as f64 / band.n() as f64;
            let band = if self.row_standardise {
                band.row_standardise()
            } else {
                band
            };
            let moran = Moran::new()
                .replicates(0)
                .run_with(&known.values, &band, workers)?;
            table.push(distance, neighbours, moran);
        }
        table.find_peaks(self.level);
        Ok(table)
    }

    fn check(&self) -> Result<()> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::parameter(
                "level",
                self.level,
                "a number between 0 and 1",
            ));
        }
        let Some(distances) = &self.distances else {
            return if self.steps == 0 {
                Err(Error::parameter("steps", 0, "1 or more"))
            } else {
                Ok(())
            };
        };
        let sound = distances.iter().all(|d| d.is_finite() && *d > 0.0)
            && distances.windows(2).all(|d| d[0] < d[1]);
        if distances.is_empty() || !sound {
            return Err(Error::parameter(
                "distances",
                format!("{distances:?}"),
                "finite distances above 0, each greater than the one before",
            ));
        }
        Ok(())
    }

    fn chosen(&self, x: &[f64], y: &[f64], workers: &Workers) -> Result<Vec<f64>> {
        let first = connecting_radius_with(x, y, workers)?;
        let step = mean_nearest_distance(x, y, workers)?;
        if step == 0.0 {
            return Err(Error::parameter(
                "distances",
                "not given",
                "a list, because every point shares its spot with another",
            ));
        }
        Ok((0..self.steps).map(|k| first + k as f64 * step).collect())
    }
}

impl IncrementalTable {
    fn push(&mut self, distance: f64, neighbours: f64, moran: GlobalStatistic) {
        self.distance.push(distance);
        self.statistic.push(moran.statistic);
        self.expected.push(moran.expected);
        self.variance.push(moran.variance);
        self.z.push(moran.z);
        self.p.push(moran.p_normal);
        self.islands.push(moran.islands);
        self.neighbours.push(neighbours);
        for warning in moran.warnings {
            if !self.warnings.iter().any(|w| w.code == warning.code) {
                let message = format!("From distance {distance} on: {}", warning.message);
                self.warnings.push(Warning { message, ..warning });
            }
        }
    }

    fn find_peaks(&mut self, level: f64) {
        let z = &self.z;
        let is_peak = |&k: &usize| {
            let after = z[k + 1..].iter().find(|v| **v != z[k]);
            let falls = after.is_some_and(|v| *v < z[k]);
            z[k - 1] < z[k] && falls && z[k] > 0.0 && self.p[k] <= level
        };
        let peaks: Vec<usize> = (1..z.len().max(2) - 1).filter(is_peak).collect();
        let highest = |a: usize, b: usize| if z[b] > z[a] { b } else { a };
        self.first_peak = peaks.first().map(|&k| self.distance[k]);
        self.max_peak = peaks.into_iter().reduce(highest).map(|k| self.distance[k]);
        if self.first_peak.is_none() {
            let message = "z has no clear peak at these distances; try others, or take a band from \
                           what is known of the place.";
            self.warnings
                .push(Warning::new(WarningCode::Bandwidth, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(z: &[f64]) -> IncrementalTable {
        let mut table = IncrementalTable {
            z: z.to_vec(),
            p: vec![0.01; z.len()],
            distance: (0..z.len()).map(|k| k as f64).collect(),
            ..IncrementalTable::default()
        };
        table.find_peaks(0.05);
        table
    }

    #[test]
    fn peaks_stand_above_both_sides() {
        let nan = f64::NAN;
        for (z, first, max) in [
            (vec![1.0, 3.0, 2.0, 5.0, 4.0], Some(1), Some(3)),
            (vec![5.0, 4.0, 3.0], None, None),
            (vec![1.0, 2.0, 3.0], None, None),
            (vec![1.0, 3.0, 3.0, 2.0], Some(1), Some(1)),
            (vec![1.0, 3.0, 3.0, 4.0, 3.5], Some(3), Some(3)),
            (vec![-5.0, -3.0, -4.0], None, None),
            (vec![nan, 3.0, 2.0], None, None),
            (vec![3.0, 3.0, 2.0], None, None),
            (vec![-1.0, 0.0, -1.0], None, None),
            (vec![1.0, 3.0, 2.0, 3.0, 1.0], Some(1), Some(1)),
            (vec![1.0], None, None),
            (vec![], None, None),
        ] {
            let got = table(&z);
            let distances = (first.map(f64::from), max.map(f64::from));
            assert_eq!((got.first_peak, got.max_peak), distances, "{z:?}");
            assert_eq!(got.warnings.is_empty(), first.is_some());
        }
    }

    /// Blocks of three by three cells of one level each: alike up to some cells, unlike beyond.
    fn blocks() -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let cells = (0..144).map(|c| (c % 12, c / 12));
        let (mut v, mut x, mut y) = (Vec::new(), Vec::new(), Vec::new());
        for (col, row) in cells {
            v.push(f64::from((col / 3 * 7 + row / 3 * 5) % 4));
            x.push(f64::from(col) * 10.0);
            y.push(f64::from(row) * 10.0);
        }
        (v, x, y)
    }

    #[test]
    fn each_row_is_the_moran_of_its_band() {
        let (v, x, y) = blocks();
        let table = IncrementalMoran::new().steps(5).run(&v, &x, &y).unwrap();
        assert_eq!(table.distance, [10.0, 20.0, 30.0, 40.0, 50.0]);
        for (k, &d) in table.distance.iter().enumerate() {
            let w = Weights::distance_band(&x, &y, d).unwrap();
            assert_eq!(table.neighbours[k], w.pairs() as f64 / 144.0);
            let one = Moran::new()
                .replicates(0)
                .run(&v, &w.row_standardise())
                .unwrap();
            assert_eq!((table.z[k], table.p[k]), (one.z, one.p_normal));
            assert_eq!(table.statistic[k], one.statistic);
        }
        let binary = IncrementalMoran::new().steps(5).row_standardise(false);
        assert_ne!(binary.run(&v, &x, &y).unwrap().z, table.z);
    }

    #[test]
    fn missing_values_are_no_points() {
        let (mut v, x, y) = blocks();
        v[7] = f64::NAN;
        let without = |c: &[f64]| [&c[..7], &c[8..]].concat();
        let run = |v: &[f64], x: &[f64], y: &[f64]| IncrementalMoran::new().run(v, x, y).unwrap();
        assert_eq!(
            run(&v, &x, &y),
            run(&without(&v), &without(&x), &without(&y))
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let (v, x, y) = blocks();
        let refused = |method: IncrementalMoran| {
            let error = method.run(&v, &x, &y).unwrap_err();
            assert!(matches!(error, Error::Parameter { .. }), "{error}");
        };
        refused(IncrementalMoran::new().distances(vec![]));
        refused(IncrementalMoran::new().distances(vec![2.0, 1.0]));
        refused(IncrementalMoran::new().distances(vec![0.0, 1.0]));
        refused(IncrementalMoran::new().distances(vec![20.0, 20.0]));
        refused(IncrementalMoran::new().distances(vec![1.0, f64::NAN]));
        refused(IncrementalMoran::new().steps(0));
        refused(IncrementalMoran::new().level(0.0));
        refused(IncrementalMoran::new().level(1.0));
        let spot = [1.0; 4];
        assert!(
            IncrementalMoran::new()
                .run(&[1.0, 2.0, 3.0, 4.0], &spot, &spot)
                .is_err()
        );
        for (v, x, y) in [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0)]
            .map(|(a, b, c)| (&v[a..], &x[b..], &y[c..]))
        {
            let error = IncrementalMoran::new().run(v, x, y).unwrap_err();
            assert_eq!(error.fault(), Some(Fault::LengthMismatch));
        }
    }

    #[test]
    fn islands_and_same_values_are_said() {
        let (x, y) = ([0.0, 1.0, 2.0, 50.0, 51.0], [0.0; 5]);
        let method = IncrementalMoran::new().distances(vec![0.4, 0.5, 1.5]);
        let table = method.run(&[1.0, 2.0, 4.0, 3.0, 5.0], &x, &y).unwrap();
        assert!(table.z[1].is_nan() && table.z[2].is_finite());
        assert_eq!(table.islands, [5, 5, 0]);
        // Each kind of warning once, with the distance where it began.
        let codes: Vec<_> = table.warnings.iter().map(|w| w.code).collect();
        assert_eq!(
            codes,
            [WarningCode::Islands, WarningCode::Bandwidth],
            "{:?}",
            table.warnings
        );
        let said = &table.warnings[0].message;
        assert!(said.starts_with("From distance 0.4 on: "), "{said}");
        assert!(method.run(&[2.0; 5], &x, &y).unwrap().z[2].is_nan());
    }
}
