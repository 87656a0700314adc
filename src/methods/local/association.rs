//! What the local statistics of association have in common.

use super::around::{Around, each};
use super::defined::Defined;
use super::drawn::Found;
use super::inference::Inference;
use super::judged::{Judged, Standing, judge};
use super::options::Options;
use crate::error::{Error, Result, coded};
use crate::model::Warning;
use crate::parallel::Workers;
use crate::weights::Weights;

coded! {
    /// How a unit and its neighbours go together, where that is significant.
    Quadrant {
        /// A high value among high ones.
        HighHigh = "HH",
        /// A low value among low ones.
        LowLow = "LL",
        /// A high value among low ones.
        HighLow = "HL",
        /// A low value among high ones.
        LowHigh = "LH",
        /// Alike, but neither high nor low together.
        OtherPositive = "other positive",
        /// Unlike.
        Negative = "negative",
        /// Not significant.
        NotSignificant = "not significant",
        /// Not tested.
        Undefined = "undefined",
    }
}

impl Quadrant {
    /// All of them, in order.
    pub const ALL: [Self; 8] = [
        Self::HighHigh,
        Self::LowLow,
        Self::HighLow,
        Self::LowHigh,
        Self::OtherPositive,
        Self::Negative,
        Self::NotSignificant,
        Self::Undefined,
    ];
}

/// A local statistic of association, in input order; NaN where it is not defined.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LocalAssociation {
    /// The statistic.
    pub statistic: Vec<f64>,
    /// Its expectation under the null.
    pub expected: Vec<f64>,
    /// Its variance under the null.
    pub variance: Vec<f64>,
    /// Standardised statistic.
    pub z: Vec<f64>,
    /// p-value for the alternative asked for.
    pub p: Vec<f64>,
    /// p-value after correction for the number of tests.
    pub q: Vec<f64>,
    /// P(a statistic at least as large).
    pub p_greater: Vec<f64>,
    /// P(a statistic at most as large).
    pub p_less: Vec<f64>,
    /// How unit and neighbours go together where q is at most the level.
    pub quadrant: Vec<Quadrant>,
    /// Number of tests corrected for.
    pub tests: usize,
    /// The inference that was used in the end.
    pub inference: Inference,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

/// The statistic of every kept unit with what is needed to judge it.
pub(super) struct Unjudged<'a> {
    pub(super) options: &'a Options,
    pub(super) defined: &'a Defined<'a>,
    pub(super) standing: Vec<Standing>,
    pub(super) around: &'a [Around],
    pub(super) warnings: Vec<Warning>,
}

impl Unjudged<'_> {
    /// Adds p, q and, where q is small, the quadrant that `placed` gives.
    pub(super) fn judged(
        self,
        found: Found,
        placed: impl Fn(usize, &Standing) -> Quadrant,
    ) -> LocalAssociation {
        let Found {
            tails,
            inference,
            warning,
        } = found;
        let judged: Judged = judge(
            self.options,
            self.defined,
            &self.standing,
            &tails,
            self.around,
            inference,
        );
        let q = self.defined.kept(&judged.q);
        let quadrant = q.iter().enumerate().map(|(i, &q)| {
            if q.is_nan() {
                Quadrant::Undefined
            } else if q <= self.options.level {
                placed(i, &self.standing[i])
            } else {
                Quadrant::NotSignificant
            }
        });
        let quadrant = self.defined.spread(quadrant.collect(), Quadrant::Undefined);
        let mut warnings = self.warnings;
        warnings.extend(warning);
        warnings.extend(judged.warnings);
        LocalAssociation {
            quadrant,
            statistic: judged.statistic,
            expected: judged.expected,
            variance: judged.variance,
            z: judged.z,
            p: judged.p,
            q: judged.q,
            p_greater: judged.p_greater,
            p_less: judged.p_less,
            tests: judged.tests,
            inference: judged.inference,
            warnings,
        }
    }
}

/// The quadrant of a deviation and that of the neighbours.
pub(super) fn quadrant(own: f64, around: f64) -> Quadrant {
    match (own > 0.0, around > 0.0) {
        (true, true) => Quadrant::HighHigh,
        (false, false) => Quadrant::LowLow,
        (true, false) => Quadrant::HighLow,
        (false, true) => Quadrant::LowHigh,
    }
}

/// Normal tails for the analytic inference.
pub(super) fn normal(
    standing: &[Standing],
    warning: Option<Warning>,
    workers: &Workers,
) -> Result<Found> {
    Ok(Found {
        tails: each(standing.len(), workers, |i| standing[i].normal_tails())?,
        inference: Inference::Analytic,
        warning,
    })
}

/// Refuses an inference that a statistic does not have.
pub(super) fn refused<T>(inference: Inference, known: &'static str) -> Result<T> {
    Err(Error::parameter("inference", inference.name(), known))
}

/// Refuses weights that leave a unit out of its own row.
pub(super) fn require_self(weights: &Weights, remedy: &'static str) -> Result<()> {
    match (0..weights.n()).find(|&i| !weights.has_self(i)) {
        Some(unit) => Err(Error::parameter(
            "weights",
            format!("without the unit itself in row {unit}"),
            remedy,
        )),
        None => Ok(()),
    }
}
