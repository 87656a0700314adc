//! How well do expected numbers of incidents fit those that came?

use crate::stats::{normal_upper_tail, sum};

/// Scores added up over places; each is the better the smaller, but for the information.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Scores {
    /// Σ over incidents of ln(share of the forecast / share of the surface).
    pub(super) information: f64,
    /// Σ over places of −ln P(count).
    pub(super) log: f64,
    /// Σ over places of (P(any) − any)².
    pub(super) brier: f64,
    /// Σ over places and numbers k of (P(at most k) − at most k)².
    pub(super) ranked: f64,
}

impl Scores {
    /// Of Poisson counts with these means, a part of which is laid evenly over the surface: else one
    /// incident where none was thought possible would outweigh all others.
    pub(super) fn of(means: &[f64], km2: &[f64], counts: &[f64], even_part: f64) -> Self {
        let total = sum(means.iter().copied());
        let surface = sum(km2.iter().copied());
        let mut out = Self::default();
        for ((mean, km2), count) in means.iter().zip(km2).zip(counts) {
            let even = km2 / surface;
            let mean = (1.0 - even_part) * mean + even_part * total * even;
            if *count > 0.0 {
                let share = if total > 0.0 { mean / total } else { even };
                out.information += count * (share / even).ln();
            }
            out.log -= log_mass(*count, mean);
            let any = f64::from(u8::from(*count > 0.0));
            out.brier += (-(-mean).exp_m1() - any).powi(2);
            out.ranked += ranked(*count, mean);
        }
        out
    }
}

/// ln P(count) of a Poisson distribution.
fn log_mass(count: f64, mean: f64) -> f64 {
    if mean > 0.0 {
        count * mean.ln() - mean - libm::lgamma(count + 1.0)
    } else if count == 0.0 {
        0.0
    } else {
        f64::NEG_INFINITY
    }
}

/// The ranked probability score of a Poisson distribution.
fn ranked(count: f64, mean: f64) -> f64 {
    /// From here on the distribution is taken as normal, which changes the score by less than a
    /// ten-thousandth of its spread; sums of its masses would lose as much by rounding.
    const NORMAL: f64 = 1e8;
    if mean <= 0.0 {
        return count;
    }
    let spread = mean.sqrt();
    if mean > NORMAL {
        let z = (count - mean) / spread;
        let (above, below) = (normal_upper_tail(z), normal_upper_tail(-z));
        let density = (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
        let alike = 1.0 / std::f64::consts::PI.sqrt();
        return spread * (z * (below - above) + 2.0 * density - alike);
    }
    // Outside these numbers nothing is to be expected.
    let first = (mean - 12.0 * spread - 20.0).floor().max(0.0);
    let last = (mean + 12.0 * spread + 40.0).ceil();
    let mut score = (first - count).max(0.0) + (count - last).max(0.0);
    let (mut k, mut mass, mut below) = (first, log_mass(first, mean).exp(), 0.0);
    while k < last {
        below += mass;
        let reached = f64::from(u8::from(count <= k));
        score += (below - reached).powi(2);
        k += 1.0;
        mass *= mean / k;
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_by_hand() {
        // Poisson(1) and a count of 1: P(0) = e⁻¹; P(at most k) = e⁻¹ (1, 2, 2.5, 2.6667, …).
        let e = (-1.0f64).exp();
        let cdf = [
            1.0,
            2.0,
            2.5,
            8.0 / 3.0,
            65.0 / 24.0,
            163.0 / 60.0,
            1957.0 / 720.0,
        ];
        let mut want = e * e;
        want += cdf[1..].iter().map(|c| (c * e - 1.0).powi(2)).sum::<f64>();
        assert!(
            (ranked(1.0, 1.0) - want).abs() < 1e-9,
            "{}",
            ranked(1.0, 1.0)
        );
        assert!((log_mass(3.0, 2.0) - (8.0f64 / 6.0).ln() + 2.0).abs() < 1e-14);
        assert_eq!((ranked(4.0, 0.0), ranked(0.0, 0.0)), (4.0, 0.0));
        assert_eq!(log_mass(1.0, 0.0), f64::NEG_INFINITY);
        // Far beyond all that is expected, and where the distribution passes for normal.
        assert!((ranked(1e15, 3.0) - (1e15 - 3.0 - 0.9)).abs() < 1.0);
        for count in [9.9e7, 1e8, 1.000_2e8] {
            let both = [99_999_999.0, 100_000_001.0].map(|mean| ranked(count, mean));
            assert!((both[0] - both[1]).abs() < 3.0, "{both:?}");
        }
        // From far above the first number with any mass: almost the distance.
        assert!((ranked(0.0, 1e4) - 1e4 + (1e4 / std::f64::consts::PI).sqrt()).abs() < 0.1);
        // Two places of one surface, three quarters of the forecast in the first: 2 and 1 came.
        let scores = Scores::of(&[3.0, 1.0], &[0.5, 0.5], &[2.0, 1.0], 0.0);
        let information = 2.0 * 1.5f64.ln() + 0.5f64.ln();
        assert!((scores.information - information).abs() < 1e-14);
        // Some came to both, which was expected with 1 − e⁻³ and 1 − e⁻¹.
        assert!((scores.brier - (-6f64).exp() - (-2f64).exp()).abs() < 1e-14);
        let nothing = Scores::of(&[0.0, 1.0], &[0.5, 0.5], &[0.0, 0.0], 0.0);
        assert_eq!((nothing.information, nothing.log), (0.0, 1.0));
        assert!((nothing.brier - (1.0 - (-1f64).exp()).powi(2)).abs() < 1e-14);
        let none = Scores::of(&[0.0, 1.0], &[0.5, 0.5], &[1.0, 0.0], 0.0);
        assert!(none.information == f64::NEG_INFINITY && none.log == f64::INFINITY);
        let mixed = Scores::of(&[0.0, 1.0], &[0.5, 0.5], &[1.0, 0.0], 0.01);
        assert!((mixed.information - 0.01f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn no_other_mean_scores_better_than_the_true_one() {
        let expected = |score: &dyn Fn(f64, f64) -> f64, mean: f64| {
            let truth = 2.3;
            (0..60)
                .map(|k| log_mass(f64::from(k), truth).exp() * score(f64::from(k), mean))
                .sum::<f64>()
        };
        for score in [&ranked as &dyn Fn(f64, f64) -> f64, &|c, m| -log_mass(c, m)] {
            let best = expected(score, 2.3);
            for other in [0.5, 2.0, 2.2, 2.4, 3.0, 9.0] {
                assert!(expected(score, other) > best);
            }
        }
    }
}
