//! Moran's I of a whole map.

use super::defined::Defined;
use crate::error::{Error, Result};
use crate::parallel::Workers;
use crate::random::stream;
use crate::stats::{Moments, normal_upper_tail};
use crate::weights::Weights;

/// Moran's I: do like values lie together on the whole map?
///
/// With `z = x − x̄` and weights w without the unit itself,
/// `I = (n / Σ w_ij) · Σ_ij w_ij z_i z_j / Σ_i z_i²`; its expectation without clustering is
/// `−1/(n − 1)`. The p-value comes from `replicates` permutations of all values over all units,
/// two-sided as twice the smaller tail; beside it stands z from the moments under randomisation.
///
/// Source: Moran 1950, Biometrika 37:17, doi:10.2307/2332142; moments: Cliff & Ord 1981, Spatial
/// Processes, p. 21.
///
/// ```
/// use brandpunt::methods::local::Moran;
/// use brandpunt::weights::Weights;
///
/// # fn main() -> brandpunt::Result<()> {
/// let row = Weights::from_neighbours(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]])?;
/// let moran = Moran::new().run(&[1.0, 2.0, 3.0, 4.0], &row)?;
/// assert!(moran.statistic > 0.3 && (moran.expected + 1.0 / 3.0).abs() < 1e-15);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Moran {
    replicates: usize,
    seed: u64,
}

/// Moran's I with its inference; NaN where it is not defined.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct MoranResult {
    /// I.
    pub statistic: f64,
    /// Its expectation without clustering.
    pub expected: f64,
    /// Standardised by its moments under randomisation.
    pub z: f64,
    /// Two-sided normal p-value of z.
    pub p_normal: f64,
    /// Two-sided p-value by permutation.
    pub p: f64,
}

impl Default for Moran {
    fn default() -> Self {
        Self {
            replicates: 9_999,
            seed: 0,
        }
    }
}

impl Moran {
    /// 9,999 permutations.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the number of permutations.
    #[must_use]
    pub fn replicates(mut self, replicates: usize) -> Self {
        self.replicates = replicates;
        self
    }

    /// Sets the seed of the permutations.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, values: &[f64], weights: &Weights) -> Result<MoranResult> {
        self.run_with(values, weights, &Workers::new(0)?)
    }

    /// Runs on the given threads; NaN is a missing value and leaves the map.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`](crate::Fault::LengthMismatch),
    /// [`Fault::NonFinite`](crate::Fault::NonFinite), [`Error::Cancelled`].
    pub fn run_with(
        &self,
        values: &[f64],
        weights: &Weights,
        workers: &Workers,
    ) -> Result<MoranResult> {
        if self.replicates == 0 {
            return Err(Error::parameter("permutations", 0, "at least 1"));
        }
        let defined = Defined::of(values, weights)?;
        let n = defined.values.len();
        let w = &defined.weights;
        let moments = Moments::of(&defined.values);
        let z: Vec<f64> = defined.values.iter().map(|v| v - moments.mean).collect();
        let pairs: Vec<(u32, u32, f64)> = (0..n)
            .flat_map(|i| {
                let around = w.neighbours(i).iter().zip(w.weights(i));
                around
                    .filter(move |(j, _)| **j as usize != i)
                    .map(move |(&j, v)| (i as u32, j, v))
            })
            .collect();
        let total: f64 = pairs.iter().map(|p| p.2).sum();
        if n < 4 || total == 0.0 || moments.squares == 0.0 {
            let nan = f64::NAN;
            return Ok(MoranResult {
                statistic: nan,
                expected: nan,
                z: nan,
                p_normal: nan,
                p: nan,
            });
        }
        let scale = n as f64 / (total * moments.squares);
        let statistic = scale
            * pairs
                .iter()
                .map(|&(i, j, v)| v * z[i as usize] * z[j as usize])
                .sum::<f64>();
        let expected = -1.0 / (n as f64 - 1.0);
        let variance = randomisation_variance(&z, &pairs, total, moments.squares);
        let score = (statistic - expected) / variance.sqrt();
        let tie = 1e-12 * statistic.abs().max(1.0);
        let parts = workers.map_ranges(self.replicates, 64, |range| {
            let mut shuffled = z.clone();
            let (mut less, mut greater) = (0u64, 0u64);
            for replicate in range {
                shuffled.copy_from_slice(&z);
                shuffle(&mut shuffled, self.seed, replicate as u64);
                let sum: f64 = pairs
                    .iter()
                    .map(|&(i, j, v)| v * shuffled[i as usize] * shuffled[j as usize])
                    .sum();
                less += u64::from(scale * sum <= statistic + tie);
                greater += u64::from(scale * sum >= statistic - tie);
            }
            (less, greater)
        })?;
        let (less, greater) = parts
            .into_iter()
            .fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        let p = 2.0 * (less.min(greater) as f64 + 1.0) / (self.replicates as f64 + 1.0);
        Ok(MoranResult {
            statistic,
            expected,
            z: score,
            p_normal: (2.0 * normal_upper_tail(score.abs())).min(1.0),
            p: p.min(1.0),
        })
    }
}

fn shuffle(values: &mut [f64], seed: u64, replicate: u64) {
    use rand::RngExt;
    let mut random = stream(seed, replicate);
    for i in (1..values.len()).rev() {
        values.swap(i, random.random_range(0..=i));
    }
}

/// Variance of I when the values are dealt out at random (Cliff & Ord 1981).
fn randomisation_variance(z: &[f64], pairs: &[(u32, u32, f64)], total: f64, squares: f64) -> f64 {
    let n = z.len() as f64;
    let weight: std::collections::BTreeMap<(u32, u32), f64> =
        pairs.iter().map(|&(i, j, v)| ((i, j), v)).collect();
    let s1: f64 = 0.5
        * pairs
            .iter()
            .map(|&(i, j, v)| match weight.get(&(j, i)) {
                // Each unordered pair is met twice when both directions are stored.
                Some(back) => (v + back) * (v + back),
                None => 2.0 * v * v,
            })
            .sum::<f64>();
    let mut around = vec![0.0; z.len()];
    for &(i, j, v) in pairs {
        around[i as usize] += v;
        around[j as usize] += v;
    }
    let s2: f64 = around.iter().map(|v| v * v).sum();
    let kurtosis = n * z.iter().map(|v| v.powi(4)).sum::<f64>() / (squares * squares);
    let first = n * ((n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * total * total);
    let second = kurtosis * ((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * total * total);
    (first - second) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * total * total)
        - 1.0 / ((n - 1.0) * (n - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I and its variance by the definition: the mean and variance over all 120 permutations.
    #[test]
    fn moments_equal_full_enumeration() {
        let lists = vec![vec![1, 2], vec![0], vec![0, 3], vec![2, 4], vec![3]];
        let w = Weights::from_neighbours(lists).unwrap().row_standardise();
        let x = [3.0, 1.0, 4.0, 1.5, 9.0];
        let run = |x: &[f64]| Moran::new().replicates(9).run(x, &w).unwrap();
        let mut all = Vec::new();
        let mut order = [0, 1, 2, 3, 4];
        permute(&mut order, 0, &mut |o| {
            all.push(run(&o.map(|i| x[i])).statistic);
        });
        assert_eq!(all.len(), 120);
        let moments = Moments::of(&all);
        let got = run(&x);
        assert!((moments.mean - got.expected).abs() < 1e-12);
        let z = (got.statistic - moments.mean) / moments.population_variance().sqrt();
        assert!((got.z - z).abs() < 1e-10, "{} {z}", got.z);
    }

    fn permute(order: &mut [usize; 5], from: usize, visit: &mut impl FnMut([usize; 5])) {
        if from == order.len() {
            visit(*order);
            return;
        }
        for i in from..order.len() {
            order.swap(from, i);
            permute(order, from + 1, visit);
            order.swap(from, i);
        }
    }
}
