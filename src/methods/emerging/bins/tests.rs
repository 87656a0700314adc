//! Cubes of incidents at known places and times.

use super::*;
use crate::model::{Bounds, Crs, TimeFlag, Zone};

fn zone() -> Zone {
    Zone::amsterdam()
}

fn at(date: &str) -> i64 {
    zone().start_of_day(date.parse().unwrap())
}

/// Noon of a day.
fn noon(date: &str) -> i64 {
    at(date) + 12 * 3_600
}

fn times(seconds: &[i64]) -> Times {
    Times::from_utc_seconds(seconds.to_vec(), zone())
}

fn labels_of(cube: &SpaceTimeCube) -> Vec<&str> {
    cube.periods().iter().map(|p| p.label.as_str()).collect()
}

const OUTSIDE: u32 = NeighbourhoodIndex::NONE;

#[test]
fn steps_end_with_the_calendar_period_of_the_last_time() {
    let times = times(&[
        noon("2024-01-01"),
        noon("2024-02-10"),
        noon("2024-03-30"),
        Times::UNKNOWN,
    ]);
    let cube = SpaceTimeBins::new(Step::Month)
        .run_labels(&[0, 1, OUTSIDE, 0], &times, 2)
        .unwrap();
    assert_eq!(labels_of(&cube), ["2024-01", "2024-02", "2024-03"]);
    assert_eq!(
        cube.values(),
        ndarray::array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    );
    assert_eq!(cube.outside().to_vec(), [0.0, 0.0, 1.0]);
    assert_eq!(cube.untimed(), 1.0);
    // The first time is on the first of January, the last on the day before the last of March.
    assert_eq!(cube.partial(), [false, false, true]);
    let whole = cube.whole().unwrap();
    assert_eq!(labels_of(&whole), ["2024-01", "2024-02"]);
    assert_eq!((whole.untimed(), whole.steps()), (2.0, 2));
}

#[test]
fn a_given_end_is_the_end_of_the_last_step() {
    let times = times(&[noon("2024-01-05"), noon("2024-02-10"), noon("2024-03-20")]);
    let bins = SpaceTimeBins::new(Step::Month);
    let whole = bins
        .clone()
        .until(at("2024-04-01"))
        .run_labels(&[0; 3], &times, 1)
        .unwrap();
    assert_eq!(whole.partial(), [true, false, false]);
    let declared = bins.clone().until(at("2024-04-01")).since(at("2024-01-01"));
    let cube = declared.run_labels(&[0; 3], &times, 1).unwrap();
    assert_eq!(cube.partial(), [false, false, false]);
    let cut = bins
        .clone()
        .until(at("2024-03-15"))
        .run_labels(&[0; 3], &times, 1)
        .unwrap();
    assert_eq!(
        labels_of(&cut),
        [
            "2023-12-15 to 2024-01-14",
            "2024-01-15 to 2024-02-14",
            "2024-02-15 to 2024-03-14"
        ]
    );
    assert_eq!(cut.values(), ndarray::array![[1.0, 1.0, 0.0]]);
    assert_eq!(
        (cut.partial(), cut.untimed()),
        ([true, false, false].as_slice(), 1.0)
    );
    let later = bins
        .clone()
        .since(at("2024-02-03"))
        .run_labels(&[0; 3], &times, 1)
        .unwrap();
    assert_eq!(labels_of(&later), ["2024-02", "2024-03"]);
    assert_eq!(
        (later.partial(), later.untimed()),
        ([true, true].as_slice(), 1.0)
    );
    let error = bins
        .until(at("2023-01-01"))
        .run_labels(&[0; 3], &times, 1)
        .unwrap_err();
    assert!(error.to_string().contains("2024-01-05"), "{error}");
}

#[test]
fn months_known_as_months_are_whole() {
    let mut column = Times::new(zone());
    for date in ["2024-01-01", "2024-02-01", "2024-03-01"] {
        column.push(at(date), TimeFlag::DateOnly);
    }
    let cube = SpaceTimeBins::new(Step::Month)
        .run_labels(&[0; 3], &column, 1)
        .unwrap();
    assert_eq!(cube.partial(), [false; 3]);
}

#[test]
fn uncertain_times_are_spread() {
    let from = times(&[at("2024-01-31"), at("2024-02-10"), Times::UNKNOWN]);
    let ends = times(&[at("2024-02-02"), Times::UNKNOWN, at("2024-02-03")]);
    let cube = SpaceTimeBins::new(Step::Month)
        .ends(ends)
        .run_labels(&[0, 0, 0], &from, 1)
        .unwrap();
    assert_eq!(cube.values(), ndarray::array![[0.5, 1.5]]);
    assert_eq!(cube.untimed(), 1.0);
    let error = SpaceTimeBins::new(Step::Month)
        .ends(times(&[0]))
        .run_labels(&[0, 0, 0], &from, 1)
        .unwrap_err();
    assert_eq!(error.fault(), Some(Fault::LengthMismatch));
}

/// From the last day of January until a date: through that day, and as a whole if it is the same.
#[test]
fn an_end_that_is_a_date_includes_that_day() {
    let days = ["2024-01-31", "2024-02-01", "2024-02-03"];
    let mut ends = Times::new(zone());
    for day in days {
        ends.push(at(day), TimeFlag::DateOnly);
    }
    let cube = SpaceTimeBins::new(Step::Month)
        .ends(ends)
        .run_labels(&[0, 1, 2], &times(&[at(days[0]); 3]), 3)
        .unwrap();
    assert_eq!(
        cube.values(),
        ndarray::array![[1.0, 0.0], [0.5, 0.5], [0.25, 0.75]]
    );
    assert_eq!(cube.untimed(), 0.0);
}

/// Steps that begin or end exactly where the data do are whole.
#[test]
fn a_step_is_cut_by_what_lies_within_it() {
    let periods = Period::steps_back(at("2024-01-01"), at("2024-04-01"), Step::Month, &zone());
    let values = ndarray::array![[1.0, 2.0, 4.0], [8.0, f64::NAN, 16.0]];
    let plain = SpaceTimeCube::from_values(values).unwrap();
    for (since, until, partial) in [
        (None, None, [false; 3]),
        (Some("2024-01-01"), Some("2024-04-01"), [false; 3]),
        (Some("2024-01-02"), Some("2024-03-31"), [true, false, true]),
        (Some("2024-02-01"), None, [true, false, false]),
        (None, Some("2024-03-01"), [false, false, true]),
    ] {
        let outside = Array1::from(vec![32.0, 64.0, 128.0]);
        let (since, until) = (since.map(at), until.map(at));
        let cube = plain.clone().dated(periods.clone(), outside, since, until);
        assert_eq!(cube.partial(), partial);
        let whole = cube.with_untimed(0.5).whole().unwrap();
        let first = usize::from(partial[0]);
        let last = 2 - usize::from(partial[2]);
        assert_eq!(whole.periods(), &periods[first..=last]);
        assert_eq!(whole.outside().to_vec(), [32.0, 64.0, 128.0][first..=last]);
        // What is left out: 1, 8 and 32 of the first step, and 4, 16 and 128 of the last.
        let out = [
            f64::from(u8::from(partial[0])),
            f64::from(u8::from(partial[2])),
        ];
        assert_eq!(whole.untimed(), 0.5 + 41.0 * out[0] + 148.0 * out[1]);
    }
    // Values of another layout are the same values.
    let turned = ndarray::array![[1.0, 2.0], [3.0, 4.0]].reversed_axes();
    let cube = SpaceTimeCube::from_values(turned.clone()).unwrap();
    assert_eq!(cube.values(), turned);
    assert_eq!(cube.values().as_slice(), Some(&[1.0, 3.0, 2.0, 4.0][..]));
}

#[test]
fn cells_hold_what_lies_in_them() {
    let crs = Crs::RD_NEW;
    let grid = Grid::covering(
        Bounds::new(140_000.0, 480_000.0, 140_250.0, 480_150.0),
        100.0,
        crs,
    )
    .unwrap();
    let incidents = Incidents::builder(
        vec![140_010.0, 140_210.0, 140_050.0],
        vec![480_010.0, 480_110.0, 480_020.0],
        crs,
    )
    .time(times(&[
        noon("2024-01-05"),
        noon("2024-02-10"),
        noon("2024-02-20"),
    ]))
    .build()
    .unwrap();
    let workers = Workers::new(1).unwrap();
    let bins = SpaceTimeBins::new(Step::Month);
    let units = SpaceUnits::Cells {
        grid: &grid,
        within: None,
    };
    let cube = bins.run_with(&incidents, units, &workers).unwrap();
    assert_eq!((cube.units(), cube.steps()), (grid.len(), 2));
    assert_eq!(
        cube.values().row(grid.cols()).to_vec(),
        [1.0, 1.0],
        "row 1, column 0"
    );
    assert_eq!(cube.values()[[2, 1]], 1.0, "row 0, column 2");
    assert_eq!(cube.grid(), Some(&grid));

    let square = |x: f64, y: f64, side: f64| {
        geo::MultiPolygon(vec![
            geo::Rect::new(
                geo::Coord { x, y },
                geo::Coord {
                    x: x + side,
                    y: y + side,
                },
            )
            .to_polygon(),
        ])
    };
    let areas = Neighbourhoods::new(
        vec!["A".into()],
        vec!["A".into()],
        vec![square(140_000.0, 480_000.0, 100.0)],
        crs,
    )
    .unwrap();
    let within = SpaceUnits::Cells {
        grid: &grid,
        within: Some(&areas),
    };
    let cube = bins.run_with(&incidents, within, &workers).unwrap();
    let known = cube
        .values()
        .rows()
        .into_iter()
        .filter(|r| !r[0].is_nan())
        .count();
    assert_eq!(known, 1);
    assert_eq!(cube.outside().sum(), 1.0);

    let other = Incidents::builder(vec![5.2], vec![52.3], Crs::WGS84)
        .time(times(&[0]))
        .build()
        .unwrap();
    let error = bins
        .run_with(&other, SpaceUnits::Areas(&areas), &workers)
        .unwrap_err();
    assert_eq!(error.fault(), Some(Fault::CrsMismatch));
}

#[test]
fn counts_with_a_step_make_the_same_cube() {
    let column = times(&[noon("2024-01-05"), noon("2024-02-10"), noon("2024-02-20")]);
    let labels = [0, 1, 1];
    let periods = Period::steps(&column, Step::Month);
    let counts = crate::index::count_labels(&labels, Some(&column), periods, 2).unwrap();
    let since = Some(at("2024-01-05"));
    let cube = SpaceTimeCube::from_counts(&counts, since, Some(at("2024-02-21"))).unwrap();
    let binned = SpaceTimeBins::new(Step::Month)
        .run_labels(&labels, &column, 2)
        .unwrap();
    assert_eq!(cube, binned);
    let plain = crate::model::Counts::per_area(vec![1, 2]).unwrap();
    assert!(SpaceTimeCube::from_counts(&plain, None, None).is_err());
}

#[test]
fn what_makes_no_cube_is_said() {
    let bins = SpaceTimeBins::new(Step::Week);
    let unknown = times(&[Times::UNKNOWN]);
    let error = bins.run_labels(&[0], &unknown, 1).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::MissingTime));
    assert!(bins.run_labels(&[3], &times(&[0]), 2).is_err());
    assert!(bins.run_labels(&[0, 0], &times(&[0]), 2).is_err());
    assert!(bins.run_labels(&[0], &times(&[0]), 0).is_err());
    let far = times(&[noon("1000-01-01"), noon("2024-01-01")]);
    let error = bins.run_labels(&[0, 0], &far, 1_000_000).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    assert!(SpaceTimeCube::from_values(Array2::zeros((2, 0))).is_err());
    let plain = SpaceTimeCube::from_values(Array2::zeros((2, 3))).unwrap();
    assert!(plain.clone().with_partial(vec![true]).is_err());
    let marked = plain.with_partial(vec![true, false, true]).unwrap();
    assert_eq!(marked.whole().unwrap().steps(), 1);
    assert!(marked.with_partial(vec![true; 3]).unwrap().whole().is_err());
    assert!(SpaceTimeCube::from_values(ndarray::array![[f64::INFINITY]]).is_err());
}
