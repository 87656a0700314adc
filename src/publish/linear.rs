//! The interval of an unknown given everything else, by linear programming.

use microlp::{ComparisonOp, Error as Failure, OptimizationDirection, Problem, Variable};

use super::system::{Component, System, UNBOUNDED};
use crate::error::{Error, Result};

/// How far from a whole number a number of the solver may be and still be one.
const WHOLE: f64 = 1e-6;
/// Nodes of a search for whole numbers. It is rarely needed, see [`end`].
const NODES: u64 = 2_000;
/// Largest count in a search for whole numbers.
const MOST: i64 = 1_000_000_000;

/// The least and greatest value of each unknown in tables of whole numbers that fit, as far as they
/// came by.
#[derive(Debug)]
pub(super) struct Seen(Vec<(i64, i64)>);

impl Seen {
    pub(super) fn new(unknowns: usize) -> Self {
        Self(vec![(i64::MAX, i64::MIN); unknowns])
    }

    /// Whether two tables that fit differ by so much in an unknown.
    pub(super) fn spreads(&self, unknown: usize, width: i64) -> bool {
        self.ends(unknown)
            .is_some_and(|(low, high)| high - low >= width)
    }

    /// The least and the greatest value in tables that fit; `None` where there was no table.
    pub(super) fn ends(&self, unknown: usize) -> Option<(i64, i64)> {
        let ends = self.0[unknown];
        (ends.0 <= ends.1).then_some(ends)
    }

    /// Whether a table that fits has this value.
    pub(super) fn reaches(&self, unknown: usize, value: i64) -> bool {
        self.0[unknown].0 == value || self.0[unknown].1 == value
    }

    /// Takes in a table that fits.
    pub(super) fn take(&mut self, table: &[i64]) {
        for (unknown, &value) in table.iter().enumerate() {
            self.note(unknown, value);
        }
    }

    fn note(&mut self, unknown: usize, value: i64) {
        let (low, high) = &mut self.0[unknown];
        (*low, *high) = ((*low).min(value), (*high).max(value));
    }
}

/// The interval of one unknown of a component with cycles; `high` is [`UNBOUNDED`] where there is no
/// end. Ends for whole numbers are exact wherever the second is true; else they are at most too
/// wide.
pub(super) fn interval(
    system: &System,
    component: &Component,
    unknown: usize,
    seen: &mut Seen,
) -> Result<(i64, i64, bool)> {
    let own = (system.low[unknown], system.high[unknown]);
    let mut side = |bound, direction| {
        // Bounds are never too narrow, so one that a table reaches is the end.
        if own.0 == own.1 || seen.reaches(unknown, bound) {
            return Ok((bound, true));
        }
        end(system, component, unknown, direction, seen)
    };
    let (low, low_exact) = side(own.0, OptimizationDirection::Minimize)?;
    let (high, high_exact) = side(own.1, OptimizationDirection::Maximize)?;
    Ok((low, high, low_exact && high_exact))
}

/// One end. The solution of the linear program is a corner of what is possible. Where all of its
/// numbers are whole, as they always are in trees and two-way tables, whose matrices are totally
/// unimodular, it is the end for whole numbers as well. Otherwise (three-way tables, crossing
/// periods) whole numbers are searched for.
fn end(
    system: &System,
    component: &Component,
    unknown: usize,
    direction: OptimizationDirection,
    seen: &mut Seen,
) -> Result<(i64, bool)> {
    let (relaxed, is_whole) = corner(system, component, unknown, direction, seen)?;
    if is_whole {
        return Ok((relaxed, true));
    }
    let bounded = component.unknowns.iter().all(|&i| system.low[i] <= MOST);
    if !bounded {
        return Ok((relaxed, false));
    }
    let (problem, _) = problem(system, component, unknown, direction, true);
    let mut options = microlp::SolveOptions::default();
    options.node_limit = Some(NODES);
    match problem.solve_with(options) {
        Ok(outcome) if outcome.is_optimal() => match outcome.into_solution() {
            Ok(found) => Ok((found.objective().round() as i64, true)),
            Err(_) => Ok((relaxed, false)),
        },
        Err(Failure::Infeasible) => Err(contradicts()),
        _ => Ok((relaxed, false)),
    }
}

/// One end by the linear program alone, and whether a table of whole numbers is there; such a table is seen.
pub(super) fn corner(
    system: &System,
    component: &Component,
    unknown: usize,
    direction: OptimizationDirection,
    seen: &mut Seen,
) -> Result<(i64, bool)> {
    let (problem, variables) = problem(system, component, unknown, direction, false);
    let solution = match problem.solve() {
        Ok(outcome) => outcome.into_solution().map_err(|_| stopped())?,
        Err(Failure::Unbounded) => return Ok((UNBOUNDED, true)),
        Err(Failure::Infeasible) => return Err(contradicts()),
        Err(other) => return Err(Error::internal(format!("linear program: {other}"))),
    };
    let whole = |v: &Variable| {
        let value = solution.var_value(*v);
        (value - value.round()).abs() <= WHOLE
    };
    let is_whole = variables.iter().all(whole);
    if is_whole {
        for (&i, v) in component.unknowns.iter().zip(&variables) {
            seen.note(i, solution.var_value(*v).round() as i64);
        }
    }
    Ok((inward(solution.objective(), direction), is_whole))
}

/// The whole number next to a relaxed end, on the inside.
fn inward(value: f64, direction: OptimizationDirection) -> i64 {
    match direction {
        OptimizationDirection::Minimize => (value - WHOLE).ceil() as i64,
        OptimizationDirection::Maximize => (value + WHOLE).floor() as i64,
    }
}

fn problem(
    system: &System,
    component: &Component,
    unknown: usize,
    direction: OptimizationDirection,
    whole: bool,
) -> (Problem, Vec<Variable>) {
    let mut problem = Problem::new(direction);
    let mut place = std::collections::BTreeMap::new();
    let mut variables = Vec::with_capacity(component.unknowns.len());
    for &i in &component.unknowns {
        let cost = f64::from(u8::from(i == unknown));
        let (low, high) = (system.low[i], system.high[i]);
        let variable = if whole {
            problem.add_integer_var(cost, (low as i32, high.min(MOST) as i32))
        } else {
            let high = if high >= UNBOUNDED {
                f64::INFINITY
            } else {
                high as f64
            };
            problem.add_var(cost, (low as f64, high))
        };
        place.insert(i, variable);
        variables.push(variable);
    }
    for &r in &component.relations {
        let relation = &system.relations[r];
        let mut fixed = 0;
        let mut terms = Vec::with_capacity(relation.parts.len() + 1);
        let signed = relation.parts.iter().map(|&p| (p, 1));
        for (i, sign) in signed.chain([(relation.total, -1)]) {
            match place.get(&i) {
                Some(&variable) => terms.push((variable, f64::from(sign))),
                None => fixed += i64::from(sign) * system.low[i],
            }
        }
        problem.add_constraint(terms.as_slice(), ComparisonOp::Eq, -fixed as f64);
    }
    (problem, variables)
}

fn stopped() -> Error {
    Error::internal("a linear program without limits stopped early")
}

/// Published figures that no table fits.
pub(super) fn contradicts() -> Error {
    Error::disclosure(
        "figures of earlier releases in the ledger contradict the counts of this one, so the audit \
         cannot be done: the reports were revised since. Publish the revised figures with a new \
         ledger, and withdraw the earlier release",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::table::Relation;

    /// The interval of a + c, where a is at least `base`, a + b is that and 3, b + c is 3, and a + c as given.
    fn around(base: i64, sum: (i64, i64)) -> Result<(i64, i64, bool)> {
        let mut system = System::default();
        for low in [base, 0, 0] {
            system.unknown(low, UNBOUNDED);
        }
        for (low, high) in [(base + 3, base + 3), (3, 3), sum] {
            system.unknown(low, high);
        }
        for (total, parts) in [(3, vec![0, 1]), (4, vec![1, 2]), (5, vec![0, 2])] {
            system.relations.push(Relation { total, parts });
        }
        let unknowns = (0..6).filter(|&i| system.low[i] < system.high[i]);
        let component = Component {
            unknowns: unknowns.collect(),
            relations: vec![0, 1, 2],
            cyclic: true,
        };
        let mut seen = Seen::new(6);
        let unknown = if sum.0 < sum.1 { 5 } else { 0 };
        interval(&system, &component, unknown, &mut seen)
    }

    #[test]
    fn ends_are_of_whole_numbers_or_said_not_to_be() {
        // All three make 6 + a + c, twice over, so that a + c is even: 3 takes halves.
        assert_eq!(around(0, (2, 3)).unwrap(), (2, 2, true));
        assert!(matches!(around(0, (3, 3)), Err(Error::Disclosure { .. })));
        // No search among numbers so great: the upper end may be too wide.
        let base = MOST + 2;
        let found = around(base, (base + 2, base + 3)).unwrap();
        assert_eq!(found, (base + 2, base + 3, false));
        // Nor is one needed where the corner is whole.
        let found = around(base, (base + 2, base + 2)).unwrap();
        assert_eq!(found, (base + 1, base + 1, true));
    }
}
