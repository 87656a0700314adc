//! Rows that were kept out, and why.

use std::collections::BTreeMap;

use crate::error::{Error, Fault, Result, coded, quoted};

coded! {
    /// Why a row was kept out.
    RejectReason {
        /// A coordinate is NaN or infinite.
        NonFiniteCoordinate = "non_finite_coordinate",
        /// A coordinate is empty.
        MissingCoordinate = "missing_coordinate",
        /// A coordinate is not a number.
        UnparseableNumber = "unparseable_number",
        /// The point is (0, 0), the usual mark of a failed geocoding.
        NullIsland = "null_island",
        /// The point lies outside the range of the coordinate reference system.
        OutsideCrsBounds = "outside_crs_bounds",
        /// The row has too few or too many fields.
        WrongFieldCount = "wrong_field_count",
        /// The row is not valid UTF-8.
        InvalidUtf8 = "invalid_utf8",
        /// The row holds a NUL byte.
        NulByte = "nul_byte",
        /// A field is longer than a mebibyte.
        FieldTooLong = "field_too_long",
        /// The file ends in the middle of the row.
        TruncatedRow = "truncated_row",
        /// The date lies in the future.
        DateInFuture = "date_in_future",
        /// The date lies before the least plausible year.
        DateBeforeMinimum = "date_before_minimum",
        /// The date is a spreadsheet's day number.
        ExcelSerialDate = "excel_serial_date",
        /// The weight is not a finite number of zero or more.
        InvalidWeight = "invalid_weight",
        /// The time lies before the window that is watched.
        OutsideWindow = "outside_window",
        /// The feature has no point geometry.
        NotAPoint = "not_a_point",
        /// The area is not of the level that is kept.
        OtherLevel = "other_level",
        /// The period is not as long as those that are kept.
        OtherPeriod = "other_period",
        /// The period cannot be read.
        UnknownPeriod = "unknown_period",
        /// The row sums up the rows below it, which are kept.
        SumOfRows = "sum_of_rows",
    }
}

/// One row that was kept out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Rejected {
    /// The row's number: in a file the first row after the header is 1, in an array the first
    /// element is 0.
    pub row: u64,
    /// Why.
    pub reason: RejectReason,
    /// The offending value, shortened and escaped.
    pub detail: String,
}

impl Rejected {
    /// The error that this row is where no bad row is allowed.
    pub(crate) fn as_error(&self) -> Error {
        Error::input(
            Fault::RejectedRow,
            format!(
                "row {}: {} (`{}`); mend the row, or let bad rows be reported",
                self.row, self.reason, self.detail
            ),
        )
    }
}

/// All rows that were kept out of one input, counted by reason; the first
/// [`LISTED`](Self::LISTED) are listed one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Rejections {
    listed: Vec<Rejected>,
    counts: BTreeMap<RejectReason, u64>,
}

impl Rejections {
    /// How many rows are listed one by one.
    pub const LISTED: usize = 100_000;

    /// Records a row.
    pub fn push(&mut self, row: u64, reason: RejectReason, value: &str) {
        *self.counts.entry(reason).or_default() += 1;
        if self.listed.len() < Self::LISTED {
            self.listed.push(Rejected {
                row,
                reason,
                detail: quoted(value),
            });
        }
    }

    /// How many rows were kept out.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Whether none was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many rows were kept out for each reason.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<RejectReason, u64> {
        &self.counts
    }

    /// The rows in order of their number.
    #[must_use]
    pub fn listed(&self) -> &[Rejected] {
        &self.listed
    }

    /// The same rows with `offset` added to their numbers, for a piece of a longer input.
    #[must_use]
    pub fn shifted(mut self, offset: u64) -> Self {
        for rejected in &mut self.listed {
            rejected.row += offset;
        }
        self
    }

    /// Adds the rows of `other`, keeping the order of rows.
    pub fn merge(&mut self, other: Self) {
        for (reason, count) in other.counts {
            *self.counts.entry(reason).or_default() += count;
        }
        self.listed.extend(other.listed);
        self.listed.sort_by_key(|r| r.row);
        self.listed.truncate(Self::LISTED);
    }

    /// Refuses an input of which more than this share was kept out.
    pub(crate) fn check_share(&self, rows_in: u64, most: f64) -> Result<()> {
        if self.len() as f64 <= most * rows_in as f64 {
            return Ok(());
        }
        Err(Error::input(
            Fault::TooManyRejected,
            format!(
                "{}; more than {} % is an error: mend the rows, or raise max_rejected_share",
                self.summary(rows_in),
                most * 100.0
            ),
        ))
    }

    /// One line such as `3 of 7 rows: 2 missing_coordinate (first row 5), 1 null_island (first row 3)`.
    #[must_use]
    pub fn summary(&self, rows_in: u64) -> String {
        let reasons: Vec<String> = self
            .counts
            .iter()
            .map(|(reason, count)| {
                self.listed
                    .iter()
                    .find(|r| r.reason == *reason)
                    .map_or_else(
                        || format!("{count} {reason}"),
                        |r| format!("{count} {reason} (first row {}: `{}`)", r.row, r.detail),
                    )
            })
            .collect();
        format!("{} of {rows_in} rows: {}", self.len(), reasons.join(", "))
    }
}
