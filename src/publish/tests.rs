use super::*;

mod attacker;
mod bounds;
mod ledger;
mod releases;
mod rolling;
mod rounds;
mod rules;
mod sums;
mod surfaces;

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

/// Five and more in multiples of five, unless two addresses have more than nine tenths.
fn rules_of_rounding() -> Disclosure {
    plain(5).rounding(5).dominance(Some((2, 0.9))).secret("s")
}

fn year(area: &str, from: i64, to: i64) -> CellKey {
    CellKey::area(area).between(from, to)
}

fn one(key: CellKey, count: i64) -> CountTable {
    let mut table = CountTable::new();
    table.push(key, count).unwrap();
    table
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
