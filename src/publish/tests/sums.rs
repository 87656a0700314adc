//! What sums would tell of withheld counts, and what is withheld beside them.

use super::super::*;
use super::{group, interval, one, plain, shown, sum};

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
