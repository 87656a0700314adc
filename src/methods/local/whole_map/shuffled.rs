//! All values dealt out anew over all units.

use rand::RngExt;

use crate::error::Result;
use crate::memory::afford_replicates;
use crate::methods::local::drawn::Tails;
use crate::parallel::Workers;
use crate::random::stream;
use crate::stats::shares;

/// The tails of `statistic` at its observed value among `replicates` shuffles of the values; NaN
/// without any replicate. Sums that differ by `tie` or less are equal.
pub(super) fn shuffled(
    values: &[f64],
    statistic: impl Fn(&[f64]) -> f64 + Sync + Send,
    tie: f64,
    replicates: usize,
    seed: u64,
    workers: &Workers,
) -> Result<Tails> {
    const TOGETHER: usize = 64;
    if replicates == 0 {
        return Ok(Tails::default());
    }
    afford_replicates("permutations", replicates, 0)?;
    let observed = statistic(values);
    let parts = workers.map_ranges(replicates, TOGETHER, |range| {
        let mut dealt = values.to_vec();
        let (mut less, mut greater) = (0u64, 0u64);
        for replicate in range {
            dealt.copy_from_slice(values);
            let mut random = stream(seed, replicate as u64);
            for i in (1..dealt.len()).rev() {
                dealt.swap(i, random.random_range(0..=i));
            }
            let simulated = statistic(&dealt);
            less += u64::from(simulated <= observed + tie);
            greater += u64::from(simulated >= observed - tie);
        }
        (less, greater)
    })?;
    let (less, greater) = parts
        .into_iter()
        .fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    Ok(shares(less, greater, replicates).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_those_of_all_orders_and_of_any_number_of_threads() {
        // The first of four different values is the greatest in one order out of four.
        let run = |threads| {
            let workers = Workers::new(threads).unwrap();
            shuffled(&[4.0, 1.0, 2.0, 3.0], |v| v[0], 1e-9, 19_999, 3, &workers).unwrap()
        };
        let tails = run(1);
        assert!((tails.greater - 0.25).abs() < 0.015, "{tails:?}");
        assert_eq!(tails.less, 1.0);
        assert!([2, 3, 7].into_iter().all(|t| run(t) == tails));
    }

    #[test]
    fn without_replicates_nothing_is_known() {
        let workers = Workers::new(1).unwrap();
        let tails = shuffled(&[1.0, 2.0], |v| v[0], 0.0, 0, 0, &workers).unwrap();
        assert!(tails.less.is_nan() && tails.greater.is_nan());
    }
}
