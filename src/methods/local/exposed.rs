//! The null of exposure: incidents fall at random in proportion to people or dwellings.

use super::around::{Around, each};
use super::defined::Defined;
use super::drawn::{Found, Tails};
use super::inference::Inference;
use super::judged::Standing;
use crate::error::{Error, Fault, Result};
use crate::model::{Warning, WarningCode};
use crate::parallel::Workers;
use crate::stats::{Dispersion, beta_binomial_tails, binomial_tails, dispersion_test, sum};

/// Level at which counts are taken to vary more than independent incidents would.
const OVERDISPERSED: f64 = 0.05;

/// Counts and exposures of the kept units.
pub(super) struct Exposed<'a> {
    defined: &'a Defined<'a>,
    around: &'a [Around],
    exposure: Vec<f64>,
    inference: Inference,
}

impl<'a> Exposed<'a> {
    /// Checks that there are counts, exposures and equal weights.
    pub(super) fn of(
        defined: &'a Defined<'a>,
        around: &'a [Around],
        exposure: Option<&[f64]>,
        inference: Inference,
    ) -> Result<Self> {
        let Some(exposure) = exposure else {
            return Err(Error::parameter(
                "exposure",
                "missing",
                "one number of people per unit for inference exposure",
            ));
        };
        let n = defined.values.len();
        let at = |i| {
            let position = defined.position(i);
            exposure.get(position).copied().unwrap_or(f64::NAN)
        };
        let exposure: Vec<f64> = (0..n).map(at).collect();
        if let Some(at) = exposure.iter().position(|e| !(e.is_finite() && *e >= 0.0)) {
            return Err(Error::input(
                Fault::MissingExposure,
                format!(
                    "unit {} (from 0) has a value but exposure {}; set its value to NaN or give \
                     its exposure",
                    defined.position(at),
                    exposure[at]
                ),
            ));
        }
        let counts = &defined.values;
        if let Some(at) = counts.iter().position(|v| *v < 0.0 || v.fract() != 0.0) {
            return Err(Error::input(
                Fault::NotAnInteger,
                format!(
                    "unit {} (from 0) has {}; inference exposure needs counts of incidents",
                    defined.position(at),
                    counts[at]
                ),
            ));
        }
        let unequal = |a: &Around| {
            a.neighbours > 0 && (a.weight.is_nan() || (a.own != 0.0 && a.own != a.weight))
        };
        if around.iter().any(unequal) {
            return Err(Error::parameter(
                "weights",
                "unequal within a row",
                "equal weights for inference exposure",
            ));
        }
        Ok(Self {
            defined,
            around,
            exposure,
            inference,
        })
    }

    /// The window's count beside the binomial with the total and the window's share of the
    /// exposure, or the beta-binomial where counts vary more than that.
    pub(super) fn judged(&self, workers: &Workers) -> Result<(Vec<Standing>, Found)> {
        let counts = &self.defined.values;
        let total = sum(counts.iter().copied());
        let people = sum(self.exposure.iter().copied());
        let dispersion = dispersion_test(counts, &self.exposure);
        let varies = dispersion.p <= OVERDISPERSED && dispersion.ratio > 1.0;
        let inference = match self.inference {
            Inference::ExposureOverdispersed if varies => Inference::ExposureOverdispersed,
            _ => Inference::Exposure,
        };
        let ratio = if inference == Inference::ExposureOverdispersed {
            dispersion.ratio
        } else {
            1.0
        };
        // The negative binomials of one ratio have, given their total, this sum of parameters.
        let precision = (total - ratio) / (ratio - 1.0);
        let found = each(counts.len(), workers, |i| {
            let own = f64::from(u8::from(self.around[i].own > 0.0));
            let around = || {
                let neighbours = self.defined.weights.neighbours(i).iter();
                neighbours.map(|&j| j as usize).filter(|&j| j != i)
            };
            let count = own * counts[i] + around().map(|j| counts[j]).sum::<f64>();
            let share =
                (own * self.exposure[i] + around().map(|j| self.exposure[j]).sum::<f64>()) / people;
            if !(share > 0.0 && share < 1.0 && total > 0.0) {
                return (Standing::default(), Tails::default());
            }
            let variance = total * share * (1.0 - share) * ratio;
            let (less, greater) = if ratio == 1.0 {
                binomial_tails(count as u64, total as u64, share)
            } else {
                let (alpha, beta) = (precision * share, precision * (1.0 - share));
                beta_binomial_tails(count as u64, total as u64, alpha, beta)
            };
            (
                Standing::new(count, total * share, variance),
                Tails { less, greater },
            )
        })?;
        let (standing, tails) = found.into_iter().unzip();
        Ok((
            standing,
            Found {
                tails,
                inference,
                warning: varies.then(|| told(inference, dispersion)),
            },
        ))
    }
}

fn told(inference: Inference, Dispersion { ratio, p, .. }: Dispersion) -> Warning {
    let said = format!(
        "Counts vary {ratio:.1} times as much between units as independent incidents would \
         (p = {p:.2e})"
    );
    Warning::with_value(
        WarningCode::Overdispersion,
        ratio,
        if inference == Inference::ExposureOverdispersed {
            format!(
                "{said}, so the beta-binomial with that ratio was used. True hotspots add to the \
                 ratio and make this cautious."
            )
        } else {
            format!(
                "{said}. The binomial null then finds too much; use inference \
                 exposure_overdispersed or exact."
            )
        },
    )
}
