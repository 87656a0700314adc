//! The counts that are scanned, checked once.

use super::model::ScanModel;
use crate::error::{Error, Fault, Result};
use crate::model::{Warning, WarningCode};

/// What was given for the population.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given<'a> {
    /// One number per unit, for all steps alike.
    PerUnit(&'a [f64]),
    /// One number per unit and step, unit by unit.
    PerCell(&'a [f64]),
    /// None is needed.
    Nothing,
}

/// Units with a known count and population, and what happened at every step.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    /// Position of each unit in what was given.
    pub(super) position: Vec<usize>,
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) steps: usize,
    /// Cases, unit by unit and step by step.
    pub(super) counts: Vec<u32>,
    /// Share of the population times step of each cell, in any unit; for Bernoulli the people.
    pub(super) shares: Vec<f64>,
    /// People of each unit, as given; cases where no population is needed.
    pub(super) people: Vec<f64>,
    pub(super) cases: u32,
    pub(super) missing: usize,
}

impl Cells {
    /// Checks counts, population and places. A unit of which anything is NaN is left out.
    pub(super) fn of(
        counts: &[f64],
        steps: usize,
        given: Given<'_>,
        (x, y): (&[f64], &[f64]),
        model: ScanModel,
    ) -> Result<Self> {
        let units = x.len();
        let expected = match given {
            Given::PerUnit(p) => p.len() == units,
            Given::PerCell(p) => p.len() == units * steps,
            Given::Nothing => true,
        };
        if y.len() != units || counts.len() != units * steps || !expected {
            let (people, what) = match given {
                Given::PerUnit(p) => (p.len(), "one per unit"),
                Given::PerCell(p) => (p.len(), "one per unit and step"),
                Given::Nothing => (0, "none"),
            };
            let detail = format!(
                "{units} x, {} y, {} counts of {steps} steps and {people} populations ({what})",
                y.len(),
                counts.len()
            );
            return Err(Error::input(Fault::LengthMismatch, detail));
        }
        let mut out = Self {
            position: Vec::new(),
            x: Vec::new(),
            y: Vec::new(),
            steps,
            counts: Vec::new(),
            shares: Vec::new(),
            people: Vec::new(),
            cases: 0,
            missing: 0,
        };
        let mut total = 0u64;
        for unit in 0..units {
            let of_unit = &counts[unit * steps..(unit + 1) * steps];
            let people: Vec<f64> = match given {
                Given::PerUnit(p) => vec![p[unit]; steps],
                Given::PerCell(p) => p[unit * steps..(unit + 1) * steps].to_vec(),
                Given::Nothing => vec![1.0; steps],
            };
            if of_unit.iter().chain(&people).any(|v| v.is_nan()) {
                out.missing += 1;
                continue;
            }
            if !(x[unit].is_finite() && y[unit].is_finite()) {
                let detail = format!(
                    "unit {unit} (from 0) lies at {}, {}; give its place, or NaN as its count to \
                     leave it out",
                    x[unit], y[unit]
                );
                return Err(Error::input(Fault::NonFinite, detail));
            }
            for (step, (&count, &people)) in of_unit.iter().zip(&people).enumerate() {
                cell(unit, step, count, people, model)?;
                total = total.saturating_add(count as u64);
                out.counts.push(count as u32);
            }
            out.people.push(match given {
                Given::PerUnit(p) => p[unit],
                Given::PerCell(_) => people.iter().sum(),
                Given::Nothing => of_unit.iter().sum(),
            });
            out.shares.extend(people);
            out.position.push(unit);
            out.x.push(x[unit]);
            out.y.push(y[unit]);
        }
        out.cases = i32::try_from(total).map_or_else(
            |_| {
                let detail = format!("{total} cases are more than 2^31 and cannot be scanned");
                Err(Error::input(Fault::NumberOutOfRange, detail))
            },
            |cases| Ok(cases as u32),
        )?;
        if out.position.is_empty() {
            let detail = "no unit has a count and a population; give at least two that have both";
            return Err(Error::input(Fault::NoRows, detail));
        }
        Ok(out)
    }

    pub(super) fn units(&self) -> usize {
        self.position.len()
    }

    /// A warning about units that were left out.
    pub(super) fn left_out(&self) -> Option<Warning> {
        (self.missing > 0).then(|| {
            let message = format!(
                "{} units without a count or a population were left out: clusters can lie around \
                 them, but hold none of them.",
                self.missing
            );
            Warning::with_value(WarningCode::MissingPopulation, self.missing as f64, message)
        })
    }

    /// Counts of each unit summed up to every step.
    pub(super) fn running(&self) -> Vec<[i32; 1]> {
        let mut out = Vec::with_capacity(self.counts.len());
        for unit in self.counts.chunks(self.steps) {
            let mut sum = 0;
            out.extend(unit.iter().map(|count| {
                sum += *count as i32;
                [sum]
            }));
        }
        out
    }
}

/// Sums of the values of each unit up to every step.
pub(super) fn running(values: &[f64], steps: usize) -> Vec<f64> {
    let mut out = Vec::with_capacity(values.len());
    for unit in values.chunks(steps) {
        let mut sum = 0.0;
        out.extend(unit.iter().map(|value| {
            sum += value;
            sum
        }));
    }
    out
}

/// Refuses what is no count, no population, or no pair of both.
fn cell(unit: usize, step: usize, count: f64, people: f64, model: ScanModel) -> Result<()> {
    let refused = |fault, what: &str, value: f64, remedy: &str| {
        let detail = format!("{what} of unit {unit} at step {step} (from 0) is {value}; {remedy}");
        Err(Error::input(fault, detail))
    };
    for (what, value) in [("the count", count), ("the population", people)] {
        if value.is_infinite() {
            return refused(Fault::NonFinite, what, value, "use NaN for an unknown one");
        }
        if value < 0.0 {
            return refused(Fault::Negative, what, value, "use NaN for an unknown one");
        }
    }
    if count.fract() != 0.0 {
        let remedy = "cases are counted whole; carried-over fractions cannot be scanned";
        return refused(Fault::NotAnInteger, "the count", count, remedy);
    }
    if model == ScanModel::Bernoulli {
        if people.fract() != 0.0 || people > 1e15 {
            let remedy = "the model bernoulli counts people whole";
            return refused(Fault::NotAnInteger, "the population", people, remedy);
        }
        if count > people {
            let remedy = format!(
                "the model bernoulli counts cases among the people, and {count} are more than that"
            );
            return refused(Fault::NumberOutOfRange, "the population", people, &remedy);
        }
    } else if people == 0.0 && count > 0.0 {
        let remedy = format!(
            "nobody can have {count} cases: give NaN to leave the unit out, or a population that \
             counts who is there"
        );
        return refused(Fault::MissingExposure, "the population", people, &remedy);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f64 = f64::INFINITY;

    /// What can just be scanned, and what just cannot.
    #[test]
    fn counts_and_people_are_refused_by_their_fault() {
        use Fault::{MissingExposure, Negative, NoRows, NonFinite, NotAnInteger, NumberOutOfRange};
        use ScanModel::{Bernoulli, Poisson};
        let most = f64::from(i32::MAX);
        for (counts, people, model, fault) in [
            ([1.0, 0.0], [2.5, 0.0], Poisson, None),
            ([1.0, 1.0], [2.5, 0.0], Poisson, Some(MissingExposure)),
            ([0.5, 1.0], [2.5, 1.0], Poisson, Some(NotAnInteger)),
            ([INF, 1.0], [2.5, 1.0], Poisson, Some(NonFinite)),
            ([-1.0, 1.0], [2.5, 1.0], Poisson, Some(Negative)),
            ([1.0, 1.0], [INF, 1.0], Poisson, Some(NonFinite)),
            ([0.0, 1.0], [-2.5, 1.0], Poisson, Some(Negative)),
            ([most, 0.0], [1.0, 1.0], Poisson, None),
            ([most, 1.0], [1.0, 1.0], Poisson, Some(NumberOutOfRange)),
            ([f64::NAN, 1.0], [1.0, f64::NAN], Poisson, Some(NoRows)),
            ([2.0, 0.0], [2.0, 0.0], Bernoulli, None),
            ([3.0, 0.0], [2.0, 5.0], Bernoulli, Some(NumberOutOfRange)),
            ([2.0, 0.0], [2.5, 1.0], Bernoulli, Some(NotAnInteger)),
            ([2.0, 0.0], [1e15, 1.0], Bernoulli, None),
            ([2.0, 0.0], [1e15 + 1.0, 1.0], Bernoulli, Some(NotAnInteger)),
        ] {
            let given = Given::PerUnit(&people);
            let found = Cells::of(&counts, 1, given, (&[0.0; 2], &[0.0; 2]), model);
            let found = found.err().and_then(|error| error.fault());
            assert_eq!(found, fault, "{counts:?} {people:?} {model:?}");
        }
        for place in [[0.0, INF], [f64::NAN, 0.0]] {
            let given = Given::PerUnit(&[1.0]);
            let at = (&place[..1], &place[1..]);
            let error = Cells::of(&[1.0], 1, given, at, Poisson).unwrap_err();
            assert_eq!(error.fault(), Some(NonFinite));
        }
        let six = [1.0; 6];
        for (counts, given, (x, y), fits) in [
            (6, Given::PerUnit(&six[..3]), (3, 3), true),
            (6, Given::PerCell(&six), (3, 3), true),
            (6, Given::Nothing, (3, 3), true),
            (5, Given::Nothing, (3, 3), false),
            (6, Given::Nothing, (3, 2), false),
            (6, Given::PerUnit(&six), (3, 3), false),
            (6, Given::PerCell(&six[..3]), (3, 3), false),
        ] {
            let found = Cells::of(&six[..counts], 2, given, (&six[..x], &six[..y]), Poisson);
            let fault = found.err().and_then(|error| error.fault());
            assert_eq!(fault, (!fits).then_some(Fault::LengthMismatch));
        }
    }

    #[test]
    fn a_unit_is_known_at_every_step_or_left_out() {
        let counts = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let people = [10.0, 20.0, 30.0, f64::NAN, 50.0, 60.0];
        let at = (&[0.0, 1.0, 2.0][..], &[3.0, 4.0, 5.0][..]);
        let of = |given| Cells::of(&counts, 2, given, at, ScanModel::Poisson).unwrap();
        let some = of(Given::PerCell(&people));
        assert_eq!((some.position.as_slice(), some.units()), (&[0, 2][..], 2));
        assert_eq!(
            (some.x.as_slice(), some.y.as_slice()),
            (&[0.0, 2.0][..], &[3.0, 5.0][..])
        );
        assert_eq!((some.cases, some.missing), (14, 1));
        assert_eq!(some.counts, [1, 2, 5, 6]);
        assert_eq!(some.shares, [10.0, 20.0, 50.0, 60.0]);
        assert_eq!(some.people, [30.0, 110.0]);
        assert_eq!(some.running(), [[1], [3], [5], [11]]);
        assert_eq!(running(&some.shares, 2), [10.0, 30.0, 50.0, 110.0]);
        assert_eq!(some.left_out().unwrap().value, Some(1.0));
        let all = of(Given::PerUnit(&people[..3]));
        assert_eq!(all.people, [10.0, 20.0, 30.0]);
        assert_eq!(all.shares, [10.0, 10.0, 20.0, 20.0, 30.0, 30.0]);
        assert!(all.left_out().is_none());
        let cases = of(Given::Nothing);
        assert_eq!(
            (cases.people, cases.shares),
            (vec![3.0, 7.0, 11.0], vec![1.0; 6])
        );
    }
}
