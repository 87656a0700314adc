//! Shares of areas in random parts of a data set.

use rand::RngExt;

use crate::error::Result;
use crate::parallel::Workers;
use crate::random::stream;

/// Points looked at between two looks at the stop flag.
const LOOKED_AT: usize = 1 << 20;

/// For each area the interval of its share in parts of the points, drawn without replacement.
pub(super) fn intervals(
    counts: &[u64],
    part: u64,
    draws: usize,
    outside: usize,
    seed: u64,
    workers: &Workers,
) -> Result<(Vec<f64>, Vec<f64>)> {
    let total: u64 = counts.iter().sum();
    let drawn = workers.try_map(draws, |draw| {
        let mut random = stream(seed, draw as u64);
        let (mut needed, mut left, mut looked_at) = (part, total, 0);
        let mut kept = Vec::with_capacity(counts.len());
        for &count in counts {
            let mut of_area = 0u64;
            for _ in 0..count {
                looked_at += 1;
                if looked_at % LOOKED_AT == 0 {
                    workers.job().check()?;
                }
                // Each point is kept with the chance that the rest of the part still needs.
                if random.random_range(0..left) < needed {
                    needed -= 1;
                    of_area += 1;
                }
                left -= 1;
            }
            kept.push(of_area);
        }
        Ok(kept)
    })?;
    let interval = |area: usize| {
        let mut values: Vec<u64> = drawn.iter().map(|kept| kept[area]).collect();
        values.sort_unstable();
        let share = |n: u64| n as f64 / part as f64;
        (share(values[outside]), share(values[draws - 1 - outside]))
    };
    Ok((0..counts.len()).map(interval).unzip())
}
