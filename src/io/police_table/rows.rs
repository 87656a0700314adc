//! Rows of a police table, and which of them are kept.

use std::collections::BTreeMap;

use super::super::account::Account;
use super::{AreaCode, AreaLevel, CbsPeriod, Cell, CellState, Cells, Detected, NullPolicy, Step};
use super::{PeriodStatus, PoliceColumns, Warning, WarningCode};
use crate::error::{Error, Fault, Result, quoted};
use crate::model::RejectReason;

/// A row as it stands, of whatever level and length.
#[derive(Debug)]
pub(super) struct PoliceRow {
    number: usize,
    pub(super) area: String,
    level: Option<AreaLevel>,
    pub(super) class: String,
    pub(super) period: Option<CbsPeriod>,
    /// The period as it stands, without padding.
    pub(super) period_key: String,
    /// What a column of statuses says.
    pub(super) own_status: Option<PeriodStatus>,
    value: Value,
    /// A star behind the number.
    pub(super) provisional: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    Count(u32),
    /// Nothing stands there.
    Null,
    /// A sign for "not published".
    Withheld,
}

impl PoliceRow {
    pub(super) fn of(number: usize, row: &[String], columns: &PoliceColumns) -> Result<Self> {
        let field = |at: usize| row[at].trim();
        let area = match columns.area {
            Some(at) => field(at),
            None => "NL00",
        };
        let text = field(columns.count);
        let bare = text.trim_end_matches('*').trim_end();
        Ok(Self {
            number,
            area: area.to_owned(),
            level: area.parse::<AreaCode>().ok().map(|code| code.level()),
            class: field(columns.class).to_owned(),
            period: CbsPeriod::of(field(columns.period)),
            period_key: field(columns.period).to_owned(),
            own_status: columns.status.and_then(|at| PeriodStatus::of(field(at))),
            value: Value::of(bare).ok_or_else(|| {
                Error::input(
                    Fault::NotANumber,
                    format!("`{}` in row {number} is not a count", quoted(text)),
                )
            })?,
            provisional: bare.len() < text.len(),
        })
    }

    pub(super) fn cell(&self, policy: NullPolicy) -> Result<Cell> {
        match (self.value, policy) {
            (Value::Count(count), _) => Ok((CellState::Counted, count)),
            (Value::Null, NullPolicy::Zero) => Ok((CellState::NullAsZero, 0)),
            (Value::Null, NullPolicy::Error) => Err(Error::input(
                Fault::NotPublished,
                format!(
                    "the count in row {} is empty; choose null_policy zero or withheld",
                    self.number
                ),
            )),
            (Value::Null | Value::Withheld, _) => Ok((CellState::Withheld, 0)),
        }
    }

    pub(super) fn doubled(&self) -> Error {
        Error::input(
            Fault::DuplicateAreaCode,
            format!(
                "row {} is the second one of area `{}`, class `{}` and its period; each needs one \
                 row, so use a table with codes and without other dimensions",
                self.number,
                quoted(&self.area),
                quoted(&self.class)
            ),
        )
    }
}

impl Value {
    fn of(text: &str) -> Option<Self> {
        match text {
            "" | "-" | "null" | "NULL" | "NA" => return Some(Self::Null),
            "." | "x" | "X" => return Some(Self::Withheld),
            _ => {}
        }
        // Counts are whole, so a mark before three digits groups thousands.
        let parts: Vec<&str> = text.split(['.', ',', ' ', '\u{a0}']).collect();
        let digits = |s: &&str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !parts.iter().all(digits) {
            return None;
        }
        let (whole, rest) = parts.split_first()?;
        let joined = if rest.iter().all(|part| part.len() == 3) && whole.len() <= 3 {
            parts.concat()
        } else if let [decimals] = rest
            && decimals.bytes().all(|b| b == b'0')
        {
            (*whole).to_owned()
        } else if rest.is_empty() {
            text.to_owned()
        } else {
            return None;
        };
        joined.parse().ok().map(Self::Count)
    }
}

/// The level that is kept: the one asked for, else the finest there is.
pub(super) fn chosen_level(
    rows: &[PoliceRow],
    wanted: Option<AreaLevel>,
    detected: &mut Vec<Detected>,
    warnings: &mut Vec<Warning>,
) -> Result<Option<AreaLevel>> {
    let mut levels: BTreeMap<Option<AreaLevel>, u64> = BTreeMap::new();
    for row in rows {
        *levels.entry(row.level).or_insert(0) += 1;
    }
    let unknown = levels.get(&None).copied().unwrap_or(0);
    let names = |levels: &BTreeMap<Option<AreaLevel>, u64>| {
        levels
            .iter()
            .map(|(level, n)| format!("{n} of {}", level.map_or("no known level", AreaLevel::code)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let chosen = match wanted {
        Some(level) if levels.contains_key(&Some(level)) => Some(level),
        Some(level) => {
            return Err(Error::parameter(
                "level",
                level,
                format!("a level of the table, which has rows: {}", names(&levels)),
            ));
        }
        None => levels.keys().next_back().copied().flatten(),
    };
    let why = format!("rows: {}", names(&levels));
    match chosen {
        Some(level) => detected.push(Detected::new("level", level.code(), why)),
        None => detected.push(Detected::new("level", "unknown", why)),
    }
    if chosen.is_some() && unknown > 0 {
        let example = rows.iter().find(|r| r.level.is_none());
        warnings.push(Warning::with_value(
            WarningCode::RejectedRows,
            unknown as f64,
            format!(
                "{unknown} rows are of areas of another kind, such as `{}`, and were left out.",
                quoted(example.map_or("", |r| r.area.as_str()))
            ),
        ));
    }
    if chosen.is_none() {
        warnings.push(Warning::new(
            WarningCode::Input,
            "The areas have no codes of Statistics Netherlands, so their level is not known; if \
             neighbourhoods, districts and municipalities stand side by side, sums of areas count \
             twice.",
        ));
    }
    Ok(chosen)
}

/// The length that is kept: the one asked for, else the only one there is.
pub(super) fn chosen_step(
    rows: &[PoliceRow],
    wanted: Option<Step>,
    detected: &mut Vec<Detected>,
) -> Result<Step> {
    let mut steps: BTreeMap<&str, (Step, u64)> = BTreeMap::new();
    let mut other = 0_u64;
    for row in rows {
        match row.period {
            Some(period) => {
                steps
                    .entry(period.step.name())
                    .or_insert((period.step, 0))
                    .1 += 1;
            }
            None => other += 1,
        }
    }
    let mut names: Vec<String> = steps
        .iter()
        .map(|(s, (_, n))| format!("{n} of a {s}"))
        .collect();
    if other > 0 {
        names.push(format!("{other} of no period that is known"));
    }
    let names = names.join(", ");
    let chosen = match wanted {
        Some(step) => steps
            .get(step.name())
            .map(|(step, _)| *step)
            .ok_or_else(|| {
                Error::parameter(
                    "step",
                    step.name(),
                    format!("a length of period that the table has; its rows: {names}"),
                )
            })?,
        None => match steps.values().collect::<Vec<_>>().as_slice() {
            [(step, _)] => *step,
            [] => {
                return Err(Error::input(
                    Fault::MissingTime,
                    "no period was recognised; they are written 2021MM03, 2021KW01, 2021JJ00 or \
                     2021: name their column with period=",
                ));
            }
            _ => {
                return Err(Error::input(
                    Fault::MixedPeriods,
                    format!(
                        "periods of several lengths stand in one column (rows: {names}), and \
                         adding them counts twice; choose step= month, quarter or year"
                    ),
                ));
            }
        },
    };
    detected.push(Detected::new(
        "step",
        chosen.name(),
        format!("rows: {names}"),
    ));
    Ok(chosen)
}

/// The rows of a level and a length; the others go into the account.
pub(super) fn kept<'a>(
    rows: &'a [PoliceRow],
    level: Option<AreaLevel>,
    step: Step,
    account: &mut Account,
) -> Vec<&'a PoliceRow> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let (reason, value) = if row.level != level {
            (RejectReason::OtherLevel, &row.area)
        } else if let Some(period) = row.period {
            if period.step == step {
                out.push(row);
                continue;
            }
            (RejectReason::OtherPeriod, &row.period_key)
        } else {
            (RejectReason::UnknownPeriod, &row.period_key)
        };
        account.reject(row.number, reason, value);
    }
    out
}

/// How empty fields are meant, by the first measure of a table's `DataProperties`.
pub(super) fn default_of(cells: &Cells) -> Result<NullPolicy> {
    let at = |name: &str| cells.header.iter().position(|c| c == name);
    let (Some(key), Some(default)) = (at("Key"), at("Default")) else {
        return Err(Error::input(
            Fault::MissingColumn,
            "the data properties need the columns `Key` and `Default`; give the file \
             DataProperties of the table",
        ));
    };
    let measure = cells
        .rows
        .iter()
        .find(|(_, row)| row[key].starts_with("Geregistreerde"));
    match measure.map(|(_, row)| row[default].trim()) {
        Some("Zero") => Ok(NullPolicy::Zero),
        Some(_) => Ok(NullPolicy::Withheld),
        None => Err(Error::input(
            Fault::MissingColumn,
            "the data properties describe no measure whose key begins with `Geregistreerde`; give \
             those of a police table",
        )),
    }
}
