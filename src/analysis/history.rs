//! Is a hotspot new, lasting or fading?

use ndarray::Array2;

use super::located::Located;
use super::people::{People, PeopleFrom};
use super::provenance::Provenance;
use super::result::History;
use crate::error::Result;
use crate::methods::emerging::{
    Category, EmergingHotspots, Pool, SpaceTimeBins, SpaceTimeCube, SpaceTimeGiStar,
};
use crate::methods::local::Inference;
use crate::model::{Neighbourhoods, Period, Step, Times, Warning, WarningCode, Zone};
use crate::parallel::Workers;
use crate::stats::sum;
use crate::weights::Weights;

/// Fewest steps a history needs.
const FEWEST: usize = 10;
/// Most steps a history has; older ones say little about today.
const MOST: usize = 40;
/// Earlier steps that count as neighbours.
const LOOK_BACK: usize = 1;
/// Data that begin or end so little after or before a step does are taken to cover it: on the first
/// days of a year there may be no report.
pub(super) const QUIET_DAYS: i64 = 2;
pub(super) const DAY: i64 = 86_400;

/// The theme's incidents per area and step, up to the end of the period.
pub(super) struct Series {
    cube: SpaceTimeCube,
    step: Step,
    zone: Zone,
}

impl Series {
    /// Counts the theme's incidents (`members`) per step: quarters where at least ten whole ones
    /// lie between the first time of the data and the end of the period, else months, else weeks.
    /// `None` with a warning where there are not even ten weeks.
    pub(super) fn of(
        located: &Located<'_>,
        members: &[u32],
        period: Option<&Period>,
    ) -> Result<(Option<Self>, Option<Warning>)> {
        let (Some(times), Some(period)) = (located.incidents.times(), period) else {
            return Ok((None, None));
        };
        let Some((since, until)) = covered(times, period) else {
            return Ok((None, None));
        };
        let finest: &[Step] = if times.months_only() {
            &[Step::Quarter, Step::Month]
        } else {
            &[Step::Quarter, Step::Month, Step::Week]
        };
        for &step in finest {
            let mut steps = Period::steps_back(since, until, step, times.zone());
            steps.retain(|p| p.start + QUIET_DAYS * DAY >= since);
            if steps.len() < FEWEST {
                continue;
            }
            let first = steps[steps.len().saturating_sub(MOST)].start;
            let labels: Vec<u32> = members.iter().map(|&i| located.label[i as usize]).collect();
            let cube = SpaceTimeBins::new(step)
                .since(first)
                .until(until)
                .run_labels(&labels, &times.take(members), located.areas.len())?;
            let zone = times.zone().clone();
            return Ok((Some(Self { cube, step, zone }), None));
        }
        let warning = Warning::new(
            WarningCode::FewSteps,
            format!(
                "The data go back less than {FEWEST} {} before the end of {}: too short to say \
                 whether a hotspot is new or lasting.",
                if times.months_only() {
                    "months"
                } else {
                    "weeks"
                },
                period.label
            ),
        );
        Ok((None, Some(warning)))
    }

    /// Names the history of each area.
    ///
    /// Where there are people of the kind, each step's incidents fall at random in proportion to
    /// them (as beta-binomial where counts vary more than chance makes them): the exposure of an area at a step is its share of the people of that year times the
    /// city's incidents of that step. So an area is hot where it stands out from the city of the
    /// day, and neither seasons nor a rise of the whole city make it so. Without people, counts
    /// are tested exactly among those of the same window.
    pub(super) fn named(
        self,
        weights: &Weights,
        areas: &Neighbourhoods,
        kind: &str,
        level: f64,
        workers: &Workers,
    ) -> Result<(History, Vec<Warning>)> {
        let statistic = SpaceTimeGiStar::new().look_back(LOOK_BACK);
        let (cube, statistic) = match self.exposed(areas, kind) {
            Some((values, exposure)) => (
                SpaceTimeCube::from_values(values)?,
                statistic
                    .inference(Inference::ExposureOverdispersed)
                    .exposure(exposure),
            ),
            None => (self.cube.clone(), statistic.pool(Pool::Window)),
        };
        let found = EmergingHotspots::new()
            .statistic(statistic)
            .level(level)
            .run_with(&cube, weights, workers)?;
        let history = History {
            step: self.step,
            look_back: LOOK_BACK,
            periods: self.cube.periods().to_vec(),
            count: self.cube.values().mapv(|v| v as i64),
            sign: found.sign,
            category: found.category,
            hot_steps: found.hot_steps,
            cold_steps: found.cold_steps,
            trend: found.value_trend,
            inference: found.statistics.inference,
        };
        let warnings = found.warnings.into_iter();
        Ok((history, warnings.map(|w| in_steps(w, self.step)).collect()))
    }

    /// Counts and exposures per area and step, NaN where there are no people; `None` where there
    /// are none at all.
    fn exposed(&self, areas: &Neighbourhoods, kind: &str) -> Option<(Array2<f64>, Array2<f64>)> {
        let mut values = self.cube.values().clone();
        let mut exposure = Array2::from_elem(values.dim(), f64::NAN);
        let mut known = false;
        for (step, period) in self.cube.periods().iter().enumerate() {
            let found = People::of(areas, kind, Some(period.last_year(&self.zone)));
            if found.from == PeopleFrom::Nowhere {
                return None;
            }
            let people = found.values;
            let of = |area: usize| people[area] > 0.0;
            let everybody = sum((0..people.len()).filter(|&a| of(a)).map(|a| people[a]));
            let counts = values.column(step).to_vec();
            let city = sum((0..people.len()).filter(|&a| of(a)).map(|a| counts[a]));
            for area in 0..people.len() {
                if of(area) {
                    known = true;
                    exposure[[area, step]] = city * people[area] / everybody;
                } else {
                    values[[area, step]] = f64::NAN;
                }
            }
        }
        known.then_some((values, exposure))
    }
}

/// A warning in words that fit the main job, which offers no choice of inference.
fn in_steps(warning: Warning, step: Step) -> Warning {
    match (warning.code, warning.value) {
        (WarningCode::Overdispersion, Some(ratio)) => Warning::with_value(
            WarningCode::Overdispersion,
            ratio,
            format!(
                "Counts per neighbourhood and {} vary {ratio:.1} times as much as chance alone \
                 would make them, given the people and the city's count, so a beta-binomial with \
                 that ratio says which steps are hot or cold; true hotspots make it cautious.",
                step.name()
            ),
        ),
        _ => warning,
    }
}

/// From when to when the data can be compared step by step: from their first whole day to the end
/// of the period, or to their own end if they end well before.
pub(super) fn covered(times: &Times, period: &Period) -> Option<(i64, i64)> {
    let zone = times.zone();
    let (first, last) = times.range()?;
    let (first, last) = (zone.local(first).date(), zone.local(last).date());
    let last = if times.months_only() {
        last.last_of_month()
    } else {
        last
    };
    let since = zone.start_of_day(first);
    let ends = zone.start_of_day(last.tomorrow().ok()?);
    let until = if ends + QUIET_DAYS * DAY < period.end {
        ends
    } else {
        period.end
    };
    (since < until).then_some((since, until))
}

impl History {
    /// The names of the categories.
    pub(super) fn names(&self) -> Vec<Option<String>> {
        self.category
            .iter()
            .map(|c| c.map(Category::name))
            .collect()
    }

    /// How it was made.
    pub(super) fn account(&self, provenance: &mut Provenance) {
        provenance.push("emerging_step", self.step.name());
        provenance.push("emerging_steps", self.periods.len().to_string());
        provenance.push("emerging_look_back", self.look_back.to_string());
        provenance.push("emerging_inference", self.inference.name());
    }
}

#[cfg(test)]
mod tests;
