//! Does the time between successive reports get shorter?

use std::ops::AddAssign;

use crate::stats::normal_tails;

/// Series up to this length are compared with every order of their gaps; the number of orders of
/// 30 gaps still fits 128 bits, and beyond it a normal distribution is very close.
const MOST_EXACT: usize = 30;

/// Distributions added up to more than so many values are normal to any number of digits that
/// matters.
const MOST_VALUES: usize = 4_096;

/// A score of gaps with its distribution when every order of the gaps is as likely.
///
/// The score is that of Mann and Kendall, pairs with the later gap longer less pairs with the later
/// gap shorter. Scores and their distributions of several addresses add up.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shortening {
    pub(super) score: i64,
    /// How many gaps there are.
    pub(super) gaps: usize,
    variance: f64,
    /// Pairs that are not tied.
    pairs: u64,
    /// Probability of each number of pairs with the later gap shorter; none when it would take too
    /// long.
    shorter: Option<Vec<f64>>,
}

impl Shortening {
    /// Nothing yet.
    pub(super) fn none() -> Self {
        Self {
            score: 0,
            gaps: 0,
            variance: 0.0,
            pairs: 0,
            shorter: Some(vec![1.0]),
        }
    }

    /// Of gaps in their order.
    pub(super) fn of(gaps: &[i64]) -> Self {
        let mut sorted = gaps.to_vec();
        sorted.sort_unstable();
        let ties: Vec<usize> = sorted.chunk_by(|a, b| a == b).map(<[i64]>::len).collect();
        sorted.dedup();
        let spread = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
        let tied: f64 = ties.iter().map(|t| spread(*t as f64)).sum();
        let in_pairs = |n: usize| (n as u64) * (n as u64).saturating_sub(1) / 2;
        Self {
            score: score(gaps, &sorted),
            gaps: gaps.len(),
            variance: (spread(gaps.len() as f64) - tied) / 18.0,
            pairs: in_pairs(gaps.len()) - ties.iter().map(|t| in_pairs(*t)).sum::<u64>(),
            shorter: (gaps.len() <= MOST_EXACT).then(|| orders(gaps.len(), &ties)),
        }
    }

    /// Chance of a score at most, and at least, as large.
    pub(super) fn tails(&self) -> (f64, f64) {
        if self.variance == 0.0 {
            return (1.0, 1.0);
        }
        let Some(shorter) = &self.shorter else {
            // The correction for a score that is whole, on the side of either tail.
            let sd = self.variance.sqrt();
            let score = self.score as f64;
            return (
                normal_tails((score + 1.0) / sd).0,
                normal_tails((score - 1.0) / sd).1,
            );
        };
        let seen = ((self.pairs as i64 - self.score) / 2) as usize;
        let low: f64 = shorter[seen..].iter().rev().sum();
        let high: f64 = shorter[..=seen].iter().sum();
        (low.min(1.0), high.min(1.0))
    }

    /// Whether all orders of the gaps were counted.
    pub(super) fn exact(&self) -> bool {
        self.shorter.is_some()
    }
}

impl AddAssign<&Self> for Shortening {
    fn add_assign(&mut self, other: &Self) {
        self.score += other.score;
        self.gaps += other.gaps;
        self.variance += other.variance;
        self.pairs += other.pairs;
        self.shorter = match (self.shorter.take(), &other.shorter) {
            (Some(a), Some(b)) if a.len() + b.len() <= MOST_VALUES => Some(convolved(&a, b)),
            _ => None,
        };
    }
}

fn convolved(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        for (slot, y) in out[i..].iter_mut().zip(b) {
            *slot += x * y;
        }
    }
    out
}

/// Pairs with the later gap longer less pairs with the later gap shorter, by a binary indexed tree
/// over the different gaps.
fn score(gaps: &[i64], different: &[i64]) -> i64 {
    let mut tree = vec![0i64; different.len() + 1];
    // How many gaps so far are among the `end` shortest kinds.
    let among = |tree: &[i64], mut end: usize| {
        let mut found = 0;
        while end > 0 {
            found += tree[end];
            end &= end - 1;
        }
        found
    };
    let mut score = 0;
    for (seen, gap) in (0i64..).zip(gaps) {
        let kind = different.partition_point(|d| d < gap);
        score += among(&tree, kind) - (seen - among(&tree, kind + 1));
        let mut slot = kind + 1;
        while slot < tree.len() {
            tree[slot] += 1;
            slot += slot & slot.wrapping_neg();
        }
    }
    score
}

/// Probability of each number of pairs out of order among all orders of `n` gaps with ties.
///
/// Their generating function is `[n]! / Π [t]!`, with `[n]! = Π_j (1 + q + … + q^(j−1))`; every
/// division leaves whole numbers.
fn orders(n: usize, ties: &[usize]) -> Vec<f64> {
    let mut ways = vec![1u128];
    for j in 2..=n {
        let mut longer = vec![0u128; ways.len() + j - 1];
        for (i, way) in ways.iter().enumerate() {
            for slot in &mut longer[i..i + j] {
                *slot += way;
            }
        }
        ways = longer;
    }
    for j in ties.iter().flat_map(|t| 2..=*t) {
        let length = ways.len() + 1 - j;
        for i in 0..length {
            let taken: u128 = ways[i.saturating_sub(j - 1)..i].iter().sum();
            ways[i] -= taken;
        }
        ways.truncate(length);
    }
    let all: u128 = ways.iter().sum();
    ways.iter().map(|way| *way as f64 / all as f64).collect()
}

#[cfg(test)]
mod tests;
