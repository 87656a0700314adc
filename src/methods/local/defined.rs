//! The units that have a value.

use crate::error::{Error, Fault, Result};
use crate::weights::Weights;

/// Values and weights of the units whose value is known; the others leave the null and the number
/// of tests.
pub(super) struct Defined {
    /// Position of each kept unit in the input.
    pub(super) unit: Vec<usize>,
    /// Their values.
    pub(super) values: Vec<f64>,
    /// Weights among them.
    pub(super) weights: Weights,
}

impl Defined {
    /// Keeps the units whose value is not NaN.
    pub(super) fn of(values: &[f64], weights: &Weights) -> Result<Self> {
        if values.len() != weights.n() {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "{} values for weights of {} units",
                    values.len(),
                    weights.n()
                ),
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
        let unit: Vec<usize> = (0..values.len()).filter(|&i| !values[i].is_nan()).collect();
        let weights = if unit.len() == values.len() {
            weights.clone()
        } else {
            among(weights, &unit)?
        };
        let values = unit.iter().map(|&i| values[i]).collect();
        Ok(Self {
            unit,
            values,
            weights,
        })
    }

    /// A column over all units from one over the kept ones.
    pub(super) fn spread(&self, kept: &[f64], n: usize) -> Vec<f64> {
        let mut out = vec![f64::NAN; n];
        for (&i, &v) in self.unit.iter().zip(kept) {
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
