//! Is the profile as a whole another than that of the rest?

use rand::RngExt;

use super::groups::{Groups, OUT};
use super::spread::{Spread, Tabled};
use crate::error::Result;
use crate::job::Job;
use crate::random::{Stream, stream};
use crate::stats::{hypergeometric_draw, hypergeometric_mass, sum};

/// Tables up to which all are gone through instead of drawn.
const FEW_TABLES: f64 = 20_000.0;
/// Share of the statistic within which values are ties.
const TIE: f64 = 1e-10;

/// A profile as a whole beside the rest; NaN where not defined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Whole {
    /// Pearson's X².
    pub(super) statistic: f64,
    pub(super) p: f64,
    /// Half the sum of the differences between shares.
    pub(super) distance: f64,
    /// Its mean when the subset is any incidents alike.
    pub(super) distance_expected: f64,
    pub(super) exact: bool,
}

/// What the tests of one breakdown have in common.
pub(super) struct WholeTest<'a> {
    pub(super) spread: &'a Spread,
    pub(super) tabled: &'a Tabled,
    /// Positions of the compared incidents that are in the table, for drawing incidents.
    pool: Vec<u32>,
    permutations: usize,
    seed: u64,
}

impl<'a> WholeTest<'a> {
    pub(super) fn new(
        spread: &'a Spread,
        tabled: &'a Tabled,
        groups: &Groups,
        permutations: usize,
        seed: u64,
    ) -> Self {
        let numbered = (0u32..).zip(&groups.label);
        let pool = if spread.whole {
            Vec::new()
        } else {
            numbered
                .filter(|(i, label)| **label != OUT && !spread.shares(*i).is_empty())
                .map(|(i, _)| i)
                .collect()
        };
        Self {
            spread,
            tabled,
            pool,
            permutations,
            seed,
        }
    }

    /// The test of one subset.
    pub(super) fn run(&self, subset: usize, job: &Job) -> Result<Whole> {
        let (here, all) = (self.tabled.used_of[subset], self.tabled.used);
        if here == 0 || here == all {
            return Ok(Whole {
                statistic: f64::NAN,
                p: f64::NAN,
                distance: f64::NAN,
                distance_expected: f64::NAN,
                exact: false,
            });
        }
        let margin = Margin::of(&self.tabled.all, here, all);
        let seen = margin.figures(&self.tabled.of[subset]);
        let reach = seen.0 - TIE * seen.0.abs().max(1.0);
        let tables = self.tabled.all.iter().map(|n| n.min(here as f64) + 1.0);
        let exact = self.spread.whole && tables.product::<f64>() <= FEW_TABLES;
        let (p, distance_expected) = if exact {
            let mut sums = (0.0, 0.0);
            margin.enumerate(0, here, all, 1.0, &mut Vec::new(), &mut |counts, chance| {
                let (statistic, distance) = margin.figures(counts);
                sums.0 += if statistic >= reach { chance } else { 0.0 };
                sums.1 += chance * distance;
            });
            (f64::min(sums.0, 1.0), sums.1)
        } else {
            self.simulate(subset, &margin, reach, job)?
        };
        Ok(Whole {
            statistic: seen.0,
            p,
            distance: seen.1,
            distance_expected,
            exact,
        })
    }

    fn simulate(
        &self,
        subset: usize,
        margin: &Margin<'_>,
        reach: f64,
        job: &Job,
    ) -> Result<(f64, f64)> {
        if self.permutations == 0 {
            return Ok((f64::NAN, f64::NAN));
        }
        let mut random = stream(self.seed, subset as u64);
        let mut counts = vec![0.0; self.spread.cells];
        let mut pool = self.pool.clone();
        let mut reached = 0u64;
        let mut distances = Vec::with_capacity(self.permutations);
        for _ in 0..self.permutations {
            job.check()?;
            if self.spread.whole {
                margin.draw(&mut counts, &mut random);
            } else {
                self.draw_incidents(margin, &mut pool, &mut counts, &mut random);
            }
            let (statistic, distance) = margin.figures(&counts);
            reached += u64::from(statistic >= reach);
            distances.push(distance);
        }
        let draws = self.permutations as f64;
        Ok((
            (reached as f64 + 1.0) / (draws + 1.0),
            sum(distances) / draws,
        ))
    }

    /// Draws incidents, each with all its shares; of a large subset, what is left behind.
    fn draw_incidents(
        &self,
        margin: &Margin<'_>,
        pool: &mut [u32],
        counts: &mut [f64],
        random: &mut Stream,
    ) {
        let behind = 2 * margin.here > margin.total;
        let draws = if behind {
            margin.total - margin.here
        } else {
            margin.here
        } as usize;
        counts.fill(0.0);
        // Going on from the last order is as good as beginning anew.
        for i in 0..draws {
            let j = random.random_range(i..pool.len());
            pool.swap(i, j);
            for &(cell, share) in self.spread.shares(pool[i]) {
                counts[cell as usize] += share;
            }
        }
        if behind {
            for (count, all) in counts.iter_mut().zip(margin.all) {
                *count = all - *count;
            }
        }
    }
}

/// The counts of all, and how many of them a subset has.
struct Margin<'a> {
    all: &'a [f64],
    here: u64,
    total: u64,
}

impl<'a> Margin<'a> {
    fn of(all: &'a [f64], here: u64, total: u64) -> Self {
        Self { all, here, total }
    }

    /// Pearson's X² and the distance of a subset with these counts from the rest.
    fn figures(&self, counts: &[f64]) -> (f64, f64) {
        let (here, total) = (self.here as f64, self.total as f64);
        let share = here / total;
        let (mut squares, mut differences) = (0.0, 0.0);
        for (count, all) in counts.iter().zip(self.all) {
            if *all > 0.0 {
                let off = count - share * all;
                squares += off * off / all;
                differences += off.abs();
            }
        }
        let rest = total - here;
        let odds = total / here * (total / rest);
        (odds * squares, 0.5 * odds / total * differences)
    }

    /// Counts of `here` incidents drawn without replacement.
    fn draw(&self, counts: &mut [f64], random: &mut Stream) {
        let (mut draws, mut left) = (self.here, self.total);
        for (count, all) in counts.iter_mut().zip(self.all) {
            let all = *all as u64;
            let drawn = hypergeometric_draw(draws, all, left, random);
            *count = drawn as f64;
            draws -= drawn;
            left -= all;
        }
    }

    /// Hands every possible table with its chance to `meet`.
    fn enumerate(
        &self,
        cell: usize,
        draws: u64,
        left: u64,
        chance: f64,
        counts: &mut Vec<f64>,
        meet: &mut impl FnMut(&[f64], f64),
    ) {
        let Some(all) = self.all.get(cell).map(|a| *a as u64) else {
            meet(counts, chance);
            return;
        };
        for drawn in (draws + all).saturating_sub(left)..=draws.min(all) {
            let mass = if left == 0 {
                1.0
            } else {
                hypergeometric_mass(drawn, draws, all, left)
            };
            counts.push(drawn as f64);
            let after = left - all;
            self.enumerate(cell + 1, draws - drawn, after, chance * mass, counts, meet);
            counts.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_tables_have_chance_one_and_the_moments_of_theory() {
        let all = [4.0, 0.0, 6.0, 5.0];
        let margin = Margin::of(&all, 7, 15);
        let (mut chance, mut mean, mut third) = (0.0, 0.0, 0.0);
        margin.enumerate(0, 7, 15, 1.0, &mut Vec::new(), &mut |counts, p| {
            assert_eq!(counts.iter().sum::<f64>(), 7.0);
            chance += p;
            mean += p * margin.figures(counts).0;
            third += p * counts[2];
        });
        assert!((chance - 1.0).abs() < 1e-12);
        // E X² = N/(N − 1) (r − 1)(c − 1) (Haldane 1940), and a mean of 7 · 6/15.
        assert!((mean - 15.0 / 14.0 * 2.0).abs() < 1e-12, "{mean}");
        assert!((third - 2.8).abs() < 1e-12);
    }

    #[test]
    fn draws_have_the_chances_of_the_tables() {
        let all = [4.0, 6.0, 5.0];
        let margin = Margin::of(&all, 7, 15);
        let mut random = stream(1, 0);
        let (mut counts, mut mean) = ([0.0; 3], 0.0);
        for _ in 0..20_000 {
            margin.draw(&mut counts, &mut random);
            assert_eq!(counts.iter().sum::<f64>(), 7.0);
            mean += margin.figures(&counts).0 / 20_000.0;
        }
        // The standard error is some 0.014.
        assert!((mean - 15.0 / 14.0 * 2.0).abs() < 0.07, "{mean}");
    }

    #[test]
    fn distance_is_half_the_sum_of_the_differences() {
        let all = [4.0, 6.0];
        let (statistic, distance) = Margin::of(&all, 4, 10).figures(&[3.0, 1.0]);
        // 3/4 and 1/4 against 1/6 and 5/6.
        assert!((distance - 7.0 / 12.0).abs() < 1e-14);
        // scipy 1.17.1: chi2_contingency([[3, 1], [1, 5]], correction=False).
        assert!((statistic - 3.402_777_777_777_778).abs() < 1e-12);
    }
}
