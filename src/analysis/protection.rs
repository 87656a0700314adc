//! What was done to a result before it may be published.

use super::made::Made;
use super::result::HotspotResult;
use crate::error::Result;
use crate::methods::density::DensityClasses;
use crate::methods::rates::standardised_as;
use crate::publish::{Disclosure, HotspotBounds, State, Why};
use crate::stats::normal_quantile;
use crate::weights::Weights;

/// What was withheld from a published result. Nothing in it is more than its readers may know.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Protection {
    /// The name of the rules.
    pub preset: String,
    /// Counts below this are withheld.
    pub minimum_count: i64,
    /// Counts are rounded to multiples of this.
    pub rounding: i64,
    /// Fewest addresses in a published count; 0 for no such rule.
    pub minimum_addresses: usize,
    /// What is published of the count of each neighbourhood.
    pub states: Vec<State>,
    /// The same for the baseline.
    pub baseline_states: Option<Vec<State>>,
    /// Whether there are counts of other years that may not be shown, because something else that is
    /// published counts the same reports another way.
    pub years_withheld: bool,
    /// What the density is shown in.
    pub classes: Option<DensityClasses>,
    /// What Gi* of each neighbourhood can be, whatever the withheld counts are between their bounds.
    /// Values are standardised as on the published map, and hot is a z of at least
    /// [`critical_z`](Self::critical_z).
    pub hotspots: HotspotBounds,
    /// The least z of the hotspots on the published map; where there is none, that of a single test
    /// after Bonferroni's correction.
    pub critical_z: f64,
}

impl Protection {
    /// How many neighbourhoods have no published count.
    #[must_use]
    pub fn withheld(&self) -> usize {
        self.states.iter().filter(|s| s.is_withheld()).count()
    }

    /// What anyone knows of a count: `published` or `withheld`, and between what it lies; NaN for no
    /// upper end.
    #[must_use]
    pub fn known(&self, state: State) -> (&'static str, (f64, f64)) {
        let name = if state.is_withheld() {
            "withheld"
        } else {
            "published"
        };
        (name, state.known(self.rounding, self.minimum_count))
    }

    pub(super) fn new(rules: &Disclosure, states: Vec<State>) -> Self {
        let (minimum_count, rounding) = rules.figures();
        Self {
            preset: rules.name().to_owned(),
            minimum_count,
            rounding,
            minimum_addresses: rules.fewest_addresses(),
            states,
            baseline_states: None,
            years_withheld: false,
            classes: None,
            hotspots: HotspotBounds::default(),
            critical_z: f64::NAN,
        }
    }

    /// Finds out which hotspots do not depend on what is withheld.
    pub(super) fn bound(
        &mut self,
        out: &HotspotResult,
        made: &Made,
        neighbours: &Weights,
    ) -> Result<()> {
        let (table, level) = (&out.neighbourhoods, made.analysis.level);
        let hot = (0..table.len()).filter(|&i| table.is_hot(i, level));
        self.critical_z = hot.map(|i| table.gi_z[i]).fold(f64::INFINITY, f64::min);
        if self.critical_z.is_infinite() {
            let tests = table.gi_z.iter().filter(|z| z.is_finite()).count().max(1);
            self.critical_z = normal_quantile(level / (2.0 * tests as f64));
        }
        let ends = |end: &dyn Fn(i64, Option<i64>) -> f64| -> Vec<f64> {
            let of = |state: &State| match *state {
                State::Published(value) => value as f64,
                State::Withheld { low, high } => end(low, high),
            };
            let counts: Vec<f64> = self.states.iter().map(of).collect();
            if table.population.iter().any(|p| *p > 0.0) {
                standardised_as(&table.count, &table.population, &counts)
            } else {
                counts
            }
        };
        let low = ends(&|low, _| low as f64);
        let high = ends(&|_, high| high.map_or(f64::INFINITY, |h| h as f64));
        let star = neighbours.include_self();
        self.hotspots = HotspotBounds::of(&low, &high, &star, self.critical_z)?;
        Ok(())
    }
}

/// One line of the account of what was withheld. For the analyst only: the true count is in it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AuditRow {
    /// Code of the area; `None` for a total.
    pub code: Option<String>,
    /// That code, or the name of the total: how many areas, and a hash of which.
    pub area: String,
    /// The part counted, such as `part_of_day: evening`; `None` for all reports.
    pub part: Option<String>,
    /// The period's name.
    pub period: String,
    /// The true count.
    pub count: i64,
    /// What is published of it.
    pub state: State,
    /// Why it is withheld.
    pub why: Option<Why>,
    /// Whether it is all of the city's count.
    pub group: bool,
}
