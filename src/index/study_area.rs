//! Which places belong to the area that was watched, and where does it end?

use geo::orient::{Direction, Orient};
use geo::{Area, unary_union};
use geo_types::{Coord, MultiPolygon};
use rand::RngExt;
use rstar::RTree;
use rstar::primitives::Line;

use super::NeighbourhoodIndex;
use super::topology::overlaps;
use crate::error::Result;
use crate::model::{Bounds, Crs, Neighbourhoods, rings};
use crate::parallel::Workers;
use crate::random::Stream;

/// Where incidents could have been seen: some areas taken together, with their outer border.
///
/// Borders that two areas share vertex by vertex are no border of the study area and are left
/// out. Areas that overlap are united first; the united border may differ from the given one by a
/// billionth of the extent.
///
/// # Complexity
/// Building: v log v for v vertices. [`contains`](Self::contains): nearly constant.
/// [`border_near`](Self::border_near): log v and the edges found.
///
/// ```
/// use brandpunt::index::StudyArea;
/// use brandpunt::{Crs, Neighbourhoods, Workers};
/// use geo_types::{MultiPolygon, Rect, coord};
///
/// # fn main() -> brandpunt::Result<()> {
/// let square = |x| {
///     let rect = Rect::new(coord! { x: x, y: 0.0 }, coord! { x: x + 1000.0, y: 1000.0 });
///     MultiPolygon::new(vec![rect.to_polygon()])
/// };
/// let names = || vec!["west".to_owned(), "east".to_owned()];
/// let shapes = vec![square(0.0), square(1000.0)];
/// let hoods = Neighbourhoods::new(names(), names(), shapes, Crs::PLANAR)?;
/// let area = StudyArea::new(&hoods, &Workers::new(1)?)?;
/// assert_eq!(area.km2(), 2.0);
/// assert!(area.contains(1000.0, 500.0));
/// assert_eq!(area.border_near(1000.0, 500.0, 400.0).count(), 0, "the shared border is none");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct StudyArea {
    inside: NeighbourhoodIndex,
    border: RTree<Line<[f64; 2]>>,
    bounds: Bounds,
    km2: f64,
}

impl StudyArea {
    /// The areas taken together.
    ///
    /// # Errors
    /// [`Error::Crs`](crate::Error::Crs) for degrees, [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn new(hoods: &Neighbourhoods, workers: &Workers) -> Result<Self> {
        hoods.crs().require_metres()?;
        let united;
        let shapes = if overlaps(hoods, workers)?.is_empty() {
            hoods.shapes()
        } else {
            united = [unary_union(hoods.shapes())];
            &united[..]
        };
        Ok(Self {
            inside: NeighbourhoodIndex::build(hoods)?,
            border: RTree::bulk_load(border(shapes)),
            bounds: hoods.bounds(),
            km2: shapes.iter().map(|s| s.unsigned_area() / 1e6).sum(),
        })
    }

    /// Whether a point belongs to it, by the rule of [`NeighbourhoodIndex`].
    #[must_use]
    pub fn contains(&self, x: f64, y: f64) -> bool {
        self.inside.locate(x, y).is_some()
    }

    /// The edges of its border within a distance of a point, as their two ends, the study area to
    /// the left of the way from the first to the second; in no particular but always the same
    /// order.
    pub fn border_near(
        &self,
        x: f64,
        y: f64,
        distance: f64,
    ) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + '_ {
        self.border
            .locate_within_distance([x, y], distance * distance)
            .map(|edge| (edge.from, edge.to))
    }

    /// All edges of its border, directed as those of [`border_near`](Self::border_near).
    pub(crate) fn border(&self) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + '_ {
        self.border.iter().map(|edge| (edge.from, edge.to))
    }

    /// The area among those it was made of that holds a point.
    pub(crate) fn locate(&self, x: f64, y: f64) -> Option<u32> {
        self.inside.locate(x, y)
    }

    /// A point somewhere in it, each place as likely as another.
    pub(crate) fn random_point(&self, random: &mut Stream) -> [f64; 2] {
        let Bounds {
            min_x,
            min_y,
            max_x,
            max_y,
        } = self.bounds;
        loop {
            let x = min_x + (max_x - min_x) * random.random::<f64>();
            let y = min_y + (max_y - min_y) * random.random::<f64>();
            if self.contains(x, y) {
                return [x, y];
            }
        }
    }

    /// The rectangle around it.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Its surface in square kilometres.
    #[must_use]
    pub fn km2(&self) -> f64 {
        self.km2
    }

    /// The system of the coordinates.
    #[must_use]
    pub fn crs(&self) -> Crs {
        self.inside.crs()
    }
}

/// The edges of all rings, shells run counter-clockwise and holes clockwise, without those that
/// are run in both directions.
fn border(shapes: &[MultiPolygon<f64>]) -> Vec<Line<[f64; 2]>> {
    let before = |a: &Coord<f64>, b: &Coord<f64>| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y));
    // Each edge from its lesser to its greater end, and whether it is run that way.
    let mut edges: Vec<(Coord<f64>, Coord<f64>, i32)> = Vec::new();
    for polygon in shapes.iter().flatten() {
        for ring in rings(&polygon.orient(Direction::Default)) {
            edges.extend(
                ring.0
                    .windows(2)
                    .filter_map(|ends| match before(&ends[0], &ends[1]) {
                        std::cmp::Ordering::Less => Some((ends[0], ends[1], 1)),
                        std::cmp::Ordering::Greater => Some((ends[1], ends[0], -1)),
                        std::cmp::Ordering::Equal => None,
                    }),
            );
        }
    }
    edges.sort_by(|a, b| before(&a.0, &b.0).then(before(&a.1, &b.1)));
    edges
        .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
        .filter_map(|same| {
            let (low, high) = ([same[0].0.x, same[0].0.y], [same[0].1.x, same[0].1.y]);
            match same.iter().map(|e| e.2).sum::<i32>() {
                0 => None,
                net if net > 0 => Some(Line::new(low, high)),
                _ => Some(Line::new(high, low)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use geo_types::{Polygon, Rect, coord};

    use super::*;

    fn rect(x: f64, y: f64, w: f64, h: f64) -> Polygon<f64> {
        Rect::new(coord! { x: x, y: y }, coord! { x: x + w, y: y + h }).to_polygon()
    }

    fn area(polygons: Vec<Polygon<f64>>) -> StudyArea {
        let codes: Vec<String> = (0..polygons.len()).map(|i| i.to_string()).collect();
        let shapes = polygons
            .into_iter()
            .map(|p| MultiPolygon(vec![p]))
            .collect();
        let hoods = Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap();
        StudyArea::new(&hoods, &Workers::new(1).unwrap()).unwrap()
    }

    /// Twice the surface that the border encloses, by the shoelace formula.
    fn enclosed(area: &StudyArea) -> f64 {
        let edges = area.border_near(0.0, 0.0, 1e6);
        edges.map(|(a, b)| a[0] * b[1] - a[1] * b[0]).sum()
    }

    #[test]
    fn the_border_runs_around_the_left_whatever_way_the_rings_run() {
        let hole = rect(200.0, 200.0, 300.0, 300.0).exterior().clone();
        for (shell_back, hole_back) in [(false, false), (true, false), (false, true)] {
            let (mut shell, mut hole) = (
                rect(0.0, 0.0, 1000.0, 1000.0).exterior().clone(),
                hole.clone(),
            );
            if shell_back {
                shell.0.reverse();
            }
            if hole_back {
                hole.0.reverse();
            }
            let area = area(vec![Polygon::new(shell, vec![hole])]);
            assert_eq!(enclosed(&area), 2.0 * 910_000.0);
            assert_eq!(area.km2(), 0.91);
            assert!(!area.contains(300.0, 300.0) && area.contains(100.0, 100.0));
        }
    }

    #[test]
    fn inner_borders_are_none_and_overlaps_count_once() {
        let tiles = area(vec![
            rect(0.0, 0.0, 500.0, 1000.0),
            rect(500.0, 0.0, 500.0, 1000.0),
        ]);
        assert_eq!(tiles.border_near(500.0, 500.0, 499.0).count(), 0);
        assert_eq!(enclosed(&tiles), 2e6);
        let shifted = area(vec![
            rect(0.0, 0.0, 600.0, 1000.0),
            rect(400.0, 0.0, 600.0, 1000.0),
        ]);
        assert!((enclosed(&shifted) - 2e6).abs() < 1e-2);
        assert!((shifted.km2() - 1.0).abs() < 1e-8);
        assert_eq!(shifted.border_near(500.0, 500.0, 450.0).count(), 0);
    }

    #[test]
    fn degrees_are_refused() {
        let codes = vec!["a".to_owned()];
        let shapes = vec![MultiPolygon(vec![rect(4.0, 52.0, 1.0, 1.0)])];
        let hoods = Neighbourhoods::new(codes.clone(), codes, shapes, Crs::WGS84).unwrap();
        assert!(StudyArea::new(&hoods, &Workers::new(1).unwrap()).is_err());
    }
}
