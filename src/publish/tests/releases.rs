//! What several releases tell together.

use super::super::*;
use super::{one, plain, shown, sum, year};
use crate::error::Error;

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
