//! The units that have a value.

use std::borrow::Cow;

use crate::error::{Error, Fault, Result};
use crate::weights::Weights;

/// Values and weights of the units whose value is known; the others leave the null and the number
/// of tests. Nothing is copied when all are known.
pub(super) struct Defined<'a> {
    /// Position of each kept unit in the input; `None` when all are kept.
    unit: Option<Vec<usize>>,
    /// Number of units in the input.
    n: usize,
    /// Values of the kept units.
    pub(super) values: Cow<'a, [f64]>,
    /// Weights among them.
    pub(super) weights: Cow<'a, Weights>,
}

impl<'a> Defined<'a> {
    /// Keeps the units whose value is not NaN.
    pub(super) fn of(values: &'a [f64], weights: &'a Weights) -> Result<Self> {
        Self::where_known(values, weights, |i| !values[i].is_nan())
    }

    /// Keeps the units that are `known`.
    pub(super) fn where_known(
        values: &'a [f64],
        weights: &'a Weights,
        known: impl Fn(usize) -> bool,
    ) -> Result<Self> {
        let n = values.len();
        if n != weights.n() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("{n} values for weights of {} units", weights.n()),
            ));
        }
        if let Some(at) = values.iter().position(|v| v.is_infinite()) {
            return Err(Error::input(
                Fault::NonFinite,
                format!(
                    "the value of unit {at} (from 0) is {}; NaN marks a missing one",
                    values[at]
                ),
            ));
        }
        if (0..n).all(&known) {
            return Ok(Self {
                unit: None,
                n,
                values: Cow::Borrowed(values),
                weights: Cow::Borrowed(weights),
            });
        }
        let unit: Vec<usize> = (0..n).filter(|&i| known(i)).collect();
        Ok(Self {
            values: unit.iter().map(|&i| values[i]).collect(),
            weights: Cow::Owned(among(weights, &unit)?),
            unit: Some(unit),
            n,
        })
    }

    /// Position in the input of kept unit number `kept`.
    pub(super) fn position(&self, kept: usize) -> usize {
        self.unit.as_ref().map_or(kept, |unit| unit[kept])
    }

    /// The entries of another column at the kept units.
    pub(super) fn kept<'b>(&self, column: &'b [f64]) -> Cow<'b, [f64]> {
        match &self.unit {
            None => Cow::Borrowed(column),
            Some(unit) => unit.iter().map(|&i| column[i]).collect(),
        }
    }

    /// A column over all units from one over the kept ones, `missing` elsewhere.
    pub(super) fn spread<T: Copy>(&self, kept: Vec<T>, missing: T) -> Vec<T> {
        let Some(unit) = &self.unit else {
            return kept;
        };
        let mut out = vec![missing; self.n];
        for (&i, v) in unit.iter().zip(kept) {
            out[i] = v;
        }
        out
    }
}

/// The weights between the given units, renumbered.
fn among(weights: &Weights, units: &[usize]) -> Result<Weights> {
    let mut number = vec![u32::MAX; weights.n()];
    for (new, &old) in units.iter().enumerate() {
        number[old] = new as u32;
    }
    let (mut start, mut neighbour, mut value) = (vec![0], Vec::new(), Vec::new());
    for &i in units {
        for (&j, w) in weights.neighbours(i).iter().zip(weights.weights(i)) {
            if number[j as usize] != u32::MAX {
                neighbour.push(number[j as usize]);
                value.push(w);
            }
        }
        start.push(neighbour.len());
    }
    Weights::from_csr(&start, &neighbour, &value)
}
