//! Sums, means and variances that keep their digits.

/// The sum of numbers, with the rounding errors carried along (Neumaier 1974, ZAMM 54:39).
#[must_use]
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0f64, 0.0f64);
    for v in values {
        let next = total + v;
        lost += if total.abs() >= v.abs() {
            (total - next) + v
        } else {
            (v - next) + total
        };
        total = next;
    }
    total + lost
}

/// Mean and spread of a column, computed on centred values so that a large offset costs nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Moments {
    /// How many values.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Sum of squared deviations from the mean.
    pub squares: f64,
}

impl Moments {
    /// Moments of finite values; the mean of none is NaN.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        let n = values.len();
        let first = sum(values.iter().copied()) / n as f64;
        // The second pass removes what rounding left in the mean.
        let left = sum(values.iter().map(|v| v - first)) / n as f64;
        let squares =
            sum(values.iter().map(|v| (v - first) * (v - first))) - n as f64 * left * left;
        Self {
            n,
            mean: first + left,
            squares: squares.max(0.0),
        }
    }

    /// The values less their mean, to full precision: beside a large offset the mean itself is
    /// rounded, and the mean of the differences takes that out.
    #[must_use]
    pub fn deviations(&self, values: &[f64]) -> Vec<f64> {
        let mut out: Vec<f64> = values.iter().map(|v| v - self.mean).collect();
        let left = sum(out.iter().copied()) / self.n as f64;
        for v in &mut out {
            *v -= left;
        }
        out
    }

    /// Variance with divisor n.
    #[must_use]
    pub fn population_variance(&self) -> f64 {
        self.squares / self.n as f64
    }

    /// Variance with divisor n − 1.
    #[must_use]
    pub fn sample_variance(&self) -> f64 {
        self.squares / (self.n as f64 - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whole numbers beside 2^52, where neither their sum nor their mean is a double.
        #[test]
        fn moments_are_those_of_whole_numbers(
            above in prop::collection::vec(0i64..2_000, 7), offset in 0i64..1_000,
        ) {
            let offset = (1i64 << 52) + offset;
            let values: Vec<f64> = above.iter().map(|d| (offset + d) as f64).collect();
            let m = Moments::of(&values);
            let all: i64 = above.iter().sum();
            // The mean to the nearest whole number, which is the nearest double there.
            prop_assert_eq!(m.mean, (offset + (2 * all + 7).div_euclid(14)) as f64);
            let squares = above.iter().map(|d| 7 * d * d).sum::<i64>() - all * all;
            let squares = squares as f64 / 7.0;
            prop_assert!((m.squares - squares).abs() <= 1e-12 * squares, "{} {squares}", m.squares);
            let deviations = m.deviations(&values);
            for (got, d) in deviations.iter().zip(&above) {
                let want = (7 * d - all) as f64 / 7.0;
                prop_assert!((got - want).abs() < 1e-11, "{got} {want}");
            }
        }
    }

    #[test]
    fn a_large_offset_costs_no_digits() {
        let offset = 1e9;
        let values: Vec<f64> = [4.0, 7.0, 13.0, 16.0].iter().map(|v| v + offset).collect();
        let m = Moments::of(&values);
        assert_eq!(m.mean - offset, 10.0);
        assert_eq!((m.n, m.squares), (4, 90.0));
        assert_eq!((m.population_variance(), m.sample_variance()), (22.5, 30.0));
    }

    #[test]
    fn deviations_add_up_to_nothing_beside_an_offset() {
        let values: Vec<f64> = (0..7).map(|i| f64::from(i * i) + 1e9).collect();
        let deviations = Moments::of(&values).deviations(&values);
        assert_eq!(deviations.len(), 7);
        for (i, d) in (0..7).zip(deviations) {
            assert!((d - (f64::from(i * i) - 13.0)).abs() < 1e-14);
        }
    }

    #[test]
    fn small_terms_survive_large_ones() {
        assert_eq!(sum([1.0, 1e100, 1.0, -1e100]), 2.0);
    }
}
