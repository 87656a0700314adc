//! From a statistic and its tails to p- and q-values over the map.

use super::around::Around;
use super::defined::Defined;
use super::drawn::Tails;
use super::inference::{Alternative, Inference};
use super::options::Options;
use crate::model::{Warning, WarningCode};
use crate::stats::{Correction, normal_tails};

/// The statistic of one unit and its moments under the null.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) statistic: f64,
    pub(super) expected: f64,
    pub(super) variance: f64,
    pub(super) z: f64,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            statistic: f64::NAN,
            expected: f64::NAN,
            variance: f64::NAN,
            z: f64::NAN,
        }
    }
}

impl Standing {
    /// A statistic with its moments; z is NaN without variance.
    pub(super) fn new(statistic: f64, expected: f64, variance: f64) -> Self {
        Self {
            statistic,
            expected,
            variance,
            z: if variance > 0.0 {
                (statistic - expected) / variance.sqrt()
            } else {
                f64::NAN
            },
        }
    }

    /// Tails of the normal distribution.
    pub(super) fn normal_tails(&self) -> Tails {
        let (less, greater) = normal_tails(self.z);
        Tails { less, greater }
    }
}

/// The columns that every local statistic has, over all units of the input.
pub(super) struct Judged {
    pub(super) statistic: Vec<f64>,
    pub(super) expected: Vec<f64>,
    pub(super) variance: Vec<f64>,
    pub(super) z: Vec<f64>,
    pub(super) p: Vec<f64>,
    pub(super) q: Vec<f64>,
    pub(super) p_greater: Vec<f64>,
    pub(super) p_less: Vec<f64>,
    pub(super) tests: usize,
    pub(super) inference: Inference,
    pub(super) warnings: Vec<Warning>,
}

/// Undefined statistics are no tests, and neither are units without a neighbour that could be
/// high, or with tails that are not known.
pub(super) fn judge(
    options: &Options,
    defined: &Defined<'_>,
    standing: &[Standing],
    tails: &[Tails],
    around: &[Around],
    inference: Inference,
) -> Judged {
    let tested: Vec<bool> = (0..standing.len())
        .map(|i| !standing[i].z.is_nan() && around[i].neighbours > 0 && !tails[i].less.is_nan())
        .collect();
    let pick = |f: &dyn Fn(Tails) -> f64| -> Vec<f64> {
        let both = tails.iter().zip(&tested);
        both.map(|(&t, &tested)| if tested { f(t) } else { f64::NAN })
            .collect()
    };
    let p = pick(&|t| options.alternative.p(t.less, t.greater));
    let q = options.correction.apply(&p);
    let tests = tested.iter().filter(|t| **t).count();
    let mut warnings: Vec<Warning> = resolution_warning(inference, options, tests)
        .into_iter()
        .collect();
    let islands = around.iter().filter(|a| a.neighbours == 0).count();
    if islands > 0 {
        warnings.push(Warning::with_value(
            WarningCode::Islands,
            islands as f64,
            if islands == 1 {
                "1 unit has no neighbour; it is not tested.".to_owned()
            } else {
                format!("{islands} units have no neighbour; they are not tested.")
            },
        ));
    }
    let spread = |kept: Vec<f64>| defined.spread(kept, f64::NAN);
    let column = |f: &dyn Fn(&Standing) -> f64| spread(standing.iter().map(f).collect());
    Judged {
        statistic: column(&|s| s.statistic),
        expected: column(&|s| s.expected),
        variance: column(&|s| s.variance),
        z: column(&|s| s.z),
        p_greater: spread(pick(&|t| t.greater)),
        p_less: spread(pick(&|t| t.less)),
        p: spread(p),
        q: spread(q),
        tests,
        inference,
        warnings,
    }
}

/// A warning when even the least possible p-value of a single unit survives no correction.
fn resolution_warning(inference: Inference, options: &Options, tests: usize) -> Option<Warning> {
    let (Inference::Permutation { replicates } | Inference::Sequential { replicates }) = inference
    else {
        return None;
    };
    let sides = if options.alternative == Alternative::TwoSided {
        2.0
    } else {
        1.0
    };
    let least = sides / (replicates as f64 + 1.0);
    let needed = options.level / tests.max(1) as f64;
    (options.correction != Correction::None && least > needed).then(|| {
        Warning::with_value(
            WarningCode::PResolutionInsufficient,
            least,
            format!(
                "With {replicates} replicates no p-value is below {least:.2e}, but a single unit \
                 among {tests} needs {needed:.2e}; use at least {:.0} replicates, or inference \
                 exact.",
                (sides / needed).ceil() - 1.0
            ),
        )
    })
}

/// A warning when there is nothing to stand out from.
pub(super) fn spread_warning(units: usize, squares: f64) -> Option<Warning> {
    (squares == 0.0 || units < 3).then(|| {
        Warning::new(
            WarningCode::ZeroVariance,
            "All values are equal or there are fewer than three, so no unit can stand out.",
        )
    })
}

/// A warning where sums of few incidents are far from normal.
pub(super) fn normal_warning(
    standing: &[Standing],
    around: &[Around],
    mean: f64,
) -> Option<Warning> {
    const FEWEST: f64 = 45.0;
    let (mut few, mut tested, mut least) = (0, 0, f64::INFINITY);
    for (around, _) in around.iter().zip(standing).filter(|(_, s)| !s.z.is_nan()) {
        tested += 1;
        // Sums do not change with the scale of a row: as if the weights were one.
        let expected = mean * around.total * around.total / around.squares;
        least = least.min(expected);
        few += usize::from(expected < FEWEST || around.neighbours < 8);
    }
    (few > 0).then(|| {
        Warning::with_value(
            WarningCode::NormalApproximation,
            least,
            format!(
                "The normal approximation does not hold for {few} of {tested} units: they expect \
                 fewer than {FEWEST} incidents around them (least {least:.2}) or have fewer than \
                 8 neighbours. Use inference exact."
            ),
        )
    })
}
