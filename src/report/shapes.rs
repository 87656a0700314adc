//! The areas as paths of a drawing.

use std::collections::BTreeSet;
use std::fmt::Write;

use geo_types::{LineString, MultiPolygon, Polygon};

use crate::model::{Bounds, Crs, Neighbourhoods, Projection};

/// Most bytes of paths in a page: the coordinates are rounded until they fit.
const MOST_BYTES: usize = 1_000_000;

/// Lengths of the longer side that are tried, in units of the drawing.
const LONGER_SIDES: [f64; 6] = [20_000.0, 10_000.0, 5_000.0, 2_500.0, 1_200.0, 600.0];

/// Metres in a degree of latitude.
const METRES: f64 = 111_320.0;

/// From metres to units of the drawing, whose y grows downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    /// Metres at the western edge.
    pub(super) west: f64,
    /// Metres at the northern edge.
    pub(super) north: f64,
    /// Metres in a unit.
    pub(super) metres: f64,
    /// Width in units.
    pub(super) width: f64,
    /// Height in units.
    pub(super) height: f64,
}

impl Frame {
    fn new(bounds: Bounds, longer_side: f64) -> Self {
        let metres = (bounds.width().max(bounds.height()) / longer_side).max(1e-9);
        Self {
            west: bounds.min_x,
            north: bounds.max_y,
            metres,
            width: (bounds.width() / metres).max(1.0),
            height: (bounds.height() / metres).max(1.0),
        }
    }

    /// Units of a place in metres.
    pub(super) fn place(&self, x: f64, y: f64) -> (f64, f64) {
        (
            (x - self.west) / self.metres,
            (self.north - y) / self.metres,
        )
    }

    fn rounded(&self, x: f64, y: f64) -> (i32, i32) {
        let (x, y) = self.place(x, y);
        (x.round() as i32, y.round() as i32)
    }
}

/// All areas of a result as paths.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shapes {
    /// The frame of the drawing.
    pub(super) frame: Frame,
    /// The system of metres it is in; `None` for metres of our own.
    pub(super) crs: Option<Crs>,
    /// One path per area.
    pub(super) paths: Vec<String>,
    /// A place inside each area, in units.
    pub(super) inside: Vec<(f64, f64)>,
}

impl Shapes {
    /// The areas, in the system `wanted` if they can be brought there.
    ///
    /// Corners are rounded to a raster that all areas share, so a border stays the same line for
    /// the areas on both sides of it, however coarse.
    pub(super) fn of(areas: &Neighbourhoods, wanted: Option<Crs>) -> Self {
        let (shapes, crs) = in_metres(areas, wanted);
        let bounds = Bounds::around(
            shapes
                .iter()
                .flat_map(|s| &s.0)
                .flat_map(|p| &p.exterior().0)
                .map(|c| (c.x, c.y)),
        )
        .unwrap_or(Bounds::new(0.0, 0.0, 1.0, 1.0));
        let mut frame = Frame::new(bounds, LONGER_SIDES[0]);
        let mut paths = Vec::new();
        for side in LONGER_SIDES {
            frame = Frame::new(bounds, side);
            paths = shapes.iter().map(|s| path(s, &frame)).collect();
            if paths.iter().map(String::len).sum::<usize>() <= MOST_BYTES {
                break;
            }
        }
        let inside = shapes.iter().map(|s| inside(s, &frame)).collect();
        Self {
            frame,
            crs,
            paths,
            inside,
        }
    }
}

/// Shapes in metres, and in which system.
fn in_metres(areas: &Neighbourhoods, wanted: Option<Crs>) -> (Vec<MultiPolygon<f64>>, Option<Crs>) {
    let own = areas.crs();
    if wanted.is_none_or(|crs| crs == own) && !own.is_geographic() {
        return (areas.shapes().to_vec(), Some(own));
    }
    if let Some(moved) = wanted
        .filter(|crs| !crs.is_geographic())
        .and_then(|crs| areas.to_crs(crs).ok())
    {
        return (moved.shapes().to_vec(), wanted);
    }
    if !own.is_geographic() {
        return (areas.shapes().to_vec(), Some(own));
    }
    let degrees = areas.bounds();
    let (lon, lat) = (
        f64::midpoint(degrees.min_x, degrees.max_x),
        f64::midpoint(degrees.min_y, degrees.max_y),
    );
    if let Some(moved) = Some(grid_of(lon, lat)).and_then(|crs| moved(areas, crs)) {
        return moved;
    }
    // Equidistant along the middle parallel: true enough for a city.
    let shrink = lat.to_radians().cos().max(0.01);
    let flat = |x: f64, y: f64| ((x - lon) * METRES * shrink, (y - lat) * METRES);
    (map_all(areas.shapes(), &flat), None)
}

/// The metric grid in use at a place: RD New in the Netherlands, else UTM.
fn grid_of(lon: f64, lat: f64) -> Crs {
    if (3.2..=7.3).contains(&lon) && (50.7..=53.6).contains(&lat) {
        return Crs::RD_NEW;
    }
    let zone = ((lon + 180.0) / 6.0).floor().clamp(0.0, 59.0) as u32 + 1;
    Crs::from_epsg(if lat < 0.0 { 32_700 } else { 32_600 } + zone)
}

fn moved(areas: &Neighbourhoods, crs: Crs) -> Option<(Vec<MultiPolygon<f64>>, Option<Crs>)> {
    Projection::between(areas.crs(), crs).ok()?;
    let moved = areas.to_crs(crs).ok()?;
    Some((moved.shapes().to_vec(), Some(crs)))
}

fn map_all(
    shapes: &[MultiPolygon<f64>],
    to: &dyn Fn(f64, f64) -> (f64, f64),
) -> Vec<MultiPolygon<f64>> {
    use geo::MapCoords;
    shapes
        .iter()
        .map(|s| {
            s.map_coords(|c| {
                let (x, y) = to(c.x, c.y);
                geo_types::Coord { x, y }
            })
        })
        .collect()
}

/// The path of an area; never empty, so that every area can be found.
fn path(shape: &MultiPolygon<f64>, frame: &Frame) -> String {
    let mut out = String::new();
    for polygon in shape {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            ring_path(&corners(ring, frame), &mut out);
        }
    }
    if out.is_empty() {
        let at = shape.0.iter().flat_map(|p| &p.exterior().0).next();
        let (x, y) = at.map_or((0, 0), |c| frame.rounded(c.x, c.y));
        let _ = write!(out, "M{x} {y}h1v1h-1z");
    }
    out
}

/// The corners of a ring on the raster, without repeated and needless ones.
fn corners(ring: &LineString<f64>, frame: &Frame) -> Vec<(i32, i32)> {
    let mut out: Vec<(i32, i32)> = Vec::with_capacity(ring.0.len());
    for c in &ring.0 {
        let next = frame.rounded(c.x, c.y);
        if out.last() == Some(&next) {
            continue;
        }
        if let [.., a, b] = out.as_slice()
            && on_the_way(*a, *b, next)
        {
            out.pop();
        }
        out.push(next);
    }
    if out.len() > 1 && out.first() == out.last() {
        out.pop();
    }
    out
}

/// Whether `b` lies on the straight way from `a` to `c`.
fn on_the_way(a: (i32, i32), b: (i32, i32), c: (i32, i32)) -> bool {
    let (ux, uy) = (i64::from(b.0 - a.0), i64::from(b.1 - a.1));
    let (vx, vy) = (i64::from(c.0 - b.0), i64::from(c.1 - b.1));
    ux * vy == uy * vx && ux * vx + uy * vy > 0
}

fn ring_path(corners: &[(i32, i32)], out: &mut String) {
    let distinct: BTreeSet<_> = corners.iter().collect();
    let (Some(&(mut x, mut y)), true) = (corners.first(), distinct.len() > 2) else {
        return;
    };
    let _ = write!(out, "M{x} {y}l");
    for (i, &(nx, ny)) in corners.iter().enumerate().skip(1) {
        let (dx, dy) = (nx - x, ny - y);
        if i > 1 && dx >= 0 {
            out.push(' ');
        }
        let _ = write!(out, "{dx}");
        if dy >= 0 {
            out.push(' ');
        }
        let _ = write!(out, "{dy}");
        (x, y) = (nx, ny);
    }
    out.push('z');
}

/// A place inside the largest part of an area: the middle of the widest stretch halfway up.
fn inside(shape: &MultiPolygon<f64>, frame: &Frame) -> (f64, f64) {
    use geo::Area;
    let largest = shape
        .iter()
        .max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()));
    let Some(polygon) = largest else {
        return (0.0, 0.0);
    };
    let around = Bounds::around(polygon.exterior().0.iter().map(|c| (c.x, c.y)))
        .unwrap_or(Bounds::new(0.0, 0.0, 0.0, 0.0));
    // A little off the middle, so that corners on round numbers are not hit.
    let y = around.min_y + around.height() * 0.5003;
    let crossings = crossings(polygon, y);
    let widest = crossings
        .chunks_exact(2)
        .max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
    let x = widest.map_or(f64::midpoint(around.min_x, around.max_x), |w| {
        f64::midpoint(w[0], w[1])
    });
    frame.place(x, y)
}

/// Where the boundary of a polygon crosses a height, from west to east.
fn crossings(polygon: &Polygon<f64>, y: f64) -> Vec<f64> {
    let mut out: Vec<f64> = std::iter::once(polygon.exterior())
        .chain(polygon.interiors())
        .flat_map(LineString::lines)
        .filter(|l| (l.start.y <= y) != (l.end.y <= y))
        .map(|l| l.start.x + (y - l.start.y) / (l.end.y - l.start.y) * (l.end.x - l.start.x))
        .collect();
    out.sort_by(f64::total_cmp);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{MultiPolygon, polygon};

    fn square(x: f64, y: f64, side: f64) -> MultiPolygon<f64> {
        MultiPolygon::new(vec![polygon![
            (x: x, y: y), (x: x + side / 2.0, y: y), (x: x + side, y: y),
            (x: x + side, y: y + side), (x: x, y: y + side), (x: x, y: y),
        ]])
    }

    fn areas(shapes: Vec<MultiPolygon<f64>>, crs: Crs) -> Neighbourhoods {
        let codes: Vec<String> = (0..shapes.len()).map(|i| format!("A{i}")).collect();
        Neighbourhoods::new(codes.clone(), codes, shapes, crs).unwrap()
    }

    #[test]
    fn north_is_up_and_straight_sides_have_no_corner() {
        let shapes = Shapes::of(
            &areas(
                vec![square(0.0, 0.0, 100.0), square(100.0, 100.0, 100.0)],
                Crs::PLANAR,
            ),
            None,
        );
        assert_eq!(shapes.paths[0], "M0 20000l10000 0 0-10000-10000 0z");
        assert_eq!(shapes.paths[1], "M10000 10000l10000 0 0-10000-10000 0z");
        assert_eq!(shapes.frame.metres, 0.01);
    }

    #[test]
    fn areas_too_small_to_draw_keep_a_place() {
        let shapes = Shapes::of(
            &areas(
                vec![square(0.0, 0.0, 1e6), square(5e5, 5e5, 1.0)],
                Crs::PLANAR,
            ),
            None,
        );
        assert_eq!(shapes.paths[1], "M10000 10000h1v1h-1z");
    }

    #[test]
    fn degrees_become_metres() {
        let almere = areas(vec![square(5.2, 52.35, 0.1)], Crs::WGS84);
        let shapes = Shapes::of(&almere, None);
        assert_eq!(shapes.crs, Some(Crs::RD_NEW));
        let height = shapes.frame.height * shapes.frame.metres;
        assert!((11_000.0..11_300.0).contains(&height), "{height}");
        let memphis = areas(vec![square(-90.1, 35.1, 0.1)], Crs::WGS84);
        assert_eq!(Shapes::of(&memphis, None).crs, Some(Crs::from_epsg(32_615)));
    }

    #[test]
    fn a_place_inside_a_ring_shaped_area_is_not_in_its_hole() {
        let outer = square(0.0, 0.0, 90.0).0[0].exterior().clone();
        let hole = square(30.0, 30.0, 30.0).0[0].exterior().clone();
        let ring = MultiPolygon::new(vec![Polygon::new(outer, vec![hole])]);
        let shapes = Shapes::of(&areas(vec![ring], Crs::PLANAR), None);
        let (x, _) = shapes.inside[0];
        let metres = x * shapes.frame.metres;
        assert!(!(30.0..=60.0).contains(&metres), "{metres}");
    }

    #[test]
    fn too_many_corners_are_rounded_together() {
        let corners = 400_000;
        let ring: Vec<(f64, f64)> = (0..corners)
            .map(|i| {
                let t = f64::from(i) / f64::from(corners) * std::f64::consts::TAU;
                let r = 1_000.0 + 0.3 * (t * 40_000.0).sin();
                (r * t.cos(), r * t.sin())
            })
            .collect();
        let shape = MultiPolygon::new(vec![Polygon::new(ring.into(), vec![])]);
        let shapes = Shapes::of(&areas(vec![shape], Crs::PLANAR), None);
        assert!(shapes.paths[0].len() <= MOST_BYTES);
        assert!(shapes.paths[0].len() > 1_000);
    }
}
