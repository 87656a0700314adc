//! Tables of counts that the Dutch police publish.

use std::collections::BTreeMap;
use std::path::Path;

use ndarray::Array3;

use super::cbs_period::CbsPeriod;
use super::cells::{Cells, Dialect};
use super::police_columns::{PoliceColumns, PoliceNames};
use crate::error::{Error, Fault, Result, coded, quoted};
use crate::model::{
    AreaCode, AreaLevel, Cell, CellState, Detected, Period, PeriodStatus, PoliceClass,
    RegisteredCounts, Rejections, Step, Warning, WarningCode, Zone,
};

mod adding_up;
mod finality;
mod rows;

use rows::{PoliceRow, chosen_level, chosen_step, kept};

/// Cells that a table may have: areas times classes times periods.
const MOST_CELLS: u128 = 1 << 27;

coded! {
    /// How an empty field and a row that is not there are read.
    NullPolicy {
        /// As the table's own metadata say: `Default` in its `DataProperties`, which is `Zero` in
        /// the police tables.
        FromMetadata = "from_metadata",
        /// As zero.
        Zero = "zero",
        /// As not published.
        Withheld = "withheld",
        /// As an error.
        Error = "error",
    }
}

/// Reads a table of registered nuisance (47021NED, 47024NED) or crime (47013NED, 47018NED,
/// 47022NED), as CSV or as the JSON of the `OData` service.
///
/// Keys are trimmed of their padding. One column of periods may mix months, quarters and years,
/// one column of areas neighbourhoods, districts and municipalities; only one length and one level
/// are kept, and [`PoliceTable::detected`] says which. Totals stay a class of their own and are
/// never added to the classes. A point or an x means "not published"; an empty field, or a row
/// that is not there, is read by the [`NullPolicy`]. A star marks a number as provisional.
///
/// ```
/// use brandpunt::Theme;
/// use brandpunt::io::PoliceTableReader;
///
/// # fn main() -> brandpunt::Result<()> {
/// let text = "ID;Overlast;WijkenEnBuurten;Perioden;GeregistreerdeOverlast_1\n\
///             1;0.0.0 ;BU00340101;2023JJ00;9\n\
///             2;E35   ;BU00340101;2023JJ00;4\n\
///             3;M22   ;BU00340101;2023JJ00;5\n";
/// let table = PoliceTableReader::new().read_bytes(text.as_bytes())?;
/// let youth = table.counts.counts(&Theme::youth_nuisance(), Some("2023"))?;
/// assert_eq!((youth.codes(), youth.values()), (&["BU00340101".to_owned()][..], &[4.0][..]));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct PoliceTableReader {
    names: PoliceNames,
    dialect: Dialect,
    level: Option<AreaLevel>,
    step: Option<Step>,
    null_policy: NullPolicy,
    vintage: Option<i16>,
    metadata: Option<NullPolicy>,
    statuses: BTreeMap<String, PeriodStatus>,
}

/// The counts of a table, and what was concluded on the way.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct PoliceTable {
    /// The counts per area, class and period.
    pub counts: RegisteredCounts,
    /// How empty fields and rows that are not there were read: zero, withheld or error.
    pub null_policy: NullPolicy,
    /// What was concluded from the data.
    pub detected: Vec<Detected>,
    /// What a user of the table must know.
    pub warnings: Vec<Warning>,
    /// Rows in the file, of all levels and lengths: each became a cell of the counts, or is in
    /// `rejected`.
    pub rows_in: u64,
    /// Rows that were kept out, because of their fields, their level or their period.
    pub rejected: Rejections,
}

impl PoliceTable {
    /// How many rows became a cell of the counts, each its own.
    #[must_use]
    pub fn rows_used(&self) -> u64 {
        self.rows_in - self.rejected.len()
    }
}

/// Reads a police table of one level and one length of period.
///
/// # Errors
/// As [`PoliceTableReader::read`].
pub fn read_police_table(path: impl AsRef<Path>) -> Result<PoliceTable> {
    PoliceTableReader::new().read(path)
}

impl Default for PoliceTableReader {
    fn default() -> Self {
        Self {
            names: PoliceNames::default(),
            dialect: Dialect::default(),
            level: None,
            step: None,
            null_policy: NullPolicy::FromMetadata,
            vintage: None,
            metadata: None,
            statuses: BTreeMap::new(),
        }
    }
}

impl PoliceTableReader {
    /// A reader that detects everything and reads empty fields as the metadata say.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the column of classes.
    #[must_use]
    pub fn class(mut self, column: impl Into<String>) -> Self {
        self.names.class = Some(column.into());
        self
    }

    /// Sets the column of area codes.
    #[must_use]
    pub fn area(mut self, column: impl Into<String>) -> Self {
        self.names.area = Some(column.into());
        self
    }

    /// Sets the column of periods.
    #[must_use]
    pub fn period(mut self, column: impl Into<String>) -> Self {
        self.names.period = Some(column.into());
        self
    }

    /// Sets the column of counts.
    #[must_use]
    pub fn count(mut self, column: impl Into<String>) -> Self {
        self.names.count = Some(column.into());
        self
    }

    /// Sets the level of the areas that are kept (the finest there is at first).
    #[must_use]
    pub fn level(mut self, level: AreaLevel) -> Self {
        self.level = Some(level);
        self
    }

    /// Sets the length of the periods that are kept. A table that mixes lengths needs it.
    #[must_use]
    pub fn step(mut self, step: Step) -> Self {
        self.step = Some(step);
        self
    }

    /// Sets how an empty field and a row that is not there are read
    /// ([`NullPolicy::FromMetadata`] at first).
    #[must_use]
    pub fn null_policy(mut self, policy: NullPolicy) -> Self {
        self.null_policy = policy;
        self
    }

    /// Reads what the `DataProperties` of the table (CSV or JSON) say about empty fields, for
    /// [`NullPolicy::FromMetadata`].
    ///
    /// # Errors
    /// [`Error::File`]; [`Fault::MissingColumn`] without the columns `Key` and `Default`;
    /// [`Fault::RejectedRow`] for a row with another number of fields than the header.
    pub fn data_properties(mut self, path: impl AsRef<Path>) -> Result<Self> {
        let cells = Cells::read(path.as_ref(), &Dialect::default(), |h| {
            h.iter().any(|c| c == "Default")
        })?
        .whole()?;
        self.metadata = Some(rows::default_of(&cells)?);
        Ok(self)
    }

    /// Reads how final each period is from the `Perioden` of the table (CSV or JSON): its `Status` by
    /// `Key`. Without it, a column `Status` of the table itself and stars behind labels tell it.
    ///
    /// # Errors
    /// [`Error::File`]; [`Fault::MissingColumn`] without the columns `Key` and `Status`;
    /// [`Fault::UnknownFormat`] for a status that is not known; [`Fault::RejectedRow`] for a row with
    /// another number of fields than the header.
    pub fn period_metadata(mut self, path: impl AsRef<Path>) -> Result<Self> {
        let cells = Cells::read(path.as_ref(), &Dialect::default(), |h| {
            h.iter().any(|c| c == "Status")
        })?
        .whole()?;
        self.statuses = finality::of_periods(&cells)?;
        Ok(self)
    }

    /// Sets the year of the area division; police tables count all years in the latest one.
    #[must_use]
    pub fn vintage(mut self, year: i16) -> Self {
        self.vintage = Some(year);
        self
    }

    /// Sets the encoding of a CSV file by its WHATWG name, such as `cp1252`.
    #[must_use]
    pub fn encoding(mut self, label: impl Into<String>) -> Self {
        self.dialect.encoding = Some(label.into());
        self
    }

    /// Sets the delimiter of a CSV file.
    #[must_use]
    pub fn delimiter(mut self, delimiter: char) -> Self {
        self.dialect.delimiter = Some(delimiter);
        self
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::File`]; [`Fault::MissingColumn`]; [`Fault::MixedPeriods`] when periods of several
    /// lengths stand in it and no [`step`](Self::step) was chosen; [`Error::Parameter`] for a
    /// level or step it does not have; [`Fault::NotANumber`]; [`Fault::DuplicateAreaCode`] for two
    /// rows of one area, class and period; [`Fault::PartOfATable`] for one page of several;
    /// [`Fault::NotPublished`] under [`NullPolicy::Error`].
    pub fn read(&self, path: impl AsRef<Path>) -> Result<PoliceTable> {
        let is_header = |h: &[String]| self.is_header(h);
        self.collect(Cells::read(path.as_ref(), &self.dialect, is_header)?)
    }

    /// As [`read`](Self::read), from memory.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_bytes(&self, bytes: &[u8]) -> Result<PoliceTable> {
        let is_header = |h: &[String]| self.is_header(h);
        self.collect(Cells::of(bytes, &self.dialect, is_header)?)
    }

    fn is_header(&self, header: &[String]) -> bool {
        PoliceColumns::of(header, &self.names, &mut Vec::new()).is_ok()
    }

    fn policy(&self) -> (NullPolicy, &'static str) {
        match (self.null_policy, self.metadata) {
            (NullPolicy::FromMetadata, Some(found)) => (found, "the table's metadata say so"),
            (NullPolicy::FromMetadata, None) => (
                NullPolicy::Zero,
                "the metadata of the police tables say so; other sources take it for withheld",
            ),
            (given, _) => (given, "given"),
        }
    }

    fn collect(&self, cells: Cells) -> Result<PoliceTable> {
        let Cells {
            header,
            rows,
            mut account,
            mut detected,
            mut warnings,
        } = cells;
        let columns = PoliceColumns::of(&header, &self.names, &mut detected)?;
        let parsed = rows
            .iter()
            .map(|(number, row)| PoliceRow::of(*number, row, &columns))
            .collect::<Result<Vec<_>>>()?;
        drop(rows);
        let level = chosen_level(&parsed, self.level, &mut detected, &mut warnings)?;
        let step = chosen_step(&parsed, self.step, &mut detected)?;
        let kept = kept(&parsed, level, step, &mut account);
        let (policy, why) = self.policy();
        detected.push(Detected::new("null policy", policy.code(), why));
        // Each row that is kept fills a cell of its own.
        let account = account.balanced(kept.len())?;
        let counts = self.fill(&kept, level, step, policy)?;
        detected.extend(finality::told(&counts));
        if let Some(warning) = adding_up::warning(&counts) {
            warnings.push(warning);
        }
        let zeros: u64 = counts
            .states()
            .iter()
            .filter(|(s, _)| matches!(s, CellState::NullAsZero | CellState::AbsentAsZero))
            .map(|(_, n)| n)
            .sum();
        if zeros > 0 {
            warnings.push(Warning::with_value(
                WarningCode::Input,
                zeros as f64,
                format!(
                    "{zeros} of {} cells are empty or have no row and were read as zero; choose \
                     null_policy withheld if they are not known.",
                    counts.cells.len()
                ),
            ));
        }
        Ok(PoliceTable {
            counts,
            null_policy: policy,
            detected,
            warnings,
            rows_in: account.rows_in,
            rejected: account.rejected,
        })
    }

    fn fill(
        &self,
        rows: &[&PoliceRow],
        level: Option<AreaLevel>,
        step: Step,
        policy: NullPolicy,
    ) -> Result<RegisteredCounts> {
        let mut codes: Vec<&str> = rows.iter().map(|r| r.area.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        let codes: Vec<String> = codes.into_iter().map(str::to_owned).collect();
        let area_at: BTreeMap<&str, usize> =
            (0..).zip(&codes).map(|(i, c)| (c.as_str(), i)).collect();
        let mut classes: Vec<PoliceClass> = Vec::new();
        let mut class_at: BTreeMap<&str, usize> = BTreeMap::new();
        let mut starts: BTreeMap<(i16, i8), PeriodStatus> = BTreeMap::new();
        for row in rows {
            class_at.entry(row.class.as_str()).or_insert_with(|| {
                let class = PoliceClass::named(&row.class);
                classes
                    .iter()
                    .position(|known| known.key == class.key)
                    .unwrap_or_else(|| {
                        classes.push(class);
                        classes.len() - 1
                    })
            });
            if let Some(period) = row.period {
                let known = starts
                    .entry((period.year, period.month))
                    .or_insert(PeriodStatus::Unknown);
                *known = finality::less_final(*known, row.status(period, &self.statuses));
            }
        }
        let zone = Zone::amsterdam();
        let periods = starts
            .keys()
            .map(|(year, month)| Period::starting(*year, *month, step, &zone))
            .collect::<Result<Vec<_>>>()?;
        let shape = (codes.len(), classes.len(), periods.len());
        let needed = shape.0 as u128 * shape.1 as u128 * shape.2 as u128;
        if needed > MOST_CELLS {
            return Err(Error::too_large(
                "a table of areas, classes and periods",
                8 * needed,
                8 * MOST_CELLS,
                "read fewer areas, classes or periods",
            ));
        }
        let absent: Cell = match policy {
            NullPolicy::Zero => (CellState::AbsentAsZero, 0),
            _ => (CellState::Absent, 0),
        };
        let mut cells = Array3::from_elem(shape, absent);
        let mut filled = Array3::from_elem(shape, false);
        let at_start: BTreeMap<(i16, i8), usize> =
            starts.keys().zip(0..).map(|(k, i)| (*k, i)).collect();
        for row in rows {
            let Some(period) = row.period else { continue };
            let place = [
                area_at.get(row.area.as_str()).copied().unwrap_or_default(),
                class_at
                    .get(row.class.as_str())
                    .copied()
                    .unwrap_or_default(),
                at_start
                    .get(&(period.year, period.month))
                    .copied()
                    .unwrap_or_default(),
            ];
            if std::mem::replace(&mut filled[place], true) {
                return Err(row.doubled());
            }
            cells[place] = row.cell(policy)?;
        }
        if policy == NullPolicy::Error
            && let Some((place, _)) = filled.indexed_iter().find(|(_, there)| !**there)
        {
            return Err(Error::input(
                Fault::NotPublished,
                format!(
                    "there is no row for area `{}`, class `{}` and {}; choose null_policy zero or \
                     withheld",
                    quoted(&codes[place.0]),
                    quoted(&classes[place.1].key),
                    periods[place.2].label
                ),
            ));
        }
        Ok(RegisteredCounts {
            codes,
            level,
            vintage: self.vintage,
            classes,
            step,
            periods,
            status: starts.into_values().collect(),
            cells,
        })
    }
}

#[cfg(test)]
mod tests;
