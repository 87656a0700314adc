//! From the areas of one division to those of another.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::area_numbers::AreaNumbers;
use super::warning::{Warning, WarningCode};
use crate::error::{Error, Fault, Result, quoted};

/// How far the shares of an area may be from one and still be taken for a rounded one.
const ROUNDING: f64 = 1e-6;

/// Share of the areas that a crosswalk may lack.
const MOST_MISSING: f64 = 0.05;

/// Which share of each area of one division goes to which areas of another.
///
/// The shares of an area add up to one, or to less where a part of it lies in no area of the
/// other division. Numbers that are carried over are no longer whole; they are not rounded, so
/// that totals are kept: the sum of what goes to the parts of an area is its number, to the last
/// digits of a double.
///
/// Carrying over assumes that what is counted is spread within an area as the shares are. Shares
/// by area assume it spread evenly over the ground, shares by points (addresses, people) as those.
///
/// ```
/// use brandpunt::{AreaNumbers, Crosswalk};
///
/// # fn main() -> brandpunt::Result<()> {
/// let share = |from: &str, to: &str, share| (from.to_owned(), to.to_owned(), share);
/// let crosswalk = Crosswalk::new(
///     &[share("A", "C", 1.0), share("B", "C", 0.25), share("B", "D", 0.75)],
///     2022,
///     2024,
/// )?;
/// let old = AreaNumbers::new(vec!["A".to_owned(), "B".to_owned()], vec![10.0, 8.0], Some(2022))?;
/// let new = crosswalk.carry(&old)?;
/// assert_eq!((new.codes(), new.values()), (&["C".to_owned(), "D".to_owned()][..], &[12.0, 6.0][..]));
/// assert_eq!(new.vintage(), Some(2024));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Crosswalk {
    from: Vec<String>,
    to: Vec<String>,
    from_vintage: i16,
    to_vintage: i16,
    /// Per area of the old division: the new area and the share that goes there.
    shares: Vec<Vec<(usize, f64)>>,
    basis: String,
}

impl Crosswalk {
    /// A crosswalk from triples: old code, new code, share of the old area.
    ///
    /// # Errors
    /// [`Fault::NoRows`]; [`Fault::NumberOutOfRange`] for a share that is not between 0 and 1 and
    /// for an area whose shares add up to more than one; [`Fault::DuplicateAreaCode`] for a pair
    /// that stands twice; [`Error::Parameter`] for equal years.
    pub fn new(
        triples: &[(String, String, f64)],
        from_vintage: i16,
        to_vintage: i16,
    ) -> Result<Self> {
        if triples.is_empty() {
            return Err(Error::input(
                Fault::NoRows,
                "the crosswalk has no pair of areas; give old code, new code and share",
            ));
        }
        if from_vintage == to_vintage {
            return Err(Error::parameter(
                "vintage",
                from_vintage,
                "different years for the two divisions",
            ));
        }
        let distinct = |codes: &mut dyn Iterator<Item = &String>| -> Vec<String> {
            let set: std::collections::BTreeSet<&String> = codes.collect();
            set.into_iter().cloned().collect()
        };
        let from = distinct(&mut triples.iter().map(|t| &t.0));
        let to = distinct(&mut triples.iter().map(|t| &t.1));
        let mut shares: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); from.len()];
        for (old, new, share) in triples {
            if !(0.0..=1.0 + ROUNDING).contains(share) {
                return Err(out_of_range(
                    old,
                    &format!("the share {share} for `{}`", quoted(new)),
                ));
            }
            let (Ok(i), Ok(j)) = (from.binary_search(old), to.binary_search(new)) else {
                return Err(Error::internal("a code that was just listed"));
            };
            if shares[i].insert(j, *share).is_some() {
                return Err(Error::input(
                    Fault::DuplicateAreaCode,
                    format!(
                        "the pair `{}`, `{}` stands twice; give each pair once",
                        quoted(old),
                        quoted(new)
                    ),
                ));
            }
        }
        let mut rows = Vec::with_capacity(from.len());
        for (old, row) in from.iter().zip(shares) {
            let sum: f64 = row.values().sum();
            if sum > 1.0 + ROUNDING {
                return Err(out_of_range(old, &format!("shares that add up to {sum}")));
            }
            let whole = if sum > 1.0 - ROUNDING { sum } else { 1.0 };
            rows.push(
                row.into_iter()
                    .filter(|(_, share)| *share > 0.0)
                    .map(|(j, share)| (j, share / whole))
                    .collect(),
            );
        }
        Ok(Self {
            from,
            to,
            from_vintage,
            to_vintage,
            shares: rows,
            basis: "given shares".to_owned(),
        })
    }

    /// Says what the shares were made of, such as "overlap of areas".
    #[must_use]
    pub fn with_basis(mut self, basis: impl Into<String>) -> Self {
        self.basis = basis.into();
        self
    }

    /// What the shares were made of.
    #[must_use]
    pub fn basis(&self) -> &str {
        &self.basis
    }

    /// Codes of the old division, sorted.
    #[must_use]
    pub fn from_codes(&self) -> &[String] {
        &self.from
    }

    /// Codes of the new division, sorted.
    #[must_use]
    pub fn to_codes(&self) -> &[String] {
        &self.to
    }

    /// The year of the old division.
    #[must_use]
    pub fn from_vintage(&self) -> i16 {
        self.from_vintage
    }

    /// The year of the new division.
    #[must_use]
    pub fn to_vintage(&self) -> i16 {
        self.to_vintage
    }

    /// All shares above zero: positions of the old and the new code, and the share of the old.
    pub fn shares(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        self.shares
            .iter()
            .enumerate()
            .flat_map(|(i, row)| row.iter().map(move |(j, share)| (i, *j, *share)))
    }

    /// Carries numbers of the old division over to the new one.
    ///
    /// A new area has no number when an old area that gives to it has none. The result says where
    /// it comes from, and how much of it could not be placed.
    ///
    /// # Errors
    /// [`Fault::VintageMismatch`] when the numbers are known to be of another division;
    /// [`Fault::AreaMismatch`] when more than 5 % of their areas are not in the crosswalk.
    pub fn carry(&self, numbers: &AreaNumbers) -> Result<AreaNumbers> {
        if let Some(own) = numbers.vintage()
            && own != self.from_vintage
        {
            return Err(Error::input(
                Fault::VintageMismatch,
                format!(
                    "the numbers are of the area division of {own}, the crosswalk begins with that \
                     of {}; use a crosswalk from {own}",
                    self.from_vintage
                ),
            ));
        }
        let mut old = vec![f64::NAN; self.from.len()];
        let mut missing: Vec<&str> = Vec::new();
        let mut lost = 0.0;
        for (code, value) in numbers.codes().iter().zip(numbers.values()) {
            if let Ok(i) = self.from.binary_search(code) {
                old[i] = *value;
            } else {
                missing.push(code);
                lost += if value.is_nan() { 0.0 } else { *value };
            }
        }
        if missing.len() as f64 > MOST_MISSING * numbers.codes().len() as f64 {
            return Err(Error::input(
                Fault::AreaMismatch,
                format!(
                    "{} of {} areas are not in the crosswalk, such as `{}`; its old codes are such \
                     as `{}`",
                    missing.len(),
                    numbers.codes().len(),
                    quoted(missing.first().copied().unwrap_or_default()),
                    quoted(self.from.first().map_or("", String::as_str))
                ),
            ));
        }
        let mut new = vec![0.0; self.to.len()];
        for (row, value) in self.shares.iter().zip(&old) {
            lost += give(row, *value, &mut new);
        }
        let total = numbers.total();
        let mut out = AreaNumbers::new(self.to.clone(), new, Some(self.to_vintage))?;
        for warning in numbers.warnings() {
            out = out.with_warning(warning.clone());
        }
        let mut message = format!(
            "Carried over from the area division of {} to that of {} by {}; the numbers are \
             estimates and no longer whole.",
            self.from_vintage, self.to_vintage, self.basis
        );
        if lost.abs() > ROUNDING * total.abs() {
            // Writing to a string cannot fail.
            let _ = write!(
                message,
                " {lost} of {total} lie in no area of the new division."
            );
        }
        Ok(out.with_warning(Warning::with_value(WarningCode::AreaVintage, lost, message)))
    }
}

/// Gives the parts of a number to the new areas; what is left over is returned.
///
/// The largest part is what the others leave, so that rounding loses nothing.
fn give(row: &[(usize, f64)], value: f64, new: &mut [f64]) -> f64 {
    let sum: f64 = row.iter().map(|(_, share)| share).sum();
    let lost = if sum > 1.0 - ROUNDING {
        0.0
    } else {
        value * (1.0 - sum)
    };
    let largest = row
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.1.total_cmp(&b.1.1))
        .map(|(at, _)| at);
    let mut rest = value - lost;
    for (at, (j, share)) in row.iter().enumerate() {
        if Some(at) != largest {
            let part = value * share;
            new[*j] += part;
            rest -= part;
        }
    }
    if let Some((j, _)) = largest.and_then(|at| row.get(at)) {
        new[*j] += rest;
    }
    if lost.is_nan() { 0.0 } else { lost }
}

fn out_of_range(code: &str, what: &str) -> Error {
    Error::input(
        Fault::NumberOutOfRange,
        format!(
            "area `{}` has {what}; shares are between 0 and 1, of an area together at most 1",
            quoted(code)
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn triple(from: &str, to: &str, share: f64) -> (String, String, f64) {
        (from.to_owned(), to.to_owned(), share)
    }

    fn numbers(values: &[(&str, f64)], year: Option<i16>) -> AreaNumbers {
        let codes = values.iter().map(|(c, _)| (*c).to_owned()).collect();
        AreaNumbers::new(codes, values.iter().map(|(_, v)| *v).collect(), year).unwrap()
    }

    #[test]
    fn other_divisions_are_refused_and_unknown_stays_unknown() {
        let crosswalk = Crosswalk::new(
            &[
                triple("A", "C", 0.5),
                triple("A", "D", 0.5),
                triple("B", "D", 1.0),
            ],
            2022,
            2024,
        )
        .unwrap();
        let error = crosswalk
            .carry(&numbers(&[("A", 1.0), ("B", 1.0)], Some(2023)))
            .unwrap_err();
        assert_eq!(error.fault(), Some(Fault::VintageMismatch));
        let out = crosswalk
            .carry(&numbers(&[("A", 4.0), ("B", f64::NAN)], Some(2022)))
            .unwrap();
        assert_eq!(out.values()[0], 2.0);
        assert!(out.values()[1].is_nan());
        let out = crosswalk.carry(&numbers(&[("A", 4.0)], None)).unwrap();
        assert!(out.values()[1].is_nan(), "B is not known");
        let error = crosswalk.carry(&numbers(&[("X", 1.0)], None)).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::AreaMismatch));
    }

    #[test]
    fn what_lies_in_no_new_area_is_told() {
        let crosswalk = Crosswalk::new(&[triple("A", "C", 0.75)], 2022, 2024).unwrap();
        let out = crosswalk
            .carry(&numbers(&[("A", 8.0)], Some(2022)))
            .unwrap();
        assert_eq!(out.values(), [6.0]);
        assert_eq!(out.warnings()[0].value, Some(2.0));
        assert!(out.warnings()[0].message.contains("2 of 8"));
    }

    #[test]
    fn shares_must_be_shares() {
        let fault = |triples: Vec<(String, String, f64)>| {
            Crosswalk::new(&triples, 2022, 2024).unwrap_err().fault()
        };
        let range = Some(Fault::NumberOutOfRange);
        assert_eq!(fault(vec![triple("A", "C", 1.5)]), range);
        assert_eq!(fault(vec![triple("A", "C", f64::NAN)]), range);
        assert_eq!(
            fault(vec![triple("A", "C", 0.6), triple("A", "D", 0.6)]),
            range
        );
        assert_eq!(
            fault(vec![triple("A", "C", 0.1), triple("A", "C", 0.1)]),
            Some(Fault::DuplicateAreaCode)
        );
        assert_eq!(fault(Vec::new()), Some(Fault::NoRows));
        assert!(Crosswalk::new(&[triple("A", "C", 1.0)], 2024, 2024).is_err());
    }

    proptest! {
        #[test]
        fn totals_are_kept(
            weights in proptest::collection::vec(proptest::collection::vec(0.01..1.0_f64, 1..6), 1..20),
            scale in 0.1..1e6_f64,
        ) {
            let mut triples = Vec::new();
            let mut old = Vec::new();
            let codes: Vec<String> = (0..weights.len()).map(|i| format!("A{i}")).collect();
            for (i, row) in weights.iter().enumerate() {
                let sum: f64 = row.iter().sum();
                for (j, weight) in row.iter().enumerate() {
                    triples.push((codes[i].clone(), format!("N{}", (i + j) % 7), weight / sum));
                }
                old.push(scale * (i as f64 + 0.3));
            }
            let total: f64 = old.iter().sum();
            let crosswalk = Crosswalk::new(&triples, 2022, 2024).unwrap();
            let new = crosswalk
                .carry(&AreaNumbers::new(codes, old, Some(2022)).unwrap())
                .unwrap();
            prop_assert!((new.total() - total).abs() <= 1e-12 * total);
            prop_assert!(new.values().iter().all(|v| *v >= 0.0));
        }
    }
}
