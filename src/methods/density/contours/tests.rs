use geo::{Centroid, Euclidean, Length, Validation};
use ndarray::Array2;
use proptest::prelude::*;

use super::*;
use crate::methods::density::{Kernel, KernelDensity};
use crate::model::{Bounds, Grid, Incidents};

const NAN: f64 = f64::NAN;

/// Cells of 10 m with their south-western corner in the origin.
fn surface(rows: usize, cols: usize, values: Vec<f64>) -> Surface {
    let bounds = Bounds::new(0.0, 0.0, cols as f64 * 10.0 - 1.0, rows as f64 * 10.0 - 1.0);
    let grid = Grid::covering(bounds, 10.0, Crs::PLANAR).unwrap();
    let values = Array2::from_shape_vec((rows, cols), values).unwrap();
    Surface::new(grid, values, Kernel::Quartic, 100.0).unwrap()
}

#[test]
fn a_kernel_has_round_contours_around_its_incident() {
    let (x, y) = (143_012.3, 486_987.6);
    let incident = Incidents::builder(vec![x], vec![y], Crs::RD_NEW)
        .build()
        .unwrap();
    let surface = KernelDensity::new(300.0)
        .cell_size(10.0)
        .run(&incident)
        .unwrap();
    let top = 1e6 * 3.0 / (std::f64::consts::PI * 90_000.0);
    // (1 - v²)² is a quarter where v² is a half, and 9/16 where it is a quarter.
    let contours = surface.contours(&[top / 4.0, top * 9.0 / 16.0]).unwrap();
    for (line, radius) in contours.lines.iter().zip([300.0 * 0.5_f64.sqrt(), 150.0]) {
        assert_eq!(line.0.len(), 1);
        assert!(line.0[0].is_closed());
        for point in &line.0[0].0 {
            let r = (point.x - x).hypot(point.y - y);
            assert!((r - radius).abs() < 0.15, "{r} {radius}");
        }
    }
    let ring = contours.bands[0].centroid().unwrap();
    assert!(
        (ring.x() - x).abs() < 0.02 && (ring.y() - y).abs() < 0.02,
        "{ring:?}"
    );
    assert_eq!(contours.bands[0].0[0].interiors().len(), 1);
    assert_eq!(contours.crs, Crs::RD_NEW);
}

#[test]
fn bands_end_with_the_cells_and_lines_before() {
    // Two columns above the level, then one without density, then one above.
    let values = [5.0, 5.0, NAN, 5.0].repeat(2);
    let contours = surface(2, 4, values).contours(&[2.0]).unwrap();
    let band = &contours.bands[0];
    assert_eq!(band.0.len(), 2);
    // Rectangles but for the corners, each cut by a triangle of an eighth of a cell.
    assert!((band.unsigned_area() - (6.0 * 100.0 - 8.0 * 12.5)).abs() < 1e-3);
    assert_eq!(contours.lines[0].0.len(), 0);
    // A step from 1 to 5 is passed at 3 half-way, from centre to centre, not along the outline.
    let contours = surface(2, 2, vec![1.0, 5.0, 1.0, 5.0])
        .contours(&[3.0])
        .unwrap();
    let line = &contours.lines[0].0[0];
    assert_eq!(line.0.len(), 2);
    assert!(line.0.iter().all(|c| c.x == 10.0));
    assert_eq!(Euclidean.length(line), 10.0);
}

#[test]
fn islands_in_lakes_are_areas_of_their_own() {
    let n = 9;
    let ring = |r: usize, c: usize| (r.abs_diff(4)).max(c.abs_diff(4));
    let values = (0..n * n).map(|k| {
        if ring(k / n, k % n) % 2 == 0 {
            4.0
        } else {
            0.0
        }
    });
    let contours = surface(n, n, values.collect()).contours(&[2.0]).unwrap();
    let band = &contours.bands[0];
    let holes: Vec<usize> = band.0.iter().map(|p| p.interiors().len()).collect();
    assert_eq!(holes, [0, 1, 1]);
    assert!(band.is_valid());
}

#[test]
fn levels_must_rise_above_zero() {
    let surface = surface(1, 2, vec![1.0, 2.0]);
    for levels in [
        &[0.0][..],
        &[-1.0],
        &[2.0, 1.0],
        &[1.0, 1.0],
        &[NAN],
        &[f64::INFINITY],
    ] {
        assert!(surface.contours(levels).is_err(), "{levels:?}");
    }
    let none = surface.contours(&[]).unwrap();
    assert!(none.bands.is_empty() && none.lines.is_empty());
    let beyond = surface.contours(&[9.0]).unwrap();
    assert!(beyond.bands[0].0.is_empty() && beyond.lines[0].0.is_empty());
}

#[test]
fn files_hold_what_was_found() {
    let contours = surface(1, 3, vec![1.0, 9.0, 1.0])
        .contours(&[2.0, 5.0])
        .unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bands.geojson");
    contours.write_bands(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, contours.bands_text().unwrap());
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let properties = |i: usize| &value["features"][i]["properties"];
    assert_eq!(properties(0)["from"], 2.0);
    assert_eq!(properties(0)["to"], 5.0);
    assert!(properties(1)["to"].is_null());
    contours.write_lines(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, contours.lines_text().unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    /// Each cell centre lies in the band of its density and in no other, bands are valid and tile
    /// the area above the lowest level, whatever the cells and wherever there are none.
    #[test]
    fn centres_lie_in_the_band_of_their_density(
        rows in 1usize..9,
        cols in 1usize..9,
        values in prop::collection::vec(prop_oneof![4 => (0u8..8).prop_map(f64::from), 1 => Just(NAN)], 81),
    ) {
        let surface = surface(rows, cols, values[..rows * cols].to_vec());
        let levels = [0.5, 2.5, 4.5];
        let contours = surface.contours_with(&levels, &Workers::new(2).unwrap()).unwrap();
        for ((row, col), value) in surface.values().indexed_iter() {
            let (x, y) = surface.grid().centre(row, col);
            let held: Vec<bool> = contours.bands.iter().map(|b| b.contains(&Point::new(x, y))).collect();
            let want: Vec<bool> = (0..3)
                .map(|k| *value >= levels[k] && levels.get(k + 1).is_none_or(|next| value < next))
                .collect();
            prop_assert_eq!(held, want, "{} {} {}", row, col, value);
        }
        prop_assert!(contours.bands.iter().all(Validation::is_valid));
        let lowest = surface.contours(&levels[..1]).unwrap();
        let areas: f64 = contours.bands.iter().map(Area::unsigned_area).sum();
        prop_assert!((areas - lowest.bands[0].unsigned_area()).abs() < 1e-3);
        prop_assert!(lowest.bands[0].is_valid());
    }

    #[test]
    fn threads_change_nothing(seed in 0u64..1000) {
        use rand::RngExt;
        let mut random = crate::random::stream(seed, 0);
        let values = (0..400).map(|_| random.random_range(0.0..8.0)).collect();
        let surface = surface(20, 20, values);
        let run = |n| surface.contours_with(&[1.0, 2.0, 5.0], &Workers::new(n).unwrap()).unwrap();
        let one = run(1);
        prop_assert!([2, 3, 7].into_iter().all(|n| run(n) == one));
    }
}
