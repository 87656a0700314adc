//! The exact distribution of a sum of values drawn without replacement.
//!
//! Hold one of n whole numbers out and draw k of the other n − 1 without replacement. With `m_v`
//! the number of units that have value v, the generating function of (number drawn, sum) is the
//! product over the distinct v of `Σ_r C(m_v, r) q^r (1 − q)^(m_v − r) z^r t^(rv)`; the binomial
//! form with q = k/(n − 1) keeps every coefficient a probability. Dividing the coefficient of
//! `z^k t^s` by that of `z^k` gives P(sum = s). All terms are positive, so no digit is lost, and
//! a start at 2^900 instead of 1 keeps tails of 1e-300 clear of the smallest numbers.
//!
//! The distribution depends only on k and on the value held out, so one small table per distinct
//! value serves a whole map. The tables of all values come out of one recursion: the product of
//! all factors but those of a half goes down to that half, until a single value is left, which
//! takes log₂(number of distinct values) times the work of one table instead of that number.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use rustc_hash::FxHashMap;

use super::saddle::binomial_mass;
use crate::error::Result;
use crate::parallel::Workers;

/// Coefficients start here instead of at one; see the module.
const UNIT: f64 = f64::from_bits((1023 + 900) << 52);

/// Lower and upper tail of a sum, each to full relative precision.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct SumTails {
    /// P(sum ≤ s).
    pub less: f64,
    /// P(sum ≥ s).
    pub greater: f64,
}

/// Exact conditional distributions of sums over `n` units with whole-number values.
///
/// *Question*: if the values were dealt out at random over the units, how often would the `k`
/// neighbours of a unit that keeps its own value hold a sum this large?
///
/// # Complexity
/// With D distinct values, greatest number drawn K and spread S of the sums, about
/// `log₂(D) · D · K · S` steps for values that occur once, `K` times as many for values that
/// occur often; memory `log₂(D) · K · S` numbers. [`ExactSums::cost`] gives the steps beforehand.
#[derive(Debug)]
pub struct ExactSums {
    distinct: Vec<i64>,
    multiplicity: Vec<u64>,
    least: i64,
    divisor: i64,
}

/// One question: the value held out, how many are drawn, and the sum seen.
type Query = (usize, usize, i64);

impl ExactSums {
    /// For these values, one per unit.
    #[must_use]
    pub fn new(values: &[i64]) -> Self {
        let mut held: FxHashMap<i64, u64> = FxHashMap::default();
        for &v in values {
            *held.entry(v).or_default() += 1;
        }
        let counts: BTreeMap<i64, u64> = held.into_iter().collect();
        let least = counts.keys().next().copied().unwrap_or(0);
        let divisor = counts.keys().fold(0, |d, &v| gcd(d, v - least)).max(1);
        let (distinct, multiplicity) = counts
            .into_iter()
            .map(|(v, m)| ((v - least) / divisor, m))
            .unzip();
        Self {
            distinct,
            multiplicity,
            least,
            divisor,
        }
    }

    /// Steps that tables for up to `k` draws take, to refuse or fall back before starting.
    #[must_use]
    pub fn cost(&self, k: usize) -> f64 {
        let depth = (self.distinct.len().max(2) as f64).log2().ceil();
        let spread = self.spread(k) as f64;
        let per_table: f64 = self
            .multiplicity
            .iter()
            .map(|&m| (m.min(k as u64) as f64) * (k as f64 + 1.0))
            .sum::<f64>()
            * spread;
        depth * per_table
    }

    /// Bytes that the tables hold at once.
    #[must_use]
    pub fn bytes(&self, k: usize) -> f64 {
        let depth = (self.distinct.len().max(2) as f64).log2().ceil() + 1.0;
        depth * (k as f64 + 1.0) * self.spread(k) as f64 * 8.0
    }

    /// Number of possible sums of k values, from zero to that of the k largest.
    fn spread(&self, k: usize) -> usize {
        let mut left = k as u64;
        let mut sum = 0i64;
        for (&v, &m) in self.distinct.iter().zip(&self.multiplicity).rev() {
            let take = m.min(left);
            sum = sum.saturating_add(v.saturating_mul(take as i64));
            left -= take;
            if left == 0 {
                break;
            }
        }
        usize::try_from(sum).unwrap_or(usize::MAX).saturating_add(1)
    }

    /// The tails of many sums: for each `(held out, k, sum)` the distribution of the sum of `k`
    /// values drawn from all units but one with value `held out`.
    ///
    /// A question whose held-out value does not occur, or that draws more units than there are,
    /// gets NaN.
    ///
    /// # Errors
    /// [`Error::Cancelled`](crate::Error::Cancelled) when the job was stopped.
    pub fn tails(&self, queries: &[(i64, usize, i64)], workers: &Workers) -> Result<Vec<SumTails>> {
        let others = self.multiplicity.iter().sum::<u64>().saturating_sub(1);
        // Equal queries are answered once.
        let mut number: FxHashMap<Query, u32> = FxHashMap::default();
        let mut distinct: Vec<Query> = Vec::new();
        let mut held_before = (i64::MIN, usize::MAX);
        let asked: Vec<u32> = queries
            .iter()
            .map(|&(held, k, sum)| {
                if held_before.0 != held || held_before.1 == usize::MAX {
                    let reduced = (held - self.least) / self.divisor;
                    let place = self.distinct.binary_search(&reduced);
                    held_before = (held, place.unwrap_or(usize::MAX));
                }
                if held_before.1 == usize::MAX || k as u64 > others {
                    return u32::MAX;
                }
                let query = (held_before.1, k, sum - k as i64 * self.least);
                *number.entry(query).or_insert_with(|| {
                    distinct.push(query);
                    distinct.len() as u32 - 1
                })
            })
            .collect();
        let nothing = SumTails {
            less: f64::NAN,
            greater: f64::NAN,
        };
        let mut answers = vec![nothing; distinct.len()];
        for draws in together(distinct.iter().map(|&(_, k, _)| k), others) {
            let mut asked = vec![Vec::new(); self.distinct.len()];
            for (at, query) in distinct.iter().enumerate() {
                if draws.contains(&query.1) {
                    asked[query.0].push((*query, at));
                }
            }
            let most = *draws.end();
            let plan = Plan {
                sums: self,
                draws: most,
                share: most as f64 / others.max(1) as f64,
                asked: &asked,
                workers,
            };
            for (at, tails) in plan.descend(0..self.distinct.len(), Table::one(most))? {
                answers[at] = tails;
            }
        }
        let answer = |&at: &u32| answers.get(at as usize).copied().unwrap_or(nothing);
        Ok(asked.iter().map(answer).collect())
    }
}

/// Cuts the numbers of draws into ranges that one table serves: with the table made for the most
/// draws of a range, the fewest still keep a probability that leaves room for their tails.
fn together(draws: impl Iterator<Item = usize>, others: u64) -> Vec<RangeInclusive<usize>> {
    const FAINTEST: f64 = 1e-150;
    let draws: BTreeSet<usize> = draws.collect();
    let mut ranges: Vec<RangeInclusive<usize>> = Vec::new();
    for &k in draws.iter().rev() {
        match ranges.last_mut() {
            Some(range)
                if binomial_mass(k as u64, others, *range.end() as f64 / others as f64)
                    > FAINTEST =>
            {
                *range = k..=*range.end();
            }
            _ => ranges.push(k..=k),
        }
    }
    ranges
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs() } else { gcd(b, a % b) }
}

/// What stays the same all the way down the recursion.
struct Plan<'a> {
    sums: &'a ExactSums,
    draws: usize,
    share: f64,
    asked: &'a [Vec<(Query, usize)>],
    workers: &'a Workers,
}

/// Answers by number of the query.
type Answers = Vec<(usize, SumTails)>;

impl Plan<'_> {
    /// Answers the queries on the values in `range`; `table` is the product of all other factors.
    fn descend(&self, range: std::ops::Range<usize>, table: Table) -> Result<Answers> {
        self.workers.job().check()?;
        if range.clone().all(|v| self.asked[v].is_empty()) {
            return Ok(Vec::new());
        }
        if range.len() == 1 {
            let value = range.start;
            // One unit with this value is held out.
            let table = self.times(table, value, self.sums.multiplicity[value] - 1)?;
            return Ok(self.answer(value, &table));
        }
        let middle = usize::midpoint(range.start, range.end);
        let (low, high) = (range.start..middle, middle..range.end);
        // Deep down the pieces are too small to hand to another thread.
        let side_by_side = range.len() > 8 || table.cells() > 1 << 16;
        let first = || {
            let mut product = table.clone();
            for v in high.clone() {
                product = self.times(product, v, self.sums.multiplicity[v])?;
            }
            self.descend(low.clone(), product)
        };
        let second = || {
            let mut product = table.clone();
            for v in low.clone() {
                product = self.times(product, v, self.sums.multiplicity[v])?;
            }
            self.descend(high.clone(), product)
        };
        let (first, second) = if side_by_side {
            self.workers.join(first, second)
        } else {
            (first(), second())
        };
        let mut out = first?;
        out.extend(second?);
        Ok(out)
    }

    fn times(&self, mut table: Table, value: usize, multiplicity: u64) -> Result<Table> {
        let most = multiplicity.min(self.draws as u64);
        let factor: Vec<f64> = (0..=most)
            .map(|r| binomial_mass(r, multiplicity, self.share))
            .collect();
        let step = self.sums.distinct[value] as usize;
        // From the most drawn to the least, so that rows still to be read are unchanged.
        for drawn in (0..=self.draws).rev() {
            self.workers.job().check()?;
            table.multiply_row(drawn, step, &factor);
        }
        Ok(table)
    }

    fn answer(&self, value: usize, table: &Table) -> Answers {
        let mut tails: BTreeMap<usize, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
        self.asked[value]
            .iter()
            .map(|((_, k, sum), at)| {
                let (less, greater) = tails
                    .entry(*k)
                    .or_insert_with(|| table.rows[*k].cumulated());
                let found = table.rows[*k].tails_at(*sum, self.sums.divisor, less, greater);
                (*at, found)
            })
            .collect()
    }
}

/// Coefficients by number drawn.
#[derive(Debug, Clone)]
struct Table {
    rows: Vec<Row>,
}

/// Coefficients by sum, from `first` on; empty when nothing leads here.
#[derive(Debug, Clone, Default)]
struct Row {
    first: usize,
    mass: Vec<f64>,
}

impl Table {
    /// Nothing drawn yet, with certainty.
    fn one(draws: usize) -> Self {
        let mut rows = vec![Row::default(); draws + 1];
        rows[0].mass.push(UNIT);
        Self { rows }
    }

    fn cells(&self) -> usize {
        self.rows.iter().map(|r| r.mass.len()).sum()
    }

    /// Replaces the row `drawn` of this product by that of its product with one more factor,
    /// which draws r units of value `step` with probability `factor[r]`.
    fn multiply_row(&mut self, drawn: usize, step: usize, factor: &[f64]) {
        let (before, here) = self.rows.split_at_mut(drawn);
        let row = &mut here[0];
        let sources = |r: usize| &before[drawn - r];
        let most = (factor.len() - 1).min(drawn);
        let (mut first, mut end) = if row.mass.is_empty() {
            (usize::MAX, 0)
        } else {
            (row.first, row.first + row.mass.len())
        };
        for r in 1..=most {
            let source = sources(r);
            if !source.mass.is_empty() {
                first = first.min(source.first + r * step);
                end = end.max(source.first + source.mass.len() + r * step);
            }
        }
        if end == 0 {
            return;
        }
        if first == row.first && end == first + row.mass.len() {
            for m in &mut row.mass {
                *m *= factor[0];
            }
        } else {
            let mut mass = vec![0.0; end - first];
            for (j, m) in row.mass.iter().enumerate() {
                mass[row.first - first + j] = m * factor[0];
            }
            *row = Row { first, mass };
        }
        for (r, &weight) in factor.iter().enumerate().take(most + 1).skip(1) {
            let source = sources(r);
            if source.mass.is_empty() {
                continue;
            }
            let at = source.first + r * step - first;
            for (to, from) in row.mass[at..at + source.mass.len()]
                .iter_mut()
                .zip(&source.mass)
            {
                *to += weight * from;
            }
        }
    }
}

impl Row {
    /// Sums from the left and from the right.
    fn cumulated(&self) -> (Vec<f64>, Vec<f64>) {
        let mut less = self.mass.clone();
        let mut greater = self.mass.clone();
        for j in 1..less.len() {
            less[j] += less[j - 1];
        }
        for j in (1..greater.len()).rev() {
            greater[j - 1] += greater[j];
        }
        (less, greater)
    }

    /// The tails of `sum` in units of `1/divisor`: a sum between two possible ones has the lower
    /// for its lower tail and the higher for its upper.
    fn tails_at(&self, sum: i64, divisor: i64, less: &[f64], greater: &[f64]) -> SumTails {
        let Some(&total) = less.last() else {
            return SumTails {
                less: f64::NAN,
                greater: f64::NAN,
            };
        };
        let floor = sum.div_euclid(divisor) - self.first as i64;
        let ceiling = floor + i64::from(sum.rem_euclid(divisor) != 0);
        let last = less.len() as i64 - 1;
        let below = usize::try_from(floor.min(last)).map_or(0.0, |j| less[j]);
        let above = greater.get(ceiling.max(0) as usize).copied().unwrap_or(0.0);
        SumTails {
            less: (below / total).min(1.0),
            greater: (above / total).min(1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tails(values: &[i64], held: i64, k: usize, sum: i64) -> SumTails {
        let workers = Workers::new(1).unwrap();
        ExactSums::new(values)
            .tails(&[(held, k, sum)], &workers)
            .unwrap()[0]
    }

    /// All subsets of size k of the values but one at `held`, by walking over bit patterns.
    fn enumerated(values: &[i64], held: usize, k: usize, sum: i64) -> SumTails {
        let others: Vec<i64> = values
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != held)
            .map(|(_, v)| *v)
            .collect();
        let (mut all, mut less, mut greater) = (0u32, 0u32, 0u32);
        for pattern in 0u32..1 << others.len() {
            if pattern.count_ones() as usize == k {
                let s: i64 = (0..others.len())
                    .filter(|i| pattern >> i & 1 == 1)
                    .map(|i| others[i])
                    .sum();
                all += 1;
                less += u32::from(s <= sum);
                greater += u32::from(s >= sum);
            }
        }
        SumTails {
            less: f64::from(less) / f64::from(all),
            greater: f64::from(greater) / f64::from(all),
        }
    }

    proptest! {
        #[test]
        fn equals_full_enumeration(
            values in prop::collection::vec(-3i64..12, 2..12),
            k_share in 0.0f64..1.0,
            scale in 1i64..5,
        ) {
            let values: Vec<i64> = values.iter().map(|v| v * scale).collect();
            let k = (k_share * values.len() as f64) as usize;
            for held in 0..values.len() {
                for sum in [-40, 0, values[0] * k as i64, 25, 100] {
                    let want = enumerated(&values, held, k, sum);
                    let got = tails(&values, values[held], k, sum);
                    prop_assert!((got.less - want.less).abs() < 1e-13, "{:?} {:?}", got, want);
                    prop_assert!((got.greater - want.greater).abs() < 1e-13);
                }
            }
        }
    }

    /// With values 0 and 1 the sum is hypergeometric; its tails by exact whole-number arithmetic.
    #[test]
    fn deep_tails_equal_the_hypergeometric_ones() {
        // (zeros, ones among the others, drawn, sum, P(sum ≥ sum)), with 40 digits of arithmetic.
        for (zeros, ones, k, sum, p) in HYPERGEOMETRIC {
            let mut values = vec![0; zeros + 1];
            values.extend(vec![1; ones]);
            let got = tails(&values, 0, k, sum).greater;
            assert!(
                (got / p - 1.0).abs() < 1e-9,
                "{zeros} {ones} {k} {sum}: {got:e} {p:e}"
            );
        }
    }

    const HYPERGEOMETRIC: [(usize, usize, usize, i64, f64); 5] = [
        (900, 60, 8, 8, 1.4725045008296207389e-10),
        (20000, 300, 150, 150, 6.9850402628984489734e-295),
        (89000, 400, 9, 9, 6.5661501053637402203e-22),
        (2000, 300, 150, 150, 4.2374472623756567864e-151),
        (600, 500, 280, 270, 1.3395654449563998523e-100),
    ];

    /// What k draws leave is what the other n − 1 − k would draw.
    #[test]
    fn many_draws_mirror_few_in_one_call() {
        let values: Vec<i64> = (0..301).map(|i| i % 3 + i64::from(i % 50 == 0)).collect();
        let held = values[0];
        let total: i64 = values[1..].iter().sum();
        let mut queries = Vec::new();
        for (k, sum) in [(3, 6), (3, 1), (40, 50), (100, 131)] {
            queries.push((held, k, sum));
            queries.push((held, 300 - k, total - sum));
        }
        let workers = Workers::new(1).unwrap();
        let sums = ExactSums::new(&values);
        let mut tails = sums.tails(&queries, &workers).unwrap();
        // Few and many alone have no table in common.
        tails.extend(sums.tails(&queries[..2], &workers).unwrap());
        assert!(tails.len() == 10 && tails.iter().all(|t| t.less > 0.0 && t.greater > 0.0));
        for pair in tails.chunks_exact(2) {
            assert!(
                (pair[0].greater / pair[1].less - 1.0).abs() < 1e-9,
                "{pair:?}"
            );
            assert!(
                (pair[0].less / pair[1].greater - 1.0).abs() < 1e-9,
                "{pair:?}"
            );
        }
    }

    #[test]
    fn large_and_many_values_work_together() {
        // Values up to thousands, all distinct: P(sum ≥ that of the k largest) is 1 / C(n − 1, k).
        let values: Vec<i64> = (0..400).map(|i| i * 7 + i % 3).collect();
        let k = 8;
        let top: i64 = values[392..].iter().sum();
        let got = tails(&values, values[0], k, top).greater;
        let subsets: f64 = (0..k).map(|j| (399 - j) as f64 / (j + 1) as f64).product();
        assert!((got * subsets - 1.0).abs() < 1e-9, "{got}");
    }

    #[test]
    fn same_bytes_for_any_number_of_threads() {
        let values: Vec<i64> = (0..500).map(|i| (i * i) % 37).collect();
        let queries: Vec<_> = (0..500)
            .map(|i| (values[i], 3 + i % 6, (i as i64) % 150))
            .collect();
        let run = |threads| {
            ExactSums::new(&values)
                .tails(&queries, &Workers::new(threads).unwrap())
                .unwrap()
        };
        let one = run(1);
        for threads in [2, 3, 7] {
            assert_eq!(run(threads), one);
        }
        assert!(one.iter().all(|t| t.less + t.greater >= 1.0 - 1e-12));
    }

    #[test]
    fn steps_and_bytes_are_told_first() {
        // Four of 0, 0, 1, 3, 3, 3 come to 10 at most: 11 sums, with 5 numbers drawn so far. One
        // table takes (2 + 1 + 3) times 5 times 11 steps; halving three values twice makes two
        // levels of tables, and three are held.
        let sums = ExactSums::new(&[0, 0, 1, 3, 3, 3]);
        assert_eq!(sums.cost(4), 660.0);
        assert_eq!(sums.bytes(4), 1_320.0);
        assert_eq!(sums.bytes(0), 24.0);
        // Two come to 6 at most.
        assert_eq!(sums.bytes(2), 3.0 * 3.0 * 7.0 * 8.0);
        // What all values have in common takes no steps.
        let apart = ExactSums::new(&[10, 10, 14, 22, 22, 22]);
        assert_eq!((apart.cost(4), apart.bytes(4)), (660.0, 1_320.0));
        let huge = ExactSums::new(&[i64::MAX, 0, 1]);
        assert!(huge.bytes(2) > 1e20);
    }

    #[test]
    fn impossible_questions_get_nan() {
        assert!(tails(&[1, 2, 3], 9, 1, 2).less.is_nan());
        assert!(tails(&[1, 2, 3], 1, 3, 2).less.is_nan());
        assert_eq!(
            tails(&[1, 2, 3], 1, 0, 0),
            SumTails {
                less: 1.0,
                greater: 1.0
            }
        );
    }
}
