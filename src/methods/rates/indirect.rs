//! How many more incidents than such people have elsewhere?

use super::crude::{check, check_level};
use super::direct::check_strata;
use crate::error::{Error, Fault, Result};
use crate::stats::{garwood_interval, sum};

/// Indirectly standardised ratios (SIR) with exact limits.
///
/// With the standard's rates Rₖ per stratum, `E = Σ Rₖ Nₖ` incidents are expected among the people of
/// an area; `ratio = O/E`, and its interval is the exact Poisson one of O divided by E. Unless rates
/// are given, the standard is all areas together: `Rₖ = ΣOₖ/ΣNₖ`. Two such ratios compare each area
/// with the standard, not the areas with each other, unless their mixes of people are alike.
///
/// A stratum without people expects nothing; where people of a stratum are not known the ratio is
/// NaN, and so it is where nothing is expected. With the standard from the areas themselves,
/// strata that are not known are left out of it.
///
/// Order: areas as given. Cost: that of one exact interval per area.
///
/// Source: Breslow & Day 1987, Statistical Methods in Cancer Research II, chapter 2.
///
/// ```
/// use brandpunt::methods::rates::IndirectStandardisation;
///
/// # fn main() -> brandpunt::Result<()> {
/// let method = IndirectStandardisation::new(2).standard_rates(vec![0.04, 0.005]);
/// let found = method.run_totals(&[12], &[200.0, 400.0])?;
/// assert_eq!((found.expected[0], found.ratio[0]), (10.0, 1.2));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct IndirectStandardisation {
    strata: usize,
    standard_rates: Option<Vec<f64>>,
    level: f64,
}

/// Observed and expected incidents in input order; NaN where one is not defined.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct IndirectTable {
    /// Incidents.
    pub observed: Vec<i64>,
    /// Incidents that such people would have at the standard's rates.
    pub expected: Vec<f64>,
    /// Observed divided by expected.
    pub ratio: Vec<f64>,
    /// Lower end of its interval.
    pub low: Vec<f64>,
    /// Upper end of its interval.
    pub high: Vec<f64>,
}

impl IndirectStandardisation {
    /// For so many strata; all areas together are the standard, at 95 %.
    #[must_use]
    pub fn new(strata: usize) -> Self {
        Self {
            strata,
            standard_rates: None,
            level: 0.95,
        }
    }

    /// Sets the incidents per person of the standard, by stratum.
    #[must_use]
    pub fn standard_rates(mut self, rates: Vec<f64>) -> Self {
        self.standard_rates = Some(rates);
        self
    }

    /// Sets the level of the interval.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Ratios from counts and people by stratum, the strata of the first area first.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`], [`Fault::Negative`], [`Error::Parameter`] for a level outside
    /// (0, 1).
    pub fn run(&self, counts: &[i64], people: &[f64]) -> Result<IndirectTable> {
        check(counts, people)?;
        check_strata(counts.len(), self.strata)?;
        let totals: Vec<i64> = counts
            .chunks_exact(self.strata)
            .map(|c| c.iter().sum())
            .collect();
        match &self.standard_rates {
            Some(rates) => self.of_totals(&totals, people, rates),
            None => self.of_totals(&totals, people, &common(counts, people, self.strata)),
        }
    }

    /// As [`run`](Self::run), from counts per area, which may not be known by stratum.
    ///
    /// # Errors
    /// As [`run`](Self::run); [`Error::Parameter`] without rates of the standard.
    pub fn run_totals(&self, totals: &[i64], people: &[f64]) -> Result<IndirectTable> {
        match &self.standard_rates {
            Some(rates) => self.of_totals(totals, people, rates),
            None => Err(Error::parameter(
                "standard_rates",
                "missing",
                "the standard's incidents per person by stratum, as counts are not by stratum",
            )),
        }
    }

    fn of_totals(&self, totals: &[i64], people: &[f64], rates: &[f64]) -> Result<IndirectTable> {
        check_level(self.level)?;
        check_strata(people.len(), self.strata)?;
        // Checks the sign of the counts, and that there is one for each area.
        check(totals, &vec![1.0; people.len() / self.strata])?;
        check(&vec![0; people.len()], people)?;
        if rates.len() != self.strata {
            let lengths = format!("{} standard rates for {} strata", rates.len(), self.strata);
            return Err(Error::input(Fault::LengthMismatch, lengths));
        }
        if let Some(odd) = rates.iter().find(|r| **r < 0.0 || r.is_infinite()) {
            return Err(Error::parameter(
                "standard_rates",
                odd,
                "numbers of zero or more",
            ));
        }
        let mut out = IndirectTable::default();
        for (&observed, people) in totals.iter().zip(people.chunks_exact(self.strata)) {
            let expected = sum(people.iter().zip(rates).map(|(n, r)| n * r));
            out.observed.push(observed);
            out.expected.push(expected);
            if expected > 0.0 {
                let (low, high) = garwood_interval(observed as u64, self.level);
                out.ratio.push(observed as f64 / expected);
                out.low.push(low / expected);
                out.high.push(high / expected);
            } else {
                out.ratio.push(f64::NAN);
                out.low.push(f64::NAN);
                out.high.push(f64::NAN);
            }
        }
        Ok(out)
    }
}

/// The rate of each stratum over all areas where its people are known; zero without people.
fn common(counts: &[i64], people: &[f64], strata: usize) -> Vec<f64> {
    (0..strata)
        .map(|k| {
            let known = || {
                let of = counts.iter().zip(people).skip(k).step_by(strata);
                of.filter(|(_, n)| **n > 0.0)
            };
            let people = sum(known().map(|(_, n)| *n));
            if people > 0.0 {
                sum(known().map(|(c, _)| *c as f64)) / people
            } else {
                0.0
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worked_example() {
        // Rates 40/1000 and 3/600; expected 200/25 + 400/200 = 10 and 800/25 + 200/200 = 33.
        let method = IndirectStandardisation::new(2);
        let found = method
            .run(&[9, 1, 31, 2], &[200.0, 400.0, 800.0, 200.0])
            .unwrap();
        assert_eq!(found.observed, [10, 33]);
        assert!((found.expected[0] - 10.0).abs() < 1e-12);
        assert!((found.expected[1] - 33.0).abs() < 1e-12);
        assert!((found.ratio[0] - 1.0).abs() < 1e-12);
        assert!((found.low[0] - 0.479_538_869_6).abs() < 1e-9);
        assert!((found.high[0] - 1.839_035_604_2).abs() < 1e-9);
    }

    #[test]
    fn observed_and_expected_of_all_areas_are_equal() {
        let counts = [5, 0, 7, 3, 1, 9];
        let people = [50.0, 70.0, 20.0, 90.0, 0.0, 60.0];
        let found = IndirectStandardisation::new(2)
            .run(&counts, &people)
            .unwrap();
        // The incident of a stratum without people is expected nowhere.
        let expected: f64 = found.expected.iter().sum();
        assert!((expected - 24.0).abs() < 1e-12, "{expected}");
    }

    #[test]
    fn what_is_not_known_is_no_ratio() {
        let method = IndirectStandardisation::new(2);
        let found = method
            .run(&[1, 1, 1, 1, 0, 0], &[f64::NAN, 5.0, 5.0, 5.0, 0.0, 0.0])
            .unwrap();
        assert!(found.ratio[0].is_nan() && found.ratio[1] > 0.0 && found.ratio[2].is_nan());
        assert!(method.run_totals(&[1], &[1.0, 1.0]).is_err());
        let given = |rates: &[f64]| method.clone().standard_rates(rates.to_vec());
        assert!(given(&[0.1]).run_totals(&[1], &[1.0, 1.0]).is_err());
        assert!(given(&[0.1, -0.1]).run_totals(&[1], &[1.0, 1.0]).is_err());
        assert!(given(&[0.1, 0.1]).run_totals(&[1, 2], &[1.0, 1.0]).is_err());
        assert!(given(&[0.1, 0.1]).run_totals(&[-1], &[1.0, 1.0]).is_err());
        assert!(IndirectStandardisation::new(0).run(&[], &[]).is_err());
        // A rate of nothing is a rate; where it is all that is expected there is no ratio.
        let found = given(&[0.0, 0.1]).run_totals(&[3, 1], &[9.0, 0.0, 9.0, 20.0]);
        let found = found.unwrap();
        assert!(found.ratio[0].is_nan() && found.low[0].is_nan() && found.high[0].is_nan());
        assert_eq!((found.expected[0], found.expected[1]), (0.0, 2.0));
        // Nobody in a stratum anywhere: nothing is expected of it.
        let found = method.run(&[3, 0, 1, 0], &[30.0, 0.0, 10.0, 0.0]).unwrap();
        assert!((found.expected[0] - 3.0).abs() < 1e-12 && (found.expected[1] - 1.0).abs() < 1e-12);
    }
}
