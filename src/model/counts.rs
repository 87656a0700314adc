//! How many incidents each neighbourhood has, per period.

use std::ops::Add;

use ndarray::{Array1, Array2};

use super::period::Period;
use crate::error::{Error, Fault, Result};

/// Counts of incidents, one row per area and one column per period.
///
/// Partial counts over parts of the incidents add up exactly with `+`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Counts {
    values: Array2<i64>,
    outside: Array1<i64>,
    periods: Vec<Period>,
    in_no_period: u64,
    fingerprint: Option<String>,
}

impl Counts {
    /// Counts per area (rows) and period (columns), with the incidents that lay in no area.
    ///
    /// `periods` is empty for a single column that covers all time.
    ///
    /// # Errors
    /// [`Fault::Negative`] for a count below zero, [`Fault::LengthMismatch`] for columns that do
    /// not fit the periods.
    pub fn new(values: Array2<i64>, outside: Array1<i64>, periods: Vec<Period>) -> Result<Self> {
        let columns = if periods.is_empty() { 1 } else { periods.len() };
        if values.ncols() != columns || outside.len() != columns {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("{} columns of counts for {columns} periods", values.ncols()),
            ));
        }
        if let Some(((row, _), value)) = values.indexed_iter().find(|(_, v)| **v < 0) {
            return Err(Error::input(
                Fault::Negative,
                format!("the count of area {row} (from 0) is {value}; counts are zero or more"),
            ));
        }
        Ok(Self {
            values,
            outside,
            periods,
            in_no_period: 0,
            fingerprint: None,
        })
    }

    /// Tells of which areas these are: their
    /// [`fingerprint`](super::Neighbourhoods::fingerprint).
    #[must_use]
    pub fn of_areas(mut self, fingerprint: String) -> Self {
        self.fingerprint = Some(fingerprint);
        self
    }

    /// The fingerprint of the areas, where it is known.
    #[must_use]
    pub fn fingerprint(&self) -> Option<&str> {
        self.fingerprint.as_deref()
    }
    /// The same with the incidents that no period holds.
    pub(crate) fn with_in_no_period(mut self, incidents: u64) -> Self {
        self.in_no_period = incidents;
        self
    }

    /// One count per area over all time, as a register that has already counted gives them.
    ///
    /// # Errors
    /// [`Fault::Negative`] for a count below zero.
    pub fn per_area(values: Vec<i64>) -> Result<Self> {
        let values = Array2::from_shape_vec((values.len(), 1), values)
            .map_err(|e| Error::internal(e.to_string()))?;
        Self::new(values, Array1::zeros(1), Vec::new())
    }

    /// Number of areas.
    #[must_use]
    pub fn areas(&self) -> usize {
        self.values.nrows()
    }

    /// Areas by periods.
    #[must_use]
    pub fn values(&self) -> &Array2<i64> {
        &self.values
    }

    /// Per area, summed over the periods.
    #[must_use]
    pub fn totals(&self) -> Vec<i64> {
        self.values
            .rows()
            .into_iter()
            .map(|row| row.sum())
            .collect()
    }

    /// Per period, how many incidents lay in no area.
    #[must_use]
    pub fn outside(&self) -> &Array1<i64> {
        &self.outside
    }

    /// How many incidents are in no column, because their time is not known or lies in no period.
    ///
    /// With periods that do not overlap, these, those [`outside`](Self::outside) and the
    /// [`values`](Self::values) add up to the incidents that were counted.
    #[must_use]
    pub fn in_no_period(&self) -> u64 {
        self.in_no_period
    }

    /// The periods; empty when a single column covers all time.
    #[must_use]
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }
}

impl Add for Counts {
    type Output = Result<Self>;

    /// Adds counts of the same areas and periods; parts that do not have the same periods are added
    /// up as a [`Tally`](super::Tally).
    ///
    /// # Errors
    /// [`Fault::AreaMismatch`] for other areas, as far as their fingerprints are known, or periods.
    fn add(self, other: Self) -> Result<Self> {
        let known = self.fingerprint.as_ref().zip(other.fingerprint.as_ref());
        if known.is_some_and(|(own, other)| own != other)
            || self.values.dim() != other.values.dim()
            || self.periods != other.periods
        {
            return Err(Error::input(
                Fault::AreaMismatch,
                "counts of different areas or periods cannot be added",
            ));
        }
        Ok(Self {
            values: self.values + other.values,
            outside: self.outside + other.outside,
            periods: self.periods,
            in_no_period: self.in_no_period + other.in_no_period,
            fingerprint: self.fingerprint.or(other.fingerprint),
        })
    }
}
