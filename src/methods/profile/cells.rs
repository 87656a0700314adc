//! Does a cell hold more here than elsewhere?

use crate::stats::{fractional_binomial_interval, hypergeometric_tails};

/// A cell of a subset beside the rest; NaN where not defined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Beside {
    pub(crate) share: f64,
    pub(crate) rest_share: f64,
    pub(crate) expected: f64,
    pub(crate) quotient: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) p: f64,
}

impl Beside {
    /// `here` of `all_here` incidents in the cell, beside `there` of `all_there`.
    pub(crate) fn of(here: f64, all_here: f64, there: f64, all_there: f64, level: f64) -> Self {
        let (share, rest_share) = (here / all_here, there / all_there);
        let both = here + there;
        let mut out = Self {
            share,
            rest_share,
            expected: all_here * rest_share,
            quotient: f64::NAN,
            low: f64::NAN,
            high: f64::NAN,
            p: f64::NAN,
        };
        if both <= 0.0 || all_here == 0.0 || all_there == 0.0 {
            return out;
        }
        if there > 0.0 {
            out.quotient = share / rest_share;
        }
        let odds = |p: f64| p / (1.0 - p) * (all_there / all_here);
        let (low, high) = fractional_binomial_interval(here, both, level);
        (out.low, out.high) = (odds(low), odds(high));
        let all = all_here + all_there;
        let (less, greater) =
            hypergeometric_tails(here.min(all_here), all_here, both.min(all), all);
        out.p = (2.0 * less.min(greater)).min(1.0);
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_table_of_four_worked_by_hand() {
        // 3 of 5 here against 1 of 5 elsewhere: P(3 or more) = (60 + 6)/252.
        let got = Beside::of(3.0, 5.0, 1.0, 5.0, 0.95);
        assert!((got.quotient - 3.0).abs() < 1e-14 && (got.expected - 1.0).abs() < 1e-14);
        assert!((got.p - 2.0 * 66.0 / 252.0).abs() < 1e-14, "{}", got.p);
        // scipy 1.17.1: binomtest(3, 4).proportion_ci() begins at 0.19412044968324338; it ends
        // where p⁴ = 0.975. As odds, because both sides have 5.
        assert!((got.low - 0.194_120_449_683_243_4 / 0.805_879_550_316_756_6).abs() < 1e-9);
        let end = 0.975f64.powf(0.25);
        assert!((got.high / (end / (1.0 - end)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn undefined_is_not_a_number() {
        let none = Beside::of(0.0, 5.0, 0.0, 9.0, 0.95);
        assert!(none.quotient.is_nan() && none.p.is_nan() && none.share == 0.0);
        let only_here = Beside::of(4.0, 5.0, 0.0, 9.0, 0.95);
        assert!(only_here.quotient.is_nan() && only_here.high.is_infinite());
        assert!(only_here.low > 1.0 && only_here.p < 0.05);
        assert!(Beside::of(0.0, 0.0, 2.0, 9.0, 0.95).p.is_nan());
    }

    proptest! {
        #[test]
        fn exchanging_the_sides_inverts_the_quotient(
            here in 1u32..30, more in 1u32..40, there in 1u32..30, others in 1u32..90,
        ) {
            let (a, b) = (f64::from(here), f64::from(there));
            let (n, m) = (a + f64::from(more), b + f64::from(others));
            let one = Beside::of(a, n, b, m, 0.9);
            let other = Beside::of(b, m, a, n, 0.9);
            prop_assert!((one.quotient * other.quotient - 1.0).abs() < 1e-12);
            prop_assert!((one.low * other.high - 1.0).abs() < 1e-7);
            prop_assert!((one.p - other.p).abs() < 1e-10);
            prop_assert!(one.low < one.quotient && one.quotient < one.high);
            prop_assert!((one.expected * one.quotient - a).abs() < 1e-9);
        }
    }
}
