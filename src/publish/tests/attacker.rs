//! An attacker who tries every table of whole numbers that fits what is published. Knows nothing of
//! relations, atoms or linear programs: a cell is a set of leaves.

use proptest::prelude::*;

use super::super::*;

/// What is known of the sum of some leaves.
#[derive(Debug, Clone)]
struct Known {
    leaves: Vec<usize>,
    low: i64,
    high: i64,
}

/// Greatest value of a leaf about which nothing is published: more than any interval has to be wide.
const CAP: i64 = 6;

/// The least and greatest sum of each set of leaves over all tables.
fn every_table(leaves: usize, known: &[Known]) -> Vec<(i64, i64)> {
    let cap: Vec<i64> = (0..leaves)
        .map(|l| {
            let ends = known
                .iter()
                .filter(|k| k.leaves.contains(&l))
                .map(|k| k.high);
            ends.filter(|&high| high < i64::MAX).min().unwrap_or(CAP)
        })
        .collect();
    let mut seen = vec![(i64::MAX, i64::MIN); known.len()];
    fill(0, &mut vec![0; leaves], known, &cap, &mut seen);
    seen
}

fn fill(at: usize, table: &mut Vec<i64>, known: &[Known], cap: &[i64], seen: &mut [(i64, i64)]) {
    if at == table.len() {
        for (k, seen) in known.iter().zip(seen) {
            let sum = k.leaves.iter().map(|&l| table[l]).sum();
            *seen = (seen.0.min(sum), seen.1.max(sum));
        }
        return;
    }
    for value in 0..=cap[at] {
        table[at] = value;
        let fits = known.iter().filter(|k| k.leaves.contains(&at)).all(|k| {
            let sum: i64 = k
                .leaves
                .iter()
                .filter(|&&l| l <= at)
                .map(|&l| table[l])
                .sum();
            let open: i64 = k.leaves.iter().filter(|&&l| l > at).map(|&l| cap[l]).sum();
            sum <= k.high && sum + open >= k.low
        });
        if fits {
            fill(at + 1, table, known, cap, seen);
        }
    }
}

fn knowledge(rules: &Disclosure, states: &[State], leaves: &[Vec<usize>]) -> Vec<Known> {
    let (minimum, base) = rules.figures();
    states
        .iter()
        .zip(leaves)
        .map(|(state, leaves)| {
            // From the rules as documented, not from the code.
            let (low, high) = match *state {
                State::Published(0) => (0, if minimum >= base { 0 } else { base - 1 }),
                State::Published(v) => ((v - base + 1).max(minimum).max(1), v + base - 1),
                State::Withheld { .. } => (i64::from(!rules.withhold_zeros), i64::MAX),
            };
            Known {
                leaves: leaves.clone(),
                low,
                high,
            }
        })
        .collect()
}

/// What the attacker finds must be what the audit says, and wide enough.
fn check(rules: &Disclosure, protected: &Protected, leaves: &[Vec<usize>], count: usize) {
    let known = knowledge(rules, &protected.states, leaves);
    let found = every_table(count, &known);
    let (minimum, _) = rules.figures();
    for (i, state) in protected.states.iter().enumerate() {
        let State::Withheld { low, high } = *state else {
            continue;
        };
        let (least, greatest) = found[i];
        assert!(greatest - least >= minimum, "{i}: {found:?} {protected:?}");
        assert_eq!(low, least, "{i} {protected:?}");
        match high {
            Some(high) => assert_eq!(high, greatest, "{i} {protected:?}"),
            None => assert!(greatest >= CAP, "{i} {protected:?}"),
        }
    }
}

fn rules() -> impl Strategy<Value = Disclosure> {
    (2..5_i64, 1..4_i64, any::<bool>()).prop_map(|(minimum, base, zeros)| {
        Disclosure::internal()
            .minimum_count(minimum)
            .rounding(base)
            .withhold_zeros(zeros)
            .secret("known to no attacker")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Buurten in wijken in a gemeente.
    #[test]
    fn a_hierarchy_keeps_its_small_counts(
        counts in proptest::collection::vec(0..8_i64, 5),
        cut in 1..5_usize,
        rules in rules(),
    ) {
        let mut table = CountTable::new();
        let mut leaves = Vec::new();
        for (i, &count) in counts.iter().enumerate() {
            table.push(CellKey::area(format!("b{i}")), count).unwrap();
            leaves.push(vec![i]);
        }
        let mut wijken = Vec::new();
        for part in [0..cut, cut..5] {
            let parts: Vec<usize> = part.collect();
            let count = parts.iter().map(|&p| counts[p]).sum();
            let wijk = table.push(CellKey::area(format!("w{}", wijken.len())), count).unwrap();
            table.relation(wijk, &parts).unwrap();
            wijken.push(wijk);
            leaves.push(parts);
        }
        let all = table.push(CellKey::area("g"), counts.iter().sum()).unwrap();
        table.relation(all, &wijken).unwrap();
        leaves.push((0..5).collect());
        let protected = rules.run(&table).unwrap();
        check(&rules, &protected, &leaves, 5);
    }

    /// Groups of areas that share some, of which only the sums are told.
    #[test]
    fn sums_of_groups_leave_their_areas_open(
        counts in proptest::collection::vec(0..8_i64, 4),
        first in 2..4_usize,
        from in 0..2_usize,
        rules in rules(),
    ) {
        let mut table = CountTable::new();
        let mut leaves = Vec::new();
        for (i, &count) in counts.iter().enumerate() {
            table.push(CellKey::area(format!("b{i}")), count).unwrap();
            table.keep_back(i).unwrap();
            leaves.push(vec![i]);
        }
        for (name, parts) in [("first", 0..first), ("second", from..4)] {
            let parts: Vec<usize> = parts.collect();
            let count = parts.iter().map(|&p| counts[p]).sum();
            let group = table.push(CellKey::area(name), count).unwrap();
            table.relation(group, &parts).unwrap();
            leaves.push(parts);
        }
        let protected = rules.run(&table).unwrap();
        let mut known = knowledge(&rules, &protected.states, &leaves);
        for leaf in &mut known[..4] {
            // That it is not told says nothing of it.
            leaf.low = 0;
        }
        let found = every_table(4, &known);
        let (minimum, _) = rules.figures();
        for (i, state) in protected.states.iter().enumerate() {
            let State::Withheld { low, high } = *state else {
                continue;
            };
            let (least, greatest) = found[i];
            prop_assert_eq!(low, least);
            prop_assert!(high.map_or(greatest >= CAP, |high| high == greatest));
            let harmless = i < 4 && (least >= minimum || greatest == 0 && !rules.withhold_zeros);
            prop_assert!(harmless || greatest - least >= minimum, "{i}: {found:?} {protected:?}");
        }
    }

    /// Areas by categories, with both margins.
    #[test]
    fn a_two_way_table_keeps_its_small_counts(
        counts in proptest::collection::vec(0..8_i64, 6),
        rules in rules(),
    ) {
        let (table, leaves) = two_way(&counts, 2, 3);
        let protected = rules.run(&table).unwrap();
        check(&rules, &protected, &leaves, 6);
    }

    /// Two by two by two: linear programs alone need not be whole here.
    #[test]
    fn a_three_way_table_keeps_its_small_counts(
        counts in proptest::collection::vec(0..4_i64, 8),
        minimum in 2..4_i64,
    ) {
        let rules = Disclosure::internal().minimum_count(minimum);
        let mut table = CountTable::new();
        let mut leaves: Vec<Vec<usize>> = (0..8).map(|i| vec![i]).collect();
        for (i, &count) in counts.iter().enumerate() {
            table.push(CellKey::area(format!("c{i}")), count).unwrap();
        }
        for bit in [1, 2, 4] {
            for i in (0..8).filter(|i| i & bit == 0) {
                let parts = vec![i, i | bit];
                let key = CellKey::area(format!("m{bit}-{i}"));
                let at = table.push(key, counts[i] + counts[i | bit]).unwrap();
                table.relation(at, &parts).unwrap();
                leaves.push(parts);
            }
        }
        let protected = rules.run(&table).unwrap();
        check(&rules, &protected, &leaves, 8);
    }

    /// Two releases whose periods cross: no month or withheld count of either is found.
    #[test]
    fn crossing_releases_keep_their_small_counts(
        counts in proptest::collection::vec(0..7_i64, 6),
        first in (0..2_i64, 2..4_i64),
        second in (0..2_i64, 2..4_i64),
        minimum in 2..5_i64,
        base in 1..4_i64,
    ) {
        let rules = Disclosure::internal().minimum_count(minimum).rounding(base).secret("s");
        let mut ledger = Ledger::new();
        let (mut states, mut sets) = (Vec::new(), Vec::new());
        for (from, to) in [first, second] {
            // Two areas of three months each, and their total.
            let mut table = CountTable::new();
            for area in 0..2 {
                let set: Vec<usize> = (from..to.min(3)).map(|m| area * 3 + m as usize).collect();
                let count = set.iter().map(|&l| counts[l]).sum();
                table.push(CellKey::area(format!("a{area}")).between(from, to.min(3)), count).unwrap();
                sets.push(set);
            }
            let total = table.counts().iter().sum();
            let all = table.push(CellKey::area("all").between(from, to.min(3)), total).unwrap();
            table.relation(all, &[0, 1]).unwrap();
            sets.push([sets[sets.len() - 2].clone(), sets[sets.len() - 1].clone()].concat());
            match rules.run_against(&table, &mut ledger, "") {
                Ok(protected) => states.extend(protected.states),
                // The first release alone can never be the reason.
                Err(error) => {
                    prop_assert!(!states.is_empty(), "{error}");
                    return Ok(());
                }
            }
        }
        let known = knowledge(&rules, &states, &sets);
        let months: Vec<Known> = (0..6).map(|l| Known { leaves: vec![l], low: 0, high: i64::MAX }).collect();
        let all = [known, months].concat();
        let found = every_table(6, &all);
        for (i, state) in states.iter().enumerate() {
            let (low, high) = found[i];
            prop_assert!(!state.is_withheld() || high - low >= minimum, "{i} {found:?} {states:?}");
        }
        // Months at the ends of a period that no release shows.
        for l in 0..6 {
            let alone = sets.contains(&vec![l]);
            let (low, high) = found[states.len() + l];
            let reached = sets.iter().any(|s| s.contains(&l));
            if reached && !alone {
                prop_assert!(
                    high - low >= minimum || low >= minimum || high == 0,
                    "month {l}: {low} to {high} {states:?}"
                );
            }
        }
    }
}

fn two_way(counts: &[i64], rows: usize, cols: usize) -> (CountTable, Vec<Vec<usize>>) {
    let mut table = CountTable::new();
    let mut leaves: Vec<Vec<usize>> = (0..rows * cols).map(|i| vec![i]).collect();
    for (i, &count) in counts.iter().enumerate() {
        let key = CellKey::area(format!("a{}", i / cols)).categories([format!("c{}", i % cols)]);
        table.push(key, count).unwrap();
    }
    let mut margin = |key: CellKey, parts: Vec<usize>| {
        let count = parts.iter().map(|&p| counts[p]).sum();
        let at = table.push(key, count).unwrap();
        table.relation(at, &parts).unwrap();
        leaves.push(parts);
        at
    };
    for row in 0..rows {
        margin(
            CellKey::area(format!("a{row}")),
            (0..cols).map(|c| row * cols + c).collect(),
        );
    }
    for col in 0..cols {
        let key = CellKey::area("all").categories([format!("c{col}")]);
        margin(key, (0..rows).map(|r| r * cols + col).collect());
    }
    let all = margin(CellKey::area("all"), (0..rows * cols).collect());
    let rows: Vec<usize> = (rows * cols..rows * cols + rows).collect();
    table.relation(all, &rows).unwrap();
    (table, leaves)
}
