//! The counts of a result that are to be published.

use sha2::{Digest, Sha256};

use super::districts::Grouped;
use super::history::people;
use super::made::{Made, Reported};
use super::result::HotspotResult;
use crate::error::Result;
use crate::model::Period;
use crate::publish::{CellKey, CountTable, Disclosure, Ledger, Protected, State};

/// The counts that are to be published, and where they are in the table.
pub(super) struct Asked {
    pub(super) table: CountTable,
    pub(super) label: String,
    /// The period, the baseline where there is one, and the other years.
    pub(super) rounds: Vec<Round>,
    pub(super) has_baseline: bool,
    categories: Option<Vec<String>>,
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
        let stand_in = |state: &State| match *state {
            State::Published(value) => value,
            State::Withheld { low, high } => rules.stand_in(low, high),
        };
        Self {
            fill: protected.states.iter().map(stand_in).collect(),
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

impl Asked {
    /// The other years are asked for where nothing else counts the same reports: every year would
    /// otherwise be a table of its own of areas by theme.
    pub(super) fn of(
        result: &HotspotResult,
        made: &Made,
        (ledger, together): (&Ledger, &[CellKey]),
    ) -> Result<Self> {
        let theme = &result.theme;
        let categories = theme
            .categories()
            .map(|names| names.map(ToString::to_string).collect());
        let when = result.period.as_ref().map_or("all", |p| p.label.as_str());
        let mut out = Self {
            table: CountTable::new(),
            label: format!("{} {when}", theme.name()),
            rounds: Vec::new(),
            has_baseline: made.then.is_some(),
            categories,
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
        let own = out.key(String::new(), None, None);
        let others = |key: &CellKey| key.categories != own.categories && key.meets(&own);
        let is_free =
            |period: &Period| !ledger.crosses(&out.key(String::new(), None, Some(period)));
        let alone = !together.iter().any(others) && made.years.iter().all(|(p, _)| is_free(p));
        for (period, reported) in made.years.iter().filter(|_| alone) {
            let people = people(&result.areas, kind, period.last_year(&made.zone));
            let known = match people {
                Some(people) => people.iter().map(|p| *p > 0.0).collect(),
                None => vec![false; result.areas.len()],
            };
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

    /// The key of a count of the theme.
    pub(super) fn key(
        &self,
        area: String,
        vintage: Option<i16>,
        period: Option<&Period>,
    ) -> CellKey {
        let mut key = CellKey::area(area).vintage(vintage);
        if let Some(names) = &self.categories {
            key = key.categories(names.clone());
        }
        match period {
            Some(period) => key.period(period),
            None => key,
        }
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
        let people = &result.neighbourhoods.population;
        let mut by_address = reported.map(|reported| reported.by_address(n));
        let first = self.table.len();
        for (i, &count) in counts.iter().enumerate() {
            let key = self.key(areas.codes()[i].clone(), areas.vintage(), period);
            let cell = self.table.push(key, count)?;
            self.table.population(cell, people[i])?;
            if let Some(by_address) = &mut by_address {
                self.table
                    .contributions(cell, std::mem::take(&mut by_address[i]))?;
            }
        }
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
            let total = self.total(result, period, first, &cells, None)?;
            districts.push(total.or(cells.first().copied()));
        }
        let parts: Vec<usize> = districts.iter().flatten().copied().collect();
        let parts = (!parts.is_empty()).then_some(&parts[..]);
        let with_people = self.total(result, period, first, &known_cells, parts)?;
        let all = match with_people {
            Some(_) if of(false).is_empty() => with_people,
            // A sum of sums keeps the relations a tree.
            Some(total) => {
                let parts: Vec<usize> = std::iter::once(total).chain(of(false)).collect();
                self.total(result, period, first, &cells, Some(&parts))?
            }
            None => self.total(result, period, first, &cells, None)?,
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

    /// The total of the cells of some areas, named after which they are, as a sum of parts; the one
    /// that is there already. `None` for fewer than two.
    pub(super) fn total(
        &mut self,
        result: &HotspotResult,
        period: Option<&Period>,
        first: usize,
        cells: &[usize],
        parts: Option<&[usize]>,
    ) -> Result<Option<usize>> {
        if cells.len() < 2 {
            return Ok(None);
        }
        let key = self.total_key(result, period, first, cells);
        if let Some(cell) = self.table.keys().iter().position(|other| *other == key) {
            return Ok(Some(cell));
        }
        let count = cells.iter().map(|&c| self.table.counts()[c]).sum();
        let total = self.table.push(key, count)?;
        let people = cells
            .iter()
            .map(|&c| result.neighbourhoods.population[c - first]);
        self.table
            .population(total, people.filter(|p| *p > 0.0).sum())?;
        let mut contributions = Vec::new();
        for &cell in cells {
            contributions.extend_from_slice(self.table.addresses(cell).unwrap_or(&[]));
        }
        if cells.iter().all(|&c| self.table.addresses(c).is_some()) {
            self.table.contributions(total, contributions)?;
        }
        self.table.relation(total, parts.unwrap_or(cells))?;
        Ok(Some(total))
    }

    /// The key of the total of some areas, which says how many and which; of a single one its own.
    pub(super) fn total_key(
        &self,
        result: &HotspotResult,
        period: Option<&Period>,
        first: usize,
        cells: &[usize],
    ) -> CellKey {
        if let [only] = cells {
            return self.table.keys()[*only].clone();
        }
        let codes = result.areas.codes();
        let mut hash = Sha256::new();
        for cell in cells {
            hash.update(codes[cell - first].as_bytes());
            hash.update([0]);
        }
        let digest = hash.finalize();
        let name = digest
            .iter()
            .take(8)
            .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let name = format!("{} areas, {name:016x}", cells.len());
        self.key(name, result.areas.vintage(), period)
    }
}
