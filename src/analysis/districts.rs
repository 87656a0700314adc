//! How much in each district (*wijk*), and is it less than before?

use super::configuration::Figures;
use crate::error::Result;
use crate::methods::rates::{Change, ChangeTable, RateTable, Rates};
use crate::model::{AreaCode, AreaLevel, Neighbourhoods};
use crate::publish::State;
use crate::stats::sum;

/// Columns per district, in order of their codes; NaN stands for a number that is not defined.
///
/// A district is that of the codes of its neighbourhoods (`BU00340101` lies in `WK003401`). Its counts
/// and people are those of the neighbourhoods with people, in each period by itself.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Districts {
    /// Code of the district.
    pub code: Vec<String>,
    /// How many neighbourhoods with people it has.
    pub areas: Vec<usize>,
    /// Incidents in the period; where the count is withheld, what stands in for it.
    pub count: Vec<i64>,
    /// People.
    pub population: Vec<f64>,
    /// Incidents per `Theme::per_people` people.
    pub rate: Vec<f64>,
    /// Lower end of the exact 95 % interval of the rate.
    pub rate_low: Vec<f64>,
    /// Upper end of the interval.
    pub rate_high: Vec<f64>,
    /// Rate divided by that of the baseline, with its interval, q-value over the districts and what can
    /// be said; `None` without a baseline.
    pub change: Option<ChangeTable>,
    /// What is published of the counts, and of those of the baseline where there is one; empty in a
    /// result that is not protected.
    pub states: Vec<Vec<State>>,
}

/// The district of each area, where all areas are neighbourhoods of at least two.
pub(super) struct Grouped {
    pub(super) code: Vec<String>,
    pub(super) of: Vec<usize>,
}

impl Grouped {
    pub(super) fn of(areas: &Neighbourhoods) -> Option<Self> {
        let district = |code: &String| -> Option<String> {
            let code: AreaCode = code.parse().ok()?;
            let is_part = code.level() == AreaLevel::Neighbourhood;
            let parent = code.parent().filter(|_| is_part)?;
            Some(parent.as_str().to_owned())
        };
        let own: Vec<String> = areas.codes().iter().map(district).collect::<Option<_>>()?;
        let mut code = own.clone();
        code.sort_unstable();
        code.dedup();
        let of = own
            .iter()
            .map(|c| code.partition_point(|d| d < c))
            .collect();
        (code.len() > 1 && code.len() < areas.len()).then_some(Self { code, of })
    }

    /// The positions of the areas of each district that are wanted.
    pub(super) fn members(&self, wanted: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
        let mut out = vec![Vec::new(); self.code.len()];
        for (i, &district) in self.of.iter().enumerate().filter(|(i, _)| wanted(*i)) {
            out[district].push(i);
        }
        out
    }
}

impl Districts {
    /// From the counts of the areas, or from totals that were published by themselves.
    pub(super) fn of(
        areas: &Neighbourhoods,
        figures: &Figures<'_>,
        (population, population_then): (&[f64], &[f64]),
        per: f64,
    ) -> Result<Option<Self>> {
        let Some(grouped) = Grouped::of(areas) else {
            return Ok(None);
        };
        let together = |counts: &[i64], people: &[f64], own: Option<&Vec<i64>>| {
            let members = grouped.members(|i| people[i] > 0.0);
            let add = |all: &Vec<usize>| all.iter().map(|&i| counts[i]).sum::<i64>();
            let counts = own
                .cloned()
                .unwrap_or_else(|| members.iter().map(add).collect());
            let people = |all: &Vec<usize>| sum(all.iter().map(|&i| people[i]));
            let people: Vec<f64> = members.iter().map(people).collect();
            let sizes: Vec<usize> = members.iter().map(Vec::len).collect();
            (counts, people, sizes)
        };
        let totals = figures.districts.as_ref();
        let (count, people, sizes) = together(figures.counts, population, totals.map(|t| &t[0]));
        let change = match figures.then {
            Some(then) => {
                let then = together(then, population_then, totals.and_then(|t| t.get(1)));
                let change = Change::new().per(per);
                Some(change.run(&count, &people, &then.0, &then.1)?)
            }
            None => None,
        };
        let RateTable {
            rate, low, high, ..
        } = Rates::new().per(per).run(&count, &people)?;
        Ok(Some(Self {
            code: grouped.code,
            areas: sizes,
            count,
            population: people,
            rate,
            rate_low: low,
            rate_high: high,
            change,
            states: Vec::new(),
        }))
    }

    /// Whether the count of a district may not be shown.
    #[must_use]
    pub fn is_withheld(&self, district: usize) -> bool {
        let states = self.states.first();
        states.is_some_and(|states| states[district].is_withheld())
    }

    /// Leaves out the figures of districts whose count is withheld.
    pub(super) fn protect(&mut self, states: Vec<Vec<State>>) {
        self.states = states;
        for i in 0..self.code.len() {
            if self.is_withheld(i) {
                for column in [&mut self.rate, &mut self.rate_low, &mut self.rate_high] {
                    column[i] = f64::NAN;
                }
            }
            let hidden = self.states.iter().any(|states| states[i].is_withheld());
            if let Some(change) = self.change.as_mut().filter(|_| hidden) {
                change.leave_out(i);
            }
        }
    }
}
