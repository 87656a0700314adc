//! Tables of areas: each row is a number that is used, or told with its reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use brandpunt::io::{
    KeyFiguresReader, PoliceTableReader, PopulationReader, check, read_crosswalk, read_themes,
};
use brandpunt::{AreaLevel, CellState, Fault, RejectReason, Rejections, Step};
use proptest::prelude::*;

const AREAS: [&str; 6] = [
    "BU00340101",
    "BU00340102",
    "WK003401",
    "GM0034",
    "NL00",
    "onbekend",
];
const CLASSES: [&str; 3] = ["0.0.0", "E35", "M22"];
const PERIODS: [&str; 6] = [
    "2021JJ00", "2022JJ00", "2021MM01", "2021KW01", "2021XX00", "",
];

/// A row of a police table: positions in the lists above, and a count.
type Row = (usize, usize, usize, u32);

/// Rows of different cells, in an order of chance.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (
        0..AREAS.len(),
        0..CLASSES.len(),
        0..PERIODS.len(),
        0u32..500,
    );
    prop::collection::vec(row, 1..150).prop_map(|rows| {
        let mut seen = std::collections::BTreeSet::new();
        rows.into_iter()
            .filter(|(a, c, p, _)| seen.insert((*a, *c, *p)))
            .collect()
    })
}

/// Why a row is not one of a level and of whole years, if so.
fn reason(&(area, _, period, _): &Row, prefix: &str) -> Option<RejectReason> {
    if !AREAS[area].starts_with(prefix) {
        return Some(RejectReason::OtherLevel);
    }
    match period {
        0 | 1 => None,
        2 | 3 => Some(RejectReason::OtherPeriod),
        _ => Some(RejectReason::UnknownPeriod),
    }
}

/// The numbers and reasons that are told, of a table all of whose rejected rows are listed.
fn told(rejected: &Rejections) -> BTreeMap<u64, RejectReason> {
    let out: BTreeMap<u64, RejectReason> = rejected
        .listed()
        .iter()
        .map(|r| (r.row, r.reason))
        .collect();
    assert_eq!(out.len() as u64, rejected.len(), "no row is told twice");
    out
}

fn police_csv(rows: &[Row], ragged: Option<usize>) -> String {
    let mut out = "Overlast;WijkenEnBuurten;Perioden;GeregistreerdeOverlast_1\n".to_owned();
    for (i, (area, class, period, count)) in rows.iter().enumerate() {
        let more = if ragged == Some(i) { ";1" } else { "" };
        writeln!(
            out,
            "{};{};{};{count}{more}",
            CLASSES[*class], AREAS[*area], PERIODS[*period]
        )
        .unwrap();
    }
    out
}

fn police_json(rows: &[Row]) -> String {
    let records: Vec<String> = rows
        .iter()
        .map(|(area, class, period, count)| {
            format!(
                r#"{{"Overlast":"{}","WijkenEnBuurten":"{}","Perioden":"{}","GeregistreerdeOverlast_1":{count}}}"#,
                CLASSES[*class], AREAS[*area], PERIODS[*period]
            )
        })
        .collect();
    format!(r#"{{"value":[{}]}}"#, records.join(","))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn every_row_of_a_police_table_is_a_cell_or_told(
        rows in rows(),
        level in prop::sample::select(vec![
            (AreaLevel::Neighbourhood, "BU"), (AreaLevel::District, "WK"),
            (AreaLevel::Municipality, "GM"), (AreaLevel::Country, "NL"),
        ]),
        at in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let (level, prefix) = level;
        let ragged = cut.then(|| at.index(rows.len()));
        let reader = PoliceTableReader::new().level(level).step(Step::Year);
        for (text, ragged) in [(police_csv(&rows, ragged), ragged), (police_json(&rows), None)] {
            let mut kept_out = BTreeMap::new();
            let mut used = Vec::new();
            for (i, row) in rows.iter().enumerate() {
                let why = (ragged == Some(i)).then_some(RejectReason::WrongFieldCount);
                match why.or_else(|| reason(row, prefix)) {
                    Some(why) => { kept_out.insert(i as u64 + 1, why); }
                    None => used.push(*row),
                }
            }
            let table = match reader.read_bytes(text.as_bytes()) {
                Ok(table) => table,
                Err(error) => {
                    // Nothing of that level, or of no whole year.
                    prop_assert!(used.is_empty() , "{}", error);
                    continue;
                }
            };
            prop_assert_eq!(table.rows_in, rows.len() as u64);
            prop_assert_eq!(table.rows_used(), used.len() as u64);
            prop_assert_eq!(told(&table.rejected), kept_out);
            let counts = &table.counts;
            let counted = counts.states().iter().filter(|(s, _)| *s == CellState::Counted).map(|s| s.1).sum::<u64>();
            prop_assert_eq!(counted, table.rows_used());
            let place = |codes: Vec<&str>, code: &str| codes.iter().position(|c| *c == code).unwrap();
            for (area, class, period, count) in used {
                let area = place(counts.codes().iter().map(String::as_str).collect(), AREAS[area]);
                let class = place(counts.classes().iter().map(|c| c.key.as_str()).collect(), CLASSES[class]);
                let period = place(counts.periods().iter().map(|p| p.label.as_str()).collect(), &PERIODS[period][..4]);
                prop_assert_eq!(counts.count(area, class, period), Some(u64::from(count)));
            }
        }
    }

    #[test]
    fn every_row_of_key_figures_is_an_area_or_told(
        levels in prop::collection::vec(0usize..3, 1..60),
        at in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let ragged = cut.then(|| at.index(levels.len()));
        let mut text = "gwb_code;a_inw;a_woning\n".to_owned();
        for (i, level) in levels.iter().enumerate() {
            let code = match level {
                0 => format!("BU0034{i:04}"),
                1 => format!("WK00{i:04}"),
                _ => format!("GM{i:04}"),
            };
            let more = if ragged == Some(i) { ";1" } else { "" };
            writeln!(text, "{code};{};{i}{more}", 100 + i).unwrap();
        }
        let there = |i: &usize| ragged != Some(*i);
        let all: Vec<usize> = (0..levels.len()).filter(there).collect();
        let Some(finest) = all.iter().map(|i| levels[*i]).min() else { return Ok(()) };
        let used: Vec<usize> = all.iter().copied().filter(|i| levels[*i] == finest).collect();
        let figures = KeyFiguresReader::new().read_bytes(text.as_bytes()).unwrap();
        prop_assert_eq!(figures.rows_in(), levels.len() as u64);
        prop_assert_eq!(figures.codes().len() as u64 + figures.rejected().len(), figures.rows_in());
        let people: Vec<f64> = figures.exposures()[0].as_floats();
        prop_assert_eq!(people, used.iter().map(|i| 100.0 + *i as f64).collect::<Vec<_>>());
        for (row, why) in told(figures.rejected()) {
            let i = row as usize - 1;
            prop_assert!(!used.contains(&i));
            let other = if there(&i) { RejectReason::OtherLevel } else { RejectReason::WrongFieldCount };
            prop_assert_eq!(why, other);
        }
    }

    #[test]
    fn every_pair_of_a_crosswalk_is_used(n in 1usize..30, ragged in 0usize..40) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shares.csv");
        let mut text = "from,to,share\n".to_owned();
        for i in 0..n {
            let more = if i == ragged { ",1" } else { "" };
            writeln!(text, "A{},B{i},{}{more}", i / 2, 0.25).unwrap();
        }
        std::fs::write(&path, text).unwrap();
        match read_crosswalk(&path, 2022, 2024) {
            Ok(crosswalk) => {
                prop_assert!(ragged >= n);
                prop_assert_eq!(crosswalk.shares().count(), n);
            }
            Err(error) => {
                prop_assert_eq!(error.fault(), Some(Fault::RejectedRow));
                prop_assert!(ragged < n);
                let row = format!("row {}:", ragged + 1);
                prop_assert!(error.to_string().contains(&row), "{}", error);
            }
        }
    }

    #[test]
    fn every_row_of_themes_is_used(of in prop::collection::vec(0usize..4, 1..30), ragged in 0usize..60) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("themes.csv");
        let mut text = "theme,category\n".to_owned();
        for (i, theme) in of.iter().enumerate() {
            let more = if i == ragged { ",1" } else { "" };
            writeln!(text, "t{theme},C{i}{more}").unwrap();
        }
        std::fs::write(&path, text).unwrap();
        match read_themes(&path) {
            Ok(themes) => {
                prop_assert!(ragged >= of.len());
                for (i, theme) in of.iter().enumerate() {
                    let name = format!("t{theme}");
                    let found = themes.iter().find(|t| t.name() == name).unwrap();
                    let category = format!("C{i}");
                    prop_assert!(found.matches(&category));
                }
                let rows: usize = themes.iter().filter_map(|t| t.categories()).map(Iterator::count).sum();
                prop_assert_eq!(rows, of.len());
            }
            Err(error) => {
                prop_assert_eq!(error.fault(), Some(Fault::RejectedRow));
                prop_assert!(ragged < of.len());
            }
        }
    }
}

#[test]
fn sums_of_rows_are_told_one_by_one() {
    let text = "buurt;inwoners;a;b\nStad;30;6;9\nNoord;18;4;6\nKade;10;3;2\nPark;8;1;4\nZuid;12;2;3\n\
                Zuid;12;2;3\n";
    let reader = PopulationReader::new().code("buurt").parts_only(true);
    let people = reader.read_bytes(text.as_bytes()).unwrap();
    assert_eq!(people.codes(), ["Kade", "Park", "Zuid"]);
    assert_eq!(people.rows_in(), 6);
    assert_eq!(
        told(people.rejected()).into_iter().collect::<Vec<_>>(),
        [1, 2, 5].map(|row| (row, RejectReason::SumOfRows))
    );
}

/// What `check` tells of a table is what its reader did.
#[test]
fn a_check_accounts_for_tables_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("police.csv");
    std::fs::write(
        &path,
        police_csv(&[(0, 1, 0, 4), (2, 1, 0, 9), (0, 1, 4, 1)], None),
    )
    .unwrap();
    let report = check(&path);
    assert_eq!((report.rows_in, report.rows_used), (3, 1), "{report}");
    let reasons: Vec<_> = report
        .rejected
        .iter()
        .map(|r| (r.reason, r.count))
        .collect();
    assert_eq!(reasons, [("other_level", 1), ("unknown_period", 1)]);
    assert_eq!(report.rejected_rows[0].detail, "WK003401");
}
