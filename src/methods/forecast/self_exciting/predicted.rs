//! What a fitted process expects.

use super::super::past::Past;
use super::super::spread::{Spread, Spreading};
use super::super::units::ForecastUnits;
use super::close::Reach;
use super::parameters::Parameters;
use super::process::SelfExcitingFit;
use super::truncated::share;

/// A process with the past it was fitted to.
pub(in super::super) struct Fitted<'a> {
    pub(super) past: Past<'a>,
    pub(super) reach: Reach,
    /// The kind of place where each incident is.
    pub(super) kind: Vec<u8>,
    pub(super) parameters: Parameters,
    pub(super) fit: SelfExcitingFit,
}

impl Fitted<'_> {
    pub(in super::super) fn into_fit(self) -> SelfExcitingFit {
        self.fit
    }

    /// Incidents to be expected over the coming days, per unit.
    ///
    /// Followers of followers are counted where the first ones are; their number is that of the
    /// exponential process, whose mean rate obeys r' = θω(μ + r) − ωr.
    pub(in super::super) fn expected(&self, days: f64, units: &ForecastUnits) -> Vec<f64> {
        let (theta, rate) = (self.parameters.branching, self.parameters.rate);
        let (of_background, of_followers) = growth(theta, rate, days);
        let mut cells = vec![0.0; units.mesh().len()];
        let amount = self.fit.background_per_day * days * of_background;
        self.add_background(amount, units, &mut cells);
        let parameters = &self.parameters;
        let spread = Spread::Gaussian {
            sigma: parameters.sigma(),
            reach: self.reach.metres,
        };
        let mut spreading = Spreading::new(units, spread);
        let until = |age: f64| share(parameters.rate, age, self.reach.days);
        for i in (0..self.past.len()).rev() {
            let age = self.past.age(i);
            if age >= self.reach.days || parameters.branching == 0.0 {
                break;
            }
            let amount = parameters.branching * (until(age + days) - until(age)) * of_followers;
            spreading.add(self.past.x[i], self.past.y[i], amount, &mut cells);
        }
        units.gather(&cells)
    }

    /// Lays the background around incidents: those at one kind of place share what is fitted for it
    /// at each scale.
    fn add_background(&self, amount: f64, units: &ForecastUnits, cells: &mut [f64]) {
        let shares = &self.parameters.parts;
        let kinds = |i: usize| self.kind[i] as usize;
        let mut size = vec![0.0; shares.len()];
        for i in 0..self.past.len() {
            size[kinds(i)] += 1.0;
        }
        // Kinds of which no place is left lay down nothing, and the others more.
        let radii = self.reach.radii.len();
        let known = |part: usize| part + 1 == shares.len() || size[part / radii] > 0.0;
        let total: f64 = (0..shares.len())
            .filter(|p| known(*p))
            .map(|p| shares[p])
            .sum();
        for (k, radius) in self.reach.radii.iter().enumerate() {
            let mut spreading = Spreading::new(units, Spread::Quartic { radius: *radius });
            for i in 0..self.past.len() {
                let share = shares[self.reach.part(kinds(i), k)];
                if share > 0.0 {
                    let part = amount * share / total / size[kinds(i)];
                    spreading.add(self.past.x[i], self.past.y[i], part, cells);
                }
            }
        }
        let everywhere = amount * shares[shares.len() - 1] / total;
        let km2: f64 = units.covered().iter().sum();
        for (cell, covered) in cells.iter_mut().zip(units.covered()) {
            *cell += everywhere * (covered / km2);
        }
    }
}

/// By what factor later followers raise what is expected over some days, for those of the coming
/// background and those of the past.
pub(super) fn growth(theta: f64, rate: f64, days: f64) -> (f64, f64) {
    if theta >= 1.0 {
        return (1.0, 1.0);
    }
    let left = rate * (1.0 - theta);
    let settled = -(-left * days).exp_m1() / left;
    let first = -(-rate * days).exp_m1() / rate;
    let of_background = 1.0 + theta / (1.0 - theta) * (1.0 - settled / days);
    (of_background, settled / first)
}
