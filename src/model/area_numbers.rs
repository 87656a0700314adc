//! One number per area code, of one area division.

use std::collections::BTreeMap;

use super::counts::Counts;
use super::neighbourhoods::Neighbourhoods;
use super::vintage::require_same_vintage;
use super::warning::{Warning, WarningCode};
use crate::error::{Error, Fault, Result, quoted};

/// Share of the areas for which a table may have no row.
const MOST_MISSING: f64 = 0.05;

/// One number per area code, such as the reports of a year; NaN where none is published.
///
/// The year of the area division goes with the codes: numbers of one division are not joined to
/// areas of another.
///
/// ```
/// use brandpunt::AreaNumbers;
///
/// # fn main() -> brandpunt::Result<()> {
/// let codes = vec!["BU00340101".to_owned(), "BU00340102".to_owned()];
/// let numbers = AreaNumbers::new(codes, vec![12.0, f64::NAN], Some(2024))?;
/// assert_eq!(numbers.total(), 12.0);
/// assert_eq!(numbers.unknown(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AreaNumbers {
    codes: Vec<String>,
    values: Vec<f64>,
    vintage: Option<i16>,
    warnings: Vec<Warning>,
}

impl AreaNumbers {
    /// Numbers from codes and values.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`], [`Fault::DuplicateAreaCode`]; [`Fault::NonFinite`] for an
    /// infinite value.
    pub fn new(codes: Vec<String>, values: Vec<f64>, vintage: Option<i16>) -> Result<Self> {
        if codes.len() != values.len() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("{} codes but {} numbers", codes.len(), values.len()),
            ));
        }
        let mut seen = BTreeMap::new();
        for (i, (code, value)) in codes.iter().zip(&values).enumerate() {
            if let Some(first) = seen.insert(code, i) {
                return Err(Error::input(
                    Fault::DuplicateAreaCode,
                    format!(
                        "code `{}` stands at positions {first} and {i} (from 0); each area needs \
                         one number",
                        quoted(code)
                    ),
                ));
            }
            if value.is_infinite() {
                return Err(Error::input(
                    Fault::NonFinite,
                    format!("the number of area `{}` is {value}", quoted(code)),
                ));
            }
        }
        Ok(Self {
            codes,
            values,
            vintage,
            warnings: Vec::new(),
        })
    }

    /// Adds a warning.
    #[must_use]
    pub fn with_warning(mut self, warning: Warning) -> Self {
        self.warnings.push(warning);
        self
    }

    /// The area codes.
    #[must_use]
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// The numbers in the order of the codes, NaN where none is published.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The year of the area division, where it is known.
    #[must_use]
    pub fn vintage(&self) -> Option<i16> {
        self.vintage
    }

    /// What a user of these numbers must know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The sum of the known numbers.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.values.iter().filter(|v| !v.is_nan()).sum()
    }

    /// How many areas have no number.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.values.iter().filter(|v| v.is_nan()).count()
    }

    /// The numbers in the order of areas, by code.
    ///
    /// An area for which there is no row has NaN and a warning; rows of other areas are left out,
    /// because a national table has many.
    ///
    /// # Errors
    /// [`Fault::VintageMismatch`] when both divisions are known and differ;
    /// [`Fault::AreaMismatch`] when more than 5 % of the areas have no row.
    pub fn for_areas(&self, areas: &Neighbourhoods) -> Result<Self> {
        let warning = require_same_vintage("the numbers", self.vintage, areas.vintage())?;
        let at: BTreeMap<&str, f64> = self
            .codes
            .iter()
            .map(String::as_str)
            .zip(self.values.iter().copied())
            .collect();
        let mut missing: Vec<&str> = Vec::new();
        let mut values = Vec::with_capacity(areas.len());
        for code in areas.codes() {
            values.push(at.get(code.as_str()).copied().unwrap_or_else(|| {
                missing.push(code);
                f64::NAN
            }));
        }
        let what = format!(
            "{} of {} areas have no row in the table, such as `{}`",
            missing.len(),
            areas.len(),
            quoted(missing.first().copied().unwrap_or_default())
        );
        if missing.len() as f64 > MOST_MISSING * areas.len() as f64 {
            return Err(Error::input(
                Fault::AreaMismatch,
                format!(
                    "{what}; the table has codes such as `{}`: use areas of the same level and \
                     division",
                    quoted(self.codes.first().map_or("", String::as_str))
                ),
            ));
        }
        let mut warnings = self.warnings.clone();
        warnings.extend(warning);
        if !missing.is_empty() {
            warnings.push(Warning::with_value(
                WarningCode::Input,
                missing.len() as f64,
                format!("{what}; they have no number."),
            ));
        }
        Ok(Self {
            codes: areas.codes().to_vec(),
            values,
            vintage: areas.vintage().or(self.vintage),
            warnings,
        })
    }

    /// The numbers as counts over all time.
    ///
    /// # Errors
    /// [`Fault::NotPublished`] for an area without a number, [`Fault::NotAnInteger`] for a number
    /// that is not whole, [`Fault::Negative`].
    pub fn to_counts(&self) -> Result<Counts> {
        let whole = self
            .codes
            .iter()
            .zip(&self.values)
            .map(|(code, &value)| {
                if value.is_nan() {
                    return Err(Error::input(
                        Fault::NotPublished,
                        format!(
                            "area `{}` has no number ({} areas in all have none); leave these \
                             areas out, or choose a coarser level or a longer period",
                            quoted(code),
                            self.unknown()
                        ),
                    ));
                }
                if value.fract() != 0.0 || value.abs() > 9_007_199_254_740_992.0 {
                    return Err(Error::input(
                        Fault::NotAnInteger,
                        format!(
                            "the number of area `{}` is {value}; counts are whole (numbers that a \
                             crosswalk has carried over are not)",
                            quoted(code)
                        ),
                    ));
                }
                Ok(value as i64)
            })
            .collect::<Result<Vec<i64>>>()?;
        Counts::per_area(whole)
    }
}
