//! What cases and controls would be like if their risk were the same everywhere.

use super::pool::Pool;
use super::smoother::Smoother;
use crate::error::Result;
use crate::parallel::Workers;

/// Who could have been a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Candidates {
    /// Every case and every control: which is which is dealt anew.
    Both,
    /// The people whom the weights of the controls count: cases are drawn from them.
    People,
}

impl Candidates {
    pub(super) fn of(pool: &Pool) -> Self {
        if pool.controls.weight.is_some() {
            Self::People
        } else {
            Self::Both
        }
    }

    /// The variance of the difference of two relative densities, in units of the variance of one
    /// candidate.
    fn factor(self, pool: &Pool) -> f64 {
        let (cases, controls) = (pool.cases.effective, pool.controls.effective);
        match self {
            Self::Both => 1.0 / cases + 1.0 / controls,
            Self::People => 1.0 / cases,
        }
    }
}

/// The density that both sets would share, and how far their logarithms would be apart by chance.
pub(super) struct Null {
    /// Share of the candidates per square kilometre, not divided by the mass inside.
    pub(super) pooled: Vec<f64>,
    /// Standard deviation of the log ratio; NaN where it is not known.
    pub(super) deviation: Vec<f64>,
}

impl Null {
    /// From the two densities, not divided by the mass inside, and what divides them.
    pub(super) fn new(
        pool: &Pool,
        smoother: &Smoother<'_>,
        (cases, controls): (&[f64], &[f64]),
        divisors: &[f64],
        workers: &Workers,
    ) -> Result<Self> {
        let candidates = Candidates::of(pool);
        let (n1, n2) = (pool.cases.effective, pool.controls.effective);
        let share = match candidates {
            Candidates::Both => n1 / (n1 + n2),
            Candidates::People => 0.0,
        };
        let mix = |f: f64, g: f64| share * f + (1.0 - share) * g;
        let pooled: Vec<f64> = cases
            .iter()
            .zip(controls)
            .map(|(&f, &g)| mix(f, g))
            .collect();
        let factor = candidates.factor(pool);
        let variance: Vec<f64> = if smoother.is_local() {
            let seen = smoother.squares_seen(workers)?;
            let per_cell = pooled.iter().zip(divisors).zip(seen);
            let at_centre = factor * smoother.squared();
            per_cell
                .map(|((p, divisor), seen)| at_centre * seen / (divisor * p))
                .collect()
        } else {
            let on_place: Vec<f64> = pool
                .weights_of(&pool.cases)
                .iter()
                .zip(pool.weights_of(&pool.controls))
                .map(|(f, g)| mix(f / pool.cases.total, g / pool.controls.total))
                .collect();
            let squares = smoother.squares(&on_place, workers)?;
            // Those dealt as cases are lacking among the controls.
            let finite = match candidates {
                Candidates::Both => (n1 + n2) / (n1 + n2 - 1.0),
                Candidates::People => 1.0,
            };
            let per_cell = squares.iter().zip(&pooled);
            per_cell
                .map(|(s, p)| factor * finite * (s - p * p) / (p * p))
                .collect()
        };
        let deviation = variance.into_iter().zip(divisors).map(|(v, divisor)| {
            let known = v > 0.0 && v.is_finite() && !divisor.is_nan();
            if known { v.sqrt() } else { f64::NAN }
        });
        Ok(Self {
            deviation: deviation.collect(),
            pooled,
        })
    }
}
