//! What would a pattern look like by chance?

use rand::RngExt;
use rand::seq::SliceRandom;

use super::intensity::{Intensity, quartic_distance};
use super::places::Places;
use crate::index::StudyArea;
use crate::model::Grid;
use crate::random::Stream;
use crate::stats::GuideTable;

/// Where the incidents of a simulated pattern lie; there are always as many as were seen.
#[derive(Debug)]
pub(super) enum Null<'a> {
    /// Anywhere in the study area.
    Anywhere,
    /// In proportion to the values of cells.
    Cells(GuideTable, &'a Grid),
    /// Each within a quartic kernel of this bandwidth around one of those seen.
    Around(&'a [[f64; 2]], f64),
    /// Where some of these incidents are, without regard to what they are.
    Among(&'a [[f64; 2]]),
}

impl<'a> Null<'a> {
    /// The pattern of an intensity that no incident influences, or of some incidents among a pool.
    pub(super) fn of(
        intensity: Option<&'a Intensity>,
        seen: &'a [[f64; 2]],
        pool: Option<&'a [[f64; 2]]>,
    ) -> Self {
        if let Some(pool) = pool {
            return Self::Among(pool);
        }
        match intensity {
            None => Self::Anywhere,
            Some(Intensity::Kernel { bandwidth }) => Self::Around(seen, *bandwidth),
            Some(Intensity::Cells { grid, values }) => {
                let positive = |v: &f64| if *v > 0.0 && v.is_finite() { *v } else { 0.0 };
                let shares: Vec<f64> = values.iter().map(positive).collect();
                Self::Cells(GuideTable::new(&shares), grid)
            }
        }
    }

    /// A pattern of n incidents.
    pub(super) fn draw(&self, n: usize, area: &StudyArea, random: &mut Stream) -> Places {
        let points: Vec<[f64; 2]> = match self {
            Self::Anywhere => (0..n).map(|_| area.random_point(random)).collect(),
            Self::Cells(table, grid) => (0..n)
                .map(|_| {
                    inside(area, || {
                        let cell = table.draw(random);
                        let (x, y) = grid.centre(cell / grid.cols(), cell % grid.cols());
                        let mut off = || (random.random::<f64>() - 0.5) * grid.cell_size();
                        [x + off(), y + off()]
                    })
                })
                .collect(),
            Self::Around(seen, bandwidth) => (0..n)
                .map(|_| {
                    let [x, y] = seen[random.random_range(0..seen.len())];
                    inside(area, || {
                        let [dx, dy] = within_kernel(random);
                        [x + dx * bandwidth, y + dy * bandwidth]
                    })
                })
                .collect(),
            Self::Among(all) => {
                let mut all = all.to_vec();
                return Places::merged(all.partial_shuffle(random, n).0);
            }
        };
        Places::scattered(&points)
    }
}

/// Draws until it lies inside.
fn inside(area: &StudyArea, mut draw: impl FnMut() -> [f64; 2]) -> [f64; 2] {
    loop {
        let at = draw();
        if area.contains(at[0], at[1]) {
            return at;
        }
    }
}

/// A shift drawn from a quartic kernel of bandwidth one.
fn within_kernel(random: &mut Stream) -> [f64; 2] {
    loop {
        let [a, b] = [0, 1].map(|_| 2.0 * random.random::<f64>() - 1.0);
        // The square of the distance is uniform within the disc, and so is the share of its mass.
        let share = a * a + b * b;
        if share > 0.0 && share < 1.0 {
            let scale = quartic_distance(share) / share.sqrt();
            return [a * scale, b * scale];
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::super::tests::rectangle;
    use super::*;
    use crate::model::{Bounds, Crs};
    use crate::random::stream;

    #[test]
    fn patterns_lie_where_chance_has_them() {
        let area = rectangle(200.0, 100.0);
        let mut random = stream(3, 0);
        let bounds = Bounds::new(0.0, 0.0, 199.0, 99.0);
        let grid = Grid::covering(bounds, 100.0, Crs::PLANAR).unwrap();
        // Of what is no number or nothing, nothing; a quarter in the west.
        for (values, west) in [
            ([5.0, 15.0], 0.25),
            ([f64::NAN, 1.0], 0.0),
            ([2.0, -1.0], 1.0),
        ] {
            let values = Array2::from_shape_vec((1, 2), values.to_vec()).unwrap();
            let intensity = Intensity::Cells {
                grid: grid.clone(),
                values,
            };
            let drawn = Null::of(Some(&intensity), &[], None).draw(4_000, &area, &mut random);
            assert_eq!(drawn.len(), 4_000);
            let share = drawn.x.iter().filter(|x| **x < 100.0).count() as f64 / 4_000.0;
            assert!((share - west).abs() < 5.0 * (west * (1.0 - west) / 4_000.0).sqrt() + 1e-12);
            // Uniform within their cells: means and variances of each coordinate.
            for within in [drawn.x.iter().map(|x| x % 100.0).collect(), drawn.y] {
                let within: Vec<f64> = within;
                let mean = within.iter().sum::<f64>() / 4_000.0;
                let variance = within.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 4_000.0;
                assert!((mean - 50.0).abs() < 2.5, "{mean}");
                assert!(
                    (variance / (10_000.0 / 12.0) - 1.0).abs() < 0.08,
                    "{variance}"
                );
            }
        }
        // Around one: the mean of the square of either coordinate is h²/8; the border cuts nothing.
        let kernel = Intensity::Kernel { bandwidth: 40.0 };
        let seen = [[100.0, 50.0]];
        let drawn = Null::of(Some(&kernel), &seen, None).draw(4_000, &area, &mut random);
        for (at, middle) in [(&drawn.x, 100.0), (&drawn.y, 50.0)] {
            let square = at.iter().map(|v| (v - middle).powi(2)).sum::<f64>() / 4_000.0;
            assert!((square / 200.0 - 1.0).abs() < 0.08, "{square}");
            assert!(at.iter().all(|v| (v - middle).abs() < 40.0));
        }
        // Some of a pool, each once; those seen are not asked.
        let pool: Vec<[f64; 2]> = (0..9).map(|k| [f64::from(k), 1.0]).collect();
        let mut met = [0u32; 9];
        for _ in 0..900 {
            let drawn = Null::of(None, &seen, Some(&pool)).draw(3, &area, &mut random);
            assert_eq!(drawn.count, [1, 1, 1]);
            for x in drawn.x {
                met[x as usize] += 1;
            }
        }
        // 300 each with a variance of 200.
        assert!(met.iter().all(|m| (230..370).contains(m)), "{met:?}");
    }

    /// Of the density (1 − r²)² on the disc, the mean of x² and of y² is 1/8 and that of r⁴ 1/10.
    #[test]
    fn shifts_have_the_moments_of_the_kernel() {
        const DRAWS: u32 = 40_000;
        let mut random = stream(17, 0);
        let mut sums = [0.0; 5];
        for _ in 0..DRAWS {
            let [x, y] = within_kernel(&mut random);
            let terms = [x, y, x * x, y * y, (x * x + y * y).powi(2)];
            for (sum, term) in sums.iter_mut().zip(terms) {
                *sum += term / f64::from(DRAWS);
            }
        }
        let want = [0.0, 0.0, 0.125, 0.125, 0.1];
        for (sum, want) in sums.iter().zip(want) {
            // Each of these has a standard deviation of at most 0.36.
            assert!(
                (sum - want).abs() < 4.0 * 0.36 / f64::from(DRAWS).sqrt(),
                "{sums:?}"
            );
        }
    }
}
