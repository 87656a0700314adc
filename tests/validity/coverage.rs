//! Do intervals hold the true value as often as they say?

use brandpunt::stats::{binomial_interval, byar_interval, e_test, garwood_interval, poisson_tails};

use crate::changes;
use crate::table::Row;

/// Least coverage over many true means, summed over all counts that can come about; only where a
/// variance is estimated is anything simulated.
pub(crate) fn rows(maps: usize) -> Vec<Row> {
    let means: Vec<f64> = (0..400).map(|i| 0.05 * 1.0203_f64.powi(i)).collect();
    assert!(means[399] > 150.0);
    let least = |interval: &dyn Fn(u64) -> (f64, f64)| {
        let coverage = means.iter().map(|&mean| {
            let mass = |k: u64| {
                let above = if k == 0 {
                    0.0
                } else {
                    poisson_tails(k - 1, mean).0
                };
                poisson_tails(k, mean).0 - above
            };
            let held = (0..400u64).filter(|&k| {
                let (low, high) = interval(k);
                low <= mean && mean <= high
            });
            held.map(mass).sum::<f64>()
        });
        coverage.fold(f64::INFINITY, f64::min)
    };
    let garwood: Vec<(f64, f64)> = (0..400).map(|k| garwood_interval(k, 0.95)).collect();
    let byar: Vec<(f64, f64)> = (0..400).map(|k| byar_interval(k, 0.95)).collect();
    let mut rows = vec![
        Row::at_least(
            "rate, exact, means 0.05 to 150",
            least(&|k| garwood[k as usize]),
            0.95,
        ),
        // Byar's is an approximation: it may fall short by the rounding of its formula.
        Row::at_least(
            "rate, Byar, means 0.05 to 150",
            least(&|k| byar[k as usize]),
            0.949,
        ),
        Row::at_least(
            "ratio of two counts, exact, shares 0.01 to 0.99",
            ratio(),
            0.95,
        ),
        // The E-test does not hold its level exactly: 0.058 where exposures differ fourfold.
        Row::at_most(
            "E-test, chance of p of at most 0.05 where nothing changed, means 0.05 to 30",
            e_test_size(),
            0.06,
        ),
    ];
    rows.extend(changes::rows(maps));
    rows
}

/// Means of two counts, and how much more exposed the first is than the second.
const PAIRS: [(f64, f64); 4] = [(1.0, 1.0), (1.0, 1.1), (1.0, 3.0), (4.0, 1.0)];

fn pairs() -> impl Iterator<Item = (f64, f64)> {
    let means = [0.05, 0.3, 1.0, 2.5, 6.0, 15.0, 30.0];
    means
        .into_iter()
        .flat_map(|mean| PAIRS.map(|(n1, n2)| (mean * n1, mean * n2)))
}

fn mass(k: u64, mean: f64) -> f64 {
    (1..=k).fold((-mean).exp(), |mass, j| mass * mean / j as f64)
}

/// The counts of a mean that matter.
fn counts(mean: f64) -> std::ops::Range<u64> {
    0..(mean + 8.0 * mean.sqrt() + 12.0) as u64
}

/// Greatest chance of a p-value of at most 0.05 when both rates are equal.
fn e_test_size() -> f64 {
    let size = |(mean1, mean2): (f64, f64)| {
        let mut rejected = 0.0;
        for a in counts(mean1) {
            for b in counts(mean2) {
                if e_test((a, mean1), (b, mean2)) <= 0.05 {
                    rejected += mass(a, mean1) * mass(b, mean2);
                }
            }
        }
        rejected
    };
    pairs().map(size).fold(0.0, f64::max)
}

/// Given the total of two counts, the first is binomial with a share that the ratio of rates sets.
fn ratio() -> f64 {
    let mut least = f64::INFINITY;
    for total in [1u64, 2, 5, 20, 145] {
        let intervals: Vec<(f64, f64)> = (0..=total)
            .map(|k| binomial_interval(k, total, 0.95))
            .collect();
        for share in (1..100).map(|i| f64::from(i) / 100.0) {
            let mut mass = (1.0 - share).powi(total as i32);
            let mut covered = 0.0;
            for k in 0..=total {
                let (low, high) = intervals[k as usize];
                if low <= share && share <= high {
                    covered += mass;
                }
                mass *= (total - k) as f64 / (k + 1) as f64 * share / (1.0 - share);
            }
            least = least.min(covered);
        }
    }
    least
}
