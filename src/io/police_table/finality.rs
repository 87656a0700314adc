//! Which periods of a police table are final.

use std::collections::BTreeMap;

use super::{CbsPeriod, Cells, Detected, PeriodStatus, PoliceRow, RegisteredCounts};
use crate::error::{Error, Fault, Result, quoted};

/// The status by key of a table of periods.
pub(super) fn of_periods(cells: &Cells) -> Result<BTreeMap<String, PeriodStatus>> {
    let at = |name: &str| cells.header.iter().position(|c| c == name);
    let (Some(key), Some(status)) = (at("Key"), at("Status")) else {
        return Err(Error::input(
            Fault::MissingColumn,
            "the periods need the columns `Key` and `Status`; give the file Perioden of the table",
        ));
    };
    let each = cells.rows.iter().map(|(number, row)| {
        let known = PeriodStatus::of(&row[status]).ok_or_else(|| {
            Error::input(
                Fault::UnknownFormat,
                format!(
                    "the status `{}` in row {number} is none of Definitief, Voorlopig and \
                     NaderVoorlopig; correct it, or leave the file of periods out",
                    quoted(&row[status])
                ),
            )
        })?;
        Ok((row[key].trim().to_owned(), known))
    });
    each.collect()
}

impl PoliceRow {
    /// How final the number of the row is: by the periods' metadata, else by its own status, else by
    /// a star.
    pub(super) fn status(
        &self,
        period: CbsPeriod,
        statuses: &BTreeMap<String, PeriodStatus>,
    ) -> PeriodStatus {
        let starred = if period.provisional || self.provisional {
            PeriodStatus::Provisional
        } else {
            PeriodStatus::Unknown
        };
        let told = statuses.get(&self.period_key).copied().or(self.own_status);
        less_final(told.unwrap_or(PeriodStatus::Unknown), starred)
    }
}

/// Of two statuses of one period, the one that promises less; what is not known promises nothing.
pub(super) fn less_final(a: PeriodStatus, b: PeriodStatus) -> PeriodStatus {
    match (a, b) {
        (PeriodStatus::Unknown, other) | (other, PeriodStatus::Unknown) => other,
        (a, b) => a.min(b),
    }
}

/// Says which periods have which status, if any is known.
pub(super) fn told(counts: &RegisteredCounts) -> Option<Detected> {
    let mut by_status: BTreeMap<PeriodStatus, Vec<&str>> = BTreeMap::new();
    for (status, period) in counts.status().iter().zip(counts.periods()) {
        by_status.entry(*status).or_default().push(&period.label);
    }
    if by_status.keys().all(|s| *s == PeriodStatus::Unknown) {
        return None;
    }
    let parts: Vec<String> = by_status
        .iter()
        .map(|(status, labels)| match labels.as_slice() {
            [one] => format!("{status}: {one}"),
            [first, .., last] => format!("{status}: {} from {first} to {last}", labels.len()),
            [] => String::new(),
        })
        .collect();
    Some(Detected::new(
        "period status",
        parts.join("; "),
        "as the source marks them",
    ))
}
