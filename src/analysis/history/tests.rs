//! Steps chosen by what the data cover, and histories that are planted.

use super::*;
use crate::analysis::{HotspotAnalysis, HotspotResult};
use crate::model::{Categories, Crs, Incidents, Neighbourhoods, Theme, TimeFlag, Zone};

const SIDE: usize = 6;

/// A square of 36 areas of one square kilometre each.
fn areas() -> Neighbourhoods {
    let shapes = (0..SIDE * SIDE)
        .map(|i| {
            let (x, y) = ((i % SIDE) as f64 * 1e3, (i / SIDE) as f64 * 1e3);
            let low = geo::Coord { x, y };
            let high = geo::Coord {
                x: x + 1e3,
                y: y + 1e3,
            };
            geo::MultiPolygon(vec![geo::Rect::new(low, high).to_polygon()])
        })
        .collect();
    let codes: Vec<String> = (0..SIDE * SIDE).map(|i| format!("A{i:02}")).collect();
    Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap()
}

fn inhabited(areas: Neighbourhoods, unknown: usize) -> Neighbourhoods {
    let values = (0..SIDE * SIDE)
        .map(|i| (i != unknown).then_some(1_000.0))
        .collect();
    let exposure = crate::model::Exposure::new("inhabitants", None, values);
    areas.with_exposure(exposure).unwrap()
}

fn noon(date: jiff::civil::Date) -> i64 {
    Zone::amsterdam().start_of_day(date) + 43_200
}

/// Two incidents a day somewhere from `first` on for so many days, and `extra` a day more in each
/// of the nine areas in the middle on days that are `hot`.
fn incidents(first: &str, days: i32, extra: usize, hot: impl Fn(i32) -> bool) -> Incidents {
    let first: jiff::civil::Date = first.parse().unwrap();
    let (mut x, mut y, mut seconds) = (Vec::new(), Vec::new(), Vec::new());
    let mut put = |area: usize, day: i32| {
        x.push((area % SIDE) as f64 * 1e3 + 500.0);
        y.push((area / SIDE) as f64 * 1e3 + 500.0);
        let date = first.checked_add(jiff::Span::new().days(day)).unwrap();
        seconds.push(noon(date));
    };
    for day in 0..days {
        // Thirteen is prime to the number of areas, so all get their share.
        put(day as usize * 13 % (SIDE * SIDE), day);
        put((day as usize * 13 + 18) % (SIDE * SIDE), day);
        for area in [14, 15, 16, 20, 21, 22, 26, 27, 28] {
            let due = hot(day) && (day as usize + area) % 7 < extra;
            if due {
                put(area, day);
            }
        }
    }
    let mut kinds = Categories::default();
    for _ in &seconds {
        kinds.push("E35");
    }
    Incidents::builder(x, y, Crs::PLANAR)
        .time(Times::from_utc_seconds(seconds, Zone::amsterdam()))
        .category(kinds)
        .build()
        .unwrap()
}

fn run(incidents: &Incidents, areas: &Neighbourhoods, period: Option<Period>) -> HotspotResult {
    let analysis = HotspotAnalysis::new(Theme::all());
    let analysis = match period {
        Some(period) => analysis.period(period),
        None => analysis,
    };
    analysis.run(incidents, areas).unwrap()
}

const CENTRE: usize = 21;

#[test]
fn three_years_make_quarters_and_a_new_heat_is_seen() {
    let zone = Zone::amsterdam();
    let last_year = Period::year(2023, &zone).unwrap();
    let incidents = incidents("2021-01-01", 3 * 365, 4, |day| day >= 730 + 181);
    for areas in [areas(), inhabited(areas(), 0)] {
        let result = run(&incidents, &areas, Some(last_year.clone()));
        let history = result.history.as_ref().unwrap();
        assert_eq!((history.step, history.periods.len()), (Step::Quarter, 12));
        assert_eq!(history.periods[11].label, "2023-Q4");
        assert_eq!(history.periods[11].end, last_year.end);
        assert_eq!(history.category[CENTRE], Some(Category::ConsecutiveHot));
        assert_eq!(
            result.neighbourhoods.emerging_category[CENTRE].as_deref(),
            Some("consecutive hot spot")
        );
        assert_eq!(history.sign.row(CENTRE).to_vec()[8..], [0, 0, 1, 1]);
        assert_eq!(history.hot_steps[CENTRE], 2);
        // All incidents of the theme are in the steps, those before the period too.
        assert_eq!(history.count.sum() as usize, incidents.len());
        let told = |name: &str| {
            let all = &result.provenance.parameters;
            all.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone())
        };
        assert_eq!(told("emerging_step").as_deref(), Some("quarter"));
        assert_eq!(told("emerging_look_back").as_deref(), Some("1"));
        let people = areas.exposure("inhabitants", None).is_some();
        let inference = told("emerging_inference").unwrap();
        assert_eq!(inference.starts_with("exposure"), people, "{inference}");
        assert_eq!(
            history.category[0].is_none(),
            people,
            "nobody is known to live in A00"
        );
    }
}

#[test]
fn steps_are_as_long_as_the_data_allow() {
    let areas = areas();
    let step = |days: i32| {
        let incidents = incidents("2023-01-01", days, 0, |_| false);
        let result = run(&incidents, &areas, None);
        result.history.map(|h| (h.step, h.periods.len()))
    };
    assert_eq!(step(2 * 365 + 180), Some((Step::Month, 29)));
    assert_eq!(step(330), Some((Step::Month, 10)));
    assert_eq!(step(120), Some((Step::Week, 17)));
    let incidents = incidents("2023-01-01", 60, 0, |_| false);
    let result = run(&incidents, &areas, None);
    assert!(result.history.is_none());
    assert!(
        result
            .neighbourhoods
            .emerging_category
            .iter()
            .all(Option::is_none)
    );
    assert!(
        result
            .warnings
            .iter()
            .any(|w| w.code == WarningCode::FewSteps)
    );
}

#[test]
fn the_last_step_ends_with_the_data_where_these_end_early() {
    let zone = Zone::amsterdam();
    // From 2023-01-01 to 2024-08-31.
    let incidents = incidents("2023-01-01", 365 + 244, 0, |_| false);
    let result = run(
        &incidents,
        &areas(),
        Some(Period::year(2024, &zone).unwrap()),
    );
    let history = result.history.unwrap();
    assert_eq!(history.periods.last().unwrap().label, "2024-08");
    let result = run(
        &incidents,
        &areas(),
        Some(Period::year(2023, &zone).unwrap()),
    );
    assert_eq!(
        result.history.unwrap().periods.last().unwrap().label,
        "2023-12"
    );
}

#[test]
fn months_make_no_weeks_and_old_dates_no_endless_history() {
    let zone = Zone::amsterdam();
    let mut times = Times::new(zone.clone());
    for month in 1..=6 {
        let date = jiff::civil::Date::new(2024, month, 1).unwrap();
        times.push(zone.start_of_day(date), TimeFlag::DateOnly);
    }
    let place = vec![500.0; 6];
    let months = Incidents::builder(place.clone(), place, Crs::PLANAR)
        .time(times)
        .build()
        .unwrap();
    assert!(run(&months, &areas(), None).history.is_none());
    let old = Times::from_utc_seconds(
        vec![
            noon("1990-03-05".parse().unwrap()),
            noon("2024-12-31".parse().unwrap()),
        ],
        zone,
    );
    let old = Incidents::builder(vec![500.0; 2], vec![500.0; 2], Crs::PLANAR)
        .time(old)
        .build()
        .unwrap();
    let history = run(&old, &areas(), None).history.unwrap();
    assert_eq!((history.step, history.periods.len()), (Step::Quarter, 40));
    assert_eq!(history.periods[0].label, "2015-Q1");
}
