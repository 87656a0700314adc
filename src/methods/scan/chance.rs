//! Maps of chance alone.

use rand::RngExt;
use rand::seq::SliceRandom;

use crate::random::Stream;
use crate::stats::{GuideTable, dispersion_test, hypergeometric_draw};

/// How cases fall on cells (units times steps) by chance.
#[derive(Debug, Clone)]
pub(super) enum Chance {
    /// Every case falls on a cell by its share.
    Multinomial { cells: GuideTable, cases: u32 },
    /// As negative-binomial counts of one variance-to-mean ratio, given their total: every case
    /// is either fresh or falls beside an earlier one (Blackwell & `MacQueen` 1973), the first
    /// with the weight of the precision.
    Series {
        cells: GuideTable,
        cases: u32,
        precision: f64,
    },
    /// Any so many of the people alike are the cases.
    Labels { people: Vec<u64>, cases: u64 },
    /// Times are dealt anew to the cases.
    Times {
        unit: Vec<u32>,
        time: Vec<u32>,
        steps: usize,
    },
}

impl Chance {
    /// One map: how many cases in each cell.
    pub(super) fn draw(&self, random: &mut Stream, out: &mut [u32]) {
        out.fill(0);
        match self {
            Self::Multinomial { cells, cases } => {
                for _ in 0..*cases {
                    out[cells.draw(random)] += 1;
                }
            }
            Self::Series {
                cells,
                cases,
                precision,
            } => {
                let mut fallen: Vec<u32> = Vec::with_capacity(*cases as usize);
                for earlier in 0..*cases {
                    let at = random.random::<f64>() * (precision + f64::from(earlier));
                    let cell = if at < *precision {
                        cells.draw(random) as u32
                    } else {
                        fallen[random.random_range(0..earlier as usize)]
                    };
                    out[cell as usize] += 1;
                    fallen.push(cell);
                }
            }
            Self::Labels { people, cases } => {
                let (mut left, mut among) = (*cases, people.iter().sum::<u64>());
                for (out, &people) in out.iter_mut().zip(people) {
                    let here = hypergeometric_draw(people, left, among, random);
                    *out = here as u32;
                    left -= here;
                    among -= people;
                }
            }
            Self::Times { unit, time, steps } => {
                let mut time = time.clone();
                time.shuffle(random);
                for (&unit, &time) in unit.iter().zip(&time) {
                    out[unit as usize * steps + time as usize] += 1;
                }
            }
        }
    }
}

/// How much counts vary between units, and between units and steps: what reports in series make
/// of independent ones.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    /// Expected counts, or people, of the cells.
    cells: Vec<f64>,
    units: Vec<f64>,
    steps: usize,
}

impl Spread {
    pub(super) fn new(cells: Vec<f64>, steps: usize) -> Self {
        let units = cells.chunks(steps).map(|unit| unit.iter().sum()).collect();
        Self {
            cells,
            units,
            steps,
        }
    }

    /// The larger of both variance-to-mean ratios with the chance of one as large.
    pub(super) fn of(&self, counts: &[u32]) -> (f64, f64) {
        let by_unit: Vec<f64> = counts
            .chunks(self.steps)
            .map(|unit| unit.iter().map(|c| f64::from(*c)).sum())
            .collect();
        let units = dispersion_test(&by_unit, &self.units);
        if self.steps == 1 {
            return (units.ratio, units.p);
        }
        let by_cell: Vec<f64> = counts.iter().map(|c| f64::from(*c)).collect();
        let cells = dispersion_test(&by_cell, &self.cells);
        // Two looks at one map.
        let p = (2.0 * units.p.min(cells.p)).min(1.0);
        (units.ratio.max(cells.ratio), p)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::stream;

    const SHARES: [f64; 4] = [1.0, 2.0, 3.0, 4.0];

    #[test]
    fn the_spread_of_two_looks_is_the_larger_at_twice_the_chance() {
        let (counts, units) = ([9, 0, 1, 3, 4, 2, 1, 0], [9.0, 4.0, 6.0, 1.0]);
        let by_unit = dispersion_test(&units, &[5.0; 4]);
        let by_cell = dispersion_test(&counts.map(f64::from), &[2.5; 8]);
        assert!(by_cell.ratio > by_unit.ratio && by_cell.p < by_unit.p && by_cell.p < 0.1);
        let found = Spread::new(vec![2.5; 8], 2).of(&counts);
        assert_eq!(found, (by_cell.ratio, 2.0 * by_cell.p));
        let found = Spread::new(vec![5.0; 4], 1).of(&[9, 4, 6, 1]);
        assert_eq!(found, (by_unit.ratio, by_unit.p));
    }

    /// Mean and variance of every cell over many maps.
    fn moments(chance: &Chance, cells: usize) -> Vec<(f64, f64)> {
        let maps = 20_000;
        let mut sums = vec![(0.0, 0.0); cells];
        let mut counts = vec![0; cells];
        let mut random = stream(11, 0);
        for _ in 0..maps {
            chance.draw(&mut random, &mut counts);
            for (sum, count) in sums.iter_mut().zip(&counts) {
                sum.0 += f64::from(*count);
                sum.1 += f64::from(*count).powi(2);
            }
        }
        let maps = f64::from(maps);
        sums.iter()
            .map(|(sum, squares)| (sum / maps, squares / maps - (sum / maps).powi(2)))
            .collect()
    }

    #[test]
    fn counts_have_their_moments() {
        let cells = GuideTable::new(&SHARES);
        let independent = Chance::Multinomial {
            cells: cells.clone(),
            cases: 40,
        };
        // Negative-binomial counts of ratio 3 that add up to 40.
        let precision = (40.0 - 3.0) / (3.0 - 1.0);
        let series = Chance::Series {
            cells,
            cases: 40,
            precision,
        };
        for (chance, ratio) in [(independent, 1.0), (series, 3.0)] {
            for ((mean, variance), share) in moments(&chance, 4).into_iter().zip(SHARES) {
                let share = share / 10.0;
                let want = 40.0 * share * (1.0 - share) * ratio;
                assert!((mean - 40.0 * share).abs() < 5.0 * (want / 20_000.0).sqrt());
                // Five standard errors of a variance, for tails not much heavier than normal.
                assert!((variance / want - 1.0).abs() < 0.07, "{variance} {want}");
            }
        }
    }

    #[test]
    fn labels_are_dealt_among_people() {
        let chance = Chance::Labels {
            people: vec![10, 20, 30, 40],
            cases: 25,
        };
        for ((mean, variance), people) in moments(&chance, 4).into_iter().zip(SHARES) {
            let share = people / 10.0;
            let want = 25.0 * share * (1.0 - share) * 75.0 / 99.0;
            assert!((mean - 25.0 * share).abs() < 5.0 * (want / 20_000.0).sqrt());
            assert!((variance / want - 1.0).abs() < 0.07, "{variance} {want}");
        }
    }

    #[test]
    fn dealt_times_keep_both_margins() {
        let chance = Chance::Times {
            unit: vec![0, 0, 0, 1, 2, 2],
            time: vec![0, 0, 1, 1, 1, 3],
            steps: 4,
        };
        let mut counts = [0; 12];
        let mut random = stream(4, 4);
        let mut met = std::collections::BTreeSet::new();
        for _ in 0..200 {
            chance.draw(&mut random, &mut counts);
            let unit = |u: usize| counts[4 * u..4 * u + 4].iter().sum::<u32>();
            assert_eq!([unit(0), unit(1), unit(2)], [3, 1, 2]);
            let time = |t: usize| counts[t] + counts[4 + t] + counts[8 + t];
            assert_eq!([time(0), time(1), time(2), time(3)], [2, 3, 0, 1]);
            met.insert(counts);
        }
        assert!(met.len() > 10);
    }
}
