use super::*;
use crate::analysis::Language;
use crate::methods::emerging::Category;
use crate::model::{Exposure, WarningCode};
use crate::synthetic::SyntheticCity;

#[test]
fn planted_hotspots_are_found_and_totals_conserved() {
    let city = SyntheticCity::new(20_000)
        .seed(5)
        .neighbourhoods(120)
        .build()
        .unwrap();
    let result = HotspotAnalysis::new(Theme::youth_nuisance())
        .run(&city.incidents, &city.neighbourhoods)
        .unwrap();
    let table = &result.neighbourhoods;
    let selected = result.provenance.rows_selected as i64;
    assert_eq!(
        table.count.iter().sum::<i64>() + result.provenance.rows_outside as i64,
        selected
    );
    let cells = result.cells.as_ref().unwrap();
    assert_eq!(
        cells.count.iter().sum::<i64>(),
        table.count.iter().sum::<i64>()
    );
    assert!(
        cells.hotspot_class.contains(&3),
        "planted hotspots show in the cells"
    );
    let mut ranks = table.rank.clone();
    ranks.sort_unstable();
    assert!(ranks.iter().copied().eq(1..=120));
    for language in [Language::Dutch, Language::English] {
        assert!(
            table
                .reasons_in(language)
                .iter()
                .all(|r| r.len() > 20 && !r.contains("NaN"))
        );
    }
}

#[test]
fn the_baseline_compares_years() {
    let city = SyntheticCity::new(20_000)
        .seed(5)
        .neighbourhoods(60)
        .build()
        .unwrap();
    let analysis = HotspotAnalysis::new(Theme::housing_nuisance()).baseline(2017);
    let result = analysis.run(&city.incidents, &city.neighbourhoods).unwrap();
    assert_eq!(result.baseline.as_ref().unwrap().label, "2017");
    assert!(result.city.change > 0.0 && result.city.change_low < result.city.change);
    assert!(result.neighbourhoods.change_q.iter().any(|q| !q.is_nan()));
}

/// A city whose people are known in these years only.
fn known_in(years: [i16; 2]) -> crate::synthetic::City {
    let mut city = SyntheticCity::new(12_000)
        .seed(4)
        .neighbourhoods(60)
        .build()
        .unwrap();
    let old = &city.neighbourhoods;
    let of = |year, more: f64| {
        let known = old.exposure("inhabitants", Some(2017)).unwrap();
        let values = known.values.iter().map(|v| v.map(|v| v * more)).collect();
        Exposure::new("inhabitants", Some(year), values)
    };
    let mut areas = Neighbourhoods::new(
        old.codes().to_vec(),
        old.names().to_vec(),
        old.shapes().to_vec(),
        old.crs(),
    )
    .unwrap();
    for (year, more) in years.into_iter().zip([1.0, 1.5]) {
        areas = areas.with_exposure(of(year, more)).unwrap();
    }
    city.neighbourhoods = areas;
    city
}

#[test]
fn a_year_has_one_rate_whatever_asks_for_it() {
    for (years, then, told) in [
        // A quarter of the way from 1 to 1.5.
        ([2016, 2020], 1.125, "on the line from 2016 to 2020"),
        ([2018, 2024], 1.0, "2018"),
        ([2012, 2017], 1.5, "2017"),
    ] {
        let city = known_in(years);
        let result = HotspotAnalysis::new(Theme::youth_nuisance())
            .baseline(2017)
            .run(&city.incidents, &city.neighbourhoods)
            .unwrap();
        let found = result.years.as_ref().unwrap();
        let place = found
            .periods
            .iter()
            .position(|p| p.label == "2017")
            .unwrap();
        let rate = result.city.baseline_rate;
        assert!(
            (found.city_rate[place] / rate - 1.0).abs() < 1e-12,
            "{years:?}"
        );
        let once = city.neighbourhoods.exposures()[0].as_floats();
        let once: f64 = once.iter().filter(|p| p.is_finite()).sum();
        assert!((found.city_population[place] / once - then).abs() < 1e-12);
        let parameters = &result.provenance.parameters;
        let account = parameters.iter().find(|(name, _)| name == "people_of_2017");
        assert_eq!(account.unwrap().1, told);
    }
}

#[test]
fn same_bytes_for_any_number_of_threads() {
    let city = SyntheticCity::new(5_000)
        .seed(2)
        .neighbourhoods(60)
        .build()
        .unwrap();
    let analysis = HotspotAnalysis::new(Theme::youth_nuisance());
    let run = |threads| {
        let workers = Workers::new(threads).unwrap();
        let result = analysis
            .run_with(&city.incidents, &city.neighbourhoods, &workers)
            .unwrap();
        format!(
            "{:?}",
            (
                result.neighbourhoods,
                result.cells,
                result.surface,
                result.city
            )
        )
    };
    let one = run(1);
    assert!([2, 3, 7].into_iter().all(|t| run(t) == one));
}

#[test]
fn counts_per_neighbourhood_need_no_points() {
    let city = SyntheticCity::new(5_000)
        .seed(2)
        .neighbourhoods(60)
        .build()
        .unwrap();
    let workers = Workers::new(1).unwrap();
    let counts =
        crate::index::count(&city.incidents, &city.neighbourhoods, None, &workers).unwrap();
    let analysis = HotspotAnalysis::new(Theme::all());
    let given = analysis
        .run_counts(&counts, &city.neighbourhoods, &workers)
        .unwrap();
    let counted = analysis.run(&city.incidents, &city.neighbourhoods).unwrap();
    assert_eq!(given.neighbourhoods.count, counted.neighbourhoods.count);
    assert_eq!(
        format!("{:?}", given.neighbourhoods.gi_p),
        format!("{:?}", counted.neighbourhoods.gi_p)
    );
    assert!(given.cells.is_none() && given.surface.is_none());
    let dated = analysis
        .baseline(2017)
        .run_counts(&counts, &city.neighbourhoods, &workers);
    assert!(matches!(
        dated,
        Err(Error::Parameter {
            name: "baseline",
            ..
        })
    ));
}

#[test]
fn an_exposure_that_is_not_there_is_refused() {
    let city = SyntheticCity::new(3_000)
        .seed(2)
        .neighbourhoods(60)
        .build()
        .unwrap();
    let analysis = HotspotAnalysis::new(Theme::youth_nuisance()).exposure("horses");
    let error = analysis
        .run(&city.incidents, &city.neighbourhoods)
        .unwrap_err();
    assert_eq!(error.fault(), Some(Fault::MissingExposure));
}

#[test]
fn pure_chance_is_no_hotspot() {
    let city = SyntheticCity::new(8_000)
        .seed(9)
        .neighbourhoods(100)
        .pure_chance()
        .build()
        .unwrap();
    let result = HotspotAnalysis::new(Theme::youth_nuisance())
        .run(&city.incidents, &city.neighbourhoods)
        .unwrap();
    assert!(
        result
            .neighbourhoods
            .hotspot_class
            .iter()
            .all(|&c| c.abs() < 2)
    );
    assert!(
        result
            .warnings
            .iter()
            .all(|w| w.code != WarningCode::Overdispersion)
    );
    let history = result.history.unwrap();
    assert!(history.periods.len() >= 10);
    assert!(
        history
            .category
            .iter()
            .all(|c| c.is_none_or(|c| c == Category::NoPattern))
    );
}
