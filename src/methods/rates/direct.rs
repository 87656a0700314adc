//! What would the rate be if every area had the same mix of people?

use super::crude::{check, check_level, check_per};
use crate::error::{Error, Fault, Result};
use crate::stats::{garwood_interval, sum};

/// Directly standardised rates.
///
/// With Oₖ incidents among Nₖ people of stratum k (an age group, say) and the standard population's
/// shares wₖ, `rate = per · Σ wₖ Oₖ/Nₖ`. The interval is that of Dobson and others: with
/// `V = Σ wₖ² Oₖ/Nₖ²`, `O = Σ Oₖ` and the exact limits of O, `rate + √(V/O) (limit − O)`, cut at zero.
/// Without incidents it runs from zero to the exact limit of O times the largest `wₖ/Nₖ`, which the
/// rate cannot exceed when the mean count lies below that limit.
///
/// Strata without weight do not matter. Where people of any other stratum are none or not known the
/// rate is NaN: put strata together until every area has people in each.
///
/// Order: areas as given. Cost: that of one exact interval per area.
///
/// Source: Dobson, Kuulasmaa, Eberle & Scherer 1991, Statistics in Medicine 10:457,
/// doi:10.1002/sim.4780100317.
///
/// ```
/// use brandpunt::methods::rates::DirectStandardisation;
///
/// # fn main() -> brandpunt::Result<()> {
/// // Two areas of equal risk in each stratum; the second has more young people.
/// let counts = [8, 2, 32, 1];
/// let people = [200.0, 400.0, 800.0, 200.0];
/// let found = DirectStandardisation::new(vec![1.0, 3.0]).run(&counts, &people)?;
/// assert!((found.rate[0] - 13.75).abs() < 1e-12 && (found.rate[1] - 13.75).abs() < 1e-12);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct DirectStandardisation {
    standard: Vec<f64>,
    per: f64,
    level: f64,
}

/// Directly standardised rates in input order; NaN where one is not defined.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct StandardisedTable {
    /// Incidents per `per` people of the standard population.
    pub rate: Vec<f64>,
    /// Lower end of its interval.
    pub low: Vec<f64>,
    /// Upper end of its interval.
    pub high: Vec<f64>,
}

impl DirectStandardisation {
    /// People of the standard population per stratum, or their shares; per 1,000 at 95 %.
    #[must_use]
    pub fn new(standard: Vec<f64>) -> Self {
        Self {
            standard,
            per: 1000.0,
            level: 0.95,
        }
    }

    /// Sets the size of the group the rate is given for.
    #[must_use]
    pub fn per(mut self, per: f64) -> Self {
        self.per = per;
        self
    }

    /// Sets the level of the interval.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Rates from counts and people by stratum, the strata of the first area first.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] for lengths that are no multiple of the strata,
    /// [`Fault::Negative`], [`Error::Parameter`] for a standard without people, a level outside
    /// (0, 1), or a `per` that is not positive.
    pub fn run(&self, counts: &[i64], people: &[f64]) -> Result<StandardisedTable> {
        check(counts, people)?;
        check_level(self.level)?;
        check_per(self.per)?;
        let whole = sum(self.standard.iter().copied());
        let odd = self.standard.iter().find(|w| **w < 0.0 || !w.is_finite());
        if let Some(odd) = odd {
            return Err(Error::parameter("standard", odd, "numbers of zero or more"));
        }
        if whole <= 0.0 {
            return Err(Error::parameter(
                "standard",
                whole,
                "people in at least one stratum",
            ));
        }
        let strata = self.standard.len();
        check_strata(counts.len(), strata)?;
        let mut out = StandardisedTable::default();
        for (counts, people) in counts.chunks_exact(strata).zip(people.chunks_exact(strata)) {
            let (rate, low, high) = self.one(counts, people, whole);
            out.rate.push(self.per * rate);
            out.low.push(self.per * low);
            out.high.push(self.per * high);
        }
        Ok(out)
    }

    fn one(&self, counts: &[i64], people: &[f64], whole: f64) -> (f64, f64, f64) {
        let used = || {
            let all = counts.iter().zip(people).zip(&self.standard);
            all.filter(|(_, weight)| **weight > 0.0)
                .map(|((&count, &people), weight)| (count as f64, weight / whole / people, people))
        };
        if used().any(|(_, _, people)| people.is_nan() || people <= 0.0) {
            return (f64::NAN, f64::NAN, f64::NAN);
        }
        let total = sum(used().map(|(count, ..)| count));
        let rate = sum(used().map(|(count, each, _)| count * each));
        let (low, high) = garwood_interval(total as u64, self.level);
        if total == 0.0 {
            let most = used().map(|(_, each, _)| each).fold(0.0, f64::max);
            return (0.0, 0.0, high * most);
        }
        let variance = sum(used().map(|(count, each, _)| count * each * each));
        let scale = (variance / total).sqrt();
        (
            rate,
            (rate + scale * (low - total)).max(0.0),
            rate + scale * (high - total),
        )
    }
}

pub(super) fn check_strata(length: usize, strata: usize) -> Result<()> {
    if strata > 0 && length.is_multiple_of(strata) {
        return Ok(());
    }
    Err(Error::input(
        Fault::LengthMismatch,
        format!("{length} counts are no whole number of areas with {strata} strata each"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods::rates::Rates;
    use proptest::prelude::*;

    #[test]
    fn a_worked_example() {
        // Weights 1/4 and 3/4: 1000 (8/200/4 + 3·2/400/4) = 13.75; with V = (1/800)²·8 + (3/1600)²·2
        // and Garwood's limits of 10 (golden numbers), 4.795388696 and 18.390356042.
        let found = DirectStandardisation::new(vec![1.0, 3.0])
            .run(&[8, 2], &[200.0, 400.0])
            .unwrap();
        let scale = ((8.0 / 640_000.0 + 18.0 / 2_560_000.0) / 10.0f64).sqrt();
        let want = |limit: f64| 1000.0 * (0.013_75 + scale * (limit - 10.0));
        assert!((found.rate[0] - 13.75).abs() < 1e-12);
        assert!((found.low[0] - want(4.795_388_696)).abs() < 1e-7);
        assert!((found.high[0] - want(18.390_356_042)).abs() < 1e-7);
    }

    #[test]
    fn strata_without_people_leave_no_rate() {
        let method = DirectStandardisation::new(vec![1.0, 0.0]);
        let found = method
            .run(&[0, 9, 3, 2, 1, 1], &[100.0, 0.0, 0.0, 10.0, f64::NAN, 1.0])
            .unwrap();
        assert_eq!((found.rate[0], found.low[0]), (0.0, 0.0));
        assert!((found.high[0] - 36.888_794_54).abs() < 1e-7);
        assert!(found.rate[1].is_nan() && found.high[2].is_nan());
        // Nothing happened among nobody: that is no rate of zero.
        let nobody = method.run(&[0, 9], &[0.0, 5.0]).unwrap();
        assert!(nobody.rate[0].is_nan() && nobody.low[0].is_nan() && nobody.high[0].is_nan());
        assert!(method.run(&[1, 2, 3], &[1.0; 3]).is_err());
        for standard in [vec![], vec![0.0, 0.0], vec![-1.0, 2.0], vec![f64::NAN, 1.0]] {
            let method = DirectStandardisation::new(standard);
            assert!(method.run(&[1, 2], &[1.0; 2]).is_err());
        }
    }

    proptest! {
        #[test]
        fn with_its_own_mix_as_standard_it_is_the_crude_rate(
            counts in prop::collection::vec(0i64..50, 3),
            people in prop::collection::vec(1.0..500.0f64, 3),
        ) {
            let found = DirectStandardisation::new(people.clone()).run(&counts, &people).unwrap();
            let all: i64 = counts.iter().sum();
            let crude = Rates::new().run(&[all], &[people.iter().sum()]).unwrap();
            prop_assert!((found.rate[0] - crude.rate[0]).abs() < 1e-9 * (1.0 + crude.rate[0]));
            prop_assert!((found.high[0] / crude.high[0] - 1.0).abs() < 1e-9);
            prop_assert!((found.low[0] - crude.low[0]).abs() < 1e-9 * (1.0 + crude.low[0]));
        }
    }
}
