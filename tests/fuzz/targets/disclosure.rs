//! Tables with their sums, published by rules of chance; an attacker tries every table of whole
//! numbers that fits what came out.

use arbitrary::{Result, Unstructured};
use brandpunt::publish::{CellKey, CountTable, Disclosure, Protected, State};

use super::checked;

const LEAVES: usize = 4;
/// Above every count and minimum here.
const CAP: i64 = 12;

struct Given {
    counts: [i64; LEAVES],
    /// Each cell as a set of leaves, by bits.
    cells: Vec<u8>,
    minimum: i64,
    base: i64,
    zeros: bool,
}

fn given(u: &mut Unstructured<'_>) -> Result<Given> {
    let mut counts = [0; LEAVES];
    for count in &mut counts {
        *count = u.int_in_range(0..=7)?;
    }
    let mut cells: Vec<u8> = (0..LEAVES).map(|leaf| 1 << leaf).collect();
    for _ in 0..u.int_in_range(0..=4)? {
        let set = u.int_in_range(1..=(1 << LEAVES) - 1)?;
        if !cells.contains(&set) {
            cells.push(set);
        }
    }
    Ok(Given {
        counts,
        cells,
        minimum: u.int_in_range(2..=4)?,
        base: u.int_in_range(1..=3)?,
        zeros: u.arbitrary()?,
    })
}

fn sum(set: u8, leaves: &[i64; LEAVES]) -> i64 {
    (0..LEAVES)
        .filter(|leaf| set >> leaf & 1 == 1)
        .map(|leaf| leaves[leaf])
        .sum()
}

/// What the documentation says of a published value and of none.
fn known(state: &State, given: &Given) -> (i64, i64) {
    match *state {
        State::Published(0) if given.minimum >= given.base => (0, 0),
        State::Published(0) => (0, given.base - 1),
        State::Published(v) => ((v - given.base + 1).max(given.minimum), v + given.base - 1),
        _ => (i64::from(!given.zeros), i64::MAX),
    }
}

/// Refuses nothing: tables that make no sense must be refused, huge ones too.
fn odd_tables(u: &mut Unstructured<'_>) -> Result<()> {
    let mut table = CountTable::new();
    for i in 0..u.int_in_range(0..=5u8)? {
        let key = CellKey::area(format!("a{}", i % 3)).between(u.arbitrary()?, u.arbitrary()?);
        let Some(at) = checked(table.push(key, u.arbitrary()?)) else {
            continue;
        };
        let addresses: Vec<i64> = u.arbitrary()?;
        checked(table.contributions(at, addresses));
        checked(table.population(at, u.arbitrary()?));
        checked(table.relation(
            u.int_in_range(0..=6)?,
            &u.arbitrary::<[u8; 2]>()?.map(usize::from),
        ));
    }
    let rules = Disclosure::internal()
        .minimum_count(u.arbitrary()?)
        .rounding(u.arbitrary()?)
        .protection(u.arbitrary()?)
        .minimum_population(u.arbitrary()?)
        .minimum_addresses(u.int_in_range(0..=9)?)
        .dominance(u.arbitrary()?)
        .p_percent(u.arbitrary()?)
        .withhold_zeros(u.arbitrary()?);
    checked(rules.run(&table));
    Ok(())
}

fn published(given: &Given) -> Option<Protected> {
    let mut table = CountTable::new();
    for (i, &set) in given.cells.iter().enumerate() {
        table
            .push(CellKey::area(format!("c{i}")), sum(set, &given.counts))
            .expect("a cell");
    }
    for (total, &set) in given.cells.iter().enumerate().skip(LEAVES) {
        let parts: Vec<usize> = (0..LEAVES).filter(|leaf| set >> leaf & 1 == 1).collect();
        if parts.len() > 1 {
            table.relation(total, &parts).expect("it adds up");
        }
    }
    checked(
        Disclosure::internal()
            .minimum_count(given.minimum)
            .rounding(given.base)
            .withhold_zeros(given.zeros)
            .secret("known to no attacker")
            .run(&table),
    )
}

pub fn feed(data: &[u8]) {
    let mut u = Unstructured::new(data);
    if u.arbitrary().unwrap_or(false) {
        let _ = odd_tables(&mut u);
        return;
    }
    let Ok(given) = given(&mut u) else { return };
    let Some(found) = published(&given) else {
        return;
    };
    let limits: Vec<(i64, i64)> = found
        .states
        .iter()
        .map(|state| known(state, &given))
        .collect();
    let mut seen = vec![(i64::MAX, i64::MIN); limits.len()];
    let mut leaves = [0; LEAVES];
    // What has no end of its own is tried as far as any published value reaches.
    let ends = limits.iter().map(|limit| limit.1);
    let cap = ends.filter(|end| *end < i64::MAX).fold(CAP, i64::max);
    every_table(0, cap, &mut leaves, &given.cells, &limits, &mut seen);
    for (i, state) in found.states.iter().enumerate() {
        let truth = sum(given.cells[i], &given.counts);
        assert!(
            seen[i].0 <= truth && truth <= seen[i].1,
            "cell {i}: the truth fits no table"
        );
        if let State::Withheld { low, high, .. } = *state {
            assert!(
                low <= truth && high.is_none_or(|high| truth <= high),
                "cell {i}: {state:?}"
            );
            let width = seen[i].1 - seen[i].0;
            assert!(
                width >= given.minimum,
                "cell {i} lies within {:?}: {found:?}",
                seen[i]
            );
        }
    }
}

/// The least and greatest value of each cell over all tables that fit.
fn every_table(
    at: usize,
    cap: i64,
    leaves: &mut [i64; LEAVES],
    cells: &[u8],
    limits: &[(i64, i64)],
    seen: &mut [(i64, i64)],
) {
    if at == LEAVES {
        let sums: Vec<i64> = cells.iter().map(|&set| sum(set, leaves)).collect();
        if sums
            .iter()
            .zip(limits)
            .all(|(sum, (low, high))| low <= sum && sum <= high)
        {
            for (seen, sum) in seen.iter_mut().zip(sums) {
                *seen = (seen.0.min(sum), seen.1.max(sum));
            }
        }
        return;
    }
    let (low, high) = limits[at];
    let so_far = (1 << (at + 1)) - 1;
    for value in low..=high.min(cap) {
        leaves[at] = value;
        let fits = |(set, limit): (&u8, &(i64, i64))| sum(set & so_far, leaves) <= limit.1;
        if !cells.iter().zip(limits).all(fits) {
            break;
        }
        every_table(at + 1, cap, leaves, cells, limits, seen);
    }
}
