//! The places for which is forecast.

use super::past::Events;
use crate::error::{Error, Fault, Result};
use crate::index::{NeighbourhoodIndex, covered_cells};
use crate::model::{Crs, Grid, Incidents, Neighbourhoods};
use crate::parallel::Workers;

/// The places that forecasts are made for and compared on: areas, or square cells within them.
///
/// Of both the surface is known exactly; cells at the border count with the part of them that the
/// areas cover. A place lies in a unit by the rule of
/// [`NeighbourhoodIndex`]; whatever lies outside all areas is in none.
///
/// ```
/// use brandpunt::methods::forecast::ForecastUnits;
/// use brandpunt::synthetic::SyntheticCity;
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(100).seed(1).build()?;
/// let areas = ForecastUnits::areas(&city.neighbourhoods)?;
/// let cells = ForecastUnits::cells(&city.neighbourhoods, 200.0)?;
/// let total = |units: &ForecastUnits| units.km2().iter().sum::<f64>();
/// assert!((total(&areas) / total(&cells) - 1.0).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ForecastUnits {
    index: NeighbourhoodIndex,
    grid: Grid,
    km2: Vec<f64>,
    /// Of each cell of the grid, what is covered in square kilometres.
    covered: Vec<f64>,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    /// Parts of cells that lie in areas: cell, area, square kilometres.
    Areas(Vec<(u32, u32, f64)>),
    /// The cells that are units, and the number of each cell among them.
    Cells { at: Vec<u32>, number: Vec<u32> },
}

/// Side of the cells on which what is spread over areas is added up, in metres.
const MESH: f64 = 100.0;

impl ForecastUnits {
    /// The areas themselves.
    ///
    /// # Errors
    /// [`Error::Crs`] for degrees, [`Error::TooLarge`] for areas of more than 2³¹ squares of 100 m,
    /// [`Fault::NoRows`] where they cover nothing.
    pub fn areas(areas: &Neighbourhoods) -> Result<Self> {
        let grid = Grid::covering(areas.bounds(), MESH, areas.crs())?;
        let cell = cell_km2(&grid);
        let mut parts = Vec::new();
        let mut km2 = vec![0.0; areas.len()];
        let mut covered = vec![0.0; grid.len()];
        for (area, shape) in (0u32..).zip(areas.shapes()) {
            covered_cells(shape, &grid, |row, col, share| {
                let at = row * grid.cols() + col;
                parts.push((at as u32, area, share * cell));
                km2[area as usize] += share * cell;
                covered[at] += share * cell;
            });
        }
        let kind = Kind::Areas(parts);
        Self::of(areas, grid, km2, covered, kind)
    }

    /// Square cells of this side in metres, as far as the areas cover them.
    ///
    /// # Errors
    /// As [`areas`](Self::areas); [`Error::Parameter`] for a side that is not positive.
    pub fn cells(areas: &Neighbourhoods, cell_size: f64) -> Result<Self> {
        let grid = Grid::covering(areas.bounds(), cell_size, areas.crs())?;
        let cell = cell_km2(&grid);
        let mut covered = vec![0.0; grid.len()];
        for shape in areas.shapes() {
            covered_cells(shape, &grid, |row, col, share| {
                let here = &mut covered[row * grid.cols() + col];
                // Areas that overlap cover a place once.
                *here = (*here + share * cell).min(cell);
            });
        }
        let mut number = vec![NeighbourhoodIndex::NONE; grid.len()];
        let mut at = Vec::new();
        for (cell, number) in number.iter_mut().enumerate() {
            if covered[cell] > 0.0 {
                *number = at.len() as u32;
                at.push(cell as u32);
            }
        }
        let km2 = at.iter().map(|c| covered[*c as usize]).collect();
        Self::of(areas, grid, km2, covered, Kind::Cells { at, number })
    }

    fn of(
        areas: &Neighbourhoods,
        grid: Grid,
        km2: Vec<f64>,
        covered: Vec<f64>,
        kind: Kind,
    ) -> Result<Self> {
        if covered.iter().all(|c| *c <= 0.0) {
            let detail = "the areas cover no ground; give polygons";
            return Err(Error::input(Fault::NoRows, detail));
        }
        Ok(Self {
            index: NeighbourhoodIndex::build(areas)?,
            grid,
            km2,
            covered,
            kind,
        })
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.km2.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.km2.is_empty()
    }

    /// Surface of each in square kilometres.
    #[must_use]
    pub fn km2(&self) -> &[f64] {
        &self.km2
    }

    /// The system of the coordinates.
    #[must_use]
    pub fn crs(&self) -> Crs {
        self.grid.crs()
    }

    /// The grid of which the units are cells; `None` for areas.
    #[must_use]
    pub fn grid(&self) -> Option<&Grid> {
        matches!(self.kind, Kind::Cells { .. }).then_some(&self.grid)
    }

    /// Row and column of each unit in the grid; empty for areas.
    #[must_use]
    pub fn positions(&self) -> Vec<(usize, usize)> {
        let cols = self.grid.cols();
        match &self.kind {
            Kind::Areas(_) => Vec::new(),
            Kind::Cells { at, .. } => at
                .iter()
                .map(|c| (*c as usize / cols, *c as usize % cols))
                .collect(),
        }
    }

    /// The unit that holds a point.
    #[must_use]
    pub fn locate(&self, x: f64, y: f64) -> Option<u32> {
        let area = self.index.locate(x, y)?;
        match &self.kind {
            Kind::Areas(_) => Some(area),
            Kind::Cells { number, .. } => {
                let (row, col) = self.grid.cell_of(x, y)?;
                let unit = number[row * self.grid.cols() + col];
                (unit != NeighbourhoodIndex::NONE).then_some(unit)
            }
        }
    }

    /// Incidents in each unit from one moment (seconds since 1970, UTC) up to another; what the police
    /// found themselves is counted only if asked for, see [`Forecast::discovered`].
    ///
    /// # Errors
    /// As [`Forecast::run_with`].
    ///
    /// [`Forecast::discovered`]: super::Forecast::discovered
    /// [`Forecast::run_with`]: super::Forecast::run_with
    pub fn counts(
        &self,
        incidents: &Incidents,
        (from, until): (i64, i64),
        discovered: bool,
        workers: &Workers,
    ) -> Result<Vec<i64>> {
        let events = Events::of(incidents, self, discovered, workers)?;
        Ok(events.counts(from, until, self.len()))
    }

    /// The cells on which is spread, whatever the units are.
    pub(super) fn mesh(&self) -> &Grid {
        &self.grid
    }

    /// What the areas cover of each of those cells, in square kilometres.
    pub(super) fn covered(&self) -> &[f64] {
        &self.covered
    }

    /// From an amount per cell to an amount per unit; a cell that several areas share is divided by
    /// how much of it lies in each.
    pub(super) fn gather(&self, cells: &[f64]) -> Vec<f64> {
        match &self.kind {
            Kind::Cells { at, .. } => at.iter().map(|c| cells[*c as usize]).collect(),
            Kind::Areas(parts) => {
                let mut out = vec![0.0; self.len()];
                for &(cell, area, km2) in parts {
                    out[area as usize] +=
                        cells[cell as usize] * (km2 / self.covered[cell as usize]);
                }
                out
            }
        }
    }
}

fn cell_km2(grid: &Grid) -> f64 {
    grid.cell_size() * grid.cell_size() / 1e6
}

#[cfg(test)]
mod tests {
    use geo_types::{MultiPolygon, Rect, coord};

    use super::*;
    use crate::model::{Times, Zone};

    fn two_areas() -> Neighbourhoods {
        let rect = |x: f64, w: f64| {
            let rect = Rect::new(coord! { x: x, y: 0.0 }, coord! { x: x + w, y: 450.0 });
            MultiPolygon::new(vec![rect.to_polygon()])
        };
        let names = || vec!["west".to_owned(), "east".to_owned()];
        let shapes = vec![rect(0.0, 350.0), rect(350.0, 650.0)];
        Neighbourhoods::new(names(), names(), shapes, Crs::PLANAR).unwrap()
    }

    #[test]
    fn surfaces_are_exact_and_what_is_gathered_adds_up() {
        let areas = ForecastUnits::areas(&two_areas()).unwrap();
        for (km2, exact) in areas.km2().iter().zip([0.1575, 0.2925]) {
            assert!((km2 - exact).abs() < 1e-12);
        }
        let cells = ForecastUnits::cells(&two_areas(), 200.0).unwrap();
        assert_eq!(cells.len(), 5 * 3);
        assert!((cells.km2().iter().sum::<f64>() - 0.45).abs() < 1e-12);
        let amounts: Vec<f64> = areas.covered().iter().map(|c| 3.0 * c).collect();
        let gathered = areas.gather(&amounts);
        assert!((gathered[0] - 3.0 * 0.1575).abs() < 1e-12);
        assert!((gathered.iter().sum::<f64>() - 3.0 * 0.45).abs() < 1e-12);
    }

    /// Two and two cells with a gap between, and one area twice.
    #[test]
    fn gaps_hold_no_unit_and_what_is_covered_twice_is_there_once() {
        let rect = |x: f64| {
            let rect = Rect::new(coord! { x: x, y: 0.0 }, coord! { x: x + 100.0, y: 200.0 });
            MultiPolygon::new(vec![rect.to_polygon()])
        };
        let areas = |shapes: Vec<MultiPolygon>| {
            let names: Vec<String> = (0..shapes.len()).map(|i| format!("area {i}")).collect();
            Neighbourhoods::new(names.clone(), names, shapes, Crs::PLANAR).unwrap()
        };
        let apart = ForecastUnits::cells(&areas(vec![rect(0.0), rect(300.0)]), 100.0).unwrap();
        // What lies on the edge of a cell belongs to the next, so the grid has one more each way.
        assert_eq!(apart.positions(), [(1, 0), (1, 3), (2, 0), (2, 3)]);
        assert_eq!(apart.grid().map(Grid::len), Some(15));
        assert!(!apart.is_empty());
        assert_eq!(apart.locate(350.0, 50.0), Some(3));
        assert_eq!(apart.locate(150.0, 50.0), None);
        let amounts: Vec<f64> = (0..15).map(f64::from).collect();
        assert_eq!(apart.gather(&amounts), [5.0, 8.0, 10.0, 13.0]);
        let twice = areas(vec![rect(0.0), rect(0.0)]);
        let cells = ForecastUnits::cells(&twice, 100.0).unwrap();
        assert!(cells.km2().iter().all(|km2| (km2 - 0.01).abs() < 1e-12));
        let both = ForecastUnits::areas(&twice).unwrap();
        assert_eq!(both.gather(&[0.0, 0.0, 3.0, 0.0, 5.0, 0.0]), [4.0, 4.0]);
    }

    #[test]
    fn incidents_are_counted_from_a_moment_up_to_another() {
        let x = vec![10.0, 20.0, 400.0, 410.0, 420.0, 990.0, 2_000.0];
        let seconds = vec![99, 100, 100, 150, 199, 200, 150];
        let incidents = Incidents::builder(x, vec![50.0; 7], Crs::PLANAR)
            .time(Times::from_utc_seconds(seconds, Zone::utc()))
            .build()
            .unwrap();
        let areas = ForecastUnits::areas(&two_areas()).unwrap();
        let workers = Workers::new(1).unwrap();
        let counts = |from, until| areas.counts(&incidents, (from, until), false, &workers);
        assert_eq!(counts(100, 200).unwrap(), [1, 3]);
        assert_eq!(counts(0, 1_000).unwrap(), [2, 4]);
    }

    #[test]
    fn a_point_lies_in_one_unit_or_none() {
        let areas = ForecastUnits::areas(&two_areas()).unwrap();
        assert_eq!(areas.locate(349.0, 10.0), Some(0));
        assert_eq!(areas.locate(350.0, 10.0), Some(1));
        assert_eq!(areas.locate(-1.0, 10.0), None);
        assert!(areas.grid().is_none() && areas.positions().is_empty());
        let cells = ForecastUnits::cells(&two_areas(), 200.0).unwrap();
        assert_eq!(cells.locate(10.0, 10.0), Some(10));
        assert_eq!(cells.positions()[10], (2, 0));
        assert_eq!(
            cells.locate(10.0, 460.0),
            None,
            "the cell goes on, the area does not"
        );
    }
}
