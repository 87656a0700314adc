//! Periods drawn anew in runs, so that what lasts longer than one stays together.

use rand::RngExt;

use crate::random::stream;

/// Positions of `n` periods drawn with replacement in runs of a mean length, around the end: the
/// stationary bootstrap.
///
/// Source: Politis & Romano 1994, Journal of the American Statistical Association 89:1303,
/// doi:10.1080/01621459.1994.10476870.
pub(super) fn drawn_periods(n: usize, run: f64, seed: u64, draw: usize) -> Vec<usize> {
    let mut random = stream(seed, draw as u64);
    let mut at = 0;
    (0..n)
        .map(|k| {
            at = if k == 0 || random.random::<f64>() * run < 1.0 {
                random.random_range(0..n)
            } else {
                (at + 1) % n
            };
            at
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_have_their_mean_length_and_periods_are_alike() {
        let (n, run) = (50, 4.0);
        let mut seen = vec![0u32; n];
        let mut breaks = 0;
        let draws = 2_000;
        for draw in 0..draws {
            let drawn = drawn_periods(n, run, 7, draw);
            assert_eq!(drawn, drawn_periods(n, run, 7, draw));
            breaks += drawn.windows(2).filter(|w| w[1] != (w[0] + 1) % n).count();
            for d in drawn {
                seen[d] += 1;
            }
        }
        // A new run may by chance begin where the last one would have gone on.
        let expected = draws as f64 * (n - 1) as f64 / run * (1.0 - 1.0 / n as f64);
        assert!(
            (breaks as f64 / expected - 1.0).abs() < 0.03,
            "{breaks} {expected}"
        );
        assert!(seen.iter().all(|s| (1_500..2_500).contains(s)), "{seen:?}");
    }
}
