//! What a unit has around it.

use crate::error::Result;
use crate::parallel::Workers;
use crate::weights::Weights;

/// Units that one thread takes at a time.
const TOGETHER: usize = 4_096;

/// The weights of one unit and the weighted sum of what its neighbours hold.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around {
    /// Weight on itself; zero when it is not to count.
    pub(super) own: f64,
    /// Number of neighbours, itself left out.
    pub(super) neighbours: usize,
    /// Sum of all weights, its own included.
    pub(super) total: f64,
    /// Sum of their squares.
    pub(super) squares: f64,
    /// Weighted sum over the neighbours, itself left out.
    pub(super) sum: f64,
    /// The weight that all neighbours share; NaN when they differ.
    pub(super) weight: f64,
}

impl Around {
    /// Of every unit, over these values; `own` counts a unit's weight on itself.
    pub(super) fn all(
        weights: &Weights,
        values: &[f64],
        own: bool,
        workers: &Workers,
    ) -> Result<Vec<Self>> {
        each(weights.n(), workers, |i| Self::one(weights, values, own, i))
    }

    fn one(weights: &Weights, values: &[f64], own: bool, unit: usize) -> Self {
        let mut out = Self::default();
        let neighbours = weights.neighbours(unit);
        let Some(stored) = weights.stored(unit) else {
            for &j in neighbours {
                if j as usize == unit {
                    out.own = f64::from(u8::from(own));
                } else {
                    out.neighbours += 1;
                    out.sum += values[j as usize];
                }
            }
            out.weight = 1.0;
            out.total = out.own + out.neighbours as f64;
            out.squares = out.total;
            return out;
        };
        for (&j, &w) in neighbours.iter().zip(stored) {
            if j as usize == unit {
                if own {
                    out.own = w;
                    out.total += w;
                    out.squares += w * w;
                }
                continue;
            }
            if out.neighbours == 0 {
                out.weight = w;
            } else if w != out.weight {
                out.weight = f64::NAN;
            }
            out.neighbours += 1;
            out.total += w;
            out.squares += w * w;
            out.sum += w * values[j as usize];
        }
        out
    }

    /// Mean and variance of the weighted sum over `self` and `neighbours` together when its values
    /// are drawn without replacement from `units` values with this mean and population variance.
    /// A window that holds every unit has no spread.
    pub(super) fn moments(&self, units: f64, mean: f64, variance: f64) -> (f64, f64) {
        let spread = (units * self.squares - self.total * self.total) / (units - 1.0);
        // Rounding must not give a spread to what has none.
        let spread = if spread > 1e-12 * units * self.squares {
            spread
        } else {
            0.0
        };
        (mean * self.total, variance * spread)
    }
}

/// `f(0), …, f(n - 1)`, some thousands at a time.
pub(super) fn each<T: Send + Default + Clone>(
    n: usize,
    workers: &Workers,
    f: impl Fn(usize) -> T + Sync + Send,
) -> Result<Vec<T>> {
    let mut out = vec![T::default(); n];
    workers.fill(
        &mut out,
        TOGETHER,
        || (),
        |(), piece, slice| {
            for (at, place) in slice.iter_mut().enumerate() {
                *place = f(piece * TOGETHER + at);
            }
        },
    )?;
    Ok(out)
}
