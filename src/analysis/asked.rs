//! The counts of a result that are to be published.

use super::counted::Counted;
use super::districts::Grouped;
use super::made::{Made, Reported};
use super::people::People;
use super::result::HotspotResult;
use crate::error::Result;
use crate::model::Period;
use crate::publish::{CellKey, Disclosure, Ledger, Protected, State};

/// The counts that are to be published, and where they are in the table.
pub(super) struct Asked<'a> {
    pub(super) counted: Counted<'a>,
    pub(super) label: String,
    /// The period, the baseline where there is one, and the other years.
    pub(super) rounds: Vec<Round>,
    pub(super) has_baseline: bool,
    /// How many rounds, the first ones, tell districts.
    with_districts: usize,
}

/// The counts of one period.
pub(super) struct Round {
    pub(super) period: Option<Period>,
    /// The cell of the first area.
    pub(super) first: usize,
    /// Areas with people.
    pub(super) known: Vec<bool>,
    /// The cell of all areas together.
    pub(super) all: Option<usize>,
    /// The cell of all areas with people.
    pub(super) with_people: Option<usize>,
    /// The cell of each district; `None` where it has nobody.
    pub(super) districts: Vec<Option<usize>>,
}

/// What can be shown of a table: published counts, and stand-ins that depend on the rules alone.
pub(super) struct Shown<'a> {
    pub(super) fill: Vec<i64>,
    states: &'a [State],
}

impl<'a> Shown<'a> {
    pub(super) fn of(rules: &Disclosure, protected: &'a Protected) -> Self {
        let states = protected.states.iter();
        Self {
            fill: states.map(|state| state.filled(rules)).collect(),
            states: &protected.states,
        }
    }

    /// The counts of the areas in a round.
    pub(super) fn areas(&self, round: &Round) -> &[i64] {
        &self.fill[round.first..round.first + round.known.len()]
    }

    pub(super) fn states(&self, round: &Round) -> &'a [State] {
        &self.states[round.first..round.first + round.known.len()]
    }

    /// The count of all areas in a round.
    pub(super) fn all(&self, round: &Round) -> i64 {
        self.total(round.all, self.areas(round).iter().sum())
    }

    /// The count of all areas with people.
    pub(super) fn with_people(&self, round: &Round) -> i64 {
        let pairs = self.areas(round).iter().zip(&round.known);
        self.total(
            round.with_people,
            pairs.filter(|(_, known)| **known).map(|(c, _)| *c).sum(),
        )
    }

    /// The counts of the districts.
    pub(super) fn districts(&self, round: &Round) -> Vec<i64> {
        let count = |cell: &Option<usize>| cell.map_or(0, |cell| self.fill[cell]);
        round.districts.iter().map(count).collect()
    }

    pub(super) fn district_states(&self, round: &Round) -> Vec<State> {
        let state = |cell: &Option<usize>| cell.map_or(State::Published(0), |c| self.states[c]);
        round.districts.iter().map(state).collect()
    }

    /// A total where it is published, else what stands in for its parts.
    pub(super) fn total(&self, cell: Option<usize>, parts: i64) -> i64 {
        let published = cell.and_then(|cell| self.states[cell].value());
        published.unwrap_or(parts)
    }
}

impl<'a> Asked<'a> {
    /// The other years are asked for where nothing else counts the same reports: every year would
    /// otherwise be a table of its own of areas by theme.
    pub(super) fn of(
        result: &'a HotspotResult,
        made: &Made,
        (ledger, together): (&Ledger, &[CellKey]),
    ) -> Result<Self> {
        let theme = &result.theme;
        let when = result.period.as_ref().map_or("all", |p| p.label.as_str());
        let mut out = Self {
            counted: Counted::new(theme, &result.areas, &result.neighbourhoods.population),
            label: format!("{} {when}", theme.name()),
            rounds: Vec::new(),
            has_baseline: made.then.is_some(),
            with_districts: 1 + usize::from(made.then.is_some()),
        };
        let table = &result.neighbourhoods;
        let rates = |column: &[f64]| column.iter().map(|r| r.is_finite()).collect::<Vec<bool>>();
        let reported = |round: usize| made.reported.as_ref().map(|both| &both[round]);
        let period = result.period.as_ref();
        let known = rates(&table.rate);
        out.round(result, period, &table.count, known, reported(0))?;
        if let Some(then) = &made.then {
            let (period, known) = (result.baseline.as_ref(), rates(&table.baseline_rate));
            // A register tells no addresses.
            let from_reports = reported(1).filter(|_| !made.analysis.has_register());
            out.round(result, period, then, known, from_reports)?;
        }
        let kind = made.analysis.exposure_kind();
        let own = out.counted.key(String::new(), None, None);
        let others = |key: &CellKey| key.categories != own.categories && key.meets(&own);
        let is_free =
            |period: &Period| !ledger.crosses(&out.counted.key(String::new(), None, Some(period)));
        let alone = !together.iter().any(others) && made.years.iter().all(|(p, _)| is_free(p));
        for (period, reported) in made.years.iter().filter(|_| alone) {
            let year = Some(period.last_year(&made.zone));
            let people = People::of(&result.areas, kind, year).values;
            let known = people.iter().map(|p| *p > 0.0).collect();
            let counts = reported.per_area(result.areas.len());
            out.round(result, Some(period), &counts, known, Some(reported))?;
        }
        Ok(out)
    }

    /// The baseline's counts.
    pub(super) fn baseline(&self) -> Option<&Round> {
        self.rounds.get(1).filter(|_| self.has_baseline)
    }

    /// The rounds of the period and the baseline.
    pub(super) fn compared(&self) -> impl Iterator<Item = &Round> {
        self.rounds.iter().take(self.with_districts)
    }

    /// The round of a period.
    pub(super) fn of_period(&self, period: &Period) -> Option<&Round> {
        let same = |other: &Period| (other.start, other.end) == (period.start, period.end);
        self.rounds
            .iter()
            .find(|r| r.period.as_ref().is_some_and(same))
    }

    fn round(
        &mut self,
        result: &HotspotResult,
        period: Option<&Period>,
        counts: &[i64],
        known: Vec<bool>,
        reported: Option<&Reported>,
    ) -> Result<()> {
        let areas = &result.areas;
        let n = areas.len();
        let first = self.counted.areas(period, counts, reported)?;
        let cells: Vec<usize> = (first..first + n).collect();
        let of = |wanted: bool| -> Vec<usize> {
            let all = cells.iter().copied();
            all.filter(|c| known[c - first] == wanted).collect()
        };
        let known_cells = of(true);
        let mut districts = Vec::new();
        // The other years are told of areas and city only.
        let grouped = Grouped::of(areas).filter(|_| self.rounds.len() < self.with_districts);
        for members in grouped.iter().flat_map(|g| g.members(|i| known[i])) {
            let cells: Vec<usize> = members.iter().map(|i| first + i).collect();
            let total = self.counted.total(period, first, &cells, None)?;
            districts.push(total.or(cells.first().copied()));
        }
        let parts: Vec<usize> = districts.iter().flatten().copied().collect();
        let parts = (!parts.is_empty()).then_some(&parts[..]);
        let with_people = self.counted.total(period, first, &known_cells, parts)?;
        let all = match with_people {
            Some(_) if of(false).is_empty() => with_people,
            // A sum of sums keeps the relations a tree.
            Some(total) => {
                let parts: Vec<usize> = std::iter::once(total).chain(of(false)).collect();
                self.counted.total(period, first, &cells, Some(&parts))?
            }
            None => self.counted.total(period, first, &cells, None)?,
        };
        self.rounds.push(Round {
            period: period.cloned(),
            first,
            known,
            all,
            with_people,
            districts,
        });
        Ok(())
    }
}
