use std::fmt::Write as _;

use super::*;
use crate::analysis::HotspotResult;
use crate::error::Fault;
use crate::io::PoliceTableReader;
use crate::model::{Counts, Theme};
use crate::parallel::Workers;
use crate::publish::Disclosure;
use crate::synthetic::{City, SyntheticCity};
use proptest::prelude::*;

/// A city, with a table that gives each of its areas the number that `count` says, for 2017.
fn city_and_table(vintage: i16, count: impl Fn(usize) -> String) -> (City, RegisteredCounts) {
    let mut city = SyntheticCity::new(20_000)
        .seed(5)
        .neighbourhoods(60)
        .build()
        .unwrap();
    city.neighbourhoods = city.neighbourhoods.clone().with_vintage(Some(2024));
    let mut text = "Overlast;WijkenEnBuurten;Perioden;GeregistreerdeOverlast_1\n".to_owned();
    for (i, code) in city.neighbourhoods.codes().iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "E35   ;{code};2017JJ00;{}", count(i));
    }
    let reader = PoliceTableReader::new().vintage(vintage);
    (city, reader.read_bytes(text.as_bytes()).unwrap().counts)
}

fn analysis() -> HotspotAnalysis {
    HotspotAnalysis::new(Theme::youth_nuisance()).baseline(2017)
}

#[test]
fn the_same_counts_from_a_register_give_the_same_changes() {
    let (city, _) = city_and_table(2024, |_| "1".to_owned());
    let own = analysis()
        .run(&city.incidents, &city.neighbourhoods)
        .unwrap();
    let then = own.made.as_ref().unwrap().then.clone().unwrap();
    let (_, table) = city_and_table(2024, |i| then[i].to_string());
    let found = analysis()
        .baseline_counts(table.clone())
        .run(&city.incidents, &city.neighbourhoods)
        .unwrap();
    // NaN differs from itself, its text does not.
    assert_eq!(
        format!("{:?}", found.neighbourhoods),
        format!("{:?}", own.neighbourhoods)
    );
    assert_eq!(format!("{:?}", found.city), format!("{:?}", own.city));
    let told = |text: &str| found.warnings.iter().any(|w| w.message.contains(text));
    assert!(told("those of a register"));
    let source = (
        "baseline_source".to_owned(),
        "register, of the area division of 2024".to_owned(),
    );
    assert!(found.provenance.parameters.contains(&source));
    // Two sources are not drawn as one line.
    let has_2017 = |result: &HotspotResult| {
        let years = result.years.as_ref().unwrap();
        years.periods.iter().any(|p| p.label == "2017")
    };
    assert!(has_2017(&own) && !has_2017(&found));
    // Counts that were given per area can be compared with a register too.
    let counts = Counts::per_area(own.neighbourhoods.count.clone()).unwrap();
    let workers = Workers::new(1).unwrap();
    let of_counts = analysis()
        .baseline_counts(table)
        .run_counts(&counts, &city.neighbourhoods, &workers)
        .unwrap();
    assert_eq!(
        format!("{:?}", of_counts.neighbourhoods.change_low),
        format!("{:?}", own.neighbourhoods.change_low)
    );
    assert!(
        analysis()
            .run_counts(&counts, &city.neighbourhoods, &workers)
            .is_err()
    );
}

#[test]
fn another_division_needs_a_crosswalk_and_is_said() {
    let (city, table) = city_and_table(2020, |i| (3 + i % 5).to_string());
    let with = analysis().baseline_counts(table);
    let refused = with.run(&city.incidents, &city.neighbourhoods).unwrap_err();
    assert_eq!(refused.fault(), Some(Fault::VintageMismatch));
    assert!(refused.to_string().contains("crosswalk from 2020 to 2024"));
    // Half of the first area goes to the second, all others stay what they were.
    let codes = city.neighbourhoods.codes();
    let mut triples = vec![
        (codes[0].clone(), codes[0].clone(), 0.5),
        (codes[0].clone(), codes[1].clone(), 0.5),
    ];
    triples.extend(codes[1..].iter().map(|c| (c.clone(), c.clone(), 1.0)));
    let crosswalk = Crosswalk::new(&triples, 2020, 2024).unwrap();
    let found = with
        .crosswalk(crosswalk)
        .run(&city.incidents, &city.neighbourhoods)
        .unwrap();
    let then = found.made.as_ref().unwrap().then.clone().unwrap();
    // 3 and 4 become 1.5 and 5.5, of which the first is rounded up.
    assert_eq!(then[..3], [2, 5, 5]);
    assert_eq!(
        then.iter().sum::<i64>(),
        (0..60).map(|i| 3 + i % 5).sum::<i64>()
    );
    let told = |text: &str| found.warnings.iter().any(|w| w.message.contains(text));
    assert!(told(
        "Carried over from the area division of 2020 to that of 2024"
    ));
    assert!(told("brought to whole"));
    let made = (
        "baseline_crosswalk".to_owned(),
        "2020 to 2024 by given shares".to_owned(),
    );
    assert!(found.provenance.parameters.contains(&made));
    let published = found.publish(&Disclosure::cbs5()).unwrap();
    let published = published.result();
    assert!(published.provenance.parameters.contains(&made));
    let said = |text: &str| published.warnings.iter().any(|w| w.message.contains(text));
    assert!(said("carried over from the area division of 2020") && said("those of a register"));
}

#[test]
fn what_the_register_withholds_is_unknown_and_not_zero() {
    let count = |i: usize| {
        if i == 4 {
            ".".to_owned()
        } else {
            "20".to_owned()
        }
    };
    let (city, table) = city_and_table(2024, count);
    let found = analysis()
        .baseline_counts(table)
        .run(&city.incidents, &city.neighbourhoods)
        .unwrap();
    let table = &found.neighbourhoods;
    assert!(
        table.baseline_rate[4].is_nan() && table.change[4].is_nan() && table.change_q[4].is_nan()
    );
    assert!(table.rate[4] > 0.0 && table.baseline_rate[5] > 0.0);
    // The city is compared over the other areas, above and below the line.
    let before = city.neighbourhoods.exposure("inhabitants", Some(2017));
    let before = before.unwrap().as_floats();
    let known = || (0..60).filter(|&i| i != 4 && table.population[i] > 0.0 && before[i] > 0.0);
    let sum = |column: &[f64]| known().map(|i| column[i]).sum::<f64>();
    let now: i64 = known().map(|i| table.count[i]).sum();
    let rate = now as f64 / sum(&table.population);
    let then = 20.0 * known().count() as f64 / sum(&before);
    assert!((found.city.change / (rate / then) - 1.0).abs() < 1e-12);
    assert!((found.city.baseline_rate / (1000.0 * then) - 1.0).abs() < 1e-12);
    assert!(found.city.count > now);
    assert!(
        found
            .warnings
            .iter()
            .any(|w| w.message.contains("For 1 of 60"))
    );
    let published = found.publish(&Disclosure::cbs5()).unwrap();
    assert!(published.result().neighbourhoods.baseline_rate[4].is_nan());
}

#[test]
fn what_does_not_fit_together_is_said() {
    let (city, table) = city_and_table(2024, |_| "5".to_owned());
    let run = |analysis: HotspotAnalysis| analysis.run(&city.incidents, &city.neighbourhoods);
    let without_year = HotspotAnalysis::new(Theme::youth_nuisance()).baseline_counts(table.clone());
    assert!(
        run(without_year)
            .unwrap_err()
            .to_string()
            .contains("the year of which")
    );
    let another = HotspotAnalysis::new(Theme::youth_nuisance()).baseline(2016);
    assert!(run(another.baseline_counts(table)).is_err());
    let only = Crosswalk::new(&[("a".to_owned(), "b".to_owned(), 1.0)], 2020, 2024).unwrap();
    assert!(run(analysis().crosswalk(only)).is_err());
}

#[test]
fn periods_of_other_lengths_are_told() {
    let zone = crate::model::Zone::amsterdam();
    let year = |y| Period::year(y, &zone).unwrap();
    assert!(unequal(Some(&year(2024)), Some(&year(2017))).is_none());
    let day = |y| jiff::civil::date(y, 1, 1);
    let four = Period::days(day(2020), day(2024), &zone).unwrap();
    let told = unequal(Some(&four), Some(&year(2017))).unwrap();
    assert!(told.message.contains("4.00 times"), "{}", told.message);
}

proptest! {
    #[test]
    fn whole_reports_keep_the_total(values in proptest::collection::vec(0.0..50.0_f64, 1..40)) {
        let out = whole(&values);
        prop_assert_eq!(out.iter().sum::<i64>(), values.iter().sum::<f64>().round() as i64);
        for (w, v) in out.iter().zip(&values) {
            prop_assert!((*w as f64 - v).abs() < 1.0);
        }
        let already: Vec<f64> = out.iter().map(|w| *w as f64).collect();
        prop_assert_eq!(whole(&already), out);
    }
}

#[test]
fn numbers_of_the_baseline_that_may_change_are_said() {
    let (city, _) = city_and_table(2024, |_| "1".to_owned());
    let mut text = "Overlast;WijkenEnBuurten;Perioden;Status;GeregistreerdeOverlast_1\n".to_owned();
    for code in city.neighbourhoods.codes() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "E35;{code};2017JJ00;NaderVoorlopig;30");
    }
    let reader = PoliceTableReader::new().vintage(2024);
    let table = reader.read_bytes(text.as_bytes()).unwrap().counts;
    let result = analysis()
        .baseline_counts(table)
        .run(&city.incidents, &city.neighbourhoods)
        .unwrap();
    let published = result.publish(&Disclosure::cbs5()).unwrap();
    for warnings in [&result.warnings, &published.result().warnings] {
        let mut all = warnings.iter();
        let said = all.find(|w| w.code == WarningCode::Provisional).unwrap();
        assert!(said.message.contains("nader voorlopig"), "{}", said.message);
    }
}
