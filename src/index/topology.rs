//! Do the areas fit together?

use std::collections::BTreeMap;

use geo::{Area, BooleanOps, BoundingRect, unary_union};
use geo_types::{MultiPolygon, Polygon, Rect};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::error::{Error, Fault, Result, quoted};
use crate::model::{Neighbourhoods, Warning, WarningCode};
use crate::parallel::Workers;

/// Ground that two areas both cover.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Overlap {
    /// Number of the first area.
    pub a: u32,
    /// Number of the second area.
    pub b: u32,
    /// Its surface in square metres.
    pub m2: f64,
}

/// Ground inside the outline of all areas that none of them covers.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Gap {
    /// A point in its rectangle's middle.
    pub centre: (f64, f64),
    /// Its surface in square metres.
    pub m2: f64,
}

/// Overlaps up to this surface are digitising noise.
const LEAST_M2: f64 = 1.0;
/// So are overlaps up to this share of the smaller area, if that is less.
const LEAST_SHARE: f64 = 1e-6;

/// The pairs of areas that overlap by more than 1 m² or a millionth of the smaller area,
/// ascending.
///
/// Where areas overlap, the first in the input holds an incident. In degrees, surfaces are those
/// on a sphere, to half a per cent.
///
/// # Errors
/// [`Error::Cancelled`].
pub fn overlaps(hoods: &Neighbourhoods, workers: &Workers) -> Result<Vec<Overlap>> {
    let shapes = hoods.shapes();
    let pairs = meeting_polygons(shapes);
    let surfaces = workers.map(pairs.len(), |k| {
        let ((a, p), (b, q)) = pairs[k];
        let common = polygon(shapes, a, p).intersection(polygon(shapes, b, q));
        square_metres(hoods, common.bounding_rect(), common.unsigned_area())
    })?;
    let mut sums: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for (&((a, _), (b, _)), m2) in pairs.iter().zip(surfaces) {
        *sums.entry((a, b)).or_default() += m2;
    }
    let whole = |area: u32| {
        let shape = &shapes[area as usize];
        square_metres(hoods, shape.bounding_rect(), shape.unsigned_area())
    };
    Ok(sums
        .into_iter()
        .map(|((a, b), m2)| Overlap { a, b, m2 })
        .filter(|o| o.m2 > LEAST_M2.min(LEAST_SHARE * whole(o.a).min(whole(o.b))))
        .collect())
}

/// The holes in the union of all areas of more than a square centimetre, in no particular order.
///
/// Water or a neighbouring municipality that is no area of the map is a gap as well; slivers
/// between badly fitting areas are the small ones. Slivers that are open to the outside are not
/// found.
#[must_use]
pub fn gaps(hoods: &Neighbourhoods) -> Vec<Gap> {
    const LEAST_M2: f64 = 1e-4;
    let mut found: Vec<Gap> = unary_union(hoods.shapes())
        .iter()
        .flat_map(Polygon::interiors)
        .filter_map(|ring| {
            let hole = Polygon::new(ring.clone(), Vec::new());
            let rect = hole.bounding_rect()?;
            Some(Gap {
                centre: rect.center().x_y(),
                m2: square_metres(hoods, Some(rect), hole.unsigned_area()),
            })
        })
        .filter(|gap| gap.m2 > LEAST_M2)
        .collect();
    found.sort_by(|a, b| {
        b.m2.total_cmp(&a.m2)
            .then(a.centre.0.total_cmp(&b.centre.0))
            .then(a.centre.1.total_cmp(&b.centre.1))
    });
    found
}

/// Refuses areas that [overlap](overlaps), for who wants an error where an incident could be
/// counted for either of two areas.
///
/// # Errors
/// [`Fault::OverlappingAreas`] with the largest overlaps, [`Error::Cancelled`].
///
/// ```
/// use brandpunt::index::require_apart;
/// use brandpunt::synthetic::SyntheticCity;
/// use brandpunt::Workers;
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(100).neighbourhoods(9).build()?;
/// require_apart(&city.neighbourhoods, &Workers::new(1)?)?;
/// # Ok(())
/// # }
/// ```
pub fn require_apart(hoods: &Neighbourhoods, workers: &Workers) -> Result<()> {
    let overlaps = overlaps(hoods, workers)?;
    if overlaps.is_empty() {
        return Ok(());
    }
    Err(Error::input(
        Fault::OverlappingAreas,
        format!(
            "{}; mend the borders, or leave out one of the areas",
            listed(hoods, overlaps)
        ),
    ))
}

/// The largest overlaps in words.
fn listed(hoods: &Neighbourhoods, mut overlaps: Vec<Overlap>) -> String {
    const SHOWN: usize = 5;
    overlaps.sort_by(|a, b| b.m2.total_cmp(&a.m2));
    let code = |area: u32| quoted(&hoods.codes()[area as usize]);
    let each: Vec<String> = overlaps
        .iter()
        .take(SHOWN)
        .map(|o| format!("{} and {} by {:.1} m2", code(o.a), code(o.b), o.m2))
        .collect();
    let more = match overlaps.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} smaller"),
    };
    format!("Areas overlap: {}{more}", each.join(", "))
}

/// Warnings about overlaps and gaps, none for areas that fit.
///
/// # Errors
/// As [`overlaps`].
pub fn topology_warnings(hoods: &Neighbourhoods, workers: &Workers) -> Result<Vec<Warning>> {
    let mut warnings = Vec::new();
    let overlaps = overlaps(hoods, workers)?;
    if !overlaps.is_empty() {
        warnings.push(Warning::with_value(
            WarningCode::OverlappingAreas,
            overlaps.iter().map(|o| o.m2).sum(),
            format!(
                "{}. An incident there counts once, for the area that comes first in the file.",
                listed(hoods, overlaps)
            ),
        ));
    }
    let gaps = gaps(hoods);
    if let Some(largest) = gaps.first() {
        let decimals = if hoods.crs().is_geographic() { 5 } else { 0 };
        let total: f64 = gaps.iter().map(|g| g.m2).sum();
        warnings.push(Warning::with_value(
            WarningCode::GapsBetweenAreas,
            total,
            format!(
                "Between the areas there are {} gaps of {total:.1} m2 together, the largest \
                 ({:.1} m2) near {:.decimals$} {:.decimals$}; incidents there lie in no area.",
                gaps.len(),
                largest.m2,
                largest.centre.0,
                largest.centre.1
            ),
        ));
    }
    Ok(warnings)
}

fn polygon(shapes: &[MultiPolygon<f64>], area: u32, part: u32) -> &Polygon<f64> {
    &shapes[area as usize].0[part as usize]
}

fn square_metres(hoods: &Neighbourhoods, around: Option<Rect<f64>>, surface: f64) -> f64 {
    around.map_or(0.0, |r| surface * hoods.crs().square_metres(r.center().y))
}

/// Number of an area and of a polygon in it.
type Part = (u32, u32);

/// Pairs of polygons of different areas whose rectangles meet, the lower area first, ascending.
fn meeting_polygons(shapes: &[MultiPolygon<f64>]) -> Vec<(Part, Part)> {
    let parts: Vec<(Part, Rect<f64>)> = (0u32..)
        .zip(shapes)
        .flat_map(|(area, shape)| {
            (0u32..)
                .zip(shape)
                .filter_map(move |(part, polygon)| Some(((area, part), polygon.bounding_rect()?)))
        })
        .collect();
    let corners = |r: &Rect<f64>| ([r.min().x, r.min().y], [r.max().x, r.max().y]);
    let tree = RTree::bulk_load(
        parts
            .iter()
            .map(|(part, rect)| {
                let (low, high) = corners(rect);
                GeomWithData::new(Rectangle::from_corners(low, high), *part)
            })
            .collect(),
    );
    let mut pairs: Vec<(Part, Part)> = parts
        .iter()
        .flat_map(|(part, rect)| {
            let (low, high) = corners(rect);
            tree.locate_in_envelope_intersecting(AABB::from_corners(low, high))
                .map(|found| (*part, found.data))
        })
        .filter(|(a, b)| a.0 < b.0)
        .collect();
    pairs.sort_unstable();
    pairs
}
