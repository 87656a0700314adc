//! Surfaces of parts of the incidents, added up.

use std::ops::Add;

use ndarray::Array2;

use super::edge::LeftOut;
use super::surface::Surface;
use crate::error::{Error, Fault, Result};
use crate::model::Warning;
use crate::stats::{expansion, two_sum};

impl Add for Surface {
    type Output = Result<Self>;

    /// Adds two surfaces on the same grid, kernel, bandwidth, edge correction and study area. With
    /// adaptive bandwidths, which come from all incidents together, there is no sum.
    ///
    /// The sum is exact: what rounding leaves out of the values is kept as
    /// [`remainder`](Surface::remainder) and taken along. So the same surfaces give the same bytes
    /// in any order and grouping, and the values are their sum rounded once. How the incidents were
    /// split still matters as much as rounding does within one surface, 1e-12 of the greatest
    /// value.
    ///
    /// Warnings of both are kept. One that both have is kept once, and numbers of incidents left
    /// out add up.
    ///
    /// # Errors
    /// [`Fault::AreaMismatch`] for surfaces that do not belong together.
    fn add(mut self, other: Self) -> Result<Self> {
        let refused = |message: &str| Err(Error::input(Fault::AreaMismatch, message));
        if self.adaptive.is_some() || other.adaptive.is_some() {
            return refused(
                "surfaces with adaptive bandwidths cannot be added; take all incidents at once",
            );
        }
        let made = |s: &Self| (s.kernel, s.bandwidth, s.edge);
        if self.grid != other.grid || made(&self) != made(&other) {
            return refused(
                "surfaces of different grid, kernel, bandwidth or edge correction cannot be added; \
                 give all parts the same extent and options",
            );
        }
        let mut both = self.values.iter().zip(&other.values);
        if both.any(|(a, b)| a.is_nan() != b.is_nan()) {
            return refused(
                "surfaces of different study areas cannot be added; give all parts the same `within`",
            );
        }
        self.warnings = warnings_of_both(self.warnings, &other.warnings);
        let mut planes = vec![self.values, other.values];
        planes.extend(self.remainder);
        planes.extend(other.remainder);
        self.remainder = added(&planes);
        self.values = self.remainder.remove(0);
        Ok(self)
    }
}

/// The exact sum of planes: the rounded sum, and what rounding left out of it, greatest first.
fn added(planes: &[Array2<f64>]) -> Vec<Array2<f64>> {
    let nothing = || Array2::zeros(planes[0].dim());
    let mut out = vec![nothing()];
    for at in ndarray::indices_of(&planes[0]) {
        let parts = match planes {
            [a, b] => {
                let (sum, rest) = two_sum(a[at], b[at]);
                if rest == 0.0 || !sum.is_finite() {
                    vec![sum]
                } else {
                    vec![sum, rest]
                }
            }
            _ => expansion(planes.iter().map(|plane| plane[at])),
        };
        for (k, part) in parts.into_iter().enumerate() {
            if k == out.len() {
                out.push(nothing());
            }
            out[k][at] = part;
        }
    }
    out
}

/// Warnings of two surfaces: counts of the same kind added up, all others once, in a fixed order.
fn warnings_of_both(mut all: Vec<Warning>, others: &[Warning]) -> Vec<Warning> {
    all.extend_from_slice(others);
    let mut left_out = [0.0; LeftOut::ALL.len()];
    all.retain(|warning| {
        let n = warning.value.unwrap_or_default();
        let reason = LeftOut::ALL.iter().position(|r| r.warning(n) == *warning);
        if let Some(reason) = reason {
            left_out[reason] += n;
        }
        reason.is_none()
    });
    all.sort_by(|a, b| (a.code, &a.message).cmp(&(b.code, &b.message)));
    all.dedup();
    let counts = LeftOut::ALL.iter().zip(left_out);
    let counts = counts.filter(|(_, n)| *n > 0.0);
    counts
        .map(|(reason, n)| reason.warning(n))
        .chain(all)
        .collect()
}

#[cfg(test)]
mod tests;
