//! Clusters on a map over time.

use ndarray::Array2;

use super::cells::{Cells, Given};
use super::clusters::ScanResult;
use super::model::ScanModel;
use super::options::{Options, setters};
use super::scanned::{Spans, scan};
use super::sweep::Span;
use crate::error::{Error, Fault, Result};
use crate::parallel::Workers;

/// Which neighbouring units together had more cases for a while, and is it going on?
///
/// Windows are cylinders: a disc or an ellipse on the map, as for
/// [`SpatialScan`](super::SpatialScan), through a number of steps in a row. LLR, p and further
/// clusters are as there; clusters share no unit, whenever they are.
///
/// At first the space-time permutation ([`ScanModel::SpaceTimePermutation`]): of unit z and step d
/// with `c_z` and `c_d` of all C cases, `c_z c_d / C` are expected, and maps of chance deal the times
/// anew to the cases. It needs no population, and neither places that always have more nor times
/// that have more everywhere count. It is conditional on both, so nothing has to be estimated. What
/// changes in one part of the map alone, such as more people, it cannot tell from more cases.
/// Reports in series within days are clusters to it, since that is what they are.
///
/// With the other models the measure is a population per unit, the same at all steps, or one per
/// unit and step, or expected counts.
///
/// [`prospective`](Self::prospective), only windows that last until the last step are looked at:
/// what is going on now? Chance alone makes a cluster as strong once in
/// `recurrence_interval = days between looks / p` days. Who looks every day and wants p to count the
/// looks before sets [`looking_since`](Self::looking_since).
///
/// # Missing and odd values
/// A unit with a count or a population of NaN at any step is left out, with a warning; all else as
/// for [`SpatialScan`](super::SpatialScan).
///
/// # Complexity
/// Windows on the map times pairs of steps, prospectively times steps.
///
/// Source: Kulldorff 2001, Journal of the Royal Statistical Society A 164:61,
/// doi:10.1111/1467-985X.00186 (prospective); Kulldorff, Heffernan, Hartman, Assunção & Mostashari
/// 2005, `PLoS` Medicine 2:e59, doi:10.1371/journal.pmed.0020059 (permutation).
///
/// ```
/// use brandpunt::methods::scan::SpaceTimeScan;
/// use ndarray::Array2;
///
/// # fn main() -> brandpunt::Result<()> {
/// // Twelve streets in a row and ten weeks; the third and the fourth get busy at the end.
/// let x: Vec<f64> = (0..12).map(|i| 100.0 * f64::from(i)).collect();
/// let mut counts = Array2::from_elem((12, 10), 2.0);
/// for (street, week) in [(2, 8), (2, 9), (3, 8), (3, 9)] {
///     counts[[street, week]] = 11.0;
/// }
/// let scan = SpaceTimeScan::new().prospective(true).days_between_looks(7.0);
/// let found = scan.run(&counts, None, &x, &[0.0; 12])?;
/// let cluster = &found.clusters[0];
/// assert_eq!((cluster.first_step, cluster.last_step), (8, 9));
/// assert_eq!(cluster.members.len(), 2);
/// assert_eq!(cluster.recurrence_interval, 7.0 / cluster.p);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SpaceTimeScan {
    options: Options,
    prospective: bool,
    longest: f64,
    days: f64,
    since: Option<usize>,
}

setters!(SpaceTimeScan);

impl Default for SpaceTimeScan {
    fn default() -> Self {
        Self {
            options: Options {
                model: ScanModel::SpaceTimePermutation,
                ..Options::default()
            },
            prospective: false,
            longest: 0.5,
            days: 1.0,
            since: None,
        }
    }
}

impl SpaceTimeScan {
    /// The space-time permutation with discs that hold up to half of the cases, through up to half
    /// of the steps, 999 maps of chance.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks only at windows that last until the last step.
    #[must_use]
    pub fn prospective(mut self, prospective: bool) -> Self {
        self.prospective = prospective;
        self
    }

    /// Sets which share of the steps a window may last; half at first.
    #[must_use]
    pub fn max_time_share(mut self, share: f64) -> Self {
        self.longest = share;
        self
    }

    /// Sets the days between two looks, for recurrence intervals: those of a step, as a rule (1 at
    /// first).
    #[must_use]
    pub fn days_between_looks(mut self, days: f64) -> Self {
        self.days = days;
        self
    }

    /// Sets the first step (from 0) after which somebody looked. Maps of chance are then searched
    /// for what any look since would have found, and p is the chance of one such cluster at any of
    /// them, so that there is no recurrence interval.
    #[must_use]
    pub fn looking_since(mut self, step: usize) -> Self {
        self.since = Some(step);
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(
        &self,
        counts: &Array2<f64>,
        population: Option<&[f64]>,
        x: &[f64],
        y: &[f64],
    ) -> Result<ScanResult> {
        self.run_with(counts, population, (x, y), &Workers::new(0)?)
    }

    /// Runs on the given threads: cases of units (rows) at consecutive steps of one length
    /// (columns); people or expected counts per unit, or per unit and step one unit after another;
    /// and where the units lie in plane coordinates.
    ///
    /// # Errors
    /// As [`SpatialScan::run_with`](super::SpatialScan::run_with), and [`Error::Parameter`] for no
    /// population with a model that needs one, and for shares, days and looks that make no sense.
    pub fn run_with(
        &self,
        counts: &Array2<f64>,
        population: Option<&[f64]>,
        (x, y): (&[f64], &[f64]),
        workers: &Workers,
    ) -> Result<ScanResult> {
        self.options.check()?;
        let steps = counts.ncols();
        let spans = self.spans(steps)?;
        let permutation = self.options.model == ScanModel::SpaceTimePermutation;
        let given = match population {
            _ if permutation => Given::Nothing,
            Some(each) if each.len() == x.len() => Given::PerUnit(each),
            Some(each) => Given::PerCell(each),
            None => {
                let expected = "people per unit, or the model space_time_permutation";
                return Err(Error::parameter("population", "missing", expected));
            }
        };
        let counts = counts.as_standard_layout();
        let counts = counts.as_slice().unwrap_or_default();
        let cells = Cells::of(counts, steps, given, (x, y), self.options.model)?;
        scan(&self.options, &cells, &spans, workers)
    }

    fn spans(&self, steps: usize) -> Result<Spans> {
        if steps < 2 {
            let detail = format!("there are {steps} steps; time needs two at least");
            return Err(Error::input(Fault::NoRows, detail));
        }
        if !(self.longest > 0.0 && self.longest <= 1.0) {
            let expected = "a share of the steps above 0, at most 1";
            return Err(Error::parameter("max_time_share", self.longest, expected));
        }
        if !(self.days > 0.0 && self.days.is_finite()) {
            let expected = "a number of days above 0";
            return Err(Error::parameter("days_between_looks", self.days, expected));
        }
        if let Some(since) = self.since.filter(|s| !self.prospective || *s >= steps) {
            let expected = format!("a step below {steps}, for a prospective scan");
            return Err(Error::parameter("looking_since", since, expected));
        }
        let longest = ((self.longest * steps as f64 + 1e-9).floor() as usize).max(1);
        let ending = |last: usize| {
            let first = (last + 1).saturating_sub(longest);
            (first..=last).map(move |first| (first as u32, last as u32))
        };
        let since = |first: usize| -> Vec<Span> { (first..steps).flat_map(ending).collect() };
        let seen = since(if self.prospective { steps - 1 } else { 0 });
        Ok(Spans {
            simulated: self.since.map_or_else(|| seen.clone(), since),
            seen,
            days: (self.prospective && self.since.is_none()).then_some(self.days),
        })
    }
}

#[cfg(test)]
mod tests;
