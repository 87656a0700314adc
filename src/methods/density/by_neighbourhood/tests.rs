use std::sync::Arc;

use geo_types::{LineString, Polygon, Rect, coord};
use ndarray::Array2;
use proptest::prelude::*;

use super::*;
use crate::error::Fault;
use crate::index::StudyArea;
use crate::methods::density::{Edge, Kernel, KernelDensity};
use crate::model::{Bounds, Crs, Grid, Incidents};

fn rect(x0: f64, y0: f64, x1: f64, y1: f64) -> MultiPolygon<f64> {
    let rect = Rect::new(coord! { x: x0, y: y0 }, coord! { x: x1, y: y1 });
    MultiPolygon(vec![rect.to_polygon()])
}

fn areas(shapes: Vec<MultiPolygon<f64>>) -> Neighbourhoods {
    let codes: Vec<String> = (0..shapes.len()).map(|i| i.to_string()).collect();
    Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap()
}

/// Two rows of three cells of 10 m: 1 2 3 in the north, 4 5 NaN in the south.
fn small() -> Surface {
    let grid = Grid::covering(Bounds::new(0.0, 0.0, 29.0, 19.0), 10.0, Crs::PLANAR).unwrap();
    let values = ndarray::array![[1.0, 2.0, 3.0], [4.0, 5.0, f64::NAN]];
    Surface::new(grid, values, Kernel::Quartic, 100.0).unwrap()
}

#[test]
fn parts_of_cells_by_hand() {
    let hoods = areas(vec![
        // Three fifths of each western cell.
        rect(0.0, 0.0, 6.0, 20.0),
        // A quarter of the cell of 2, without its centre.
        rect(10.0, 15.0, 15.0, 20.0),
        // The cell without density: the mean of 2, 3 and 5 stands in.
        rect(20.0, 0.0, 30.0, 10.0),
        // Beyond the surface but for a tenth.
        rect(28.0, 10.0, 48.0, 20.0),
        rect(100.0, 0.0, 110.0, 10.0),
    ]);
    let got = small().by_neighbourhood(&hoods).unwrap();
    let close = |got: &[f64], want: [f64; 5]| {
        let same = |(g, w): (&f64, &f64)| (g - w).abs() < 1e-12 || (g.is_nan() && w.is_nan());
        assert!(got.iter().zip(&want).all(same), "{got:?} {want:?}");
    };
    let nan = f64::NAN;
    close(&got.covered, [1.0, 1.0, 1.0, 0.1, 0.0]);
    close(&got.mean, [2.5, 2.0, 10.0 / 3.0, nan, nan]);
    let km2 = 1e-4;
    close(
        &got.integral,
        [3.0 * km2, 0.5 * km2, 10.0 / 3.0 * km2, 0.6 * km2, nan],
    );
    close(&got.peak, [4.0, 2.0, 10.0 / 3.0, nan, nan]);
    assert_eq!((got.peak_x[0], got.peak_y[0]), (5.0, 5.0));
    let total = 3.0 + 0.5 + 10.0 / 3.0 + 0.6;
    close(
        &got.share,
        [
            3.0 / total,
            0.5 / total,
            10.0 / 3.0 / total,
            0.6 / total,
            nan,
        ],
    );
}

#[test]
fn nothing_anywhere_has_no_shares() {
    let grid = Grid::covering(Bounds::new(0.0, 0.0, 9.0, 9.0), 10.0, Crs::PLANAR).unwrap();
    let surface = Surface::new(grid, Array2::zeros((1, 1)), Kernel::Quartic, 100.0).unwrap();
    let got = surface
        .by_neighbourhood(&areas(vec![rect(0.0, 0.0, 10.0, 10.0)]))
        .unwrap();
    assert_eq!((got.mean[0], got.peak[0], got.integral[0]), (0.0, 0.0, 0.0));
    assert!(got.share[0].is_nan());
    let rd = vec!["a".to_owned()];
    let shapes = vec![rect(143_000.0, 486_000.0, 144_000.0, 487_000.0)];
    let rd = Neighbourhoods::new(rd.clone(), rd, shapes, Crs::RD_NEW).unwrap();
    let error = surface.by_neighbourhood(&rd).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::CrsMismatch));
}

/// A square of 1000 m cut by a crooked border.
fn tiles(seed: u64) -> Neighbourhoods {
    use rand::RngExt;
    let mut random = crate::random::stream(seed, 1);
    let mut border = vec![(random.random_range(100.0..900.0), 0.0)];
    border.extend((1..12).map(|k| (random.random_range(100.0..900.0), 80.0 * f64::from(k))));
    border.push((random.random_range(100.0..900.0), 1000.0));
    let side = |x: f64| {
        let mut ring = border.clone();
        ring.extend([(x, 1000.0), (x, 0.0), border[0]]);
        let ring: LineString<f64> = ring.into_iter().collect();
        MultiPolygon(vec![Polygon::new(ring, Vec::new())])
    };
    areas(vec![side(0.0), side(1000.0)])
}

fn incidents(n: usize, seed: u64) -> Incidents {
    use rand::RngExt;
    let mut random = crate::random::stream(seed, 0);
    let mut column = || {
        (0..n)
            .map(|_| random.random_range(1.0..999.0))
            .collect::<Vec<f64>>()
    };
    Incidents::builder(column(), column(), Crs::PLANAR)
        .build()
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn tiles_add_up_to_the_whole_and_threads_change_nothing(
        seed in 0u64..1000,
        cell in 7.0f64..90.0,
        which in 0usize..3,
    ) {
        let tiles = tiles(seed);
        let workers = Workers::new(1).unwrap();
        let within = Arc::new(StudyArea::new(&tiles, &workers).unwrap());
        let incidents = incidents(200, seed);
        let density = KernelDensity::new(220.0).cell_size(cell).within(within).edge(Edge::ALL[which]);
        let surface = density.run_with(&incidents, &workers).unwrap();
        let parts = surface.by_neighbourhood(&tiles).unwrap();
        let whole = surface.by_neighbourhood(&areas(vec![rect(0.0, 0.0, 1000.0, 1000.0)])).unwrap();
        let sum = parts.integral.iter().sum::<f64>();
        prop_assert!((sum / whole.integral[0] - 1.0).abs() < 1e-9, "{sum} {}", whole.integral[0]);
        prop_assert!((parts.share.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        prop_assert!(parts.covered.iter().all(|c| (c - 1.0).abs() < 1e-8));
        for i in 0..2 {
            prop_assert!(parts.mean[i] <= parts.peak[i] * (1.0 + 1e-9));
            prop_assert_eq!(surface.at(parts.peak_x[i], parts.peak_y[i]), parts.peak[i]);
        }
        if Edge::ALL[which] == Edge::Diggle && cell < 20.0 {
            // The integral is the number of incidents, but for the cells at the border.
            prop_assert!((sum / 200.0 - 1.0).abs() < 0.01, "{sum}");
        }
        let index = NeighbourhoodIndex::build(&tiles).unwrap();
        for threads in [2, 3, 7] {
            let workers = Workers::new(threads).unwrap();
            let again = surface.by_neighbourhood_with(&tiles, &index, &workers).unwrap();
            prop_assert_eq!(&again, &parts);
        }
    }
}
