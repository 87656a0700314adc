//! What chance alone makes of so many incidents on so many units.

use rand::RngExt;

use super::measures::{BesideChance, LorenzBand};
use super::ranked::{Figures, Ranked};
use crate::error::Result;
use crate::memory::{MOST_BYTES, afford};
use crate::parallel::Workers;
use crate::random::stream;
use crate::stats::sum;

/// Incidents thrown between two looks at the stop flag.
const THROWN: u32 = 1 << 20;

/// Numbers that are kept of a map beside its curve.
const FIGURES: u128 = 8;

/// Simulated maps on which every incident fell on any unit alike.
pub(super) struct Chance {
    figures: Vec<Figures>,
    curves: Vec<Vec<f64>>,
    steps: usize,
    /// How many of the simulated values lie outside the interval on either side.
    outside: usize,
}

/// What is simulated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Throw {
    pub(super) units: u32,
    pub(super) incidents: u32,
    pub(super) top: f64,
    pub(super) share: f64,
    pub(super) seed: u64,
}

impl Chance {
    /// Throws the incidents `simulations` times, each time with a stream of its own.
    pub(super) fn simulate(
        throw: Throw,
        simulations: usize,
        outside: usize,
        workers: &Workers,
    ) -> Result<Self> {
        let steps = (throw.units as usize).min(100);
        let bytes = 8 * (steps as u128 + FIGURES) * simulations as u128;
        afford("the simulated curves", bytes, MOST_BYTES, || {
            "take fewer simulations".to_owned()
        })?;
        let maps = workers.try_map(simulations, |simulation| {
            let mut random = stream(throw.seed, simulation as u64);
            let mut counts = vec![0u32; throw.units as usize];
            let mut left = throw.incidents;
            while left > 0 {
                workers.job().check()?;
                let now = left.min(THROWN);
                for _ in 0..now {
                    counts[random.random_range(0..throw.units) as usize] += 1;
                }
                left -= now;
            }
            let most = counts.iter().max().map_or(0, |m| *m as usize);
            let mut units_with = vec![0u32; most + 1];
            for count in counts {
                units_with[count as usize] += 1;
            }
            let ranked = Ranked::of_histogram(&units_with);
            Ok((ranked.figures(throw.top, throw.share), ranked.curve(steps)))
        })?;
        let (figures, curves) = maps.into_iter().unzip();
        Ok(Self {
            figures,
            curves,
            steps,
            outside,
        })
    }

    /// A measure beside its simulated values; with `few`, a small value is a strong concentration.
    pub(super) fn beside(
        &self,
        value: f64,
        figure: impl Fn(&Figures) -> f64,
        few: bool,
    ) -> BesideChance {
        let simulated: Vec<f64> = self.figures.iter().map(figure).collect();
        // Equal shares may be rounded differently.
        let tie = 1e-12 * value.abs();
        let strong = |s: &&f64| {
            if few {
                **s <= value + tie
            } else {
                **s >= value - tie
            }
        };
        let stronger = simulated.iter().filter(strong).count();
        let p = (stronger + 1) as f64 / (simulated.len() + 1) as f64;
        let (expected, low, high) = self.spread(simulated);
        BesideChance {
            value,
            expected,
            low,
            high,
            p,
        }
    }

    pub(super) fn band(&self) -> LorenzBand {
        let mut band = LorenzBand::default();
        for step in 0..=self.steps {
            let at = self.curves.iter().map(|curve| curve[step]).collect();
            let (expected, low, high) = self.spread(at);
            band.units.push(step as f64 / self.steps as f64);
            band.expected.push(expected);
            band.low.push(low);
            band.high.push(high);
        }
        band
    }

    /// Mean and interval of simulated values.
    fn spread(&self, mut simulated: Vec<f64>) -> (f64, f64, f64) {
        simulated.sort_unstable_by(f64::total_cmp);
        let mean = sum(simulated.iter().copied()) / simulated.len() as f64;
        let low = simulated[self.outside - 1];
        let high = simulated[simulated.len() - self.outside];
        (mean, low, high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_maps_are_counted_by_hand() {
        let figures = [0.1, 0.2, 0.2, 0.4].map(|share| Figures {
            gini: f64::NAN,
            generalised_gini: f64::NAN,
            theil: f64::NAN,
            top_share: f64::NAN,
            units_share: share,
        });
        let chance = Chance {
            figures: figures.to_vec(),
            curves: Vec::new(),
            steps: 0,
            outside: 1,
        };
        let p = |value, few| chance.beside(value, |f| f.units_share, few).p;
        // Ties count with and against, also where they are a rounding apart.
        for value in [0.2, 0.2 * (1.0 + 1e-15), 0.2 * (1.0 - 1e-15)] {
            assert_eq!((p(value, true), p(value, false)), (0.8, 0.8));
        }
        assert_eq!((p(0.05, true), p(0.05, false)), (0.2, 1.0));
        assert_eq!((p(0.3, true), p(0.3, false)), (0.8, 0.4));
        let beside = chance.beside(0.3, |f| f.units_share, false);
        assert_eq!((beside.low, beside.high), (0.1, 0.4));
        assert!((beside.expected - 0.225).abs() < 1e-15);
    }
}
