use super::*;
use crate::error::{Error, Fault};
use crate::publish::rounding::{behind, rounded, secret_of};

mod attacker;
mod ledger;
mod rolling;

fn plain(minimum: i64) -> Disclosure {
    Disclosure::internal().minimum_count(minimum)
}

/// A total of parts, the total last.
fn sum(counts: &[i64]) -> CountTable {
    let mut table = CountTable::new();
    let parts: Vec<usize> = (0..counts.len())
        .map(|i| {
            table
                .push(CellKey::area(format!("a{i}")), counts[i])
                .unwrap()
        })
        .collect();
    let total = table
        .push(CellKey::area("all"), counts.iter().sum())
        .unwrap();
    table.relation(total, &parts).unwrap();
    table
}

fn shown(protected: &Protected) -> Vec<Option<i64>> {
    protected.states.iter().map(State::value).collect()
}

fn interval(state: State) -> (i64, Option<i64>) {
    match state {
        State::Withheld { low, high } => (low, high),
        State::Published(value) => panic!("published {value}"),
    }
}

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
fn one_small_count_takes_the_next_smallest_with_it() {
    // 3 is small; 11 − 8 would tell it; with 5 withheld too both lie in 1 to 7.
    let protected = plain(5).run(&sum(&[3, 8, 5, 0])).unwrap();
    assert_eq!(shown(&protected), [None, Some(8), None, Some(0), Some(16)]);
    assert_eq!(protected.audits, 2);
    assert_eq!(protected.why[2], Some(Why::Complement));
    assert_eq!(interval(protected.states[0]), (1, Some(7)));
    assert_eq!(interval(protected.states[2]), (1, Some(7)));
}

#[test]
fn a_total_that_tells_too_much_is_withheld() {
    // Two counts of at least 1 that make 5 lie in 1 to 4, which is too narrow.
    let protected = plain(5).run(&sum(&[1, 4])).unwrap();
    assert_eq!(shown(&protected), [None, None, None]);
    assert_eq!(interval(protected.states[0]), (1, None));
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

/// Five and more in multiples of five, unless two addresses have more than nine tenths.
fn rules_of_rounding() -> Disclosure {
    plain(5).rounding(5).dominance(Some((2, 0.9))).secret("s")
}

#[test]
fn a_two_way_table_by_hand() {
    // Rows 3 + 9 = 12 and 7 + 2 = 9; columns 10 and 11. All four inner cells end up withheld:
    // the upper left is x, then 12 − x, 10 − x, x − 1: 2 ≤ x ≤ 9.
    let mut table = CountTable::new();
    let mut push = |name: &str, count| table.push(CellKey::area(name), count).unwrap();
    let [a, b, c, d] = [push("a", 3), push("b", 9), push("c", 7), push("d", 2)];
    let [upper, lower] = [push("upper", 12), push("lower", 9)];
    let [left, right] = [push("left", 10), push("right", 11)];
    for (total, parts) in [
        (upper, [a, b]),
        (lower, [c, d]),
        (left, [a, c]),
        (right, [b, d]),
    ] {
        table.relation(total, &parts).unwrap();
    }
    let protected = plain(5).run(&table).unwrap();
    assert_eq!(protected.withheld(), 4);
    assert_eq!(interval(protected.states[a]), (2, Some(9)));
    assert_eq!(interval(protected.states[b]), (3, Some(10)));
    assert_eq!(interval(protected.states[c]), (1, Some(8)));
    assert_eq!(interval(protected.states[d]), (1, Some(8)));
}

#[test]
fn rounding_is_unbiased_keyed_and_says_what_it_says() {
    let mut total = 0;
    for i in 0..20_000 {
        let key = CellKey::area(format!("a{i}"));
        let value = rounded(12, 5, "secret", &key);
        assert!(value == 10 || value == 15);
        assert_eq!(value, rounded(12, 5, "secret", &key));
        total += value;
    }
    // Mean 12, standard deviation 2.45, so 0.1 is more than five standard errors.
    let mean = total as f64 / 20_000.0;
    assert!((mean - 12.0).abs() < 0.1, "{mean}");
    let of = |secret: &str| -> Vec<i64> {
        (0..40)
            .map(|i| rounded(12, 5, secret, &CellKey::area(format!("a{i}"))))
            .collect()
    };
    assert_ne!(of("one"), of("two"));
    let key = CellKey::area("a");
    for (base, minimum) in [(5, 5), (5, 10), (5, 2), (3, 1), (1, 0), (1, 5)] {
        for count in (0..60).filter(|&c| c == 0 || c >= minimum) {
            let value = rounded(count, base, "s", &key);
            let (low, high) = behind(value, base, minimum);
            assert!(
                (low..=high).contains(&count),
                "{count} to base {base}, from {minimum}"
            );
        }
    }
    assert_eq!(behind(5, 5, 5), (5, 9));
    assert_eq!(behind(15, 5, 5), (11, 19));
    assert_eq!(behind(0, 5, 5), (0, 0));
}

#[test]
fn without_a_secret_only_who_knows_the_table_can_repeat_the_rounding() {
    let tables: Vec<CountTable> = (0..40).map(|last| sum(&[12, 18, 21 + last])).collect();
    let secrets: Vec<String> = tables.iter().map(secret_of).collect();
    let mut different = secrets.clone();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), tables.len());
    let mut first = Vec::new();
    for (table, secret) in tables.iter().zip(&secrets) {
        let mut ledger = Ledger::new();
        let found = Disclosure::cbs5().run_against(table, &mut ledger, "");
        let found = shown(&found.unwrap());
        let drawn = rounded(12, 5, secret, &CellKey::area("a0"));
        assert_eq!(
            (found[0], ledger.secret()),
            (Some(drawn), Some(secret.as_str()))
        );
        first.push(drawn);
    }
    // One count of one cell, up in some tables and down in others.
    assert!(first.contains(&10) && first.contains(&15));
    // Whose reports they are is in it too.
    let mut by_address = sum(&[12, 18, 21]);
    by_address.contributions(0, vec![8, 4]).unwrap();
    assert_ne!(secret_of(&by_address), secrets[0]);
}

#[test]
fn rounded_counts_hide_what_sums_would_tell() {
    let protected = Disclosure::cbs5()
        .secret("s")
        .run(&sum(&[3, 8, 57, 0]))
        .unwrap();
    assert_eq!(protected.withheld(), 1);
    assert_eq!(protected.audits, 1);
    let (low, high) = interval(protected.states[0]);
    assert!(high.unwrap() - low >= 5);
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

fn year(area: &str, from: i64, to: i64) -> CellKey {
    CellKey::area(area).between(from, to)
}

fn one(key: CellKey, count: i64) -> CountTable {
    let mut table = CountTable::new();
    table.push(key, count).unwrap();
    table
}

#[test]
fn the_difference_of_two_releases_is_audited() {
    let mut ledger = Ledger::new();
    let rules = plain(5);
    let first = rules
        .run_against(&one(year("a", 0, 12), 30), &mut ledger, "12")
        .unwrap();
    assert_eq!(shown(&first), [Some(30)]);
    let second = rules
        .run_against(&one(year("a", 0, 11), 28), &mut ledger, "11")
        .unwrap();
    assert_eq!(second.why, [Some(Why::Complement)]);
    // Another area, or a period apart, is free.
    let other = rules
        .run_against(&one(year("b", 0, 11), 28), &mut ledger, "b")
        .unwrap();
    let later = rules
        .run_against(&one(year("a", 12, 24), 28), &mut ledger, "l")
        .unwrap();
    assert_eq!((other.withheld(), later.withheld()), (0, 0));
    // A month that is large enough may be worked out.
    let large = rules
        .run_against(&one(year("b", 0, 10), 20), &mut ledger, "b")
        .unwrap();
    assert_eq!(shown(&large), [Some(20)]);
    assert_eq!(ledger.releases().len(), 5);
}

#[test]
fn the_difference_of_two_sets_of_categories_is_audited() {
    let mut ledger = Ledger::new();
    let rules = plain(5);
    let all = CellKey::area("a");
    rules
        .run_against(&one(all.clone(), 30), &mut ledger, "all")
        .unwrap();
    let some = all.clone().categories(["x", "y"]);
    let next = rules
        .run_against(&one(some, 27), &mut ledger, "x, y")
        .unwrap();
    assert!(next.states[0].is_withheld());
    let fewer = all.categories(["x"]);
    let next = rules
        .run_against(&one(fewer, 20), &mut ledger, "x")
        .unwrap();
    assert_eq!(shown(&next), [Some(20)]);
}

/// Areas of a group of which only the sum is told.
fn group(counts: &[(&str, i64)]) -> CountTable {
    let mut table = CountTable::new();
    let mut parts = Vec::new();
    for (area, count) in counts {
        let part = table.push(CellKey::area(*area), *count).unwrap();
        table.keep_back(part).unwrap();
        parts.push(part);
    }
    let sum = counts.iter().map(|(_, count)| count).sum();
    let names: Vec<&str> = counts.iter().map(|(area, _)| *area).collect();
    let total = table.push(CellKey::area(names.join("+")), sum).unwrap();
    table.relation(total, &parts).unwrap();
    table
}

#[test]
fn categories_told_apart_and_some_of_them_do_not_go_together() {
    let theme = CellKey::area("a").categories(["x", "y"]);
    let part = theme.clone().part(CellKey::BY_CATEGORY, "x");
    let some = CellKey::area("a").categories(["x"]);
    let both = |first: CellKey, second: CellKey| {
        let mut ledger = Ledger::new();
        plain(5)
            .run_against(&one(first, 20), &mut ledger, "1")
            .unwrap();
        plain(5).run_against(&one(second, 20), &mut ledger, "2")
    };
    for (first, second) in [(&part, &some), (&some, &part)] {
        let error = both(first.clone(), second.clone()).unwrap_err();
        assert!(matches!(error, Error::Disclosure { .. }), "{error}");
        let mut table = one(first.clone(), 20);
        table.push(second.clone(), 20).unwrap();
        assert!(plain(5).run(&table).is_err());
    }
    // All of them, others, another time, or parts of something else do.
    let evening = theme.clone().part("part_of_day", "evening");
    let other = CellKey::area("a").categories(["z"]);
    let (now, then) = (part.clone().between(0, 9), some.clone().between(9, 12));
    for (first, second) in [
        (part.clone(), theme),
        (part, other),
        (evening, some),
        (now, then),
    ] {
        assert!(both(first, second).is_ok());
    }
}

#[test]
fn what_is_kept_back_is_not_told_by_sums_either() {
    let mut ledger = Ledger::new();
    let both = group(&[("a", 17), ("b", 3)]);
    let told = plain(5).run_against(&both, &mut ledger, "both").unwrap();
    // Nothing is said of the areas, not even that they are withheld, but 0 to 20 is left of both.
    assert_eq!(told.states[2], State::Published(20));
    assert_eq!(interval(told.states[0]), (0, Some(20)));
    assert_eq!((told.why[0], told.why[1]), (None, None));
    let written = &ledger.releases[0].cells[0];
    assert_eq!(
        (written.kept_back, written.low, written.high),
        (true, 0, None)
    );
    // 20 − 17 would tell the 3 reports of the second area.
    let next = plain(5).run_against(&one(CellKey::area("a"), 17), &mut ledger, "a");
    assert!(next.unwrap().states[0].is_withheld());
    // One whose neighbours are many may be told: it leaves 30 to the other, which is no secret.
    let mut ledger = Ledger::new();
    let both = group(&[("a", 17), ("b", 30)]);
    plain(5).run_against(&both, &mut ledger, "both").unwrap();
    let next = plain(5).run_against(&one(CellKey::area("a"), 17), &mut ledger, "a");
    assert_eq!(next.unwrap().states[0], State::Published(17));
    // That the other has none may be known, unless zeros are withheld.
    for zeros in [false, true] {
        let mut ledger = Ledger::new();
        let rules = plain(5).withhold_zeros(zeros);
        let both = group(&[("a", 17), ("b", 0)]);
        let told = rules.run_against(&both, &mut ledger, "both").unwrap();
        assert_eq!(told.states[2], State::Published(17));
        let next = rules.run_against(&one(CellKey::area("a"), 17), &mut ledger, "a");
        assert_eq!(next.unwrap().states[0].is_withheld(), zeros);
    }
}

#[test]
fn a_sum_is_withheld_where_an_area_in_it_would_follow() {
    let mut ledger = Ledger::new();
    let areas = one(CellKey::area("a"), 17);
    plain(5).run_against(&areas, &mut ledger, "a").unwrap();
    let next = plain(5).run_against(&group(&[("a", 17), ("b", 3)]), &mut ledger, "both");
    let next = next.unwrap();
    assert_eq!(next.states[0], State::Published(17));
    assert!(next.states[2].is_withheld());
    // In a file it is remembered that nothing was said.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.json");
    let mut ledger = Ledger::open(&path).unwrap();
    plain(5)
        .run_against(&group(&[("a", 17), ("b", 30)]), &mut ledger, "both")
        .unwrap();
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .contains("kept_back")
    );
    let mut again = Ledger::open(&path).unwrap();
    assert_eq!(again, ledger);
    let next = plain(5).run_against(&one(CellKey::area("b"), 30), &mut again, "b");
    assert_eq!(next.unwrap().states[0], State::Published(30));
}

#[test]
fn what_was_published_stays_and_what_was_withheld_stays_withheld() {
    let mut ledger = Ledger::new();
    let rules = Disclosure::cbs5().secret("one");
    let table = sum(&[3, 13, 57]);
    let first = rules.run_against(&table, &mut ledger, "1").unwrap();
    let again = Disclosure::cbs5()
        .secret("two")
        .run_against(&table, &mut ledger, "2")
        .unwrap();
    assert_eq!(shown(&first), shown(&again));
    let freely = plain(0).run_against(&table, &mut ledger, "3").unwrap();
    assert_eq!(shown(&first), shown(&freely));
}

#[test]
fn revised_reports_are_new_counts() {
    let mut ledger = Ledger::new();
    let rules = Disclosure::cbs5();
    rules
        .run_against(&one(CellKey::area("a"), 30), &mut ledger, "1")
        .unwrap();
    let revised = rules
        .run_against(&one(CellKey::area("a"), 60), &mut ledger, "2")
        .unwrap();
    assert_eq!(shown(&revised), [Some(60)]);
}

#[test]
fn a_figure_that_was_revised_counts_as_it_was_told_last() {
    for (first, revised) in [(30, 60), (60, 30)] {
        let mut ledger = Ledger::new();
        for count in [first, revised] {
            let table = one(year("a", 0, 12), count);
            plain(5).run_against(&table, &mut ledger, "").unwrap();
        }
        // The last month would have two reports.
        let table = one(year("a", 0, 11), revised - 2);
        let found = plain(5).run_against(&table, &mut ledger, "").unwrap();
        assert!(found.states[0].is_withheld(), "{revised}");
        let table = one(year("a", 0, 10), revised - 8);
        let found = plain(5).run_against(&table, &mut ledger, "").unwrap();
        assert_eq!(found.states[0], State::Published(revised - 8));
    }
}

#[test]
fn periods_of_which_each_crosses_another_are_audited() {
    // No period is a piece of its own: the first month is 30 − 29, the last 30 − 28.
    let mut ledger = Ledger::new();
    let mut told = |from, to, count| {
        let table = one(year("a", from, to), count);
        plain(5)
            .run_against(&table, &mut ledger, "")
            .unwrap()
            .states[0]
    };
    assert_eq!(told(0, 11, 28), State::Published(28));
    assert_eq!(told(1, 12, 29), State::Published(29));
    assert!(told(0, 12, 30).is_withheld());
}

#[test]
fn large_differences_of_areas_and_their_total_may_be_told() {
    let mut ledger = Ledger::new();
    for (from, to, counts) in [
        (0, 12, [300, 400]),
        (0, 11, [270, 350]),
        (1, 12, [280, 370]),
    ] {
        let mut table = CountTable::new();
        for (area, count) in ["a", "b"].into_iter().zip(counts) {
            table.push(year(area, from, to), count).unwrap();
        }
        let all = table
            .push(year("all", from, to), counts[0] + counts[1])
            .unwrap();
        table.relation(all, &[0, 1]).unwrap();
        let found = plain(5).run_against(&table, &mut ledger, "").unwrap();
        assert_eq!(found.withheld(), 0);
    }
}

#[test]
fn what_cannot_be_hidden_any_more_is_refused() {
    let mut ledger = Ledger::new();
    let careless = plain(0);
    careless
        .run_against(&one(year("a", 0, 12), 30), &mut ledger, "12")
        .unwrap();
    careless
        .run_against(&one(year("a", 0, 11), 28), &mut ledger, "11")
        .unwrap();
    let error = plain(5)
        .run_against(&one(year("b", 0, 11), 28), &mut ledger, "b")
        .unwrap_err();
    assert!(matches!(error, Error::Disclosure { .. }), "{error}");
    assert_eq!(ledger.releases().len(), 2);
}

#[test]
fn a_ledger_is_kept_in_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger.json");
    let mut ledger = Ledger::open(&path).unwrap();
    let rules = Disclosure::cbs5();
    let table = sum(&[3, 13, 57]);
    rules.run_against(&table, &mut ledger, "first").unwrap();
    let read = Ledger::open(&path).unwrap();
    assert_eq!(read, ledger);
    assert_eq!(
        (read.releases()[0].len(), read.releases()[0].label.as_str()),
        (4, "first")
    );
    // The second release is rounded with the secret of the first.
    let mut read = read;
    let key = CellKey::area("b");
    let next = rules
        .run_against(&one(key.clone(), 12), &mut read, "second")
        .unwrap();
    let secret = ledger.secret().unwrap();
    assert_eq!(shown(&next), [Some(rounded(12, 5, secret, &key))]);
    for damaged in [
        "",
        "{}",
        "[1, 2]",
        "{\"format\":\"brandpunt release ledger\",\"version\":9,\"secret\":null,\"releases\":[]}",
    ] {
        std::fs::write(&path, damaged).unwrap();
        assert!(Ledger::open(&path).is_err(), "{damaged}");
    }
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 1);
}

#[test]
fn nothing_is_published_that_cannot_be_written_down() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(dir.path().join("no/such/folder/ledger.json")).unwrap();
    let error = Disclosure::cbs5()
        .run_against(&sum(&[9]), &mut ledger, "")
        .unwrap_err();
    assert!(matches!(error, Error::File { .. }));
    assert!(ledger.releases().is_empty());
}

#[test]
fn every_fill_of_withheld_values_lies_within_the_bounds_of_gi_star() {
    use crate::methods::local::GiStar;
    use crate::methods::local::Inference;
    let weights = crate::weights::Weights::lattice(3, 4, 1, crate::weights::Adjacency::Queen)
        .unwrap()
        .include_self();
    let low = [9.0, 0.0, 1.0, 12.0, 1.0, 30.0, 8.0, 1.0, 2.0, 5.0, 1.0, 7.0];
    let mut high = low;
    let withheld = [2, 4, 7, 10];
    for i in withheld {
        high[i] = 4.0;
    }
    let bounds = HotspotBounds::of(&low, &high, &weights, 1.5).unwrap();
    let gi = GiStar::new().inference(Inference::Analytic);
    let (mut least, mut most) = (vec![f64::MAX; 12], vec![f64::MIN; 12]);
    for fill in 0..256_usize {
        let mut values = low;
        for (k, i) in withheld.into_iter().enumerate() {
            values[i] = 1.0 + (fill >> (2 * k) & 3) as f64;
        }
        for (i, z) in gi.run(&values, &weights).unwrap().z.into_iter().enumerate() {
            assert!(
                bounds.z_low[i] <= z && z <= bounds.z_high[i],
                "{i} {z} {bounds:?}"
            );
            (least[i], most[i]) = (least[i].min(z), most[i].max(z));
        }
    }
    for i in 0..12 {
        assert!(most[i] - least[i] > 0.0);
        // The bounds are not so wide as to say nothing.
        assert!(bounds.z_high[i] - bounds.z_low[i] < 3.0 * (most[i] - least[i]) + 0.8);
    }
    // Without anything withheld they are the statistic itself.
    let exact = HotspotBounds::of(&low, &low, &weights, 1.5).unwrap();
    for (z, bound) in gi.run(&low, &weights).unwrap().z.iter().zip(&exact.z_low) {
        assert!((z - bound).abs() < 1e-12, "{z} {bound}");
    }
    assert!(exact.robust.iter().all(|r| *r));
    high[2] = f64::INFINITY;
    let open = HotspotBounds::of(&low, &high, &weights, 1.5).unwrap();
    assert!(open.hot_lower.iter().all(|h| !h) && open.hot_upper.iter().all(|h| *h));
    assert!(HotspotBounds::of(&low[1..], &high, &weights, 1.5).is_err());
}

#[test]
fn a_state_says_what_anyone_knows_and_what_stands_in_for_it() {
    let withheld = |low, high| State::Withheld { low, high };
    assert_eq!(State::Published(15).known(5, 5), (11.0, 19.0));
    assert_eq!(withheld(2, Some(9)).known(5, 5), (2.0, 9.0));
    let (low, high) = withheld(3, None).known(5, 5);
    assert!(low == 3.0 && high.is_nan());
    // The middle of 1 to 4, or of 0 to 9 where zeros are withheld, within what it can be.
    let (cbs, ons) = (Disclosure::cbs5(), Disclosure::ons10_5());
    assert_eq!(State::Published(15).filled(&cbs), 15);
    assert_eq!(withheld(1, None).filled(&cbs), 2);
    assert_eq!(withheld(0, None).filled(&ons), 4);
    assert_eq!(withheld(4, Some(9)).filled(&cbs), 4);
    assert_eq!(withheld(1, Some(1)).filled(&cbs), 1);
}

#[test]
fn rates_of_withheld_counts_have_bounds() {
    use crate::methods::rates::Rates;
    let rates = Rates::new();
    let withheld = |low, high| State::Withheld { low, high };
    let states = [
        State::Published(10),
        withheld(1, Some(7)),
        withheld(1, None),
    ];
    let (low, high) = rate_bounds(&states, &[1000.0; 3], &rates).unwrap();
    let plain = rates.run(&[10, 1, 7], &[1000.0; 3]).unwrap();
    assert_eq!((low[0], high[0]), (plain.low[0], plain.high[0]));
    assert_eq!((low[1], high[1]), (plain.low[1], plain.high[2]));
    assert!(low[2] == plain.low[1] && high[2].is_nan());
}

mod surfaces {
    use super::*;
    use std::collections::BTreeMap;

    use rand::RngExt;

    use crate::methods::density::{Kernel, KernelDensity, Surface};
    use crate::model::{Bounds, Crs};
    use crate::parallel::Workers;
    use crate::random::stream;

    fn surface(x: &[f64], y: &[f64], bandwidth: f64, cell: f64) -> Surface {
        let workers = Workers::new(1).unwrap();
        KernelDensity::new(bandwidth)
            .cell_size(cell)
            .extent(Bounds::new(0.0, 0.0, 6000.0, 2000.0))
            .run_columns(x, y, None, Crs::PLANAR, &workers)
            .unwrap()
    }

    #[test]
    fn few_incidents_leave_no_trace_and_many_do() {
        let workers = Workers::new(2).unwrap();
        // Four alone in the west, one address with fifty in the middle, forty spread in the east.
        let (mut x, mut y) = (vec![500.0, 520.0, 540.0, 560.0], vec![1000.0; 4]);
        x.extend([3000.0; 50]);
        y.extend([1000.0; 50]);
        for i in 0..40 {
            x.push(5000.0 + f64::from(i % 8) * 40.0);
            y.push(900.0 + f64::from(i / 8) * 40.0);
        }
        let made = surface(&x, &y, 300.0, 100.0);
        let shown = Disclosure::cbs5()
            .surface(&made, &x, &y, 7, &workers)
            .unwrap();
        let class = |east: f64| shown.class[[10, (east / 100.0) as usize]];
        assert_eq!((class(500.0), class(3000.0)), (0, 0));
        assert!(class(5100.0) >= 5);
        assert!(shown.withheld > 40);
        // Values are ends of classes, so that no peak tells how many lie under it.
        let ends: Vec<f64> = (0..shown.classes.len())
            .map(|c| shown.classes.range(c).0)
            .collect();
        let half = shown.classes.range(1).1 / 2.0;
        let values = shown.surface.values();
        assert!(values.iter().all(|v| *v == half || ends.contains(v)));
        let desk = Disclosure::internal()
            .surface(&made, &x, &y, 7, &workers)
            .unwrap();
        assert!(desk.withheld == 0 && desk.class[[10, 5]] > 0);
    }

    /// Whether incidents hide each other at a place: from all incidents, by the formula as documented.
    fn mingles(rules: [f64; 4], made: &Surface, x: &[f64], y: &[f64], at: (f64, f64)) -> bool {
        let [incidents, addresses, dominance, p] = rules;
        let (mut sum, mut squares) = (0.0, 0.0);
        let mut by_address: BTreeMap<[u64; 2], f64> = BTreeMap::new();
        for (px, py) in x.iter().zip(y) {
            let v = (px - at.0).hypot(py - at.1) / made.bandwidth();
            let k = made.kernel().value(v * v);
            if k > 0.0 {
                (sum, squares) = (sum + k, squares + k * k);
                *by_address.entry([px.to_bits(), py.to_bits()]).or_default() += k;
            }
        }
        let mut greatest: Vec<f64> = by_address.into_values().collect();
        greatest.sort_by(|a, b| b.total_cmp(a));
        let two: f64 = greatest.iter().take(2).sum();
        let slack = 1e-9 * sum;
        sum * sum / squares >= incidents - 1e-9
            && greatest.len() as f64 >= addresses
            && two <= dominance * sum + slack
            && sum - two >= p * greatest[0] - slack
    }

    #[test]
    fn cells_are_shown_where_the_formula_says_so_and_nowhere_else() {
        let workers = Workers::new(2).unwrap();
        let mut random = stream(5, 0);
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for address in 0..70 {
            let at = (
                random.random_range(0.0..6000.0),
                random.random_range(0.0..2000.0),
            );
            for _ in 0..=address % 4 {
                x.push(at.0);
                y.push(at.1);
            }
        }
        for (kernel, by) in [
            (Kernel::Quartic, [4.0, 0.0, 1.0, 0.0]),
            (Kernel::Quartic, [0.0, 4.0, 1.0, 0.0]),
            (Kernel::Uniform, [0.0, 0.0, 0.7, 0.0]),
            (Kernel::Quartic, [0.0, 0.0, 1.0, 0.4]),
        ] {
            let made = KernelDensity::new(350.0)
                .kernel(kernel)
                .cell_size(100.0)
                .extent(Bounds::new(0.0, 0.0, 6000.0, 2000.0))
                .run_columns(&x, &y, None, Crs::PLANAR, &workers)
                .unwrap();
            let rules = plain(by[0] as i64)
                .minimum_addresses(by[1] as usize)
                .dominance((by[2] < 1.0).then_some((2, by[2])))
                .p_percent((by[3] > 0.0).then_some(by[3]));
            let shown = rules.surface(&made, &x, &y, 7, &workers).unwrap();
            let grid = made.grid();
            let (mut hidden, mut open) = (0, 0);
            for row in 0..grid.rows() {
                for col in 0..grid.cols() {
                    let class = shown.classes.class_of(made.values()[[row, col]]).unwrap();
                    let may = class == 0 || mingles(by, &made, &x, &y, grid.centre(row, col));
                    let class = if may { class } else { 0 };
                    (hidden, open) = (hidden + usize::from(!may), open + usize::from(class > 0));
                    assert_eq!(
                        usize::from(shown.class[[row, col]]),
                        class,
                        "{row} {col} {by:?}"
                    );
                    let value = match class {
                        0 => 0.0,
                        1 => shown.classes.range(1).1 / 2.0,
                        class => shown.classes.range(class).0,
                    };
                    assert_eq!(shown.surface.values()[[row, col]], value);
                }
            }
            assert_eq!(shown.withheld, hidden);
            assert!(hidden > 30 && open > 30, "{hidden} and {open} by {by:?}");
        }
    }

    #[test]
    fn narrow_kernels_and_small_cells_are_refused_with_the_remedy() {
        let workers = Workers::new(1).unwrap();
        assert!(Disclosure::cbs5().widths(200.0, 100.0).is_ok());
        let (x, y) = (vec![500.0; 9], vec![500.0; 9]);
        for (bandwidth, cell, remedy) in [(150.0, 100.0, "200 m"), (300.0, 25.0, "100 m")] {
            let made = surface(&x, &y, bandwidth, cell);
            let error = Disclosure::cbs5()
                .surface(&made, &x, &y, 7, &workers)
                .unwrap_err();
            assert!(matches!(error, Error::Disclosure { .. }));
            assert!(error.to_string().contains(remedy), "{error}");
            assert!(
                Disclosure::internal()
                    .surface(&made, &x, &y, 7, &workers)
                    .is_ok()
            );
        }
    }
}
