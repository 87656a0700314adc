//! A figure of a forecast beside that of the plain count.

/// A measure of two forecasts over the same periods, each with an interval, and their difference.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Compared {
    /// Of the forecast.
    pub value: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// Of the baseline.
    pub baseline: f64,
    /// Lower end of its interval.
    pub baseline_low: f64,
    /// Upper end of its interval.
    pub baseline_high: f64,
    /// Forecast less baseline.
    pub difference: f64,
    /// Lower end of the interval of the difference.
    pub difference_low: f64,
    /// Upper end of the interval of the difference.
    pub difference_high: f64,
}

impl Compared {
    /// From the figures of all periods, and those of each draw of periods.
    pub(super) fn of(figures: (f64, f64), drawn: &[(f64, f64)], level: f64) -> Self {
        let interval = |of: fn(&(f64, f64)) -> f64| {
            let values: Vec<f64> = drawn.iter().map(of).collect();
            middle(values, level)
        };
        let (low, high) = interval(|d| d.0);
        let (baseline_low, baseline_high) = interval(|d| d.1);
        let (difference_low, difference_high) = interval(|d| d.0 - d.1);
        Self {
            value: figures.0,
            low,
            high,
            baseline: figures.1,
            baseline_low,
            baseline_high,
            difference: figures.0 - figures.1,
            difference_low,
            difference_high,
        }
    }

    /// The same in another unit.
    #[must_use]
    pub(super) fn times(self, factor: f64) -> Self {
        Self {
            value: self.value * factor,
            low: self.low * factor,
            high: self.high * factor,
            baseline: self.baseline * factor,
            baseline_low: self.baseline_low * factor,
            baseline_high: self.baseline_high * factor,
            difference: self.difference * factor,
            difference_low: self.difference_low * factor,
            difference_high: self.difference_high * factor,
        }
    }
}

/// The interval that holds the middle part of some draws; NaN without draws, or where one is.
fn middle(mut values: Vec<f64>, level: f64) -> (f64, f64) {
    if values.is_empty() || values.iter().any(|v| v.is_nan()) {
        return (f64::NAN, f64::NAN);
    }
    values.sort_by(f64::total_cmp);
    let n = values.len();
    let outside = (0.5 * (1.0 - level) * (n + 1) as f64 + 1e-9).floor() as usize;
    let outside = outside.clamp(1, n.div_ceil(2));
    (values[outside - 1], values[n - outside])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_leave_equal_parts_on_both_sides() {
        let drawn: Vec<(f64, f64)> = (1..=199).rev().map(|k| (f64::from(k), 3.0)).collect();
        let found = Compared::of((100.0, 3.0), &drawn, 0.9);
        // Of 200 gaps between 199 draws ten lie on either side.
        assert_eq!((found.low, found.high), (10.0, 190.0));
        assert_eq!((found.difference_low, found.difference_high), (7.0, 187.0));
        assert_eq!((found.baseline_low, found.baseline_high), (3.0, 3.0));
        let doubled: Vec<_> = drawn.iter().map(|d| (2.0 * d.0, 2.0 * d.1)).collect();
        assert_eq!(found.times(2.0), Compared::of((200.0, 6.0), &doubled, 0.9));
        assert!(Compared::of((1.0, 1.0), &[], 0.9).low.is_nan());
        assert!(
            Compared::of((1.0, 1.0), &[(f64::NAN, 1.0)], 0.9)
                .low
                .is_nan()
        );
    }
}
