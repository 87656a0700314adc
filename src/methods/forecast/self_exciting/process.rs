//! A steady background, and incidents that draw others after them.

use super::super::method::positive;
use super::super::past::Past;
use super::super::recency::DAY;
use super::super::units::ForecastUnits;
use super::close::{Near, Reach};
use super::fitting::{Best, Fitting};
use super::predicted::Fitted;
use super::truncated::Seen;
use crate::error::{Error, Fault, Result};
use crate::model::{Incidents, Warning, WarningCode};
use crate::parallel::Workers;

/// A self-exciting point process: reports come of a background that is always there, and each may
/// draw others after it, soon and near.
///
/// ```text
/// λ(t, u) = μ(t, u) + Σ_{t_i < t} θ g(t − t_i) h(u − x_i)
/// g(τ)    = ω e^(−ωτ)            up to a reach in days, scaled to one
/// h(d)    ∝ exp(−d²/2σ²)         up to a reach in metres, scaled to one
/// ```
///
/// θ, the branching ratio, is how many one report draws after it on average, followers of followers
/// not counted; below one the process dies down.
///
/// The background is what keeps the model honest, because places that are always busy also have
/// reports close in space and time. μ at an incident is made of those incidents only that are
/// *farther away in time than the reach*: what draws others cannot hide in it, and an address with a
/// report every month is explained by its other months. It is a mixture of kernel densities, of the
/// incidents at each of five kinds of places, by how many lie right there, with each of four quartic
/// kernels, from the precision of the places up to a radius of some 800 m, and of one part for
/// everywhere alike. Their shares are fitted, and the level for each quarter of a year. So only what
/// comes closer together than place and season explain counts as following.
///
/// Shares, levels, θ, ω and σ are fitted together by expectation and maximisation, which raises the
/// log-likelihood at every step, from one start in the middle and without chance, to a gain of less
/// than 10⁻⁴. σ is at least the [`precision`](Self::precision), so that reports from one address are
/// not infinitely close.
///
/// # Limits
/// Following is a pattern, no cause: several people who report one event follow each other too.
/// Reports at the same second do not. What falls outside the study area is not seen, so θ is a little
/// low along its edge. Clusters in time of the whole city that are shorter than a quarter (a week of
/// fireworks) look like following.
///
/// # Complexity
/// Memory for the pairs within both reaches; time for these times the steps, and once for the
/// incidents within the widest kernel.
///
/// Source: Mohler, Short, Brantingham, Schoenberg & Tita 2011, Journal of the American Statistical
/// Association 106:100, doi:10.1198/jasa.2011.ap09546; Veen & Schoenberg 2008, ibid. 103:614,
/// doi:10.1198/016214508000000148. There the background is a kernel density of all incidents, weighted
/// by their chance of being background.
///
/// ```
/// use brandpunt::methods::forecast::{ForecastUnits, SelfExciting};
/// use brandpunt::synthetic::SyntheticCity;
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(2_000).seed(1).build()?;
/// let units = ForecastUnits::areas(&city.neighbourhoods)?;
/// let fit = SelfExciting::new(200.0, 30.0).run(&city.incidents, &units)?;
/// assert!(fit.branching < 1.0);
/// assert!(fit.trace.windows(2).all(|w| w[1] >= w[0] - 1e-9));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SelfExciting {
    metres: f64,
    days: f64,
    precision: f64,
    most_steps: usize,
    discovered: bool,
}

/// The process that fits a record best.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SelfExcitingFit {
    /// θ: how many reports one draws after it, on average.
    pub branching: f64,
    /// Mean days from a report to one that follows it.
    pub delay: f64,
    /// σ: standard deviation of their distance along each axis, in metres.
    pub distance: f64,
    /// Background reports per day in the last quarter of the record.
    pub background_per_day: f64,
    /// Share of the reports that follow another.
    pub following: f64,
    /// The highest log-likelihood, in nats.
    pub log_likelihood: f64,
    /// By how much that is above what a background alone reaches. Without any following it is below
    /// 5 in nearly all records; see the validity protocol.
    pub gain: f64,
    /// Log-likelihood from step to step.
    pub trace: Vec<f64>,
    /// Whether the last step gained less than 10⁻⁴.
    pub converged: bool,
    /// Reports that were fitted.
    pub used: usize,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

impl SelfExciting {
    /// The least gain in log-likelihood that is taken as evidence of following.
    pub const EVIDENCE: f64 = 5.0;

    /// A process in which a report may draw others within a reach in metres and in days.
    #[must_use]
    pub fn new(metres: f64, days: f64) -> Self {
        Self {
            metres,
            days,
            precision: 10.0,
            most_steps: 1_000,
            discovered: false,
        }
    }

    /// Sets how precise places are, 10 m at first: the least σ, and the narrowest kernel of the
    /// background, which smooths as much.
    #[must_use]
    pub fn precision(mut self, metres: f64) -> Self {
        self.precision = metres;
        self
    }

    /// Sets how many steps the fit may take, 1,000 at first.
    #[must_use]
    pub fn most_steps(mut self, steps: usize) -> Self {
        self.most_steps = steps;
        self
    }

    /// Uses what the police found themselves, too.
    #[must_use]
    pub fn discovered(mut self, discovered: bool) -> Self {
        self.discovered = discovered;
        self
    }

    /// Fits the process to all incidents, on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents, units: &ForecastUnits) -> Result<SelfExcitingFit> {
        self.run_with(incidents, units, &Workers::new(0)?)
    }

    /// Fits the process on the given threads; the units are the study area.
    ///
    /// # Errors
    /// As [`Forecast::run_with`](super::super::Forecast::run_with).
    pub fn run_with(
        &self,
        incidents: &Incidents,
        units: &ForecastUnits,
        workers: &Workers,
    ) -> Result<SelfExcitingFit> {
        use super::super::past::Events;
        let events = Events::of(incidents, units, self.discovered, workers)?;
        let (first, last) = (events.seconds[0], events.seconds[events.seconds.len() - 1]);
        let past = events.before(last.saturating_add(1));
        let mut fit = self.fitted(past, first, units, workers)?.into_fit();
        fit.warnings.splice(0..0, events.warnings);
        Ok(fit)
    }

    /// Fits the process to what was known at a moment.
    pub(in super::super) fn fitted<'a>(
        &self,
        past: Past<'a>,
        since: i64,
        units: &ForecastUnits,
        workers: &Workers,
    ) -> Result<Fitted<'a>> {
        let reach = self.reach()?;
        let days = (past.now - since) as f64 / DAY;
        if days < 3.0 * self.days {
            let expected = format!("at most a third of the record of {days:.0} days");
            return Err(Error::parameter("reach_days", self.days, expected));
        }
        if past.len() < LEAST {
            let detail = format!(
                "{} incidents before the forecast; a self-exciting process needs {LEAST}",
                past.len()
            );
            return Err(Error::input(Fault::NoRows, detail));
        }
        let near = Near::of(past, &reach, units, workers)?;
        let pieces = ((days / QUARTER).floor() as usize).max(1);
        let piece_days = days / pieces as f64;
        let piece: Vec<u32> = (0..past.len())
            .map(|i| (((days - past.age(i)) / piece_days) as u32).min(pieces as u32 - 1))
            .collect();
        let seen = Seen::new(self.days, (0..past.len()).map(|i| past.age(i)));
        let fitting = Fitting {
            near: &near,
            reach: &reach,
            piece: &piece,
            piece_days,
            pieces,
            seen: &seen,
            precision: self.precision,
            most_steps: self.most_steps,
        };
        let alone = fitting.climb(false, workers)?;
        let best = fitting.climb(true, workers)?;
        let last = alone.trace.len() - 1;
        let fit = self.told(&fitting, &best, alone.trace[last]);
        Ok(Fitted {
            past,
            kind: near.kind,
            reach,
            parameters: best.parameters,
            fit,
        })
    }

    fn reach(&self) -> Result<Reach> {
        positive("reach", self.metres, "metres")?;
        positive("reach_days", self.days, "days")?;
        positive("precision", self.precision, "metres")?;
        if 3.0 * self.precision > self.metres {
            let expected = format!("at most a third of the reach of {} m", self.metres);
            return Err(Error::parameter("precision", self.precision, expected));
        }
        if self.most_steps == 0 {
            return Err(Error::parameter("most_steps", 0, "at least 1"));
        }
        // A quartic kernel of this radius smooths like a Gaussian of the precision.
        let narrowest = 8.0f64.sqrt() * self.precision;
        Ok(Reach {
            metres: self.metres,
            days: self.days,
            radii: [1.0, 3.0, 9.0, 27.0].map(|f| f * narrowest).to_vec(),
        })
    }

    fn told(&self, fitting: &Fitting<'_>, best: &Best, alone: f64) -> SelfExcitingFit {
        let parameters = &best.parameters;
        let used = fitting.near.len();
        let log_likelihood = best.trace[best.trace.len() - 1];
        let one = Seen::new(self.days, [self.days]);
        let mut fit = SelfExcitingFit {
            branching: parameters.branching,
            delay: one.mean(parameters.rate),
            distance: parameters.sigma(),
            background_per_day: parameters.background[fitting.pieces - 1] / fitting.piece_days,
            following: best.following / used as f64,
            log_likelihood,
            gain: (log_likelihood - alone).max(0.0),
            trace: best.trace.clone(),
            converged: best.converged,
            used,
            warnings: Vec::new(),
        };
        let mut say = |value: f64, message: String| {
            let warning = Warning::with_value(WarningCode::Input, value, message);
            fit.warnings.push(warning);
        };
        let (theta, gain) = (fit.branching, fit.gain);
        if !best.converged {
            say(
                self.most_steps as f64,
                format!(
                    "The fit did not settle in {} steps; what it says may still change.",
                    self.most_steps
                ),
            );
        }
        if theta >= 1.0 {
            say(
                theta,
                format!(
                    "Each report would draw {theta:.2} others after it, which never ends; the model \
                     does not fit these reports, and later followers are not forecast."
                ),
            );
        }
        if gain < Self::EVIDENCE {
            say(
                gain,
                format!(
                    "There is no evidence that reports follow each other (gain {gain:.1}, less than \
                     {}); delay and distance mean nothing then.",
                    Self::EVIDENCE
                ),
            );
        } else if parameters.rate <= fitting.rate_limits().0
            || parameters.closeness <= fitting.closeness_limits().0
        {
            say(
                theta,
                "Followers lie as far as the reach; choose a larger one, or distrust the fit: \
                 something slower than following may be at work."
                    .to_owned(),
            );
        }
        fit
    }
}

/// Days for which the level of the background is fitted at least.
const QUARTER: f64 = 91.0;
/// Incidents without which nothing is fitted.
const LEAST: usize = 20;
