//! How unevenly counts are spread over units.

use super::chance::{Chance, Throw};
use super::measures::{BesideChance, ConcentrationMeasures, LorenzBand};
use super::ranked::Ranked;
use super::theil;
use crate::error::{Error, Fault, Result};
use crate::memory::afford_replicates;
use crate::model::{Warning, WarningCode};
use crate::parallel::Workers;

#[cfg(test)]
mod tests;

/// How few units hold how many of the incidents?
///
/// With counts x in ascending order on n units, c incidents and shares `y_i = x_i / c`:
///
/// ```text
/// Gini               G  = (2 Σ i y_i − n − 1) / n
/// generalised Gini   G' = max(1/c, 1/n) (2 Σ i y_i − n − 1) − max(n/c, 1) + 1
/// Theil              T  = 1/n Σ (x_i/μ) ln(x_i/μ),  μ = c/n
/// ```
///
/// With fewer incidents than units some units must be empty, and G is high even when no unit has
/// more than one. G' is 0 then; with `c ≥ n` it is G. With groups (the *wijk* of each
/// neighbourhood), T is the sum of two parts, `Σ_g y_g ln(y_g n/n_g)` between groups and
/// `Σ_g y_g T_g` within them.
///
/// The share of the incidents on the top 5 % of the units is read off the Lorenz curve, so where 5 %
/// is no whole number of units a part of one counts. The share of the units that holds 80 % is the
/// smallest number of whole units, those with most first, divided by n.
///
/// # What chance means
/// Even without any cause, some of few incidents share a unit. So each measure stands beside what
/// it is when every one of the c incidents falls on any of the n units alike (multinomial):
/// the mean, an interval and p, the share of `simulations + 1` maps (the observed one is one of them)
/// that are concentrated at least as strongly. G and G' have one p. Units of different size are
/// not alike: use equal cells, or addresses, where that matters.
///
/// There is no negative-binomial null. Its parameter would be fitted to the very concentration in
/// question, and p would only tell whether that has the shape of a gamma distribution.
///
/// # Missing and odd values
/// A unit whose count is NaN is left out and counted in `missing`. Without incidents every measure
/// is NaN and a warning says so.
///
/// # Complexity
/// O(n log n) for the measures, O(n + c) per simulation.
///
/// Source: Bernasco & Steenbeek 2017, Journal of Quantitative Criminology 33:451,
/// doi:10.1007/s10940-016-9324-7 (G'); Theil 1967, Economics and Information Theory; Shorrocks
/// 1980, Econometrica 48:613, doi:10.2307/1913126 (parts).
///
/// ```
/// use brandpunt::methods::concentration::Concentration;
///
/// # fn main() -> brandpunt::Result<()> {
/// // Five reports from five of twenty addresses are not concentrated at all.
/// let mut counts = [0.0; 20];
/// counts[..5].fill(1.0);
/// let found = Concentration::new().run(&counts, None)?;
/// assert_eq!(found.gini.value, 0.75);
/// assert_eq!(found.generalised_gini.value, 0.0);
/// assert_eq!(found.gini.p, 1.0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Concentration {
    share: f64,
    top: f64,
    level: f64,
    simulations: usize,
    seed: u64,
}

impl Default for Concentration {
    fn default() -> Self {
        Self {
            share: 0.8,
            top: 0.05,
            level: 0.95,
            simulations: 999,
            seed: 0,
        }
    }
}

impl Concentration {
    /// Units that hold 80 %, the top 5 % of units, 999 simulations and intervals of 95 %.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the share of the incidents whose units are counted.
    #[must_use]
    pub fn share(mut self, share: f64) -> Self {
        self.share = share;
        self
    }

    /// Sets the share of the units whose incidents are counted.
    #[must_use]
    pub fn top(mut self, top: f64) -> Self {
        self.top = top;
        self
    }

    /// Sets the level of the intervals.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Sets how many maps of chance alone are simulated; with 0 only the measures are given.
    #[must_use]
    pub fn simulations(mut self, simulations: usize) -> Self {
        self.simulations = simulations;
        self
    }

    /// Sets the seed of the simulation.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Runs on all cores; `groups` holds a number for the group of each unit.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, counts: &[f64], groups: Option<&[u32]>) -> Result<ConcentrationMeasures> {
        self.run_with(counts, groups, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a share or level that is not between 0 and 1, and for too few
    /// simulations for the level; [`Fault::LengthMismatch`] for groups of another length,
    /// [`Fault::NoRows`] without a unit, [`Fault::NonFinite`], [`Fault::Negative`] and
    /// [`Fault::NotAnInteger`] for a count that is none, [`Fault::NumberOutOfRange`] for one beyond
    /// 2⁵³, for a total that a simulation cannot throw (2³² or more) or that is beyond 2⁶³;
    /// [`Error::Cancelled`].
    pub fn run_with(
        &self,
        counts: &[f64],
        groups: Option<&[u32]>,
        workers: &Workers,
    ) -> Result<ConcentrationMeasures> {
        let outside = self.checked()?;
        let (known, groups) = known(counts, groups)?;
        let total = total(&known)?;
        let units = known.len();
        let theil_parts = groups
            .filter(|_| total > 0)
            .map(|g| theil::parts(&known, &g));
        let mut out = ConcentrationMeasures {
            units,
            missing: counts.len() - units,
            total,
            lorenz: Vec::new(),
            band: LorenzBand::default(),
            gini: BesideChance::alone(f64::NAN),
            generalised_gini: BesideChance::alone(f64::NAN),
            theil: BesideChance::alone(f64::NAN),
            top_share: BesideChance::alone(f64::NAN),
            units_share: BesideChance::alone(f64::NAN),
            theil_parts,
            warnings: few(units, total).into_iter().collect(),
        };
        if total == 0 {
            return Ok(out);
        }
        let ranked = Ranked::of(known);
        let seen = ranked.figures(self.top, self.share);
        out.lorenz = ranked.lorenz();
        if self.simulations == 0 {
            out.gini = BesideChance::alone(seen.gini);
            out.generalised_gini = BesideChance::alone(seen.generalised_gini);
            out.theil = BesideChance::alone(seen.theil);
            out.top_share = BesideChance::alone(seen.top_share);
            out.units_share = BesideChance::alone(seen.units_share);
            return Ok(out);
        }
        let throw = Throw {
            units: thrown(units as u64, "units")?,
            incidents: thrown(total, "incidents")?,
            top: self.top,
            share: self.share,
            seed: self.seed,
        };
        let chance = Chance::simulate(throw, self.simulations, outside, workers)?;
        out.gini = chance.beside(seen.gini, |f| f.gini, false);
        out.generalised_gini = chance.beside(seen.generalised_gini, |f| f.generalised_gini, false);
        out.theil = chance.beside(seen.theil, |f| f.theil, false);
        out.top_share = chance.beside(seen.top_share, |f| f.top_share, false);
        out.units_share = chance.beside(seen.units_share, |f| f.units_share, true);
        out.band = chance.band();
        Ok(out)
    }

    /// How many simulated values lie on either side of the interval, its end included.
    fn checked(&self) -> Result<usize> {
        let shares = [
            ("share", self.share),
            ("top", self.top),
            ("level", self.level),
        ];
        for (name, value) in shares {
            if !(value > 0.0 && value < 1.0) {
                return Err(Error::parameter(name, value, "a share between 0 and 1"));
            }
        }
        afford_replicates("simulations", self.simulations, 0)?;
        let side = 0.5 * (1.0 - self.level);
        let outside = ((self.simulations as f64 + 1.0) * side + 1e-9).floor() as usize;
        if self.simulations > 0 && outside == 0 {
            let least = (1.0 / side - 1e-9).ceil() - 1.0;
            let expected = format!("at least {least} for intervals of this level, or 0 for none");
            return Err(Error::parameter("simulations", self.simulations, expected));
        }
        Ok(outside)
    }
}

/// The counts that are known, and their groups.
fn known(counts: &[f64], groups: Option<&[u32]>) -> Result<(Vec<u64>, Option<Vec<u32>>)> {
    const MOST: f64 = 9_007_199_254_740_992.0;
    if let Some(groups) = groups.filter(|g| g.len() != counts.len()) {
        let detail = format!(
            "{} counts and {} groups; give one group per count",
            counts.len(),
            groups.len()
        );
        return Err(Error::input(Fault::LengthMismatch, detail));
    }
    let refused = |fault, unit: usize, remedy: &str| {
        let detail = format!(
            "the count of unit {unit} (from 0) is {}; {remedy}",
            counts[unit]
        );
        Err(Error::input(fault, detail))
    };
    let mut whole = Vec::with_capacity(counts.len());
    let mut of_known = groups.map(|_| Vec::with_capacity(counts.len()));
    for (unit, &count) in counts.iter().enumerate() {
        if count.is_nan() {
            continue;
        }
        if count.is_infinite() {
            return refused(Fault::NonFinite, unit, "use NaN for an unknown one");
        }
        if count < 0.0 {
            return refused(Fault::Negative, unit, "counts are 0 or more");
        }
        if count.fract() != 0.0 {
            return refused(Fault::NotAnInteger, unit, "incidents are counted whole");
        }
        if count > MOST {
            return refused(Fault::NumberOutOfRange, unit, "counts end at 2^53");
        }
        whole.push(count as u64);
        if let (Some(kept), Some(groups)) = (&mut of_known, groups) {
            kept.push(groups[unit]);
        }
    }
    if whole.is_empty() {
        let detail = "no unit has a count; give at least one that is not NaN";
        return Err(Error::input(Fault::NoRows, detail));
    }
    Ok((whole, of_known))
}

fn total(counts: &[u64]) -> Result<u64> {
    let total = counts
        .iter()
        .try_fold(0u64, |all, count| all.checked_add(*count));
    total.filter(|t| i64::try_from(*t).is_ok()).ok_or_else(|| {
        let detail = "the counts add up to more than 2^63; count in thousands";
        Error::input(Fault::NumberOutOfRange, detail)
    })
}

fn thrown(number: u64, what: &str) -> Result<u32> {
    u32::try_from(number).map_err(|_| {
        let detail =
            format!("{number} {what} cannot be simulated one by one; set simulations to 0");
        Error::input(Fault::NumberOutOfRange, detail)
    })
}

/// A warning where there is little to be concentrated.
fn few(units: usize, total: u64) -> Option<Warning> {
    let message = if total == 0 {
        "There is no incident, so nothing is concentrated.".to_owned()
    } else if total < units as u64 {
        format!(
            "{total} incidents on {units} units leave units empty whatever happens: read the \
             generalised Gini, and the other measures only beside what chance gives."
        )
    } else {
        return None;
    };
    Some(Warning::with_value(
        WarningCode::TooFewIncidents,
        total as f64,
        message,
    ))
}
