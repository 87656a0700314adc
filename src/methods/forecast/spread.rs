//! How far does an incident spread its weight?

use super::units::ForecastUnits;

/// How the weight of an incident is laid over the places around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Spread {
    /// (1 − (d/r)²)² up to the radius r in metres.
    Quartic { radius: f64 },
    /// exp(−d²/2σ²) up to a reach, both in metres.
    Gaussian { sigma: f64, reach: f64 },
    /// 1, 1/2, 1/3, … by whole half-widths of a cell, up to 400 m.
    HalfCells,
}

/// How far [`Spread::HalfCells`] reaches, in metres.
const PROSPECTIVE_REACH: f64 = 400.0;

impl Spread {
    fn reach(self) -> f64 {
        match self {
            Self::Quartic { radius } => radius,
            Self::Gaussian { reach, .. } => reach,
            Self::HalfCells => PROSPECTIVE_REACH,
        }
    }

    /// Up to a factor that is the same at all distances.
    fn weight(self, squared: f64, cell_size: f64) -> f64 {
        match self {
            Self::Quartic { radius } => (1.0 - squared / (radius * radius)).max(0.0).powi(2),
            Self::Gaussian { sigma, .. } => (-0.5 * squared / (sigma * sigma)).exp(),
            Self::HalfCells => 1.0 / (1.0 + (squared.sqrt() / (0.5 * cell_size)).floor()),
        }
    }
}

/// Lays weights of incidents over the cells of some units, so that nothing is lost: what would fall
/// outside the study area goes to the places around inside it, as with Diggle's edge correction.
pub(super) struct Spreading<'a> {
    units: &'a ForecastUnits,
    spread: Spread,
    near: Vec<(usize, f64)>,
}

impl<'a> Spreading<'a> {
    pub(super) fn new(units: &'a ForecastUnits, spread: Spread) -> Self {
        let near = Vec::new();
        Self {
            units,
            spread,
            near,
        }
    }

    /// Adds an amount around a place within the study area.
    pub(super) fn add(&mut self, x: f64, y: f64, amount: f64, cells: &mut [f64]) {
        let total = self.look_around(x, y);
        if total > 0.0 {
            for &(cell, weight) in &self.near {
                cells[cell] += amount * (weight / total);
            }
        } else if let Some((row, col)) = self.units.mesh().cell_of(x, y) {
            // No middle of a cell is in reach.
            cells[row * self.units.mesh().cols() + col] += amount;
        }
    }

    /// Notes the cells in reach with their weight times what is covered of them; gives the sum.
    fn look_around(&mut self, x: f64, y: f64) -> f64 {
        let grid = self.units.mesh();
        let (size, bounds, reach) = (grid.cell_size(), grid.bounds(), self.spread.reach());
        self.near.clear();
        let first = |least: f64| ((least / size - 0.5).ceil().max(0.0)) as usize;
        // Casts saturate, so places beyond the grid give empty ranges.
        let end =
            |most: f64, cells: usize| (((most / size - 0.5).floor() + 1.0) as usize).min(cells);
        let cols = first(x - reach - bounds.min_x)..end(x + reach - bounds.min_x, grid.cols());
        let rows = first(bounds.max_y - y - reach)..end(bounds.max_y - y + reach, grid.rows());
        let mut total = 0.0;
        for row in rows {
            let dy = grid.y(row) - y;
            for col in cols.clone() {
                let dx = grid.x(col) - x;
                let squared = dx * dx + dy * dy;
                let cell = row * grid.cols() + col;
                let km2 = self.units.covered()[cell];
                if squared <= reach * reach && km2 > 0.0 {
                    let weight = self.spread.weight(squared, size) * km2;
                    total += weight;
                    self.near.push((cell, weight));
                }
            }
        }
        total
    }

    /// Which part of a quartic kernel around a place lies within the study area; 1 where the kernel
    /// is too small for the cells to tell.
    pub(super) fn inside(&mut self, x: f64, y: f64) -> f64 {
        const CELLS: f64 = 3.0;
        match self.spread {
            Spread::Quartic { radius } if radius >= CELLS * self.units.mesh().cell_size() => {
                let whole = std::f64::consts::PI * radius * radius / 3.0 / 1e6;
                (self.look_around(x, y) / whole).clamp(0.05, 1.0)
            }
            _ => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{MultiPolygon, Rect, coord};

    use super::*;
    use crate::model::{Crs, Neighbourhoods};
    use crate::synthetic::SyntheticCity;

    /// Square cells of 100 m in a rectangle of this size.
    fn cells(width: f64, height: f64) -> ForecastUnits {
        let all = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: width, y: height });
        let shapes = vec![MultiPolygon::new(vec![all.to_polygon()])];
        let names = || vec!["town".to_owned()];
        let town = Neighbourhoods::new(names(), names(), shapes, Crs::PLANAR).unwrap();
        ForecastUnits::cells(&town, 100.0).unwrap()
    }

    /// Every cell by itself; places at the middle of a cell have others on the rim of their reach.
    #[test]
    fn all_cells_in_reach_have_their_weight() {
        let units = cells(1_230.0, 760.0);
        let (grid, covered) = (units.mesh(), units.covered());
        for (spread, reach) in [
            (Spread::Quartic { radius: 300.0 }, 300.0f64),
            (
                Spread::Gaussian {
                    sigma: 80.0,
                    reach: 200.0,
                },
                200.0,
            ),
            (Spread::HalfCells, 400.0),
        ] {
            let mut spreading = Spreading::new(&units, spread);
            let middle = (grid.x(5), grid.y(3));
            for (x, y) in [
                middle,
                (1.0, 2.0),
                (1_229.0, 700.0),
                (-250.0, 411.0),
                (640.0, 990.0),
            ] {
                let total = spreading.look_around(x, y);
                let mut want = Vec::new();
                for (cell, km2) in covered.iter().enumerate() {
                    let (row, col) = (cell / grid.cols(), cell % grid.cols());
                    let d = (grid.x(col) - x).hypot(grid.y(row) - y);
                    let weight = match spread {
                        Spread::Quartic { radius } => (1.0 - (d / radius).powi(2)).powi(2),
                        Spread::Gaussian { sigma, .. } => (-0.5 * (d / sigma).powi(2)).exp(),
                        Spread::HalfCells => 1.0 / (1.0 + (d / 50.0).floor()),
                    };
                    if d <= reach && *km2 > 0.0 {
                        want.push((cell, weight * km2));
                    }
                }
                assert_eq!(spreading.near.len(), want.len(), "{spread:?} {x} {y}");
                for (found, want) in spreading.near.iter().zip(&want) {
                    assert_eq!(found.0, want.0);
                    assert!((found.1 - want.1).abs() < 1e-12);
                }
                let sum: f64 = want.iter().map(|w| w.1).sum();
                assert!((total - sum).abs() < 1e-12);
            }
        }
        // Where no middle is in reach, it all lies in the cell of the place.
        let mut out = vec![0.0; grid.len()];
        let mut narrow = Spreading::new(&units, Spread::Quartic { radius: 0.1 });
        narrow.add(130.0, 220.0, 3.0, &mut out);
        let (row, col) = grid.cell_of(150.0, 250.0).unwrap();
        assert_eq!(out[row * grid.cols() + col], 3.0);
        assert_eq!(out.iter().sum::<f64>(), 3.0);
    }

    /// All, half and a quarter of a kernel lie inside; cells are too coarse for less than 300 m.
    #[test]
    fn kernels_are_cut_by_the_border() {
        let units = cells(2_000.0, 2_000.0);
        let inside = |spread, x, y| Spreading::new(&units, spread).inside(x, y);
        let quartic = |radius| Spread::Quartic { radius };
        for (radius, x, y, part) in [
            (600.0, 1_000.0, 1_000.0, 1.0),
            (600.0, 0.0, 1_000.0, 0.5),
            (600.0, 0.0, 2_000.0, 0.25),
            (300.0, 0.0, 1_000.0, 0.5),
            (600.0, -700.0, 1_000.0, 0.05),
        ] {
            let found = inside(quartic(radius), x, y);
            assert!((found - part).abs() < 0.02, "{radius} {x} {y}: {found}");
        }
        assert_eq!(inside(quartic(299.0), 0.0, 1_000.0), 1.0);
        let gaussian = Spread::Gaussian {
            sigma: 200.0,
            reach: 600.0,
        };
        assert_eq!(inside(gaussian, 0.0, 1_000.0), 1.0);
    }

    #[test]
    fn nothing_is_lost_whatever_the_shape() {
        let city = SyntheticCity::new(300).seed(4).build().unwrap();
        let shapes = [
            Spread::Quartic { radius: 350.0 },
            Spread::Quartic { radius: 0.1 },
            Spread::Gaussian {
                sigma: 80.0,
                reach: 400.0,
            },
            Spread::HalfCells,
        ];
        for units in [
            ForecastUnits::areas(&city.neighbourhoods).unwrap(),
            ForecastUnits::cells(&city.neighbourhoods, 150.0).unwrap(),
        ] {
            for spread in shapes {
                let mut cells = vec![0.0; units.mesh().len()];
                let mut spreading = Spreading::new(&units, spread);
                let mut inside = 0.0;
                for (x, y) in city.incidents.x().iter().zip(city.incidents.y()) {
                    if units.locate(*x, *y).is_some() {
                        spreading.add(*x, *y, 2.0, &mut cells);
                        inside += 2.0;
                    }
                }
                let gathered: f64 = units.gather(&cells).iter().sum();
                assert!((gathered - inside).abs() < 1e-9, "{spread:?}");
            }
        }
    }
}
