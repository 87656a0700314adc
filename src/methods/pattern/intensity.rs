//! How many incidents are to be expected around each place?

use libm::cbrt;
use ndarray::Array2;

use super::cells::Cells;
use super::places::Places;
use super::window::Window;
use crate::error::{Error, Fault, Result};
use crate::index::require_same_crs;
use crate::model::{Crs, Grid};
use crate::parallel::Workers;

/// The intensity of a pattern that is denser in some parts of the study area than in others.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Intensity {
    /// A raster of incidents per square kilometre, rows by columns, such as the grid and the
    /// values of a surface: taken as it is, also for simulated patterns.
    Cells {
        /// The cells.
        grid: Grid,
        /// A value for each; incidents in cells without a positive value are left out.
        values: Array2<f64>,
    },
    /// Estimated from the pattern itself: at each incident the quartic kernels of this bandwidth
    /// (their radius in metres) of all others, each divided by its mass within the study area. For
    /// a simulated pattern it is estimated anew. Clustering within the bandwidth is largely taken
    /// for intensity, so choose it several times as large as the radii asked for.
    Kernel {
        /// Radius of the kernels in metres.
        bandwidth: f64,
    },
}

impl Intensity {
    /// Refuses an intensity where something else says what chance is.
    pub(super) fn refuse(given: Option<&Self>, expected: &str) -> Result<()> {
        match given {
            Some(_) => Err(Error::parameter("intensity", "an intensity", expected)),
            None => Ok(()),
        }
    }

    pub(super) fn check(&self, crs: Crs) -> Result<()> {
        if let Self::Cells { grid, .. } = self {
            require_same_crs(grid.crs(), crs)?;
        }
        match self {
            Self::Cells { grid, values } if values.dim() != (grid.rows(), grid.cols()) => {
                let detail = format!(
                    "{} by {} values for a grid of {} by {}",
                    values.nrows(),
                    values.ncols(),
                    grid.rows(),
                    grid.cols()
                );
                Err(Error::input(Fault::LengthMismatch, detail))
            }
            Self::Kernel { bandwidth } if !(bandwidth.is_finite() && *bandwidth > 0.0) => {
                let expected = "a positive number of metres";
                Err(Error::parameter("bandwidth", *bandwidth, expected))
            }
            _ => Ok(()),
        }
    }

    /// Incidents per square metre at each place, without the incident itself; 0 where there is
    /// none.
    pub(super) fn at(
        &self,
        places: &Places,
        window: Option<&Window<'_>>,
        workers: &Workers,
    ) -> Result<Vec<f64>> {
        match (self, window) {
            (Self::Cells { grid, values }, _) => Ok(places
                .x
                .iter()
                .zip(&places.y)
                .map(|(x, y)| grid.cell_of(*x, *y).map_or(0.0, |cell| values[cell] * 1e-6))
                .map(|v| if v > 0.0 && v.is_finite() { v } else { 0.0 })
                .collect()),
            (Self::Kernel { bandwidth }, Some(window)) => {
                by_others(places, *bandwidth, window, workers)
            }
            (Self::Kernel { .. }, None) => Ok(vec![0.0; places.len()]),
        }
    }
}

/// Distances, in bandwidths, that divide the mass of a quartic kernel into equal parts, each in
/// the middle of its part.
fn parts() -> impl Iterator<Item = f64> {
    const PARTS: u8 = 32;
    (0..PARTS).map(|k| quartic_distance((f64::from(k) + 0.5) / f64::from(PARTS)))
}

/// The distance, in bandwidths, within which a quartic kernel has this share of its mass.
pub(super) fn quartic_distance(share: f64) -> f64 {
    (1.0 - cbrt(1.0 - share)).max(0.0).sqrt()
}

/// Kernels of the other incidents, each over its mass within the study area.
fn by_others(
    places: &Places,
    bandwidth: f64,
    window: &Window<'_>,
    workers: &Workers,
) -> Result<Vec<f64>> {
    const PIECE: usize = 256;
    let cells = Cells::new(&places.x, &places.y, window.area.bounds(), 0.25 * bandwidth);
    let at = |place: usize| [cells.x[place], cells.y[place]];
    let peak = 3.0 / (std::f64::consts::PI * bandwidth * bandwidth);
    let heights = workers
        .map_ranges(cells.len(), PIECE, |range| {
            let mut seen = Vec::new();
            range
                .map(|place| {
                    let inside = window.look(at(place), &mut seen);
                    let share = |d: f64| Window::share(inside, &seen, d * bandwidth);
                    let mass = if seen.is_empty() {
                        1.0
                    } else {
                        parts().map(share).sum::<f64>() / parts().count() as f64
                    };
                    peak / mass.max(0.01)
                })
                .collect::<Vec<f64>>()
        })?
        .concat();
    let count = |place: usize| f64::from(places.count[cells.number[place] as usize]);
    let scale = 1.0 / (bandwidth * bandwidth);
    let sums = workers
        .map_ranges(cells.len(), PIECE, |range| {
            range
                .map(|place| {
                    let [x, y] = at(place);
                    // All others, those on the same place but for the incident itself included.
                    let mut sum = -heights[place];
                    cells.around([x, y], bandwidth, |stretch| {
                        for other in stretch {
                            let (dx, dy) = (cells.x[other] - x, cells.y[other] - y);
                            let left = 1.0 - (dx * dx + dy * dy) * scale;
                            if left > 0.0 {
                                sum += count(other) * heights[other] * left * left;
                            }
                        }
                    });
                    // What is left of the own kernel is rounding.
                    if sum > 1e-9 * heights[place] {
                        sum
                    } else {
                        0.0
                    }
                })
                .collect::<Vec<f64>>()
        })?
        .concat();
    let mut out = vec![0.0; places.len()];
    for (number, sum) in cells.number.iter().zip(sums) {
        out[*number as usize] = sum;
    }
    Ok(out)
}
