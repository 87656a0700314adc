//! From a surface to neighbourhoods.

use geo::{Area, InteriorPoint};
use geo_types::MultiPolygon;

use super::surface::Surface;
use crate::error::Result;
use crate::index::{NeighbourhoodIndex, covered_cells, require_same_crs};
use crate::model::Neighbourhoods;
use crate::parallel::Workers;
use crate::stats::sum;

/// Share of a neighbourhood that must have a density for its mean and peak to be told.
const LEAST_COVERED: f64 = 0.5;

/// How dense is it in each neighbourhood, and how many incidents is that? Columns in the order of
/// the neighbourhoods.
///
/// The density is taken as constant within a cell, and a cell cut by a border counts for each side
/// with the part that lies there, exactly. So integrals of neighbourhoods that tile an area add up
/// to that of the area, and neighbourhoods smaller than a cell need no rule of their own.
///
/// A cell whose centre lies outside the study area has no density though part of it may lie
/// inside; for that part the mean of those of its eight neighbours that have one stands in.
/// Mean and peak are NaN where less than half of a neighbourhood has a density, the integral where
/// nothing has.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NeighbourhoodDensity {
    /// Mean density over the neighbourhood, incidents per square kilometre.
    pub mean: Vec<f64>,
    /// Greatest density at a cell centre inside, the northernmost and then westernmost of equals;
    /// of a neighbourhood that holds no centre, the density at a point inside.
    pub peak: Vec<f64>,
    /// Where the greatest density is.
    pub peak_x: Vec<f64>,
    /// Where the greatest density is.
    pub peak_y: Vec<f64>,
    /// Integral of the density: the incidents that the surface places here.
    pub integral: Vec<f64>,
    /// Part of the integrals of all neighbourhoods together; NaN when these are zero.
    pub share: Vec<f64>,
    /// Share of the neighbourhood's surface that has a density.
    pub covered: Vec<f64>,
}

impl Surface {
    /// Mean, peak and integral of the density in each neighbourhood, on all cores.
    ///
    /// # Errors
    /// As [`by_neighbourhood_with`](Self::by_neighbourhood_with).
    ///
    /// ```
    /// use brandpunt::methods::density::KernelDensity;
    /// use brandpunt::{Crs, Incidents, Neighbourhoods};
    /// use geo_types::{MultiPolygon, Rect, coord};
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let square = |x: f64| {
    ///     let rect = Rect::new(coord! { x: x, y: 0.0 }, coord! { x: x + 1000.0, y: 2000.0 });
    ///     MultiPolygon::new(vec![rect.to_polygon()])
    /// };
    /// let names = || vec!["west".to_owned(), "east".to_owned()];
    /// let hoods = Neighbourhoods::new(names(), names(), vec![square(0.0), square(1000.0)], Crs::PLANAR)?;
    /// let incidents = Incidents::builder(vec![500.0, 1000.0], vec![1000.0; 2], Crs::PLANAR).build()?;
    /// let surface = KernelDensity::new(300.0).cell_size(30.0).run(&incidents)?;
    /// let density = surface.by_neighbourhood(&hoods)?;
    /// assert!((density.integral[0] - 1.5).abs() < 1e-3, "the second is half in the west");
    /// assert!((density.share[1] - 0.25).abs() < 1e-3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn by_neighbourhood(&self, hoods: &Neighbourhoods) -> Result<NeighbourhoodDensity> {
        let workers = Workers::new(0)?;
        self.by_neighbourhood_with(hoods, &NeighbourhoodIndex::build(hoods)?, &workers)
    }

    /// The same with an index of the neighbourhoods at hand, on the given threads.
    ///
    /// # Complexity
    /// The cells, and for each neighbourhood the cells of its rectangle.
    ///
    /// # Errors
    /// [`Fault::CrsMismatch`](crate::Fault::CrsMismatch) for neighbourhoods in another system,
    /// [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn by_neighbourhood_with(
        &self,
        hoods: &Neighbourhoods,
        index: &NeighbourhoodIndex,
        workers: &Workers,
    ) -> Result<NeighbourhoodDensity> {
        require_same_crs(self.grid().crs(), hoods.crs())?;
        let highest = self.highest(hoods, index, workers)?;
        let shapes = hoods.shapes();
        let masses = workers.map(hoods.len(), |i| self.mass_in(&shapes[i]))?;
        let km2 = self.grid().cell_size() * self.grid().cell_size() / 1e6;
        let covered: Vec<f64> = masses
            .iter()
            .zip(shapes)
            .map(|(mass, shape)| mass.cells * km2 * 1e6 / shape.unsigned_area())
            .collect();
        let told = |i: usize, value: f64| {
            if covered[i] >= LEAST_COVERED {
                value
            } else {
                f64::NAN
            }
        };
        let integral: Vec<f64> = masses.iter().map(|m| m.density * km2).collect();
        let total = sum(integral.iter().copied().filter(|v| v.is_finite()));
        let means = masses.iter().map(|m| m.density / m.cells).enumerate();
        let column = |of: fn(&Peak) -> f64| {
            let all = highest.iter().enumerate();
            all.map(|(i, peak)| told(i, of(peak))).collect()
        };
        Ok(NeighbourhoodDensity {
            mean: means.map(|(i, mean)| told(i, mean)).collect(),
            peak: column(|p| p.value),
            peak_x: column(|p| p.x),
            peak_y: column(|p| p.y),
            share: integral.iter().map(|v| v / total).collect(),
            integral,
            covered,
        })
    }

    /// The greatest density in each neighbourhood.
    fn highest(
        &self,
        hoods: &Neighbourhoods,
        index: &NeighbourhoodIndex,
        workers: &Workers,
    ) -> Result<Vec<Peak>> {
        let grid = self.grid();
        let labels = index.locate_cells(grid, workers)?;
        let mut found: Vec<Option<Peak>> = vec![None; hoods.len()];
        for (&label, ((row, col), &value)) in labels.iter().zip(self.values().indexed_iter()) {
            if let Some(peak) = found.get_mut(label as usize)
                && value > peak.as_ref().map_or(f64::NEG_INFINITY, |p| p.value)
            {
                let (x, y) = grid.centre(row, col);
                *peak = Some(Peak { value, x, y });
            }
        }
        let shapes = hoods.shapes().iter();
        Ok(found
            .into_iter()
            .zip(shapes)
            .map(|(peak, shape)| peak.unwrap_or_else(|| self.inside(shape)))
            .collect())
    }

    /// The density at a point inside an area.
    fn inside(&self, shape: &MultiPolygon<f64>) -> Peak {
        let point = shape.interior_point();
        let (x, y) = point.map_or((f64::NAN, f64::NAN), |p| (p.x(), p.y()));
        let cell = self.grid().cell_of(x, y);
        Peak {
            value: cell.map_or(f64::NAN, |(row, col)| self.beside(row, col)),
            x,
            y,
        }
    }

    /// What of the surface lies in an area.
    fn mass_in(&self, shape: &MultiPolygon<f64>) -> Mass {
        let (mut densities, mut shares) = (Vec::new(), Vec::new());
        covered_cells(shape, self.grid(), |row, col, share| {
            let value = self.beside(row, col);
            if value.is_finite() {
                densities.push(share * value);
                shares.push(share);
            }
        });
        if shares.is_empty() {
            return Mass {
                density: f64::NAN,
                cells: 0.0,
            };
        }
        Mass {
            density: sum(densities),
            cells: sum(shares),
        }
    }

    /// The density of a cell, or the mean of those of its neighbours that have one.
    fn beside(&self, row: usize, col: usize) -> f64 {
        let values = self.values();
        if values[(row, col)].is_finite() {
            return values[(row, col)];
        }
        let (rows, cols) = values.dim();
        let near = |at: usize, n: usize| at.saturating_sub(1)..(at + 2).min(n);
        let around = near(row, rows).flat_map(|r| near(col, cols).map(move |c| (r, c)));
        let known: Vec<f64> = around
            .map(|at| values[at])
            .filter(|v| v.is_finite())
            .collect();
        sum(known.iter().copied()) / known.len() as f64
    }
}

/// What lies in a neighbourhood, in cells.
struct Mass {
    /// Sum of shares of cells times their density, NaN for no cell.
    density: f64,
    /// Sum of shares of cells that have a density.
    cells: f64,
}

#[derive(Clone)]
struct Peak {
    value: f64,
    x: f64,
    y: f64,
}

#[cfg(test)]
mod tests;
