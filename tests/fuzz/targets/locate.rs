//! Points in polygons, beside plain counting of crossings in whole numbers.

use arbitrary::{Result, Unstructured};
use brandpunt::index::NeighbourhoodIndex;
use brandpunt::{Crs, Neighbourhoods};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::checked;

/// Corners in whole numbers, so that other arithmetic decides exactly.
type Ring = Vec<(i64, i64)>;

/// The areas of chance: each some rings, which may turn out to be no polygon.
fn areas(u: &mut Unstructured<'_>) -> Result<Vec<Vec<Ring>>> {
    let n = u.int_in_range(1..=4)?;
    (0..n)
        .map(|_| {
            let rings = u.int_in_range(1..=3)?;
            (0..rings)
                .map(|_| {
                    let corners = u.int_in_range(3..=9)?;
                    (0..corners)
                        .map(|_| Ok((u.int_in_range(-20..=20)?, u.int_in_range(-20..=20)?)))
                        .collect()
                })
                .collect()
        })
        .collect()
}

/// Where a point lies by the half-open rule: the first area whose rings it crosses an odd number
/// of times.
fn plain(areas: &[Vec<Ring>], (x, y): (i64, i64)) -> Option<u32> {
    let inside = |rings: &Vec<Ring>| {
        let mut odd = false;
        for ring in rings {
            for (k, &a) in ring.iter().enumerate() {
                let b = ring[(k + 1) % ring.len()];
                let (low, high) = if a.1 < b.1 { (a, b) } else { (b, a) };
                let side = (high.0 - low.0) * (y - low.1) - (high.1 - low.1) * (x - low.0);
                odd ^= low.1 <= y && y < high.1 && side > 0;
            }
        }
        odd
    };
    (0u32..)
        .zip(areas)
        .find(|(_, rings)| inside(rings))
        .map(|(i, _)| i)
}

pub fn feed(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let Ok((scale, shift, areas)) = given(&mut u) else {
        return;
    };
    let line = |ring: &Ring| -> LineString<f64> {
        let mut line: LineString<f64> = ring
            .iter()
            .map(|&(x, y)| Coord {
                x: x as f64 * scale + shift,
                y: y as f64 * scale + shift,
            })
            .collect();
        line.close();
        line
    };
    // Areas that are none are refused one by one, so that the others are still asked about.
    let mut valid: Vec<Vec<Ring>> = Vec::new();
    let mut shapes = Vec::new();
    for rings in areas {
        let mut lines = rings.iter().map(line);
        let shell = lines.next().expect("at least one ring");
        let shape = MultiPolygon::new(vec![Polygon::new(shell, lines.collect())]);
        let one = vec!["A".to_owned()];
        if checked(Neighbourhoods::new(
            one.clone(),
            one,
            vec![shape.clone()],
            Crs::PLANAR,
        ))
        .is_some()
        {
            valid.push(rings);
            shapes.push(shape);
        }
    }
    if valid.is_empty() {
        return;
    }
    let codes: Vec<String> = (0..valid.len()).map(|i| i.to_string()).collect();
    let hoods =
        Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).expect("each is valid");
    let index = NeighbourhoodIndex::build(&hoods).expect("few polygons");
    for x in -21..=21 {
        for y in -21..=21 {
            let found = index.locate(x as f64 * scale + shift, y as f64 * scale + shift);
            assert_eq!(found, plain(&valid, (x, y)), "({x}, {y}) in {valid:?}");
        }
    }
}

fn given(u: &mut Unstructured<'_>) -> Result<(f64, f64, Vec<Vec<Ring>>)> {
    // Powers of two and whole shifts leave every coordinate exact.
    let scale = f64::from(2).powi(u.int_in_range(-10..=10)?);
    let shift = if u.arbitrary()? { 1_048_576.0 } else { 0.0 };
    Ok((scale, shift, areas(u)?))
}
