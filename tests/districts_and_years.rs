//! Districts, years and the trend of a small city against other implementations.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use brandpunt::analysis::{HotspotAnalysis, HotspotResult};
use brandpunt::methods::rates::{ChangeStatus, TrendStatus};
use brandpunt::{Crs, Error, Exposure, Incidents, Neighbourhoods, Period, Theme, Times, Zone};
use geo_types::{MultiPolygon, Rect, coord};

/// Three areas with people in two districts, and one without in the second.
const CODES: [&str; 4] = ["BU00340101", "BU00340102", "BU00340201", "BU00340202"];
const FIRST: i16 = 2015;
/// Reports of 2015 to 2024 in each area.
const REPORTS: [[usize; 10]; 4] = [
    [20, 10, 12, 10, 15, 24, 21, 7, 13, 3],
    [20, 6, 13, 6, 15, 20, 20, 3, 11, 4],
    [12, 14, 22, 10, 8, 20, 19, 7, 9, 7],
    [5; 10],
];

fn areas() -> Neighbourhoods {
    let shapes = (0..4)
        .map(|i| {
            let x = 1_000.0 * f64::from(i);
            let square = Rect::new(
                coord! { x: x, y: 0.0 },
                coord! { x: x + 1_000.0, y: 1_000.0 },
            );
            MultiPolygon::new(vec![square.to_polygon()])
        })
        .collect();
    let codes: Vec<String> = CODES.map(ToOwned::to_owned).into();
    let mut areas = Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap();
    for (year, people) in [(2015, [600.0, 400.0, 800.0]), (2024, [900.0, 450.0, 900.0])] {
        let people = people.into_iter().map(Some).chain([None]).collect();
        let exposure = Exposure::new("inhabitants", Some(year), people);
        areas = areas.with_exposure(exposure).unwrap();
    }
    areas
}

/// From New Year's Day to New Year's Eve of each year, as evenly as whole seconds allow.
fn reports() -> Incidents {
    let (mut x, mut y, mut seconds) = (Vec::new(), Vec::new(), Vec::new());
    for year in 0..10 {
        let period = Period::year(FIRST + year as i16, &Zone::amsterdam()).unwrap();
        let length = period.end - period.start;
        for (area, counts) in REPORTS.iter().enumerate() {
            for i in 0..counts[year] {
                x.push(1_000.0 * area as f64 + 100.0 + i as f64);
                y.push(500.0);
                let share = (i as f64 + 0.01) / counts[year] as f64;
                seconds.push(period.start + (length as f64 * share) as i64);
            }
        }
    }
    // The last day of the last year, so that the data cover it.
    let end = Period::year(2024, &Zone::amsterdam()).unwrap().end;
    *seconds.last_mut().unwrap() = end - 3_600;
    Incidents::builder(x, y, Crs::PLANAR)
        .time(Times::from_utc_seconds(seconds, Zone::amsterdam()))
        .build()
        .unwrap()
}

fn analysed() -> HotspotResult {
    HotspotAnalysis::new(Theme::all())
        .baseline(2017)
        .run(&reports(), &areas())
        .unwrap()
}

fn close(got: &[f64], want: &[f64]) {
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(want) {
        assert!((got / want - 1.0).abs() < 1e-9, "{got} {want}");
    }
}

#[test]
fn districts_are_those_of_scipy() {
    let result = analysed();
    let found = result.districts.unwrap();
    assert_eq!(found.code, ["WK003401", "WK003402"]);
    // The area without people counts in neither.
    assert_eq!((found.areas, found.count), (vec![2, 1], vec![7, 7]));
    close(&found.population, &[1_350.0, 900.0]);
    // 7 per 1,350 and per 900; scipy 1.17.1: chi2.ppf(.025, 14) / 2 and chi2.ppf(.975, 16) / 2.
    close(&found.rate, &[7.0 / 1.35, 7.0 / 0.9]);
    close(
        &found.rate_low,
        &[2.084_713_371_496_196, 3.127_070_057_244_295],
    );
    close(
        &found.rate_high,
        &[10.683_463_230_890_65, 16.025_194_846_335_975],
    );
    // 25 and 22 in 2017, by the people on the line from 1,000 to 1,350 and from 800 to 900.
    let before = [1_000.0 + 350.0 * 2.0 / 9.0, 800.0 + 100.0 * 2.0 / 9.0];
    let change = found.change.unwrap();
    close(
        &change.ratio,
        &[
            7.0 / 1_350.0 / (25.0 / before[0]),
            7.0 / 900.0 / (22.0 / before[1]),
        ],
    );
    // scipy 1.17.1: binomtest(7, 32) and binomtest(7, 29), their limits as odds times the people before
    // over 1350 and 900.
    close(
        &change.low,
        &[0.081_638_218_069_726_2, 0.104_885_186_691_861_77],
    );
    close(
        &change.high,
        &[0.531_633_596_530_309_6, 0.704_522_492_651_729_6],
    );
    // Twice the smaller tail of binom(32, 1350 / (1350 + before)) and binom(29, 900 / (900 + before));
    // Benjamini-Hochberg.
    close(
        &change.p,
        &[2.123_672_859_419_050_6e-4, 0.003_883_043_980_528_213_4],
    );
    close(
        &change.q,
        &[4.247_345_718_838_101e-4, 0.003_883_043_980_528_213_4],
    );
    assert!(change.status.iter().all(|s| *s == ChangeStatus::Lower));
}

#[test]
fn the_trend_of_the_years_is_that_of_statsmodels() {
    let years = analysed().years.unwrap();
    let labels: Vec<&str> = years.periods.iter().map(|p| p.label.as_str()).collect();
    assert_eq!(labels[0], "2015");
    assert_eq!(labels.len(), 10);
    assert_eq!(years.city_count, [52, 30, 47, 26, 38, 64, 60, 17, 33, 14]);
    // On the line between 1,800 and 2,250.
    let people: Vec<f64> = (0..10).map(|i| 1_800.0 + 50.0 * f64::from(i)).collect();
    close(&years.city_population, &people);
    close(&years.city_rate[9..], &[14.0 / 2.25]);
    // scipy 1.17.1: chi2.ppf(.025, 28) / 2 and chi2.ppf(.975, 30) / 2.
    close(&years.city_rate_low[9..], &[3.401_746_789_466_930_7]);
    close(&years.city_rate_high[9..], &[10.439_831_609_704_7]);
    // statsmodels 0.15.0: GLM(Poisson, offset = log people).fit(scale = "X2", use_t = True) without 2020,
    // 2021 and 2022; the scale is 3.2004 on five degrees of freedom.
    let trend = &years.trend;
    assert_eq!(trend.years_used, [7]);
    close(&trend.overdispersion, &[3.200_417_367_683_718_4]);
    close(&trend.ratio, &[0.899_409_774_827_618_2]);
    close(&trend.low, &[0.811_977_461_484_036_3]);
    close(&trend.high, &[0.996_256_646_800_252_2]);
    close(&trend.p, &[0.044_623_249_968_575_314]);
    assert_eq!(trend.status, [TrendStatus::Falling]);
}

#[test]
fn a_baseline_outside_the_reports_is_refused() {
    let run = |year| {
        HotspotAnalysis::new(Theme::all())
            .baseline(year)
            .run(&reports(), &areas())
    };
    for year in [1700, 2014, 2025] {
        let error = run(year).unwrap_err();
        assert!(matches!(error, Error::Input { .. }), "{error}");
        let said = error.to_string();
        assert!(
            said.contains("2015-01-01 to 2024-12-31") && said.contains("register"),
            "{said}"
        );
    }
    assert!(run(2015).is_ok());
}
