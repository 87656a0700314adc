//! Years that begin a month later each: every two overlap, and what they say together goes through the months
//! in which they differ.

use super::super::knowledge::Knowledge;
use super::super::*;
use crate::random::stream;
use rand::RngExt;

/// Areas in districts in a city over twelve months from a month on. The same months always have the same
/// counts, so that releases fit each other.
fn year(districts: usize, each: usize, from: i64, most: i64) -> CountTable {
    let count = |district: usize, area: usize| -> i64 {
        let place = (1_000 * district + area) as u64;
        let months = (from..from + 12).map(|month| {
            let mut random = stream(7, 100_000 * month as u64 + place);
            random.random_range(0..most)
        });
        months.sum()
    };
    let key = |area: String| CellKey::area(area).between(from, from + 12);
    let mut table = CountTable::new();
    let mut totals = Vec::new();
    for district in 0..districts {
        let parts: Vec<usize> = (0..each)
            .map(|area| {
                let name = format!("BU{district:02}{area:02}");
                table.push(key(name), count(district, area)).unwrap()
            })
            .collect();
        let sum = parts.iter().map(|&p| table.counts()[p]).sum();
        let total = table.push(key(format!("WK{district:02}")), sum).unwrap();
        table.relation(total, &parts).unwrap();
        totals.push(total);
    }
    let sum = totals.iter().map(|&t| table.counts()[t]).sum();
    let city = table.push(key("GM".to_owned()), sum).unwrap();
    table.relation(city, &totals).unwrap();
    table
}

#[test]
fn intervals_are_those_of_the_undivided_programme() {
    let (mut exact, mut cells) = (0, 0);
    for (base, most, releases) in [(1, 4, 3), (5, 4, 3), (5, 3, 4), (5, 2, 2)] {
        let rules = Disclosure::cbs5().rounding(base).secret("of the test");
        let mut ledger = Ledger::new();
        for from in 0..releases {
            let table = year(2, 4, from, most);
            let before = ledger.staged();
            let found = rules.run_against(&table, &mut ledger, "a year").unwrap();
            let known = Knowledge::of(&table, &before);
            let published: Vec<Option<(i64, i64)>> = found
                .states
                .iter()
                .map(|state| state.value().map(|v| rounding::behind(v, base, 5)))
                .collect();
            for (cell, (low, high, is_exact)) in known.plainly(&rules, &published).unwrap() {
                let State::Withheld {
                    low: least,
                    high: greatest,
                } = found.states[cell]
                else {
                    unreachable!("only withheld cells have an interval");
                };
                let greatest = greatest.unwrap_or(system::UNBOUNDED);
                cells += 1;
                assert!(least <= table.counts()[cell] && table.counts()[cell] <= greatest);
                if is_exact {
                    exact += 1;
                    assert_eq!(
                        (least, greatest),
                        (low, high),
                        "{} after {from}",
                        table.keys()[cell]
                    );
                }
            }
        }
    }
    assert!(exact >= 5 && 2 * exact > cells, "{exact} of {cells}");
}
