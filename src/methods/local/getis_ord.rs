//! Getis-Ord Gi and Gi*.

use super::classes::hotspot_class;
use super::defined::Defined;
use super::inference::{Alternative, Inference};
use crate::error::{Error, Fault, Result};
use crate::model::{Warning, WarningCode};
use crate::parallel::Workers;
use crate::stats::{
    Correction, ExactSums, Moments, Permutations, Task, binomial_tails, conditional,
    normal_upper_tail, sequential, sum,
};
use crate::weights::Weights;

/// Steps and bytes an exact table may take before the fallback is used.
const MOST_STEPS: f64 = 2e10;
const MOST_BYTES: f64 = 512.0 * 1024.0 * 1024.0;
/// Draws per unit when exact inference falls back, and the exceedances at which they may end.
const FALLBACK_DRAWS: usize = 99_999;
const ENOUGH: u64 = 10;

/// Gi*: do high (or low) values gather around each unit, itself included?
///
/// With values x, weights w (any non-negative; the unit's own weight included), n units, mean x̄
/// and population standard deviation S, `W_i = Σ_j w_ij` and `S1_i = Σ_j w_ij²`:
///
/// ```text
/// z_i = (Σ_j w_ij x_j − x̄ W_i) / (S √((n S1_i − W_i²) / (n − 1)))
/// ```
///
/// Multiplying a row of weights by a constant changes nothing. A value of NaN is missing: the
/// unit leaves the null and the number of tests, and its results are NaN. They are also NaN where
/// all values are equal, where a unit's neighbours are all units, and (p and q only) for an
/// island, which has no neighbour that could be high.
///
/// Sources: Getis & Ord 1992, Geographical Analysis 24:189,
/// doi:10.1111/j.1538-4632.1992.tb00261.x; Ord & Getis 1995, 27:286,
/// doi:10.1111/j.1538-4632.1995.tb00912.x.
///
/// # Complexity
/// Analytic: proportional to the pairs. Exact: one table per distinct value, see
/// [`ExactSums`].
///
/// ```
/// use brandpunt::Workers;
/// use brandpunt::methods::local::{GiStar, Inference};
/// use brandpunt::weights::Weights;
///
/// # fn main() -> brandpunt::Result<()> {
/// // Six points, neighbours within 15 units of length.
/// let lists =
///     vec![vec![1, 3], vec![0, 3, 4], vec![4], vec![0, 1, 4], vec![1, 2, 3, 5], vec![4]];
/// let weights = Weights::from_neighbours(lists)?.include_self();
/// let gi = GiStar::new()
///     .inference(Inference::Analytic)
///     .run(&[2.0, 3.0, 3.2, 5.0, 8.0, 7.0], &weights)?;
/// assert!((gi.z[1] + 0.289_177_616).abs() < 1e-9 && (gi.z[5] - 2.024_243_309).abs() < 1e-9);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GiStar {
    options: Options,
}

/// Gi: do high (or low) values gather around each unit, itself left out?
///
/// With x̄(i) and s(i) the mean and population standard deviation of the other n − 1 values:
///
/// ```text
/// z_i = (Σ_{j≠i} w_ij x_j − x̄(i) W_i) / (s(i) √(((n − 1) S1_i − W_i²) / (n − 2)))
/// ```
///
/// All else as for [`GiStar`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gi {
    options: Options,
}

#[derive(Debug, Clone, PartialEq)]
struct Options {
    inference: Inference,
    alternative: Alternative,
    correction: Correction,
    exposure: Option<Vec<f64>>,
    level: f64,
    seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            inference: Inference::Exact,
            alternative: Alternative::TwoSided,
            correction: Correction::Fdr,
            exposure: None,
            level: 0.05,
            seed: 0,
        }
    }
}

/// A local statistic with its inference, in input order; NaN where it is not defined.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct LocalStatistics {
    /// Standardised statistic.
    pub z: Vec<f64>,
    /// p-value for the alternative asked for.
    pub p: Vec<f64>,
    /// p-value after correction for the number of tests.
    pub q: Vec<f64>,
    /// P(a sum at least as large).
    pub p_greater: Vec<f64>,
    /// P(a sum at most as large).
    pub p_less: Vec<f64>,
    /// Weighted sum expected under the null.
    pub expected: Vec<f64>,
    /// Class on the map, from −3 to 3; see [`hotspot_class`].
    pub hotspot_class: Vec<i8>,
    /// Number of tests corrected for.
    pub tests: usize,
    /// The inference that was used in the end.
    pub inference: Inference,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

macro_rules! setters {
    ($statistic:ident) => {
        impl $statistic {
            /// Exact inference, two-sided, corrected by Benjamini-Hochberg.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }

            /// Sets how p-values come about.
            #[must_use]
            pub fn inference(mut self, inference: Inference) -> Self {
                self.options.inference = inference;
                self
            }

            /// Sets which deviation counts as extreme.
            #[must_use]
            pub fn alternative(mut self, alternative: Alternative) -> Self {
                self.options.alternative = alternative;
                self
            }

            /// Sets how p-values are corrected for the number of tests.
            #[must_use]
            pub fn correction(mut self, correction: Correction) -> Self {
                self.options.correction = correction;
                self
            }

            /// Sets the exposure of each unit (people, dwellings) for [`Inference::Exposure`].
            #[must_use]
            pub fn exposure(mut self, exposure: Vec<f64>) -> Self {
                self.options.exposure = Some(exposure);
                self
            }

            /// Sets the level at which the resolution of simulated p-values is judged.
            #[must_use]
            pub fn level(mut self, level: f64) -> Self {
                self.options.level = level;
                self
            }

            /// Sets the seed of simulations.
            #[must_use]
            pub fn seed(mut self, seed: u64) -> Self {
                self.options.seed = seed;
                self
            }

            /// Runs on all cores.
            ///
            /// # Errors
            /// As [`run_with`](Self::run_with).
            pub fn run(&self, values: &[f64], weights: &Weights) -> Result<LocalStatistics> {
                self.run_with(values, weights, &Workers::new(0)?)
            }
        }
    };
}

setters!(GiStar);
setters!(Gi);

impl GiStar {
    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`]; [`Error::Parameter`] for weights without self, or exposure
    /// inference without exposures; [`Fault::NonFinite`]; [`Error::Cancelled`].
    pub fn run_with(
        &self,
        values: &[f64],
        weights: &Weights,
        workers: &Workers,
    ) -> Result<LocalStatistics> {
        if let Some(unit) = (0..weights.n()).find(|&i| !weights.has_self(i)) {
            return Err(Error::parameter(
                "weights",
                format!("without the unit itself in row {unit}"),
                "weights from include_self(), or Gi instead of Gi*",
            ));
        }
        run(&self.options, values, weights, true, workers)
    }
}

impl Gi {
    /// Runs on the given threads. A unit's weight on itself is not used.
    ///
    /// # Errors
    /// As [`GiStar::run_with`], but for the weights on self.
    pub fn run_with(
        &self,
        values: &[f64],
        weights: &Weights,
        workers: &Workers,
    ) -> Result<LocalStatistics> {
        run(&self.options, values, weights, false, workers)
    }
}

/// One unit: its neighbours and what they hold.
struct Window {
    /// Weight on itself; zero for Gi.
    own: f64,
    /// Neighbours but itself.
    neighbours: Vec<u32>,
    /// Their weights.
    weights: Vec<f64>,
}

impl Window {
    fn of(weights: &Weights, unit: usize, star: bool) -> Self {
        let mut window = Self {
            own: 0.0,
            neighbours: Vec::new(),
            weights: Vec::new(),
        };
        for (&j, w) in weights.neighbours(unit).iter().zip(weights.weights(unit)) {
            if j as usize != unit {
                window.neighbours.push(j);
                window.weights.push(w);
            } else if star {
                window.own = w;
            }
        }
        window
    }

    /// The weight that all neighbours share.
    fn common(&self) -> Option<f64> {
        let first = *self.weights.first()?;
        self.weights.iter().all(|&w| w == first).then_some(first)
    }

    fn others(&self, values: &[f64]) -> f64 {
        self.neighbours
            .iter()
            .zip(&self.weights)
            .map(|(&j, w)| w * values[j as usize])
            .sum()
    }

    fn total(&self) -> f64 {
        self.own + self.weights.iter().sum::<f64>()
    }
}

fn run(
    options: &Options,
    values: &[f64],
    weights: &Weights,
    star: bool,
    workers: &Workers,
) -> Result<LocalStatistics> {
    let n = values.len();
    let defined = Defined::of(values, weights)?;
    let windows: Vec<Window> = (0..defined.values.len())
        .map(|i| Window::of(&defined.weights, i, star))
        .collect();
    let mut warnings = Vec::new();
    let moments = Moments::of(&defined.values);
    let constant = moments.squares == 0.0;
    if constant || defined.values.len() < 3 {
        warnings.push(Warning::new(
            WarningCode::ZeroVariance,
            "All values are equal or there are fewer than three, so no unit can stand out.",
        ));
    }
    let (z, expected) = standardised(&defined.values, &windows, star);
    let (z, expected, tails, inference) = match options.inference {
        Inference::Analytic => {
            warnings.extend(normal_warning(&z, &windows, &moments));
            let tails = z
                .iter()
                .map(|&z| (normal_upper_tail(-z), normal_upper_tail(z)))
                .collect();
            (z, expected, tails, Inference::Analytic)
        }
        Inference::Exposure => {
            let exposed = exposure(options, &defined, &windows)?;
            (
                exposed.z,
                exposed.expected,
                exposed.tails,
                Inference::Exposure,
            )
        }
        Inference::Exact => {
            let (tails, used, warning) = exact(options, &defined.values, &windows, workers)?;
            warnings.extend(warning);
            (z, expected, tails, used)
        }
        simulated @ (Inference::Permutation { .. } | Inference::Sequential { .. }) => {
            let tails = simulate(simulated, options.seed, &defined.values, &windows, workers)?;
            (z, expected, tails, simulated)
        }
    };
    // Undefined statistics are no tests; islands have no neighbour that could be high.
    let tested = |i: usize| !z[i].is_nan() && !windows[i].neighbours.is_empty();
    let pick = |f: &dyn Fn((f64, f64)) -> f64| -> Vec<f64> {
        tails
            .iter()
            .enumerate()
            .map(|(i, &t)| if tested(i) { f(t) } else { f64::NAN })
            .collect()
    };
    let p = pick(&|(less, greater)| options.alternative.p(less, greater));
    let q = options.correction.apply(&p);
    let tests = p.iter().filter(|v| !v.is_nan()).count();
    warnings.extend(resolution_warning(inference, options, tests));
    let islands = windows.iter().filter(|w| w.neighbours.is_empty()).count();
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
    let class: Vec<f64> = z
        .iter()
        .zip(&q)
        .map(|(&z, &q)| f64::from(hotspot_class(z, q)))
        .collect();
    let spread = |kept: &[f64]| defined.spread(kept, n);
    Ok(LocalStatistics {
        hotspot_class: spread(&class).into_iter().map(|c| c as i8).collect(),
        p_greater: spread(&pick(&|(_, greater)| greater)),
        p_less: spread(&pick(&|(less, _)| less)),
        z: spread(&z),
        p: spread(&p),
        q: spread(&q),
        expected: spread(&expected),
        tests,
        inference,
        warnings,
    })
}

/// z and the expected weighted sum of every unit.
fn standardised(values: &[f64], windows: &[Window], star: bool) -> (Vec<f64>, Vec<f64>) {
    let n = values.len() as f64;
    let moments = Moments::of(values);
    // Deviations keep their digits where the raw values share a large offset.
    let deviation: Vec<f64> = values.iter().map(|v| v - moments.mean).collect();
    windows
        .iter()
        .enumerate()
        .map(|(i, window)| {
            let total = window.total();
            let squares =
                window.own * window.own + window.weights.iter().map(|w| w * w).sum::<f64>();
            let (units, shift, variance) = if star {
                (n, 0.0, moments.population_variance())
            } else {
                let d = deviation[i];
                let left = -d / (n - 1.0);
                (
                    n - 1.0,
                    left,
                    ((moments.squares - d * d) / (n - 1.0) - left * left).max(0.0),
                )
            };
            let around = window.others(&deviation) + window.own * deviation[i] - shift * total;
            let spread = (units * squares - total * total) / (units - 1.0);
            // A window that holds every unit has no spread; rounding must not give it one.
            let spread = if spread > 1e-12 * units * squares {
                spread
            } else {
                0.0
            };
            let scale = (variance * spread).sqrt();
            let z = if scale > 0.0 {
                around / scale
            } else {
                f64::NAN
            };
            (z, (moments.mean + shift) * total)
        })
        .unzip()
}

fn normal_warning(z: &[f64], windows: &[Window], moments: &Moments) -> Option<Warning> {
    const FEWEST: f64 = 45.0;
    let rare =
        |w: &Window| moments.mean * w.total() / w.weights.iter().fold(w.own, |m, &v| m.max(v));
    let (mut few, mut tested, mut least) = (0, 0, f64::INFINITY);
    for (window, _) in windows.iter().zip(z).filter(|(_, z)| !z.is_nan()) {
        tested += 1;
        least = least.min(rare(window));
        few += usize::from(rare(window) < FEWEST || window.neighbours.len() < 7);
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

type Tails = Vec<(f64, f64)>;

fn simulate(
    inference: Inference,
    seed: u64,
    values: &[f64],
    windows: &[Window],
    workers: &Workers,
) -> Result<Tails> {
    let tasks: Vec<Task> = windows
        .iter()
        .enumerate()
        .map(|(unit, w)| Task {
            unit,
            weights: w.weights.clone(),
            observed: w.others(values),
        })
        .collect();
    let (replicates, found) = match inference {
        Inference::Sequential { replicates } => (
            replicates,
            sequential(values, &tasks, replicates, ENOUGH, seed, workers)?,
        ),
        Inference::Permutation { replicates } => (
            replicates,
            conditional(values, &tasks, replicates, seed, workers)?,
        ),
        other => {
            return Err(Error::internal(format!(
                "{} does not simulate",
                other.name()
            )));
        }
    };
    if replicates == 0 {
        return Err(Error::parameter("permutations", 0, "at least 1"));
    }
    Ok(found
        .into_iter()
        .map(|Permutations { less, greater }| (less, greater))
        .collect())
}

/// Exact conditional tails, or simulated ones where there is no exact table.
fn exact(
    options: &Options,
    values: &[f64],
    windows: &[Window],
    workers: &Workers,
) -> Result<(Tails, Inference, Option<Warning>)> {
    let most = windows
        .iter()
        .map(|w| w.neighbours.len())
        .max()
        .unwrap_or(0);
    let whole: Option<Vec<i64>> = values
        .iter()
        .map(|&v| (v.fract() == 0.0 && v.abs() < 9e15).then_some(v as i64))
        .collect();
    let equal = windows
        .iter()
        .all(|w| w.weights.is_empty() || w.common().is_some());
    let obstacle = match &whole {
        None => Some("the values are not whole numbers".to_owned()),
        Some(_) if !equal => Some("the weights within a row differ".to_owned()),
        Some(whole) => {
            let sums = ExactSums::new(whole);
            let (steps, bytes) = (sums.cost(most), sums.bytes(most));
            if steps <= MOST_STEPS && bytes <= MOST_BYTES {
                let queries: Vec<(i64, usize, i64)> = windows
                    .iter()
                    .enumerate()
                    .map(|(i, w)| {
                        let around = w.neighbours.iter().map(|&j| whole[j as usize]).sum();
                        (whole[i], w.neighbours.len(), around)
                    })
                    .collect();
                let tails = sums.tails(&queries, workers)?;
                let tails = tails.into_iter().map(|t| (t.less, t.greater)).collect();
                return Ok((tails, Inference::Exact, None));
            }
            Some(format!(
                "the exact table would take {steps:.1e} steps and {:.0} MB (at most {MOST_STEPS:.0e} and {:.0})",
                bytes / 1048576.0,
                MOST_BYTES / 1048576.0
            ))
        }
    };
    let used = Inference::Sequential {
        replicates: FALLBACK_DRAWS,
    };
    let tails = simulate(used, options.seed, values, windows, workers)?;
    let warning = obstacle.map(|why| {
        Warning::new(
            WarningCode::ExactFellBack,
            format!(
                "Exact inference was not possible because {why}; sequential permutation with up \
                 to {FALLBACK_DRAWS} draws per unit was used instead."
            ),
        )
    });
    Ok((tails, used, warning))
}

struct Exposed {
    z: Vec<f64>,
    expected: Vec<f64>,
    tails: Tails,
}

/// Binomial tails of the window's count, given the total and the window's share of the exposure.
fn exposure(options: &Options, defined: &Defined, windows: &[Window]) -> Result<Exposed> {
    let Some(exposure) = &options.exposure else {
        return Err(Error::parameter(
            "exposure",
            "missing",
            "one number of people per unit for inference exposure",
        ));
    };
    let all = defined
        .unit
        .iter()
        .map(|&i| exposure.get(i).copied().unwrap_or(f64::NAN));
    let exposure: Vec<f64> = all.collect();
    if let Some(at) = exposure.iter().position(|e| !(e.is_finite() && *e >= 0.0)) {
        return Err(Error::input(
            Fault::MissingExposure,
            format!(
                "unit {} (from 0) has a value but exposure {}; set its value to NaN or give its \
                 exposure",
                defined.unit[at], exposure[at]
            ),
        ));
    }
    let counts = &defined.values;
    if let Some(at) = counts.iter().position(|v| *v < 0.0 || v.fract() != 0.0) {
        return Err(Error::input(
            Fault::NotAnInteger,
            format!(
                "unit {} (from 0) has {}; inference exposure needs counts of incidents",
                defined.unit[at], counts[at]
            ),
        ));
    }
    let total = sum(counts.iter().copied());
    let people = sum(exposure.iter().copied());
    let mut out = Exposed {
        z: Vec::new(),
        expected: Vec::new(),
        tails: Vec::new(),
    };
    for (i, window) in windows.iter().enumerate() {
        if window.weights.iter().any(|&w| w != window.weights[0])
            || (window.own != 0.0 && window.weights.first().is_some_and(|&w| w != window.own))
        {
            return Err(Error::parameter(
                "weights",
                "unequal within a row",
                "equal weights for inference exposure",
            ));
        }
        let own = f64::from(u8::from(window.own > 0.0));
        let within = |column: &[f64]| {
            own * column[i]
                + window
                    .neighbours
                    .iter()
                    .map(|&j| column[j as usize])
                    .sum::<f64>()
        };
        let (count, share) = (within(counts), within(&exposure) / people);
        let spread = (total * share * (1.0 - share)).sqrt();
        let known = share > 0.0 && share < 1.0 && total > 0.0;
        out.expected.push(total * share);
        out.z.push(if known {
            (count - total * share) / spread
        } else {
            f64::NAN
        });
        out.tails.push(if known {
            binomial_tails(count as u64, total as u64, share)
        } else {
            (f64::NAN, f64::NAN)
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests;
