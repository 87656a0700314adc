//! Rising and falling pairs of a series, and how many would come about by chance.

use crate::error::{Error, Result};

/// The longest series whose orders can be counted in 128 bits: 34! < 2¹²⁸ < 35!.
const MOST_COUNTED: usize = 34;

/// What all pairs of a series say together.
pub(super) struct Concordance {
    n: usize,
    /// Rising minus falling pairs.
    pub(super) s: f64,
    /// Sizes of the groups of equal values, ones included.
    groups: Vec<usize>,
}

impl Concordance {
    /// Of values with their steps, in order of steps.
    pub(super) fn of(known: &[(usize, f64)]) -> Self {
        let mut s = 0i64;
        for (i, (_, earlier)) in known.iter().enumerate() {
            for (_, later) in &known[i + 1..] {
                s += i64::from(later > earlier) - i64::from(later < earlier);
            }
        }
        let mut sorted: Vec<f64> = known.iter().map(|k| k.1).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let groups = sorted.chunk_by(|a, b| a == b).map(<[f64]>::len).collect();
        Self {
            n: known.len(),
            s: s as f64,
            groups,
        }
    }

    /// Whether any two values are equal.
    pub(super) fn tied(&self) -> bool {
        self.groups.len() < self.n
    }

    /// Whether all values are equal.
    pub(super) fn constant(&self) -> bool {
        self.groups.len() <= 1
    }

    /// Variance of S over all orders of the values.
    pub(super) fn variance(&self) -> f64 {
        let term = |t: usize| {
            let t = t as f64;
            t * (t - 1.0) * (2.0 * t + 5.0)
        };
        (term(self.n) - self.groups.iter().map(|&t| term(t)).sum::<f64>()) / 18.0
    }

    /// S as a share of the greatest it could be; NaN where that is zero.
    pub(super) fn tau_b(&self) -> f64 {
        let pairs = |t: usize| (t * t.saturating_sub(1) / 2) as f64;
        let tied: f64 = self.groups.iter().map(|&t| pairs(t)).sum();
        let all = pairs(self.n);
        if self.constant() {
            f64::NAN
        } else {
            self.s / (all * (all - tied)).sqrt()
        }
    }

    /// P(S at most as large) and P(S at least as large) over all orders of the values.
    ///
    /// With D falling pairs of the P pairs that are not tied, S = P − 2D. The number of orders
    /// with D falling pairs is the coefficient of `q^D` in the q-multinomial
    /// `[n]! / Π [t]!`, where `[m]! = Π (1 + q + … + q^(k−1))` over k = 1 … m.
    pub(super) fn exact_tails(&self) -> Result<(f64, f64)> {
        if self.n > MOST_COUNTED {
            return Err(Error::parameter(
                "null",
                format!("exact for {} values", self.n),
                format!("normal for more than {MOST_COUNTED} values"),
            ));
        }
        let mut orders = vec![1u128];
        for factor in 2..=self.n {
            multiply(&mut orders, factor);
        }
        for &group in &self.groups {
            for factor in 2..=group {
                divide(&mut orders, factor);
            }
        }
        let all = orders.iter().sum::<u128>() as f64;
        // The degree is the number of pairs that are not tied.
        let observed = ((orders.len() as i64 - 1 - self.s as i64) / 2) as usize;
        let greater = orders[..=observed].iter().sum::<u128>() as f64 / all;
        let less = orders[observed..].iter().sum::<u128>() as f64 / all;
        Ok((less, greater))
    }
}

/// Times `1 + q + … + q^(factor−1)`.
fn multiply(polynomial: &mut Vec<u128>, factor: usize) {
    let old = polynomial.clone();
    let degree = old.len() + factor - 2;
    *polynomial = (0..=degree)
        .map(|k| {
            let from = (k + 1).saturating_sub(factor);
            old[from.min(old.len())..(k + 1).min(old.len())]
                .iter()
                .sum()
        })
        .collect();
}

/// Divided by `1 + q + … + q^(factor−1)`, which must be a divisor.
fn divide(polynomial: &mut Vec<u128>, factor: usize) {
    let degree = polynomial.len() - factor;
    for k in 1..=degree {
        let from = (k + 1).saturating_sub(factor);
        let before: u128 = polynomial[from..k].iter().sum();
        polynomial[k] -= before;
    }
    polynomial.truncate(degree + 1);
}
