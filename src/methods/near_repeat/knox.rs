//! Do incidents that are close in space come close in time?

use std::collections::BTreeMap;

use super::bands::Bands;
use super::chains::RepeatLabel;
use super::options::{Options, setters};
use super::studied::{Studied, reaches};
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
/// grew unevenly does, for times of which only [ends](Self::ends) are known, for missing ones and
/// for the cost. Sums of chances have no exact tail: of spans, only the permutations give a p.
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
/// assert_eq!((found.observed, found.close_in_space, found.close_in_time), (4.0, 4, 4.0));
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
    /// Pairs close in space and time: a whole number, unless times are spans.
    pub observed: f64,
    /// Pairs close in both that are to be expected; with strata, their mean over the orders.
    pub expected: f64,
    /// Observed to expected.
    pub ratio: f64,
    /// Share of the orders with at least as many.
    pub p: f64,
    /// The upper tail of a Poisson distribution; it knows nothing of strata. NaN where times are
    /// spans.
    pub p_poisson: f64,
    /// Pairs close in space.
    pub close_in_space: u64,
    /// Pairs close in time.
    pub close_in_time: f64,
    /// For each incident, the others close in both.
    pub local_observed: Vec<f64>,
    /// How many are to be expected.
    pub local_expected: Vec<f64>,
    /// Upper tail of the hypergeometric distribution; NaN without a close one in space and one in
    /// time, and where times are spans.
    pub local_p: Vec<f64>,
    /// The same corrected for the number of incidents tested (Benjamini-Hochberg).
    pub local_q: Vec<f64>,
    /// The tail when the incident's own time is exchanged too; NaN without a time and where times
    /// are spans.
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
        let units = (days.reach() * self.options.clock.units_per_day()).floor();
        // A cast to an integer ends at its largest number.
        let most = units as u32;
        let pairs = studied.pairs[1].as_slice();
        let told = workers.telling("near repeats", 0.0..1.0);
        let orders = studied.close_pairs(&self.options, &[pairs], &[most], &told)?;
        let observed = orders[0][0];
        let reached = orders[1..].iter().filter(|o| reaches(o[0], observed));
        let reached = reached.count();
        let drawn: f64 = orders[1..].iter().map(|o| o[0]).sum();
        let near = studied.near_in_time(most, &workers.unheard())?;
        let (in_space, in_time) = (pairs.len() as u64, 0.5 * near.iter().sum::<f64>());
        let product = in_space as f64 * (in_time / studied.all_pairs() as f64);
        let expected = if self.options.strata.is_none() {
            product
        } else {
            drawn / self.options.permutations as f64
        };
        let local = Local::of(&studied, pairs, near, most);
        let [
            local_observed,
            local_expected,
            local_p,
            local_p_unconditional,
        ] = local.columns(&studied, incidents.len());
        let chains = studied.chains(1..2, |i, j| studied.within(i, j, most), &self.options);
        Ok(KnoxResult {
            observed,
            expected,
            ratio: if expected > 0.0 {
                observed / expected
            } else {
                f64::NAN
            },
            p: (1 + reached) as f64 / (1 + self.options.permutations) as f64,
            p_poisson: if studied.spanned() {
                f64::NAN
            } else {
                poisson_tails(observed as u64, product).1
            },
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
            warnings: studied.undated_warning().into_iter().collect(),
        })
    }
}

/// By number of the incident, how many others are close to it.
struct Local {
    space: Vec<u32>,
    time: Vec<f64>,
    both: Vec<f64>,
}

impl Local {
    fn of(studied: &Studied, pairs: &[(u32, u32)], time: Vec<f64>, most: u32) -> Self {
        let mut space = vec![0; studied.len()];
        let mut both = vec![0.0; studied.len()];
        for &(i, j) in pairs {
            let close = studied.within(i, j, most);
            for one in [i as usize, j as usize] {
                space[one] += 1;
                both[one] += close;
            }
        }
        Self { space, time, both }
    }

    /// Observed, expected and both p in input order.
    fn columns(&self, studied: &Studied, incidents: usize) -> [Vec<f64>; 4] {
        let others = (studied.len() - 1) as f64;
        let mut columns = [(); 4].map(|()| vec![f64::NAN; incidents]);
        let mut tails = (!studied.spanned()).then(|| Tails::of(&self.time, others));
        for (number, position) in studied.positions.iter().enumerate() {
            let (space, time, both) = (
                f64::from(self.space[number]),
                self.time[number],
                self.both[number],
            );
            let of = tails.as_mut();
            let (p, mean) = of.map_or((f64::NAN, f64::NAN), |t| t.both(both, time, space));
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

/// Exact tails of counts around an incident.
struct Tails {
    others: f64,
    /// How many incidents have so many others close in time.
    times: BTreeMap<u32, u32>,
    incidents: f64,
    /// Means over all times. Most incidents have few partners, so few of these differ.
    known: BTreeMap<(u32, u32), f64>,
}

impl Tails {
    fn of(time: &[f64], others: f64) -> Self {
        let mut times: BTreeMap<u32, u32> = BTreeMap::new();
        for time in time {
            *times.entry(*time as u32).or_default() += 1;
        }
        Self {
            others,
            times,
            incidents: time.len() as f64,
            known: BTreeMap::new(),
        }
    }

    /// The tail given the time of the incident, and its mean over all times.
    fn both(&mut self, both: f64, time: f64, space: f64) -> (f64, f64) {
        let others = self.others;
        let tail = |time: f64| hypergeometric_tails(both, time, space, others).1;
        let p = if space > 0.0 && time > 0.0 {
            tail(time)
        } else {
            f64::NAN
        };
        let (times, incidents) = (&self.times, self.incidents);
        let mean = *(self.known.entry((both as u32, space as u32))).or_insert_with(|| {
            let reached = times.iter().filter(|(t, _)| f64::from(**t) >= both);
            let sum: f64 = reached
                .map(|(t, n)| f64::from(*n) * tail(f64::from(*t)))
                .sum();
            sum / incidents
        });
        (p, mean)
    }
}
