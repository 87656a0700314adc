//! The most likely process, by expectation and maximisation.

use super::close::{Near, Reach};
use super::parameters::Parameters;
use super::truncated::Seen;
use crate::error::Result;
use crate::parallel::Workers;

/// Incidents of one unit of work.
const PIECE: usize = 2048;

/// What is needed to weigh parameters against what happened.
pub(super) struct Fitting<'a> {
    pub(super) near: &'a Near,
    pub(super) reach: &'a Reach,
    /// The piece of time of each incident.
    pub(super) piece: &'a [u32],
    /// Days of a piece.
    pub(super) piece_days: f64,
    pub(super) pieces: usize,
    /// How long each incident could be followed.
    pub(super) seen: &'a Seen,
    /// Least standard deviation of the distance, in metres.
    pub(super) precision: f64,
    pub(super) most_steps: usize,
}

/// Parameters with the way to them.
#[derive(Debug, Clone)]
pub(super) struct Best {
    pub(super) parameters: Parameters,
    /// Log-likelihood before each step and at the end; it never falls.
    pub(super) trace: Vec<f64>,
    pub(super) converged: bool,
    /// Expected number of incidents that follow another.
    pub(super) following: f64,
}

/// What a step adds up over incidents.
#[derive(Debug, Clone)]
struct Sums {
    log: f64,
    /// Expected followers, and their days and squared metres.
    following: f64,
    days: f64,
    squared: f64,
    /// Expected background incidents by piece of time, and by part of the background.
    background: Vec<f64>,
    parts: Vec<f64>,
}

impl Sums {
    fn new(pieces: usize, parts: usize) -> Self {
        Self {
            log: 0.0,
            following: 0.0,
            days: 0.0,
            squared: 0.0,
            background: vec![0.0; pieces],
            parts: vec![0.0; parts],
        }
    }

    fn add(&mut self, other: &Self) {
        self.log += other.log;
        self.following += other.following;
        self.days += other.days;
        self.squared += other.squared;
        for (own, other) in [
            (&mut self.background, &other.background),
            (&mut self.parts, &other.parts),
        ] {
            for (a, b) in own.iter_mut().zip(other) {
                *a += b;
            }
        }
    }
}

impl Fitting<'_> {
    /// The log-likelihood gains less than this in the last step: shares of parts that hardly differ
    /// creep on for long.
    const ENOUGH: f64 = 1e-4;

    /// Climbs from a start in the middle; without followers, only the background is fitted.
    pub(super) fn climb(&self, followers: bool, workers: &Workers) -> Result<Best> {
        let mut parameters = self.start(followers);
        let mut trace = Vec::new();
        let mut following = 0.0;
        let mut converged = false;
        for _ in 0..=self.most_steps {
            let sums = self.sums(&parameters, workers)?;
            let expected = parameters.background.iter().sum::<f64>()
                + parameters.branching * self.seen.mass(parameters.rate);
            let likelihood = sums.log - expected;
            let before = trace.last().copied().unwrap_or(f64::NEG_INFINITY);
            trace.push(likelihood);
            if followers {
                let done = trace.len() as f64 / (self.most_steps + 1) as f64;
                workers.job().report("followers", done.min(1.0));
            }
            following = sums.following;
            converged = likelihood - before < Self::ENOUGH;
            if converged || trace.len() > self.most_steps {
                break;
            }
            parameters = self.better(&parameters, &sums);
        }
        Ok(Best {
            parameters,
            trace,
            converged,
            following,
        })
    }

    fn start(&self, followers: bool) -> Parameters {
        const FOLLOWING: f64 = 0.3;
        let parts = self.reach.parts();
        let share = if followers { 1.0 - FOLLOWING } else { 1.0 };
        let mut background = vec![0.0; self.pieces];
        for piece in self.piece {
            background[*piece as usize] += share;
        }
        Parameters {
            background,
            parts: vec![1.0 / parts as f64; parts],
            branching: if followers { FOLLOWING } else { 0.0 },
            rate: 3.0 / self.reach.days,
            closeness: 4.5 / (self.reach.metres * self.reach.metres),
        }
    }

    /// The density of each part of the background at an incident, per day and m².
    fn background<'b>(
        &'b self,
        j: usize,
        parameters: &'b Parameters,
    ) -> impl Iterator<Item = f64> + 'b {
        let per_day = parameters.background[self.piece[j] as usize] / self.piece_days;
        let parts = self.near.base(j).iter().zip(&parameters.parts);
        parts.map(move |(base, share)| per_day * base * share)
    }

    fn sums(&self, parameters: &Parameters, workers: &Workers) -> Result<Sums> {
        let peak = parameters.peak(self.reach.days, self.reach.metres);
        let parts = workers.map_ranges(self.near.len(), PIECE, |range| {
            let mut sums = Sums::new(self.pieces, self.reach.parts());
            for j in range {
                let background: f64 = self.background(j, parameters).sum();
                let (mut following, mut days, mut squared) = (0.0, 0.0, 0.0);
                if peak > 0.0 {
                    for &(delay, distance) in self.near.followed(j) {
                        let exponent = parameters.rate * delay + parameters.closeness * distance;
                        let density = peak * (-exponent).exp();
                        following += density;
                        days += density * delay;
                        squared += density * distance;
                    }
                }
                let density = background + following;
                sums.log += density.ln();
                sums.following += following / density;
                sums.days += days / density;
                sums.squared += squared / density;
                sums.background[self.piece[j] as usize] += background / density;
                for (sum, part) in sums.parts.iter_mut().zip(self.background(j, parameters)) {
                    *sum += part / density;
                }
            }
            sums
        })?;
        let mut all = Sums::new(self.pieces, self.reach.parts());
        for part in &parts {
            all.add(part);
        }
        Ok(all)
    }

    /// The most likely parameters once it is known who follows whom.
    fn better(&self, now: &Parameters, sums: &Sums) -> Parameters {
        // Below this there is nothing left to take a mean of.
        const SOME: f64 = 1e-9;
        let all: f64 = sums.parts.iter().sum();
        let shares = sums.parts.iter().map(|part| part / all);
        let mut next = Parameters {
            background: sums.background.clone(),
            // Where nothing is background any more, its shares do not matter.
            parts: if all > 0.0 {
                shares.collect()
            } else {
                now.parts.clone()
            },
            branching: 0.0,
            ..*now
        };
        if sums.following > SOME {
            next.rate = self
                .seen
                .rate(sums.days / sums.following, self.rate_limits());
            let area = self.reach.metres * self.reach.metres;
            let one = Seen::new(area, [area]);
            next.closeness = one.rate(sums.squared / sums.following, self.closeness_limits());
            next.branching = sums.following / self.seen.mass(next.rate);
        }
        next
    }

    /// From nearly even over the reach to a quarter of an hour.
    pub(super) fn rate_limits(&self) -> (f64, f64) {
        const QUARTER_HOURS: f64 = 96.0;
        (
            0.05 / self.reach.days,
            QUARTER_HOURS.max(100.0 / self.reach.days),
        )
    }

    /// From nearly even over the reach to the precision of the places.
    pub(super) fn closeness_limits(&self) -> (f64, f64) {
        let area = self.reach.metres * self.reach.metres;
        (0.05 / area, 0.5 / (self.precision * self.precision))
    }
}
