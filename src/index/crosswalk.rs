//! Which share of an area of one division goes to which areas of another?

use std::collections::BTreeMap;

use geo::{Area, BooleanOps, BoundingRect};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::count::require_same_crs;
use super::neighbourhood_index::NeighbourhoodIndex;
use crate::error::{Error, Fault, Result, quoted};
use crate::model::{Crosswalk, Neighbourhoods};
use crate::parallel::Workers;

/// An area that is covered up to this share is covered: the rest is a border drawn anew.
const COVERED: f64 = 0.99;

/// Shares of an area below this are slivers between two drawings of one border.
const SLIVER: f64 = 1e-6;

/// Shares by the exact overlap of the areas, as if what is counted were spread evenly over the
/// ground.
///
/// An old area that the new ones cover to 99 % or more goes to them whole; of another, the part
/// that no new area covers is lost, and [`Crosswalk::carry`] says how much.
///
/// # Errors
/// [`Fault::CrsMismatch`], [`Error::Crs`] for degrees; [`Fault::VintageMismatch`] unless both
/// divisions have a year; [`Error::Cancelled`]. Takes time in proportion to the pairs of areas
/// whose rectangles meet.
pub fn crosswalk_by_area(
    from: &Neighbourhoods,
    to: &Neighbourhoods,
    workers: &Workers,
) -> Result<Crosswalk> {
    let (from_year, to_year) = years(from, to)?;
    from.crs().require_metres()?;
    let boxes = to
        .shapes()
        .iter()
        .enumerate()
        .filter_map(|(j, shape)| {
            let rect = shape.bounding_rect()?;
            let corners = ([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
            Some(GeomWithData::new(
                Rectangle::from_corners(corners.0, corners.1),
                j,
            ))
        })
        .collect();
    let tree = RTree::bulk_load(boxes);
    let rows = workers.map(from.len(), |i| {
        let shape = &from.shapes()[i];
        let Some(rect) = shape.bounding_rect() else {
            return Vec::new();
        };
        let around = AABB::from_corners([rect.min().x, rect.min().y], [rect.max().x, rect.max().y]);
        let mut near: Vec<usize> = tree
            .locate_in_envelope_intersecting(around)
            .map(|found| found.data)
            .collect();
        near.sort_unstable();
        let whole = shape.unsigned_area();
        near.into_iter()
            .map(|j| {
                let common = shape.intersection(&to.shapes()[j]).unsigned_area();
                (j, common / whole)
            })
            .filter(|(_, share)| *share > SLIVER)
            .collect()
    })?;
    let mut triples = Vec::new();
    for (i, row) in rows.into_iter().enumerate() {
        let covered: f64 = row.iter().map(|(_, share)| share).sum();
        let whole = if covered >= COVERED { covered } else { 1.0 };
        for (j, share) in row {
            triples.push((
                from.codes()[i].clone(),
                to.codes()[j].clone(),
                (share / whole).min(1.0),
            ));
        }
    }
    Ok(Crosswalk::new(&triples, from_year, to_year)?.with_basis("the overlap of the areas"))
}

/// Shares by points with weights, such as addresses or people per block, as if what is counted
/// were spread as they are.
///
/// Each point lies in one old and one new area by the rule of [`NeighbourhoodIndex`]; points
/// without an old area play no part, those without a new one are lost. An old area without points
/// is not in the crosswalk.
///
/// # Errors
/// As [`crosswalk_by_area`]; [`Fault::LengthMismatch`]; [`Fault::Negative`] or
/// [`Fault::NonFinite`] for a weight.
pub fn crosswalk_by_points(
    from: &Neighbourhoods,
    to: &Neighbourhoods,
    x: &[f64],
    y: &[f64],
    weights: Option<&[f64]>,
    workers: &Workers,
) -> Result<Crosswalk> {
    let (from_year, to_year) = years(from, to)?;
    if let Some(weights) = weights {
        if weights.len() != x.len() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("{} points but {} weights", x.len(), weights.len()),
            ));
        }
        if let Some(bad) = weights.iter().find(|w| !(w.is_finite() && **w >= 0.0)) {
            let fault = if bad.is_finite() {
                Fault::Negative
            } else {
                Fault::NonFinite
            };
            return Err(Error::input(
                fault,
                format!("a weight is {bad}; weights are numbers of zero or more"),
            ));
        }
    }
    let old = NeighbourhoodIndex::build(from)?.locate_all(x, y, workers)?;
    let new = NeighbourhoodIndex::build(to)?.locate_all(x, y, workers)?;
    let mut sums: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    let mut totals = vec![0.0; from.len()];
    for (k, (&i, &j)) in old.iter().zip(&new).enumerate() {
        let weight = weights.map_or(1.0, |w| w[k]);
        if i == NeighbourhoodIndex::NONE || weight <= 0.0 {
            continue;
        }
        totals[i as usize] += weight;
        if j != NeighbourhoodIndex::NONE {
            *sums.entry((i, j)).or_default() += weight;
        }
    }
    let triples: Vec<_> = sums
        .into_iter()
        .map(|((i, j), sum)| {
            (
                from.codes()[i as usize].clone(),
                to.codes()[j as usize].clone(),
                (sum / totals[i as usize]).min(1.0),
            )
        })
        .collect();
    Ok(Crosswalk::new(&triples, from_year, to_year)?.with_basis("points in the areas"))
}

fn years(from: &Neighbourhoods, to: &Neighbourhoods) -> Result<(i16, i16)> {
    require_same_crs(from.crs(), to.crs())?;
    let year = |areas: &Neighbourhoods, which: &str| {
        areas.vintage().ok_or_else(|| {
            Error::input(
                Fault::VintageMismatch,
                format!(
                    "the year of the {which} division (areas such as `{}`) is not known; give it \
                     with vintage=",
                    quoted(areas.codes().first().map_or("", String::as_str))
                ),
            )
        })
    };
    Ok((year(from, "old")?, year(to, "new")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AreaNumbers, Crs};
    use geo_types::{MultiPolygon, Rect};

    fn areas(boxes: &[(&str, [f64; 4])], year: i16) -> Neighbourhoods {
        let codes: Vec<String> = boxes.iter().map(|(c, _)| (*c).to_owned()).collect();
        let shapes = boxes
            .iter()
            .map(|(_, [x, y, to_x, to_y])| {
                MultiPolygon::new(vec![Rect::new((*x, *y), (*to_x, *to_y)).to_polygon()])
            })
            .collect();
        Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR)
            .unwrap()
            .with_vintage(Some(year))
    }

    fn table(crosswalk: &Crosswalk) -> Vec<(String, f64)> {
        crosswalk
            .shares()
            .map(|(i, j, share)| {
                let pair = format!("{}{}", crosswalk.from_codes()[i], crosswalk.to_codes()[j]);
                (pair, share)
            })
            .collect()
    }

    #[test]
    fn shares_of_area_are_those_of_the_ground() {
        let workers = Workers::new(1).unwrap();
        let old = areas(
            &[("A", [0.0, 0.0, 4.0, 1.0]), ("B", [4.0, 0.0, 8.0, 1.0])],
            2022,
        );
        // C takes A and a quarter of B; D the rest of B but for its last quarter.
        let new = areas(
            &[("C", [0.0, 0.0, 5.0, 1.0]), ("D", [5.0, 0.0, 7.0, 1.0])],
            2024,
        );
        let crosswalk = crosswalk_by_area(&old, &new, &workers).unwrap();
        let found = table(&crosswalk);
        assert_eq!(found.len(), 3);
        for ((pair, share), (expected, value)) in
            found.iter().zip([("AC", 1.0), ("BC", 0.25), ("BD", 0.5)])
        {
            assert_eq!(pair, expected);
            assert!((share - value).abs() < 1e-9, "{pair}: {share}");
        }
        let codes = vec!["A".to_owned(), "B".to_owned()];
        let numbers = AreaNumbers::new(codes, vec![10.0, 8.0], Some(2022)).unwrap();
        let carried = crosswalk.carry(&numbers).unwrap();
        assert!((carried.total() - 16.0).abs() < 1e-9);
        assert!((carried.warnings()[0].value.unwrap() - 2.0).abs() < 1e-9);
    }

    #[test]
    fn shares_of_people_are_where_they_live() {
        let workers = Workers::new(1).unwrap();
        let old = areas(&[("A", [0.0, 0.0, 4.0, 1.0])], 2022);
        let new = areas(
            &[("C", [0.0, 0.0, 2.0, 1.0]), ("D", [2.0, 0.0, 4.0, 1.0])],
            2024,
        );
        let (x, y) = ([0.5, 1.0, 3.0, 9.0], [0.5; 4]);
        let by = |weights: Option<&[f64]>| {
            table(&crosswalk_by_points(&old, &new, &x, &y, weights, &workers).unwrap())
        };
        let thirds = [("AC".to_owned(), 2.0 / 3.0), ("AD".to_owned(), 1.0 / 3.0)];
        assert_eq!(by(None), thirds);
        let quarters = [("AC".to_owned(), 0.25), ("AD".to_owned(), 0.75)];
        assert_eq!(by(Some(&[1.0, 1.0, 6.0, 5.0])), quarters);
        let wrong = crosswalk_by_points(&old, &new, &x, &y, Some(&[-1.0; 4]), &workers);
        assert_eq!(wrong.unwrap_err().fault(), Some(Fault::Negative));
    }

    #[test]
    fn the_years_must_be_known() {
        let workers = Workers::new(1).unwrap();
        let old = areas(&[("A", [0.0, 0.0, 1.0, 1.0])], 2022);
        let new = areas(&[("A", [0.0, 0.0, 1.0, 1.0])], 2024).with_vintage(None);
        let error = crosswalk_by_area(&old, &new, &workers).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::VintageMismatch));
    }
}
