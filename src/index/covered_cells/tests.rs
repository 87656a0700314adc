use geo::{Area, BooleanOps};
use geo_types::{LineString, Polygon, Rect, coord};
use ndarray::Array2;
use proptest::prelude::*;

use super::*;
use crate::model::{Bounds, Crs};

fn shares(area: &MultiPolygon<f64>, grid: &Grid) -> Array2<f64> {
    let mut out = Array2::zeros((grid.rows(), grid.cols()));
    covered_cells(area, grid, |row, col, share| out[(row, col)] += share);
    out
}

fn grid(side: f64, cell: f64) -> Grid {
    Grid::covering(
        Bounds::new(0.0, 0.0, side - 1.0, side - 1.0),
        cell,
        Crs::PLANAR,
    )
    .unwrap()
}

fn rect(x0: f64, y0: f64, x1: f64, y1: f64) -> Polygon<f64> {
    Rect::new(coord! { x: x0, y: y0 }, coord! { x: x1, y: y1 }).to_polygon()
}

/// A star of so many corners around a point, with a hole; radii from a seed.
fn star(x: f64, y: f64, corners: usize, seed: u64) -> MultiPolygon<f64> {
    use rand::RngExt;
    let mut random = crate::random::stream(seed, 0);
    let radii: Vec<f64> = (0..corners)
        .map(|_| random.random_range(40.0..200.0))
        .collect();
    let ring = |shrink: f64| {
        let corner = |i: usize| {
            let angle = std::f64::consts::TAU * i as f64 / corners as f64;
            let r = shrink * radii[i % corners];
            (x + r * angle.cos(), y + r * angle.sin())
        };
        (0..=corners)
            .map(|i| corner(i % corners))
            .collect::<LineString<f64>>()
    };
    MultiPolygon(vec![Polygon::new(ring(1.0), vec![ring(0.4)])])
}

#[test]
fn halves_and_quarters_of_cells_by_hand() {
    let grid = grid(30.0, 10.0);
    // From the middle of the south-western cell to a third into the next column.
    let area = MultiPolygon(vec![rect(5.0, 5.0, 13.0, 20.0)]);
    let got = shares(&area, &grid);
    let want = ndarray::array![[0.0, 0.0, 0.0], [0.5, 0.3, 0.0], [0.25, 0.15, 0.0]];
    assert!(
        got.iter()
            .zip(&want)
            .all(|(g, w): (&f64, &f64)| (g - w).abs() < 1e-15)
    );
    // A triangle over the diagonal of a cell, its ring the other way round.
    let ring: LineString<f64> = [(0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (0.0, 0.0)]
        .into_iter()
        .collect();
    let got = shares(&MultiPolygon(vec![Polygon::new(ring, Vec::new())]), &grid);
    assert_eq!(got[(2, 0)], 0.5);
    assert_eq!(got.sum(), 0.5);
}

#[test]
fn what_lies_beyond_the_grid_is_not_seen() {
    let grid = grid(30.0, 10.0);
    for (x, y) in [(-100.0, 0.0), (100.0, 0.0), (0.0, -100.0), (0.0, 100.0)] {
        let area = MultiPolygon(vec![rect(x, y, x + 20.0, y + 20.0)]);
        assert_eq!(shares(&area, &grid).sum(), 0.0);
    }
    let around = MultiPolygon(vec![rect(-1e6, -1e6, 1e6, 1e6)]);
    assert_eq!(shares(&around, &grid), Array2::<f64>::ones((3, 3)));
    assert_eq!(shares(&MultiPolygon(Vec::new()), &grid).sum(), 0.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Each share is the area of the overlap with the cell's square.
    #[test]
    fn shares_are_areas_of_overlaps(
        seed in 0u64..10_000,
        x in -60.0f64..460.0,
        y in -60.0f64..460.0,
        corners in 3usize..40,
        cell in 20.0f64..300.0,
    ) {
        let grid = grid(400.0, cell);
        let area = star(x, y, corners, seed);
        let got = shares(&area, &grid);
        for ((row, col), share) in got.indexed_iter() {
            let (x, y) = grid.centre(row, col);
            let square = rect(x - cell / 2.0, y - cell / 2.0, x + cell / 2.0, y + cell / 2.0);
            let want = area.intersection(&square).unsigned_area() / (cell * cell);
            // The overlap is rounded to a grid of its own, ours is not.
            prop_assert!((share - want).abs() < 1e-5, "{share} {want}");
        }
    }

    /// Two areas that share a border cover together what both cover as one.
    #[test]
    fn shares_of_tiles_add_up(seed in 0u64..10_000, cut in 10.0f64..390.0, tilt in -200.0f64..200.0) {
        use rand::RngExt;
        let mut random = crate::random::stream(seed, 0);
        let mut border = vec![(cut, 0.0)];
        border.extend((1..9).map(|k| (random.random_range(5.0..395.0), 40.0 * f64::from(k))));
        border.push((f64::midpoint(cut, (cut + tilt).clamp(1.0, 399.0)), 400.0));
        let ring = |x: f64| {
            let mut ring = border.clone();
            ring.extend([(x, 400.0), (x, 0.0), border[0]]);
            MultiPolygon(vec![Polygon::new(ring.into_iter().collect(), Vec::new())])
        };
        let grid = grid(420.0, 23.0);
        let sum = shares(&ring(0.0), &grid) + shares(&ring(400.0), &grid);
        let whole = shares(&MultiPolygon(vec![rect(0.0, 0.0, 400.0, 400.0)]), &grid);
        for (got, want) in sum.iter().zip(&whole) {
            prop_assert!((got - want).abs() < 4e-9, "{got} {want}");
        }
        let area = whole.sum() * 23.0 * 23.0;
        prop_assert!((area - 160_000.0).abs() < 1e-4, "{area}");
    }
}
