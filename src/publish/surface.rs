//! A density surface in classes, shown where enough incidents and addresses make it.

use std::collections::BTreeMap;

use ndarray::Array2;

use super::disclosure::Disclosure;
use crate::error::{Error, Fault, Result};
use crate::methods::density::{Classification, DensityClasses, Surface};
use crate::parallel::Workers;

/// A surface that may be published.
///
/// Class 0 is "few or none": no incident in reach, or too few to show. The two are one class on
/// purpose, because a hole in a map would say that somebody is in it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProtectedSurface {
    /// The class of each cell, rows by columns, row 0 in the north; 255 outside the study area.
    pub class: Array2<u8>,
    /// What the classes stand for.
    pub classes: DensityClasses,
    /// The lower end of each cell's class as a surface, zero in class 0.
    pub surface: Surface,
    /// How many cells with incidents in reach are in class 0, for the analyst.
    pub withheld: usize,
}

impl ProtectedSurface {
    /// The class of a cell outside the study area.
    pub const OUTSIDE: u8 = 255;
}

impl Disclosure {
    /// Publishes a surface as classes, and only where its incidents hide each other.
    ///
    /// With k the kernel's value at a cell for each incident in reach, a cell is shown where the
    /// effective number of incidents (Σk)²/Σk² is at least the minimum count, they lie on at least
    /// the minimum number of addresses, and the addresses with most of Σk break no rule of dominance
    /// or p %. Values are never shown: the peak of a kernel tells how many incidents lie under it.
    /// `x` and `y` are the incidents that the surface is of; incidents on one place have one address.
    ///
    /// Under a kernel with long tails (Gaussian) many addresses are in reach of every cell with next
    /// to no weight: there the effective number and dominance, which weigh, do the work, and the
    /// minimum of addresses hardly restrains anything. Kernels that end know this only near their edge.
    ///
    /// Complexity: cells times places in reach of a cell.
    ///
    /// # Errors
    /// [`Error::Disclosure`] for a bandwidth or cell narrower than the rules allow;
    /// [`Fault::LengthMismatch`]; [`Error::Cancelled`].
    pub fn surface(
        &self,
        surface: &Surface,
        x: &[f64],
        y: &[f64],
        most_classes: usize,
        workers: &Workers,
    ) -> Result<ProtectedSurface> {
        self.check()?;
        self.wide_enough(surface)?;
        if x.len() != y.len() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("{} eastings and {} northings", x.len(), y.len()),
            ));
        }
        let classes = surface.classes(Classification::Geometric, most_classes.min(250))?;
        let reach = surface.kernel().reach() * surface.bandwidth();
        let places = Places::of(x, y, reach);
        let grid = surface.grid();
        let rows = workers.map(grid.rows(), |row| {
            (0..grid.cols())
                .map(|col| {
                    let density = surface.values()[[row, col]];
                    let Some(class) = classes.class_of(density) else {
                        return (ProtectedSurface::OUTSIDE, false);
                    };
                    if class == 0 {
                        return (0, false);
                    }
                    let (east, north) = grid.centre(row, col);
                    let hidden =
                        !self.is_internal() && !self.mingles(&places, east, north, surface);
                    (if hidden { 0 } else { class as u8 }, hidden)
                })
                .collect::<Vec<(u8, bool)>>()
        })?;
        let cells = rows.concat();
        let withheld = cells.iter().filter(|c| c.1).count();
        let shape = (grid.rows(), grid.cols());
        let class = Array2::from_shape_vec(shape, cells.into_iter().map(|c| c.0).collect())
            .map_err(|e| Error::internal(format!("classes of a surface: {e}")))?;
        let least = classes.range(1).1 / 2.0;
        let values = class.mapv(|c| match c {
            ProtectedSurface::OUTSIDE => f64::NAN,
            0 => 0.0,
            1 => least,
            c => classes.range(usize::from(c)).0,
        });
        let lower = Surface::new(grid.clone(), values, surface.kernel(), surface.bandwidth())?;
        Ok(ProtectedSurface {
            class,
            classes,
            surface: lower,
            withheld,
        })
    }

    fn wide_enough(&self, surface: &Surface) -> Result<()> {
        self.widths(surface.bandwidth(), surface.grid().cell_size())
    }

    /// Whether a bandwidth and a cell are wide enough to be published.
    ///
    /// # Errors
    /// [`Error::Disclosure`] with what to use instead.
    pub fn widths(&self, bandwidth: f64, cell: f64) -> Result<()> {
        if bandwidth < self.minimum_bandwidth {
            return Err(Error::disclosure(format!(
                "`{}` publishes no density with a bandwidth below {} m, because single addresses \
                 show in it, and this one has {bandwidth} m; use a bandwidth of {} m, or publish \
                 without it",
                self.name, self.minimum_bandwidth, self.minimum_bandwidth
            )));
        }
        if cell < self.minimum_cell {
            return Err(Error::disclosure(format!(
                "`{}` publishes no density in cells below {} m, and these have {cell} m; use a cell \
                 size of {} m",
                self.name, self.minimum_cell, self.minimum_cell
            )));
        }
        Ok(())
    }

    /// Whether the incidents in reach of a place hide each other.
    fn mingles(&self, places: &Places, x: f64, y: f64, surface: &Surface) -> bool {
        let (mut sum, mut squares) = (0.0, 0.0);
        let mut by_address = Vec::new();
        for (px, py, count) in places.near(x, y) {
            let (dx, dy) = (
                (px - x) / surface.bandwidth(),
                (py - y) / surface.bandwidth(),
            );
            let k = surface.kernel().value(dx * dx + dy * dy);
            if k > 0.0 {
                let count = f64::from(count);
                sum += count * k;
                squares += count * k * k;
                by_address.push(count * k);
            }
        }
        let effective = if squares > 0.0 {
            sum * sum / squares
        } else {
            0.0
        };
        if effective < self.minimum_count as f64 || by_address.len() < self.minimum_addresses {
            return false;
        }
        by_address.sort_unstable_by(|a, b| b.total_cmp(a));
        let at = |i: usize| by_address.get(i).copied().unwrap_or(0.0);
        let dominated = self
            .dominance
            .is_some_and(|(n, k)| by_address.iter().take(n).sum::<f64>() > k * sum);
        let estimated = self
            .p_percent
            .is_some_and(|p| sum - at(0) - at(1) < p * at(0));
        !dominated && !estimated
    }
}

/// Easting, northing and how many incidents.
type Place = (f64, f64, u32);

/// Places with their incidents, in squares as wide as a kernel reaches.
struct Places {
    side: f64,
    squares: BTreeMap<(i64, i64), Vec<Place>>,
}

impl Places {
    fn of(x: &[f64], y: &[f64], side: f64) -> Self {
        let mut points: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
        points.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut out = Self {
            side,
            squares: BTreeMap::new(),
        };
        for same in points.chunk_by(|a, b| a == b) {
            let (x, y) = same[0];
            let square = out.squares.entry(out.square(x, y)).or_default();
            square.push((x, y, same.len() as u32));
        }
        out
    }

    fn square(&self, x: f64, y: f64) -> (i64, i64) {
        (
            (x / self.side).floor() as i64,
            (y / self.side).floor() as i64,
        )
    }

    fn near(&self, x: f64, y: f64) -> impl Iterator<Item = Place> + '_ {
        let (col, row) = self.square(x, y);
        (row - 1..=row + 1)
            .flat_map(move |r| (col - 1..=col + 1).map(move |c| (c, r)))
            .filter_map(|square| self.squares.get(&square))
            .flatten()
            .copied()
    }
}
