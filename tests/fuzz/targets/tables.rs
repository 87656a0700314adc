//! Tables of areas with cells of chance, as delimited text and as the JSON of a service: every row
//! is used or told, and what is read can be used.

use std::collections::BTreeSet;

use arbitrary::{Result, Unstructured};
use brandpunt::io::{
    KeyFiguresReader, NullPolicy, PoliceTable, PoliceTableReader, Population, PopulationReader,
    read_crosswalk, read_themes,
};
use brandpunt::{AreaLevel, AreaNumbers, CellState, Rejections, Step, Theme};
use serde_json::{Map, Value, json};
use tempfile::NamedTempFile;

use super::{check_notes, checked};

const AREAS: &[&str] = &[
    "BU00340101",
    "BU00340102",
    "BU0363AA01",
    "WK003401",
    "GM0034",
    "NL00",
    "onbekend",
    "",
];
const CLASSES: &[&str] = &["0.0.0 ", "E35", "M22 ", "1.1.1 Diefstal", "1.1", ""];
const PERIODS: &[&str] = &[
    "2021JJ00",
    "2022JJ00",
    "2021MM01",
    "2021MM12",
    "2021KW04",
    "2021",
    "2021-03",
    "2021 maart*",
    "2021 1e kwartaal",
    "2021MM13",
    "Totaal",
    "",
];
const NUMBERS: &[&str] = &[
    "0",
    "4",
    "17",
    "1.234",
    "0,5",
    "1,234.5",
    ".",
    "x",
    "",
    "-",
    "4*",
    "4294967296",
    "1e3",
    "-1",
    "-99997",
    " 7 ",
    "999999999999999999999",
    "0.25",
    "1",
];
const STATES: &[&str] = &["Definitief", "Voorlopig", "NaderVoorlopig", "x", ""];

/// A column: the names it may have, and what stands in it.
type Column = (&'static [&'static str], &'static [&'static str]);

pub fn feed(data: &[u8]) {
    // Bytes that end too early are no case.
    let _ = given(&mut Unstructured::new(data));
}

fn given(u: &mut Unstructured<'_>) -> Result<()> {
    match u.int_in_range(0..=4u8)? {
        0 => police(u),
        1 => figures(u),
        2 => people(u),
        3 => crosswalk(u),
        _ => themes(u),
    }
}

/// A table of these columns, in some order, with some more; and how many rows it has.
fn table(u: &mut Unstructured<'_>, columns: &[Column]) -> Result<(Vec<u8>, u64)> {
    let n = u.int_in_range(1..=14u64)?;
    let first = u.int_in_range(0..=columns.len() - 1)?;
    let order: Vec<&Column> = columns
        .iter()
        .cycle()
        .skip(first)
        .take(columns.len())
        .collect();
    let mut header = Vec::new();
    for (names, _) in &order {
        header.push(if u.ratio(1u8, 40u8)? {
            text(u)?
        } else {
            (*u.choose(names)?).to_owned()
        });
    }
    let mut rows = Vec::new();
    for _ in 0..n {
        let mut row = Vec::new();
        for (_, cells) in &order {
            row.push(if u.ratio(1u8, 24u8)? {
                text(u)?
            } else {
                (*u.choose(cells)?).to_owned()
            });
        }
        rows.push(row);
    }
    let out = if u.ratio(1u8, 3u8)? {
        json_of(&header, &rows)
    } else {
        csv_of(u, &header, &mut rows)?
    };
    Ok((out, n))
}

/// A short text without what ends a field, so that rows can be counted.
fn text(u: &mut Unstructured<'_>) -> Result<String> {
    let text: &str = u.arbitrary()?;
    let odd = |c: &char| !matches!(c, ';' | ',' | '\t' | '|' | '"' | '\n' | '\r' | '\0');
    Ok(text.chars().filter(odd).take(40).collect())
}

fn csv_of(
    u: &mut Unstructured<'_>,
    header: &[String],
    rows: &mut [Vec<String>],
) -> Result<Vec<u8>> {
    let delimiter = *u.choose(&[";", "\t", "|"])?;
    if u.ratio(1u8, 4u8)? {
        let at = u.int_in_range(0..=rows.len() - 1)?;
        rows[at].push("more".to_owned());
    }
    let lines: Vec<String> = std::iter::once(header)
        .chain(rows.iter().map(Vec::as_slice))
        .map(|fields| {
            let fields: Vec<String> = fields.iter().map(|f| format!("\"{f}\"")).collect();
            fields.join(delimiter)
        })
        .collect();
    Ok(lines.join("\r\n").into_bytes())
}

fn json_of(header: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    let records: Vec<Value> = rows
        .iter()
        .map(|row| {
            let each = header.iter().zip(row);
            let fields = each.map(|(name, value)| {
                let number = value.parse::<i64>().map(Value::from);
                (name.clone(), number.unwrap_or_else(|_| json!(value)))
            });
            Value::Object(fields.collect::<Map<_, _>>())
        })
        .collect();
    json!({"odata.metadata": "x", "value": records})
        .to_string()
        .into_bytes()
}

/// Every row of a table is used or told once.
fn balanced(rows: u64, rows_in: u64, used: u64, rejected: &Rejections) {
    assert_eq!((rows_in, used + rejected.len()), (rows, rows));
    let told: BTreeSet<u64> = rejected.listed().iter().map(|r| r.row).collect();
    assert_eq!(told.len() as u64, rejected.len());
    assert!(told.iter().all(|row| (1..=rows).contains(row)));
}

fn police(u: &mut Unstructured<'_>) -> Result<()> {
    let (bytes, rows) = table(
        u,
        &[
            (&["Overlast", "SoortMisdrijf", "misdrijf"], CLASSES),
            (&["WijkenEnBuurten", "regio"], AREAS),
            (&["Perioden", "jaar"], PERIODS),
            (&["GeregistreerdeOverlast_1", "aantal"], NUMBERS),
            (&["Status", "ID"], STATES),
        ],
    )?;
    let mut reader = PoliceTableReader::new().null_policy(*u.choose(&[
        NullPolicy::FromMetadata,
        NullPolicy::Zero,
        NullPolicy::Withheld,
        NullPolicy::Error,
    ])?);
    if u.arbitrary()? {
        reader = reader.step(*u.choose(&[Step::Year, Step::Month, Step::Quarter, Step::Week])?);
    }
    if u.ratio(1u8, 3u8)? {
        reader = reader.level(*u.choose(&[AreaLevel::Neighbourhood, AreaLevel::District])?);
    }
    if let Some(found) = checked(reader.read_bytes(&bytes)) {
        check_police(&found, rows);
    }
    Ok(())
}

fn check_police(found: &PoliceTable, rows: u64) {
    balanced(rows, found.rows_in, found.rows_used(), &found.rejected);
    check_notes(&found.detected, &found.warnings);
    let counts = &found.counts;
    let there: u64 = counts
        .states()
        .iter()
        .filter(|(s, _)| !matches!(s, CellState::Absent | CellState::AbsentAsZero))
        .map(|(_, n)| n)
        .sum();
    assert_eq!(there, found.rows_used());
    assert!(counts.codes().is_sorted());
    for period in [None, Some("2021")] {
        if let Some(all) = checked(counts.counts(&Theme::all(), period)) {
            assert_eq!(all.values().len(), counts.codes().len());
            assert!(all.values().iter().all(|v| v.is_nan() || *v >= 0.0));
        }
    }
}

fn figures(u: &mut Unstructured<'_>) -> Result<()> {
    let (bytes, rows) = table(
        u,
        &[
            (&["gwb_code", "WijkenEnBuurten", "buurtcode"], AREAS),
            (&["a_inw", "AantalInwoners_5"], NUMBERS),
            (&["a_woning", "Woningvoorraad_35"], NUMBERS),
            (&["jaar", "recs"], &["2024", "2023", "Buurt", ""]),
        ],
    )?;
    let mut reader = KeyFiguresReader::new();
    if u.ratio(1u8, 3u8)? {
        reader = reader.level(*u.choose(&[AreaLevel::Neighbourhood, AreaLevel::Municipality])?);
    }
    if let Some(found) = checked(reader.read_bytes(&bytes)) {
        check_people(&found, rows);
    }
    Ok(())
}

fn people(u: &mut Unstructured<'_>) -> Result<()> {
    let (bytes, rows) = table(
        u,
        &[
            (&["code", "buurt"], AREAS),
            (&["inwoners", "a_inw"], NUMBERS),
            (&["a"], NUMBERS),
            (&["b"], NUMBERS),
        ],
    )?;
    let mut reader = PopulationReader::new().parts_only(u.ratio(1u8, 3u8)?);
    if u.arbitrary()? {
        reader = reader.decimal('.');
    }
    if let Some(found) = checked(reader.read_bytes(&bytes)) {
        check_people(&found, rows);
    }
    Ok(())
}

fn check_people(found: &Population, rows: u64) {
    let n = found.codes().len();
    balanced(rows, found.rows_in(), n as u64, found.rejected());
    check_notes(found.detected(), found.warnings());
    for exposure in found.exposures() {
        assert_eq!(exposure.values.len(), n);
    }
}

fn crosswalk(u: &mut Unstructured<'_>) -> Result<()> {
    let (bytes, rows) = table(
        u,
        &[
            (&["from", "van"], AREAS),
            (&["to", "naar"], AREAS),
            (
                &["share", "aandeel"],
                &["1", "0.25", "0,5", "0", "1.5", "-1", "x"],
            ),
        ],
    )?;
    let file = written(&bytes);
    let Some(found) = checked(read_crosswalk(file.path(), 2022, 2024)) else {
        return Ok(());
    };
    assert_eq!(found.shares().count() as u64, rows);
    let n = found.from_codes().len();
    let ones = AreaNumbers::new(found.from_codes().to_vec(), vec![1.0; n], Some(2022));
    let carried = checked(found.carry(&checked(ones).expect("codes"))).expect("the same areas");
    let all: f64 = carried.values().iter().sum();
    assert!(
        (0.0..=n as f64 * (1.0 + 1e-6)).contains(&all),
        "{all} of {n}"
    );
    Ok(())
}

fn themes(u: &mut Unstructured<'_>) -> Result<()> {
    let (bytes, rows) = table(
        u,
        &[
            (&["theme"], &["noise", "youth", ""]),
            (&["category"], CLASSES),
            (&["exposure", "remark"], &["inhabitants", "dwellings", ""]),
            (&["per", "note"], &["1000", "100", "0", "", "veel"]),
        ],
    )?;
    let file = written(&bytes);
    if let Some(found) = checked(read_themes(file.path())) {
        let named: usize = found
            .iter()
            .filter_map(Theme::categories)
            .map(Iterator::count)
            .sum();
        assert!(!found.is_empty() && named as u64 <= rows);
    }
    Ok(())
}

fn written(bytes: &[u8]) -> NamedTempFile {
    let file = NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), bytes).expect("room for it");
    file
}
