//! A change of counts that come in series.

use crate::stats::{
    fractional_binomial_interval, fractional_binomial_tails, normal_quantile, normal_upper_tail,
    student_quantile, student_tails,
};

/// Least p-value that is carried over to Student's t; the normal quantile of less is not needed.
const LEAST: f64 = 1e-300;

/// Counts whose variance is `ratio` times their mean, where the ratio is known as well as `freedom`
/// degrees of freedom allow; infinite for a ratio that is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Series {
    pub(super) ratio: f64,
    pub(super) freedom: f64,
}

impl Series {
    /// Low and high share of the incidents that fell now, and the two-sided p-value that the share
    /// is `expected`.
    pub(super) fn compare(self, now: u64, then: u64, expected: f64, level: f64) -> (f64, f64, f64) {
        let (k, n) = (now as f64 / self.ratio, (now + then) as f64 / self.ratio);
        let (low, high) = fractional_binomial_interval(k, n, self.wider(level));
        let (less, greater) = fractional_binomial_tails(k, n, expected);
        (low, high, self.larger((2.0 * less.min(greater)).min(1.0)))
    }

    /// The level at which a normal interval is as wide as one of Student's t at `level`.
    fn wider(self, level: f64) -> f64 {
        if self.freedom.is_infinite() {
            return level;
        }
        1.0 - 2.0 * normal_upper_tail(student_quantile(0.5 * (1.0 - level), self.freedom))
    }

    /// The p-value of Student's t where a normal one is p.
    fn larger(self, p: f64) -> f64 {
        if self.freedom.is_infinite() || p >= 1.0 {
            return p;
        }
        2.0 * student_tails(normal_quantile(0.5 * p.max(LEAST)), self.freedom).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_degrees_of_freedom_widen_as_students_t_does() {
        // For many incidents the log odds are nearly normal: its half width grows by 2.201/1.960,
        // the quantiles of t with 11 degrees of freedom and of the normal distribution.
        let log_odds = |share: f64| (share / (1.0 - share)).ln();
        let half = |freedom| {
            let series = Series {
                ratio: 3.0,
                freedom,
            };
            let (low, high, _) = series.compare(3_000_000, 3_000_000, 0.5, 0.95);
            0.5 * (log_odds(high) - log_odds(low))
        };
        let wider = half(11.0) / half(f64::INFINITY);
        assert!((wider - 2.200_985 / 1.959_964).abs() < 1e-3, "{wider}");
        assert!((half(1e5) / half(f64::INFINITY) - 1.0).abs() < 1e-4);
    }

    #[test]
    fn p_and_interval_agree() {
        for freedom in [3.0, 22.0, f64::INFINITY] {
            let series = Series {
                ratio: 2.5,
                freedom,
            };
            let (low, high, _) = series.compare(61, 84, 0.5, 0.95);
            for end in [low, high] {
                let (_, _, p) = series.compare(61, 84, end, 0.95);
                assert!((p - 0.05).abs() < 1e-7, "{freedom} {p}");
            }
            let (_, _, p) = series.compare(5_000, 0, 1e-3, 0.95);
            assert!((0.0..1e-3).contains(&p) && p.is_finite());
            assert_eq!(series.compare(50, 50, 0.5, 0.95).2, 1.0);
        }
    }
}
