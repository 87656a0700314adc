//! Drawing one of many cells by their shares.

use rand::RngExt;

use crate::random::Stream;

/// Draws a cell with probability in proportion to its share, in constant time on average.
///
/// A first guess from a table as long as there are cells, then a search of one step on average
/// (Chen & Asau 1974, doi:10.1080/05695557408974949).
#[derive(Debug, Clone)]
pub(crate) struct GuideTable {
    /// Running sums of the shares.
    upto: Vec<f64>,
    /// The first cell whose running sum is above this part of the whole.
    first: Vec<u32>,
}

impl GuideTable {
    /// A table for shares that are at least zero and of which one is positive.
    pub(crate) fn new(shares: &[f64]) -> Self {
        let mut sum = 0.0;
        let mut upto: Vec<f64> = shares
            .iter()
            .map(|share| {
                sum += share;
                sum
            })
            .collect();
        // What is drawn is below the whole, so the last cell with a share is the last to be drawn.
        for value in upto.iter_mut().rev() {
            if *value < sum {
                break;
            }
            *value = f64::INFINITY;
        }
        let last = upto.iter().position(|u| u.is_infinite()).unwrap_or(0);
        upto.truncate(last + 1);
        let cells = shares.len();
        let mut cell = 0;
        let first = (0..cells)
            .map(|k| {
                let at = k as f64 / cells as f64 * sum;
                while upto[cell] <= at {
                    cell += 1;
                }
                cell as u32
            })
            .collect();
        // Shares of one from here on.
        for value in &mut upto {
            *value /= sum;
        }
        Self { upto, first }
    }

    /// One cell.
    pub(crate) fn draw(&self, random: &mut Stream) -> usize {
        let at = random.random::<f64>();
        let guess = (at * self.first.len() as f64) as usize;
        // Rounding may put the guess a cell too far.
        let mut cell = self.first[guess] as usize;
        while cell > 0 && self.upto[cell - 1] > at {
            cell -= 1;
        }
        while self.upto[cell] <= at {
            cell += 1;
        }
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::stream;

    #[test]
    fn cells_are_drawn_by_their_shares() {
        let shares = [0.0, 3.0, 0.5, 0.0, 6.0, 0.5, 0.0];
        let table = GuideTable::new(&shares);
        let mut random = stream(8, 0);
        let mut met = [0.0; 7];
        let draws = 50_000.0;
        for _ in 0..50_000 {
            met[table.draw(&mut random)] += 1.0;
        }
        for (met, share) in met.iter().zip(shares) {
            let want: f64 = draws * share / 10.0;
            assert!((met - want).abs() <= 5.0 * want.sqrt(), "{met} {want}");
        }
    }

    /// As the cells of [`GuideTable::new`] by adding up.
    #[test]
    fn a_draw_is_the_first_cell_whose_sum_is_above_it() {
        let shares: Vec<f64> = (0..40u32).map(|i| f64::from(i * i % 7)).collect();
        let total: f64 = shares.iter().sum();
        let table = GuideTable::new(&shares);
        for seed in 0..500 {
            let at = stream(seed, 0).random::<f64>() * total;
            let mut sum = 0.0;
            let plain = shares.iter().position(|s| {
                sum += s;
                at < sum
            });
            assert_eq!(Some(table.draw(&mut stream(seed, 0))), plain, "{at}");
        }
        assert_eq!(GuideTable::new(&[2.0]).draw(&mut stream(1, 0)), 0);
    }

    #[test]
    fn uneven_shares_are_all_met() {
        let shares: Vec<f64> = (0..2_000)
            .map(|i| if i % 500 == 7 { 250.0 } else { 1e-3 })
            .collect();
        let table = GuideTable::new(&shares);
        let mut random = stream(9, 0);
        let large = (0..20_000)
            .filter(|_| table.draw(&mut random) % 500 == 7)
            .count();
        // 998 of 1,000 on average.
        assert!((19_920..=20_000).contains(&large), "{large}");
    }
}
