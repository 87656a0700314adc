//! Where does the density pass a level?

use std::path::Path;

use contour::contour_rings;
use geo::{Area, BooleanOps, BoundingRect, Contains};
use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Point, Polygon};

use super::surface::Surface;
use crate::error::{Error, Result};
use crate::io::{Table, geojson_text, write_geojson};
use crate::model::Crs;
use crate::parallel::Workers;

/// How near to a cell centre a line may come, in cells: on it, rings could touch.
const NEAREST: f64 = 1e-6;

/// Lines along which the density passes a level, and the bands between them.
///
/// Lines are found by marching squares between cell centres, where the density is exact, and cross
/// from one centre to the next where a straight line between the two values passes the level.
/// Bands end, where the surface ends or has no density, at the edge of the last cell that has one,
/// corners cut by an eighth of a cell; lines are left out there.
///
/// Coordinates are in the system of the surface.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Contours {
    /// The levels, incidents per square kilometre, ascending.
    pub levels: Vec<f64>,
    /// For each level, where the density is at least that and below the next.
    pub bands: Vec<MultiPolygon<f64>>,
    /// For each level, where the density passes it.
    pub lines: Vec<MultiLineString<f64>>,
    /// The system of the coordinates.
    pub crs: Crs,
}

impl Contours {
    /// Level by level: `from` and, NaN for the last, `to`.
    ///
    /// # Errors
    /// None that can be met.
    pub fn band_table(&self) -> Result<Table> {
        let next = self.levels.iter().skip(1).copied().chain([f64::NAN]);
        let to = next.take(self.levels.len()).collect();
        Table::new()
            .with_float("from", self.levels.clone())?
            .with_float("to", to)
    }

    /// Level by level: `level`.
    ///
    /// # Errors
    /// None that can be met.
    pub fn line_table(&self) -> Result<Table> {
        Table::new().with_float("level", self.levels.clone())
    }

    /// Writes the bands as [GeoJSON](write_geojson) with properties `from` and `to`.
    ///
    /// # Errors
    /// As [`write_geojson`].
    pub fn write_bands(&self, path: impl AsRef<Path>) -> Result<()> {
        write_geojson(path, &self.band_table()?, &self.bands, self.crs)
    }

    /// Writes the lines as [GeoJSON](write_geojson) with the property `level`.
    ///
    /// # Errors
    /// As [`write_geojson`].
    pub fn write_lines(&self, path: impl AsRef<Path>) -> Result<()> {
        write_geojson(path, &self.line_table()?, &self.lines, self.crs)
    }

    /// The text of what [`write_bands`](Self::write_bands) writes.
    ///
    /// # Errors
    /// As [`geojson_text`].
    pub fn bands_text(&self) -> Result<String> {
        geojson_text(&self.band_table()?, &self.bands, self.crs)
    }

    /// The text of what [`write_lines`](Self::write_lines) writes.
    ///
    /// # Errors
    /// As [`geojson_text`].
    pub fn lines_text(&self) -> Result<String> {
        geojson_text(&self.line_table()?, &self.lines, self.crs)
    }
}

impl Surface {
    /// Lines and bands at levels of density, on all cores.
    ///
    /// # Errors
    /// As [`contours_with`](Self::contours_with).
    ///
    /// ```
    /// use brandpunt::methods::density::{Kernel, KernelDensity};
    /// use brandpunt::{Crs, Incidents};
    /// use geo::{Area, Euclidean, Length};
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let incident = Incidents::builder(vec![5.0], vec![5.0], Crs::PLANAR).build()?;
    /// let surface = KernelDensity::new(300.0).cell_size(10.0).run(&incident)?;
    /// // A quartic kernel has a quarter of its peak at the root of a half.
    /// let contours = surface.contours(&[surface.peak() / 4.0])?;
    /// let radius = 300.0 * 0.5_f64.sqrt();
    /// let area = std::f64::consts::PI * radius * radius;
    /// assert!((contours.bands[0].unsigned_area() / area - 1.0).abs() < 0.001);
    /// # Ok(())
    /// # }
    /// ```
    pub fn contours(&self, levels: &[f64]) -> Result<Contours> {
        self.contours_with(levels, &Workers::new(0)?)
    }

    /// The same on the given threads.
    ///
    /// # Complexity
    /// The cells for each level, and n log n for n points of a level's lines.
    ///
    /// # Errors
    /// [`Error::Parameter`] for levels that are not positive, finite and ascending;
    /// [`Error::Cancelled`].
    pub fn contours_with(&self, levels: &[f64], workers: &Workers) -> Result<Contours> {
        let positive = levels.iter().all(|l| l.is_finite() && *l > 0.0);
        if !positive || levels.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(Error::parameter(
                "levels",
                format!("{levels:?}"),
                "positive finite numbers, ascending",
            ));
        }
        let values: Vec<f64> = self.values().iter().copied().collect();
        let field = Field {
            surface: self,
            values,
        };
        let found = workers.try_map(levels.len(), |k| {
            let rings = field.rings(levels[k])?;
            let lines = rings.iter().flat_map(Ring::lines).collect();
            Ok((areas(rings), MultiLineString(lines)))
        })?;
        let (above, lines): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        let bands = workers.map(levels.len(), |k| match above.get(k + 1) {
            Some(higher) => above[k].difference(higher),
            None => above[k].clone(),
        })?;
        Ok(Contours {
            levels: levels.to_vec(),
            bands,
            lines,
            crs: self.grid().crs(),
        })
    }
}

/// Values row by row with their places.
struct Field<'a> {
    surface: &'a Surface,
    values: Vec<f64>,
}

impl Field<'_> {
    /// The rings around what is at least as dense as a level.
    fn rings(&self, level: f64) -> Result<Vec<Ring>> {
        let (rows, cols) = self.surface.values().dim();
        let rings = contour_rings(&self.values, level, cols, rows)
            .map_err(|e| Error::internal(format!("contours: {e}")))?;
        Ok(rings
            .into_iter()
            .map(|ring| self.placed(&ring, level))
            .collect())
    }

    /// A ring in the coordinates of the surface. It comes in cells from the north-western corner,
    /// with points half-way between two centres.
    fn placed(&self, ring: &[Coord<f64>], level: f64) -> Ring {
        let grid = self.surface.grid();
        let size = grid.cell_size();
        let (west, north) = (grid.bounds().min_x, grid.bounds().max_y);
        let mut out = Ring {
            points: Vec::with_capacity(ring.len()),
            at_edge: Vec::with_capacity(ring.len()),
        };
        for point in ring {
            let (mut x, mut y) = (point.x, point.y);
            let between_columns = x.fract() == 0.0;
            let crossing = if between_columns {
                self.crossing((x - 1.0, y.floor()), (x, y.floor()), level)
            } else {
                self.crossing((x.floor(), y - 1.0), (x.floor(), y), level)
            };
            let shift = crossing.map_or(0.0, |share| share - 0.5);
            if between_columns {
                x += shift;
            } else {
                y += shift;
            }
            out.points.push(Coord {
                x: west + x * size,
                y: north - y * size,
            });
            out.at_edge.push(crossing.is_none());
        }
        out
    }

    /// The share of the way between the centres of two cells, as column and row, at which the level
    /// is passed; `None` when one of them has no density.
    fn crossing(&self, from: (f64, f64), to: (f64, f64), level: f64) -> Option<f64> {
        let (rows, cols) = self.surface.values().dim();
        let value = |(col, row): (f64, f64)| {
            let inside = col >= 0.0 && row >= 0.0 && col < cols as f64 && row < rows as f64;
            let value = inside.then(|| self.values[row as usize * cols + col as usize]);
            value.filter(|v| v.is_finite())
        };
        let (a, b) = (value(from)?, value(to)?);
        Some(((level - a) / (b - a)).clamp(NEAREST, 1.0 - NEAREST))
    }
}

/// A closed ring; its last point is its first.
struct Ring {
    points: Vec<Coord<f64>>,
    /// Whether a point lies where the surface ends.
    at_edge: Vec<bool>,
}

impl Ring {
    /// Its parts between two cells that have a density.
    fn lines(&self) -> Vec<LineString<f64>> {
        let own = self.points.len().saturating_sub(1);
        let Some(start) = self.at_edge.iter().position(|edge| *edge) else {
            return vec![LineString(self.points.clone())];
        };
        let mut lines = Vec::new();
        let mut line = Vec::new();
        for i in (start..start + own).map(|i| i % own) {
            if self.at_edge[i] {
                lines.push(LineString(std::mem::take(&mut line)));
            } else {
                line.push(self.points[i]);
            }
        }
        lines.push(LineString(line));
        lines.retain(|line| line.0.len() > 1);
        lines
    }
}

/// The areas within rings: shells run counter-clockwise, holes clockwise.
fn areas(rings: Vec<Ring>) -> MultiPolygon<f64> {
    let polygons = rings
        .into_iter()
        .map(|ring| Polygon::new(LineString(ring.points), Vec::new()));
    let (mut shells, holes): (Vec<_>, Vec<_>) = polygons.partition(|p| p.signed_area() > 0.0);
    // From small to large, so that the first shell around a hole is its own.
    shells.sort_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()));
    let rects: Vec<_> = shells.iter().map(BoundingRect::bounding_rect).collect();
    for hole in holes {
        let (ring, _) = hole.into_inner();
        let point = ring.0.first().copied().map(Point::from);
        let own = shells.iter_mut().zip(&rects).find(|(shell, rect)| {
            let around = |p: &Point<f64>| rect.is_some_and(|r| r.contains(p)) && shell.contains(p);
            point.as_ref().is_some_and(around)
        });
        if let Some((shell, _)) = own {
            shell.interiors_push(ring);
        }
    }
    MultiPolygon(shells)
}

#[cfg(test)]
mod tests;
