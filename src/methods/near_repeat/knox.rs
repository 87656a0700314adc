//! Do incidents that are close in space come close in time?

use std::collections::BTreeMap;

use super::bands::Bands;
use super::chains::RepeatLabel;
use super::near_repeat::undated;
use super::options::{Options, setters};
use super::studied::Studied;
use crate::error::Result;
use crate::model::{Incidents, Warning};
use crate::parallel::Workers;
use crate::stats::{Correction, hypergeometric_tails, poisson_tails};

#[cfg(test)]
mod tests;

/// Knox's test of space-time interaction, for the whole and around each incident.
///
/// With `N_s` pairs of incidents at most δ metres apart, `N_t` pairs at most τ days apart and N pairs
/// in all,
///
/// ```text
/// observed X  = pairs close in both
/// expected    = N_s N_t / N
/// p           = (1 + orders of the times with at least X close pairs) / (1 + orders)
/// p_poisson   = P(Poisson(N_s N_t / N) ≥ X), good when close pairs are rare
/// ```
///
/// Around incident i, with `k_s` others close in space and `k_t` close in time among the n − 1
/// others, the number close in both is hypergeometric when the times of the others are exchanged:
/// its upper tail is `local_p`, exact, and `local_q` is corrected for the number of incidents that
/// have a close partner in space and one in time. `local_p_unconditional` exchanges the incident's
/// own time as well: the mean of the tails over the times of all incidents, as published.
///
/// See [`NearRepeat`](super::NearRepeat) for several bands at once, for what a population that
/// grew unevenly does, for missing times and for the cost.
///
/// Source: Knox 1964, Applied Statistics 13:25, doi:10.2307/2985220; around an incident, Rogerson
/// 2001, Journal of the Royal Statistical Society A 164:87, doi:10.1111/1467-985X.00188.
///
/// ```
/// use brandpunt::methods::near_repeat::Knox;
/// use brandpunt::{Crs, Incidents, Times, Zone};
///
/// # fn main() -> brandpunt::Result<()> {
/// let x = vec![0.0, 30.0, 0.0, 500.0, 520.0, 900.0];
/// let y = vec![0.0, 0.0, 40.0, 500.0, 500.0, 100.0];
/// let days = [0, 1, 3, 10, 11, 30];
/// let times = Times::from_utc_seconds(days.map(|d| d * 86_400).to_vec(), Zone::utc());
/// let incidents = Incidents::builder(x, y, Crs::PLANAR).time(times).build()?;
/// let found = Knox::new(60.0, 4.0).run(&incidents)?;
/// assert_eq!((found.observed, found.close_in_space, found.close_in_time), (4, 4, 4));
/// assert_eq!(found.ratio, 3.75);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Knox {
    distance: f64,
    days: f64,
    options: Options,
}

/// Knox's test; columns are in input order, NaN for incidents without a time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct KnoxResult {
    /// Pairs close in space and time.
    pub observed: u64,
    /// Pairs close in both that are to be expected; with strata, their mean over the orders.
    pub expected: f64,
    /// Observed to expected.
    pub ratio: f64,
    /// Share of the orders with at least as many.
    pub p: f64,
    /// The upper tail of a Poisson distribution; it knows nothing of strata.
    pub p_poisson: f64,
    /// Pairs close in space.
    pub close_in_space: u64,
    /// Pairs close in time.
    pub close_in_time: u64,
    /// For each incident, the others close in both.
    pub local_observed: Vec<f64>,
    /// How many are to be expected.
    pub local_expected: Vec<f64>,
    /// Upper tail of the hypergeometric distribution; NaN without a close one in space and one in
    /// time.
    pub local_p: Vec<f64>,
    /// The same corrected for the number of incidents tested (Benjamini-Hochberg).
    pub local_q: Vec<f64>,
    /// The tail when the incident's own time is exchanged too; NaN only without a time.
    pub local_p_unconditional: Vec<f64>,
    /// The part of each incident among those close to it.
    pub label: Vec<RepeatLabel>,
    /// Number of the chain an incident belongs to, by the chain's first incident.
    pub chain: Vec<Option<u32>>,
    /// How many incidents each chain has.
    pub chain_size: Vec<u32>,
    /// Incidents with a time.
    pub used: usize,
    /// Incidents without.
    pub undated: usize,
    /// How often the times were exchanged.
    pub permutations: usize,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

setters!(Knox);

impl Knox {
    /// Pairs at most so many metres and so many days apart are close.
    #[must_use]
    pub fn new(distance: f64, days: f64) -> Self {
        Self {
            distance,
            days,
            options: Options::default(),
        }
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents) -> Result<KnoxResult> {
        self.run_with(incidents, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// As [`NearRepeat::run_with`](super::NearRepeat::run_with).
    pub fn run_with(&self, incidents: &Incidents, workers: &Workers) -> Result<KnoxResult> {
        let distances = Bands::up_to("distance", self.distance)?;
        let days = Bands::up_to("days", self.days)?;
        let studied = Studied::of(incidents, &distances, &self.options, workers)?;
        let units = (days.reach() * studied.units_per_day).floor();
        // A cast to an integer ends at its largest number.
        let most = units as u32;
        let pairs = studied.pairs[1].as_slice();
        let orders = studied.exchange(&self.options).close_pairs(
            &[pairs],
            &[most],
            &workers.telling("near repeats", 0.0..1.0),
        )?;
        let observed = orders[0][0];
        let reached = orders[1..].iter().filter(|o| o[0] >= observed).count();
        let drawn: u64 = orders[1..].iter().map(|o| o[0]).sum();
        let (in_space, in_time) = (pairs.len() as u64, studied.pairs_within(most));
        let product = in_space as f64 * (in_time as f64 / studied.all_pairs() as f64);
        let expected = if self.options.strata.is_none() {
            product
        } else {
            drawn as f64 / self.options.permutations as f64
        };
        let local = Local::of(&studied, pairs, most);
        let [
            local_observed,
            local_expected,
            local_p,
            local_p_unconditional,
        ] = local.columns(&studied, incidents.len());
        let chains = studied.chains(1..2, |apart| apart <= most, &self.options);
        Ok(KnoxResult {
            observed,
            expected,
            ratio: if expected > 0.0 {
                observed as f64 / expected
            } else {
                f64::NAN
            },
            p: (1 + reached) as f64 / (1 + self.options.permutations) as f64,
            p_poisson: poisson_tails(observed, product).1,
            close_in_space: in_space,
            close_in_time: in_time,
            local_observed,
            local_expected,
            local_q: Correction::Fdr.apply(&local_p),
            local_p,
            local_p_unconditional,
            label: chains.label,
            chain: chains.chain,
            chain_size: chains.size,
            used: studied.len(),
            undated: studied.undated(),
            permutations: self.options.permutations,
            warnings: undated(studied.undated(), incidents.len())
                .into_iter()
                .collect(),
        })
    }
}

/// By number of the incident, how many others are close to it.
struct Local {
    space: Vec<u32>,
    time: Vec<u32>,
    both: Vec<u32>,
}

impl Local {
    fn of(studied: &Studied, pairs: &[(u32, u32)], most: u32) -> Self {
        let mut space = vec![0; studied.len()];
        let mut both = vec![0; studied.len()];
        for &(i, j) in pairs {
            let (i, j) = (i as usize, j as usize);
            let close = u32::from(studied.units[i].abs_diff(studied.units[j]) <= most);
            for one in [i, j] {
                space[one] += 1;
                both[one] += close;
            }
        }
        Self {
            space,
            time: studied.near_in_time(most),
            both,
        }
    }

    /// Observed, expected and both p in input order.
    fn columns(&self, studied: &Studied, incidents: usize) -> [Vec<f64>; 4] {
        let others = (studied.len() - 1) as f64;
        let tail = |both, time, space| hypergeometric_tails(both, time, space, others).1;
        let mut times: BTreeMap<u32, u32> = BTreeMap::new();
        for time in &self.time {
            *times.entry(*time).or_default() += 1;
        }
        // Most incidents have few partners, so few of these differ.
        let mut over_all_times: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        let mut columns = [(); 4].map(|()| vec![f64::NAN; incidents]);
        for (number, position) in studied.positions.iter().enumerate() {
            let key = (self.both[number], self.space[number]);
            let [space, time, both] = [key.1, self.time[number], key.0].map(f64::from);
            let p = if space > 0.0 && time > 0.0 {
                tail(both, time, space)
            } else {
                f64::NAN
            };
            let mean = *over_all_times.entry(key).or_insert_with(|| {
                let reached = times.iter().filter(|(t, _)| **t >= key.0);
                let sum: f64 = reached
                    .map(|(t, n)| f64::from(*n) * tail(both, f64::from(*t), space))
                    .sum();
                sum / studied.len() as f64
            });
            for (column, value) in columns
                .iter_mut()
                .zip([both, space * time / others, p, mean])
            {
                column[*position as usize] = value;
            }
        }
        columns
    }
}
