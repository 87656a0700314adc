//! Who is linked with whom, in either direction.

use crate::stats::sum;
use crate::weights::Weights;

/// The links between units, each once, and the sums over them that moments are made of.
///
/// Statistics that multiply or compare two units do not mind in which direction a weight goes, so
/// `w_ij + w_ji` is all they need.
pub(super) struct Links {
    /// Two units, the lower number first, and `w_ij + w_ji`; ascending.
    pairs: Vec<(u32, u32, f64)>,
    /// For each unit, the sum over its links: `w_i. + w_.i`.
    pub(super) around: Vec<f64>,
    /// S0: the sum of all weights.
    pub(super) s0: f64,
    /// S1: half the sum of `(w_ij + w_ji)²` over all ordered pairs.
    pub(super) s1: f64,
    /// S2: the sum of `(w_i. + w_.i)²`.
    pub(super) s2: f64,
}

impl Links {
    /// The links of weights; a unit's weight on itself is none.
    pub(super) fn of(weights: &Weights) -> Self {
        let mut directed = Vec::with_capacity(weights.pairs());
        for (i, unit) in (0u32..).zip(0..weights.n()) {
            for (&j, w) in weights.neighbours(unit).iter().zip(weights.weights(unit)) {
                if i != j {
                    directed.push((i.min(j), i.max(j), w));
                }
            }
        }
        directed.sort_unstable_by_key(|&(i, j, _)| (i, j));
        let pairs: Vec<(u32, u32, f64)> = directed
            .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
            .map(|both| (both[0].0, both[0].1, both.iter().map(|l| l.2).sum()))
            .collect();
        let mut around = vec![0.0; weights.n()];
        for &(i, j, w) in &pairs {
            around[i as usize] += w;
            around[j as usize] += w;
        }
        Self {
            s0: sum(pairs.iter().map(|l| l.2)),
            s1: sum(pairs.iter().map(|l| l.2 * l.2)),
            s2: sum(around.iter().map(|w| w * w)),
            pairs,
            around,
        }
    }

    /// `Σ_ij w_ij z_i z_j`.
    pub(super) fn products(&self, z: &[f64]) -> f64 {
        let each = self.pairs.iter();
        each.map(|&(i, j, w)| w * z[i as usize] * z[j as usize])
            .sum()
    }

    /// `Σ_ij w_ij (z_i − z_j)²`.
    pub(super) fn squared_differences(&self, z: &[f64]) -> f64 {
        let each = self.pairs.iter();
        each.map(|&(i, j, w)| {
            let apart = z[i as usize] - z[j as usize];
            w * apart * apart
        })
        .sum()
    }

    /// What neither sum can exceed, per unit of `Σ z_i²`.
    pub(super) fn reach(&self) -> f64 {
        2.0 * self.around.iter().copied().fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_their_definitions() {
        // One link both ways, one in one direction, one of a unit with itself.
        let w = Weights::from_csr(&[0, 2, 3, 4], &[0, 1, 0, 1], &[9.0, 2.0, 3.0, 0.5]).unwrap();
        let links = Links::of(&w);
        assert_eq!(links.pairs, [(0, 1, 5.0), (1, 2, 0.5)]);
        assert_eq!(links.s0, 5.5);
        assert_eq!(links.s1, 0.5 * 2.0 * (25.0 + 0.25));
        assert_eq!(links.s2, 25.0 + 5.5 * 5.5 + 0.25);
        let z = [1.0, -2.0, 4.0];
        assert_eq!(links.products(&z), 5.0 * -2.0 + 0.5 * -8.0);
        assert_eq!(links.squared_differences(&z), 5.0 * 9.0 + 0.5 * 36.0);
        // Two units with 9 on their link: what they can differ by at most, and do if they are opposite.
        let w = Weights::from_csr(&[0, 1, 2], &[1, 0], &[5.0, 4.0]).unwrap();
        let links = Links::of(&w);
        assert_eq!(links.reach() * 2.0, links.squared_differences(&[1.0, -1.0]));
    }
}
