//! Clusters on a map.

use super::cells::{Cells, Given};
use super::clusters::ScanResult;
use super::model::ScanModel;
use super::options::{Options, setters};
use super::scanned::{Spans, scan};
use crate::error::{Error, Result};
use crate::parallel::Workers;

/// Which neighbouring units together have more cases than their people explain, and is that more
/// than chance? Kulldorff's spatial scan statistic.
///
/// Windows of every size are laid around every unit: discs, or ellipses, which hold the units whose
/// places they hold, or any form that hangs together, [of all units](super::ScanShape::Flexible) or
/// [of those that stand out](super::ScanShape::Restricted). For a window with
/// c of C cases of which e are expected, from its share of the people,
///
/// ```text
/// LLR = c ln(c/e) + (C − c) ln((C − c)/(C − e))
/// RR  = (c/e) / ((C − c)/(C − e))
/// ```
///
/// The window with the greatest LLR is the most likely cluster. Its p is how often the greatest LLR
/// of a map of chance, with as many cases, reaches it; one number for the whole map, so nothing is
/// left to correct. Further clusters are the strongest windows that share no unit with a stronger
/// one; they are compared with the same greatest LLR, which makes their p cautious.
///
/// # What chance is
/// Independent cases fall in proportion to people. Reports come in series, and then such maps make
/// clusters of nothing: with a variance of twice the mean nine of ten maps without any cluster show
/// one. So at first ([`ScanModel::Auto`]) a test looks at the variance, and if counts vary more,
/// maps are drawn from negative-binomial counts of that variance (a Pólya urn, given the total), and
/// LLRs are compared after division by the variance-to-mean ratio of their own map. What is
/// reported as LLR is always that of the formula.
///
/// Expected counts that are adjusted for age or anything else, such as those of
/// [`IndirectStandardisation`](crate::methods::rates::IndirectStandardisation), take the place of
/// the population; only their shares matter. With [`ScanModel::Bernoulli`] cases are a part of the
/// people, n of N in the window:
///
/// ```text
/// LLR = c ln(c/n) + (n − c) ln(1 − c/n) + (C − c) ln((C − c)/(N − n))
///     + (N − n − C + c) ln(1 − (C − c)/(N − n)) − C ln(C/N) − (N − C) ln(1 − C/N)
/// ```
///
/// # Missing and odd values
/// A unit whose count or population is NaN is left out, with a warning. Cases where nobody lives are
/// an error, as no rate explains them. Units on one spot enter a window together; others that are
/// equally far, as on a lattice, do so in the order of the rows. Fewer than two cases or units give
/// no cluster and a warning.
///
/// # Complexity
/// `n²` windows at most. For a simulated map a window costs an addition and a comparison: the LLR
/// grows with the count, so whether it reaches a level shows in the count alone, and logarithms are
/// needed for the few windows that stand out. A window takes four bytes.
///
/// Source: Kulldorff 1997, Communications in Statistics 26:1481, doi:10.1080/03610929708831995;
/// Kulldorff, Huang, Pickle & Duczmal 2006, Statistics in Medicine 25:3929, doi:10.1002/sim.2490
/// (ellipses); Tango & Takahashi 2005, International Journal of Health Geographics 4:11,
/// doi:10.1186/1476-072X-4-11 (flexible windows); Tango & Takahashi 2012, Statistics in Medicine
/// 31:4207, doi:10.1002/sim.5478 (restricted ones).
///
/// ```
/// use brandpunt::methods::scan::{ScanModel, SpatialScan};
///
/// # fn main() -> brandpunt::Result<()> {
/// // Six streets in a row, of as many dwellings each.
/// let x = [0.0, 100.0, 200.0, 300.0, 400.0, 500.0];
/// let reports = [4.0, 15.0, 12.0, 3.0, 5.0, 2.0];
/// let scan = SpatialScan::new().model(ScanModel::Poisson);
/// let found = scan.run(&reports, &[80.0; 6], &x, &[0.0; 6])?;
/// let cluster = &found.clusters[0];
/// assert_eq!(cluster.members, [2, 1]);
/// assert_eq!(cluster.observed, 27);
/// assert!((cluster.expected - 41.0 / 3.0).abs() < 1e-12 && cluster.p < 0.05);
/// // If reports come in series, that is less surprising.
/// let guarded = SpatialScan::new().run(&reports, &[80.0; 6], &x, &[0.0; 6])?;
/// assert_eq!(guarded.model, ScanModel::NegativeBinomial);
/// assert!(guarded.clusters[0].p > cluster.p);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SpatialScan {
    options: Options,
}

setters!(SpatialScan);

impl SpatialScan {
    /// Discs that hold up to half of the people and have more cases than expected, 999 maps of
    /// chance.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(
        &self,
        counts: &[f64],
        population: &[f64],
        x: &[f64],
        y: &[f64],
    ) -> Result<ScanResult> {
        self.run_with(counts, population, (x, y), &Workers::new(0)?)
    }

    /// Runs on the given threads: cases and people (or expected counts) of each unit, and where it
    /// lies in plane coordinates.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`](crate::Fault::LengthMismatch);
    /// [`Fault::NonFinite`](crate::Fault::NonFinite),
    /// [`Fault::Negative`](crate::Fault::Negative) and
    /// [`Fault::NotAnInteger`](crate::Fault::NotAnInteger) for a value that is no count, population
    /// or coordinate; [`Fault::MissingExposure`](crate::Fault::MissingExposure) for cases among
    /// nobody; [`Fault::NumberOutOfRange`](crate::Fault::NumberOutOfRange) for 2³¹ cases or more
    /// and for more cases than people under [`ScanModel::Bernoulli`];
    /// [`Fault::NoRows`](crate::Fault::NoRows) without a unit that has both;
    /// [`Error::Parameter`]; [`Error::TooLarge`] for windows above the memory limit, before any is
    /// made; [`Error::Cancelled`].
    pub fn run_with(
        &self,
        counts: &[f64],
        population: &[f64],
        (x, y): (&[f64], &[f64]),
        workers: &Workers,
    ) -> Result<ScanResult> {
        self.options.check()?;
        if self.options.model == ScanModel::SpaceTimePermutation {
            return Err(Error::parameter(
                "model",
                self.options.model.name(),
                "a model for space alone; this one is for space and time",
            ));
        }
        let given = Given::PerUnit(population);
        let cells = Cells::of(counts, 1, given, (x, y), self.options.model)?;
        let spans = Spans {
            seen: vec![(0, 0)],
            simulated: vec![(0, 0)],
            days: None,
        };
        scan(&self.options, &cells, &spans, workers)
    }
}

#[cfg(test)]
mod tests;
