//! Which counts may be told by themselves: each rule by hand.

use super::super::*;
use super::{interval, one, plain, rules_of_rounding, shown, sum};
use crate::error::{Error, Fault};

#[test]
fn each_rule_by_hand() {
    let mut table = CountTable::new();
    let mut cell = |count: i64, by_address: &[i64], people: f64| {
        let at = table
            .push(CellKey::area(format!("a{}", table.len())), count)
            .unwrap();
        table.contributions(at, by_address.to_vec()).unwrap();
        table.population(at, people).unwrap();
    };
    cell(0, &[], 10.0);
    cell(4, &[1; 4], 900.0);
    cell(5, &[1; 5], 900.0);
    // 19 of 20 is 95 %, 18 of 20 is not more than 90 %.
    cell(20, &[1, 16, 3], 900.0);
    cell(20, &[16, 2, 2], 900.0);
    // 22 − 20 − 1 = 1 < 0.1 · 20; 23 − 20 − 1 = 2 is not.
    cell(22, &[20, 1, 1], 900.0);
    cell(23, &[20, 1, 1, 1], 900.0);
    cell(30, &[1; 30], 49.0);
    cell(30, &[1; 30], f64::NAN);
    cell(30, &[1; 30], 0.0);
    cell(30, &[1; 30], 50.0);
    let why = |rules: &Disclosure| -> Vec<Option<&str>> {
        let found = rules.run(&table).unwrap();
        found.why.iter().map(|w| w.map(Why::name)).collect()
    };
    let dominant = Some("dominance");
    let few = Some("few");
    assert_eq!(
        why(&Disclosure::cbs5()),
        [
            None,
            few,
            None,
            dominant,
            None,
            dominant,
            dominant,
            Some("few_people"),
            None,
            None,
            None
        ]
    );
    let p = plain(0).p_percent(Some(0.10));
    let p_rule = Some("p_percent");
    assert_eq!(
        why(&p),
        [
            None,
            None,
            None,
            Some("p_percent"),
            None,
            p_rule,
            None,
            None,
            None,
            None,
            None
        ]
        .map(|w| if w == few { None } else { w })
    );
    assert_eq!(why(&Disclosure::police8())[2], Some("few_addresses"));
    assert_eq!(why(&Disclosure::ons10_5())[0], few);
    assert!(why(&Disclosure::internal()).iter().all(Option::is_none));
}

#[test]
fn presets_are_what_their_table_says() {
    let presets = Disclosure::PRESETS.map(|name| Disclosure::named(name).unwrap());
    let figures = presets.each_ref().map(Disclosure::figures);
    assert_eq!(figures, [(5, 5), (10, 5), (5, 5), (0, 1)]);
    let addresses = presets.each_ref().map(Disclosure::fewest_addresses);
    assert_eq!(addresses, [0, 0, 8, 0]);
    let people = presets.each_ref().map(Disclosure::population_floor);
    let cells = presets.each_ref().map(Disclosure::smallest_cell);
    assert_eq!(
        (people, cells),
        ([50.0, 50.0, 50.0, 0.0], [100.0, 100.0, 100.0, 0.0])
    );
    let internal = presets.each_ref().map(Disclosure::is_internal);
    assert_eq!(internal, [false, false, false, true]);
    // Five addresses of which two make up nearly all: 57 − 40 − 14 = 3 < 0.1 · 40.
    let mut table = one(CellKey::area("a"), 57);
    table.contributions(0, vec![40, 14, 1, 1, 1]).unwrap();
    let why = presets.map(|rules| {
        let rules = rules.minimum_addresses(0);
        let by = |rules: &Disclosure| rules.run(&table).unwrap().why[0].map(Why::name);
        (by(&rules), by(&rules.clone().dominance(None)))
    });
    let (dominance, p) = (Some("dominance"), Some("p_percent"));
    assert_eq!(
        why,
        [
            (dominance, None),
            (dominance, p),
            (dominance, p),
            (None, None)
        ]
    );
}

#[test]
fn a_count_that_is_all_of_its_total_is_marked_and_may_be_withheld() {
    let table = sum(&[12, 0, 0]);
    let marked = plain(5).run(&table).unwrap();
    assert_eq!((marked.groups.as_slice(), marked.withheld()), (&[0][..], 0));
    let withheld = plain(5).withhold_groups(true).run(&table).unwrap();
    assert_eq!(withheld.why[0], Some(Why::Group));
    // The total alone would tell it.
    assert!(withheld.states[3].is_withheld());
    // A total of one is the same count twice, and nobody is in a total of nothing.
    for (counts, groups) in [
        (&[12][..], &[][..]),
        (&[0, 0], &[]),
        (&[0, 12, 0], &[1]),
        (&[5, 12], &[]),
    ] {
        let found = plain(5).withhold_groups(true).run(&sum(counts)).unwrap();
        assert_eq!(found.groups, groups, "{counts:?}");
        let of_group = (0..counts.len()).filter(|&i| found.why[i] == Some(Why::Group));
        assert_eq!(of_group.collect::<Vec<_>>(), groups);
    }
}

#[test]
fn a_minimum_of_addresses_is_a_rule_by_itself() {
    let mut table = one(CellKey::area("a"), 30);
    table.contributions(0, vec![5; 6]).unwrap();
    let why = |least: usize| plain(0).minimum_addresses(least).run(&table).unwrap().why[0];
    assert_eq!((why(6), why(7)), (None, Some(Why::FewAddresses)));
    // Of a place of a map: five from anywhere, and the two greatest, wherever they stand, not nearly all.
    let hides = |by_address: &[i64]| Disclosure::cbs5().hides(by_address.to_vec());
    assert!(hides(&[1; 5]) && !hides(&[1; 4]) && !hides(&[30, 20]));
    assert!(!hides(&[1, 1, 1, 20, 16]) && hides(&[1, 1, 1, 1, 20, 16]));
    // Addresses without a report are none, however they are given.
    let mut padded = one(CellKey::area("a"), 30);
    assert!(!padded.is_empty() && CountTable::new().is_empty());
    padded.contributions(0, vec![0, 12, 18, 0, 0]).unwrap();
    assert_eq!(padded.addresses(0), Some(&[18, 12][..]));
    let found = plain(0).minimum_addresses(3).run(&padded).unwrap();
    assert_eq!(found.why[0], Some(Why::FewAddresses));
    // Without one, addresses need not be known.
    assert!(Disclosure::cbs5().run(&one(CellKey::area("a"), 30)).is_ok());
}

#[test]
fn protection_grows_with_the_count() {
    let table = || {
        let mut table = sum(&[100, 6, 50]);
        table.contributions(0, vec![99, 1]).unwrap();
        table
    };
    let rules = plain(5).dominance(Some((2, 0.9)));
    let narrow = rules.clone().run(&table()).unwrap();
    assert_eq!(shown(&narrow), [None, None, Some(50), Some(156)]);
    assert_eq!(interval(narrow.states[0]), (1, Some(105)));
    // Half of a hundred up and down: 6 beside it is enough, because it may be 105.
    let wide = rules.protection(1.0).run(&sum(&[100, 6, 50]));
    assert_eq!(wide.unwrap().withheld(), 0);
    // Rounding leaves 100 in an interval that is wide enough for five, but not for half of a hundred.
    let rounded = rules_of_rounding();
    let found = rounded.clone().protection(0.0).run(&table()).unwrap();
    assert_eq!((found.withheld(), found.why[0]), (1, Some(Why::Dominance)));
    let (low, high) = interval(found.states[0]);
    assert!(high.unwrap() - low < 50, "{low} to {high:?}");
    let found = rounded.protection(0.5).run(&table()).unwrap();
    assert_eq!(found.why[1], Some(Why::Complement));
    let (low, high) = interval(found.states[0]);
    assert!(high.unwrap() - low >= 50, "{low} to {high:?}");
}

#[test]
fn what_is_wrong_is_said() {
    let mut table = CountTable::new();
    assert_eq!(
        table.push(CellKey::area("a"), -1).unwrap_err().fault(),
        Some(Fault::Negative)
    );
    let most = 1 << 53;
    assert!(CountTable::new().push(CellKey::area("a"), most).is_ok());
    for beyond in [most + 1, i64::MAX] {
        let error = table.push(CellKey::area("a"), beyond).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::NumberOutOfRange));
    }
    let a = table.push(CellKey::area("a"), 9).unwrap();
    assert!(table.relation(a, &[a]).is_err());
    assert!(table.relation(7, &[a]).is_err());
    assert!(table.population(table.len(), 50.0).is_err());
    assert_eq!(
        table.contributions(a, vec![3, 3]).unwrap_err().fault(),
        Some(Fault::AreaMismatch)
    );
    let error = Disclosure::police8().run(&table).unwrap_err();
    assert!(matches!(error, Error::Disclosure { .. }));
    assert!(error.to_string().contains("cbs5"), "{error}");
    table.push(CellKey::area("a"), 2).unwrap();
    assert!(plain(5).run(&table).is_err());
    for bad in [
        Disclosure::cbs5().rounding(0),
        Disclosure::cbs5().minimum_count(-1),
        Disclosure::cbs5().protection(f64::NAN),
        Disclosure::cbs5().dominance(Some((0, 0.9))),
        Disclosure::cbs5().dominance(Some((2, 1.9))),
    ] {
        assert!(matches!(
            bad.run(&CountTable::new()),
            Err(Error::Parameter { .. })
        ));
    }
    assert!(Disclosure::named("none").is_err());
    for name in Disclosure::PRESETS {
        assert_eq!(Disclosure::named(name).unwrap().name(), name);
    }
}
