//! Numbers that say nothing: no people, no variance, hardly any areas, weights that are none.

use brandpunt::analysis::HotspotAnalysis;
use brandpunt::methods::local::{Geary, Gi, GiStar, LocalMoran, Moran};
use brandpunt::methods::rates::{Change, Rates};
use brandpunt::weights::{Adjacency, Weights};
use brandpunt::{Crs, Error, Exposure, Incidents, Theme, WarningCode};

use super::locations::warned;
use super::{refusal, rejected, scattered, tiles};

#[test]
fn fault_20_no_people() {
    let nan = f64::NAN;
    let people = [0.0, nan, 1_000.0];
    let rates = Rates::new().run(&[3, 3, 3], &people).unwrap();
    for column in [&rates.rate, &rates.low, &rates.high] {
        assert!(column[0].is_nan() && column[1].is_nan() && column[2].is_finite());
    }
    let change = Change::new()
        .run(&[3, 3, 3], &people, &[1, 1, 1], &[10.0, 10.0, 0.0])
        .unwrap();
    assert!(
        change.ratio.iter().all(|ratio| ratio.is_nan()),
        "{:?}",
        change.ratio
    );
    assert!(refusal(Rates::new().run(&[3], &[-5.0])).1.contains("-5"));
    // The codes of Statistics Netherlands for "not published" are no populations.
    let values = vec![
        Some(0.0),
        None,
        Some(-99_997.0),
        Some(-99_999_999.0),
        Some(900.0),
        Some(800.0),
    ];
    let hoods = tiles(3, 2)
        .with_exposure(Exposure::new("inhabitants", None, values))
        .unwrap();
    let kept = &hoods.exposure("inhabitants", None).unwrap().values;
    assert_eq!(
        *kept,
        [Some(0.0), None, None, None, Some(900.0), Some(800.0)]
    );
    let result = HotspotAnalysis::new(Theme::all())
        .run(&scattered(900, 3, 2), &hoods)
        .unwrap();
    let table = &result.neighbourhoods;
    for i in 0..4 {
        assert!(
            table.rate[i].is_nan() && table.rate_ratio[i].is_nan() && table.count[i] > 100,
            "{i}"
        );
    }
    assert!(table.rate[4] > 0.0);
    warned(&result.warnings, WarningCode::MissingPopulation);
}

#[test]
fn fault_22_nothing_to_stand_out_from() {
    let weights = Weights::lattice(5, 5, 1, Adjacency::Queen).unwrap();
    let star = weights.include_self();
    let mut single = [0.0; 25];
    single[12] = 7.0;
    for values in [[0.0; 25], [4.0; 25]] {
        for found in [
            GiStar::new().run(&values, &star).unwrap(),
            Gi::new().run(&values, &weights).unwrap(),
        ] {
            assert!(
                found
                    .z
                    .iter()
                    .chain(&found.p)
                    .chain(&found.q)
                    .all(|v| v.is_nan())
            );
            assert_eq!(
                (found.tests, found.hotspot_class.iter().any(|c| *c != 0)),
                (0, false)
            );
            warned(&found.warnings, WarningCode::ZeroVariance);
        }
        let moran = LocalMoran::new().run(&values, &weights).unwrap();
        assert!(moran.z.iter().chain(&moran.p).all(|v| v.is_nan()));
        warned(&moran.warnings, WarningCode::ZeroVariance);
        for whole in [
            Moran::new().run(&values, &weights).unwrap(),
            Geary::new().run(&values, &weights).unwrap(),
        ] {
            assert!(whole.statistic.is_nan() && whole.z.is_nan() && whole.p.is_nan());
            warned(&whole.warnings, WarningCode::ZeroVariance);
        }
    }
    // A single count that is not zero has a place, and nothing significant around it.
    let found = GiStar::new().run(&single, &star).unwrap();
    assert!(found.z.iter().all(|z| z.is_finite()));
    assert!(found.q.iter().all(|q| *q > 0.05), "{:?}", found.q);
}

#[test]
fn fault_23_hardly_any_areas() {
    for n in [1, 2] {
        let weights = Weights::lattice(1, n, 1, Adjacency::Rook).unwrap();
        let values = &[3.0, 8.0][..n];
        let star = GiStar::new().run(values, &weights.include_self()).unwrap();
        let moran = LocalMoran::new().run(values, &weights).unwrap();
        let whole = Moran::new().run(values, &weights).unwrap();
        assert!(star.p.iter().chain(&moran.p).all(|p| p.is_nan()), "{n}");
        // Every order of two values gives one and the same map.
        assert!(
            whole.z.is_nan() && (whole.p.is_nan() || whole.p == 1.0),
            "{n}"
        );
    }
    assert!(Weights::lattice(0, 4, 1, Adjacency::Rook).is_err());
    let empty = Incidents::builder(Vec::new(), Vec::new(), Crs::RD_NEW).build();
    assert_eq!(refusal(empty).0, "no_rows");
    let none = brandpunt::Neighbourhoods::new(Vec::new(), Vec::new(), Vec::new(), Crs::RD_NEW);
    assert_eq!(refusal(none).0, "no_rows");
    let (_, text) = refusal(Weights::nearest(&[0.0, 1.0, 2.0], &[0.0; 3], 3));
    assert!(
        text.contains('k') && text.contains("less than the 3"),
        "the limit is named: {text}"
    );
}

#[test]
fn fault_48_weights_that_are_none() {
    let matrix = |w: f64| Weights::from_csr(&[0, 1, 2], &[1, 0], &[1.0, w]);
    assert_eq!(refusal(matrix(f64::NAN)).0, "non_finite");
    assert_eq!(refusal(matrix(f64::INFINITY)).0, "non_finite");
    assert_eq!(refusal(matrix(-1.0)).0, "negative_value");
    assert!(matches!(
        Weights::from_csr(&[0, 1, 2], &[1, 9], &[1.0, 1.0]),
        Err(Error::Parameter { .. })
    ));
    let columns = Incidents::builder(vec![1.0; 4], vec![2.0; 4], Crs::PLANAR);
    let weighted = columns
        .weight(vec![1.0, f64::NAN, -1.0, f64::INFINITY])
        .max_rejected_share(1.0);
    let incidents = weighted.build().unwrap();
    assert_eq!(
        rejected(&incidents),
        [1, 2, 3].map(|row| (row, "invalid_weight"))
    );
    assert_eq!(incidents.weights(), Some(&[1.0][..]));
}

#[test]
fn fault_49_neighbours_of_cells_go_by_number() {
    // Sizes at which distances between centres lose half of the diagonal neighbours.
    for size in [33.3, 66.7, 123.4, 250.0, 100.0, 0.002] {
        let cells: Vec<(usize, usize)> = (0..900).map(|i| (i / 30, i % 30)).collect();
        let by_number = Weights::cells(&cells, 1).unwrap();
        let lattice = Weights::lattice(30, 30, 1, Adjacency::Queen).unwrap();
        assert_eq!(by_number, lattice);
        assert_eq!(by_number.pairs(), 4 * 3 + 4 * 28 * 5 + 28 * 28 * 8);
        let grid = brandpunt::Grid::covering(
            brandpunt::Bounds::new(0.5 * size, 0.5 * size, 29.5 * size, 29.5 * size),
            size,
            Crs::PLANAR,
        )
        .unwrap();
        assert_eq!((grid.rows(), grid.cols()), (30, 30), "{size}");
        for &(row, col) in &cells {
            let (x, y) = grid.centre(row, col);
            assert_eq!(grid.cell_of(x, y), Some((row, col)), "{size}");
        }
    }
}
