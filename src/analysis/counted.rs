//! Reports of areas, of groups of areas, and of parts of these, as cells of a table to be published.

use sha2::{Digest, Sha256};

use super::made::{Division, Reported};
use crate::error::Result;
use crate::model::{Neighbourhoods, Period, Theme};
use crate::publish::{CellKey, CountTable};

/// What a report is in that is in no cell of a division.
const UNKNOWN: &str = "not known";

/// A table of counts with names that mean the same in every release, so that a ledger can judge them
/// together.
pub(crate) struct Counted<'a> {
    pub(crate) table: CountTable,
    areas: &'a Neighbourhoods,
    /// People of each area; NaN where that is not known.
    population: &'a [f64],
    categories: Option<Vec<String>>,
}

impl<'a> Counted<'a> {
    pub(crate) fn new(theme: &Theme, areas: &'a Neighbourhoods, population: &'a [f64]) -> Self {
        let names = theme.categories();
        Self {
            table: CountTable::new(),
            areas,
            population,
            categories: names.map(|names| names.map(ToString::to_string).collect()),
        }
    }

    /// The key of a count of the theme.
    pub(crate) fn key(
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

    /// Adds a cell for each area, with the addresses of its reports where they are known, and gives the
    /// first.
    pub(crate) fn areas(
        &mut self,
        period: Option<&Period>,
        counts: &[i64],
        reported: Option<&Reported>,
    ) -> Result<usize> {
        let first = self.table.len();
        let mut by_address = reported.map(|reported| reported.by_address(counts.len()));
        for (i, &count) in counts.iter().enumerate() {
            let (code, vintage) = (self.areas.codes()[i].clone(), self.areas.vintage());
            let cell = self.table.push(self.key(code, vintage, period), count)?;
            self.table.population(cell, self.population[i])?;
            if let Some(by_address) = &mut by_address {
                let own = std::mem::take(&mut by_address[i]);
                self.table.contributions(cell, own)?;
            }
        }
        Ok(first)
    }

    /// The total of the cells of some areas, named after which they are, as a sum of parts; the one
    /// that is there already. `None` for fewer than two.
    pub(crate) fn total(
        &mut self,
        period: Option<&Period>,
        first: usize,
        cells: &[usize],
        parts: Option<&[usize]>,
    ) -> Result<Option<usize>> {
        if cells.len() < 2 {
            return Ok(None);
        }
        let key = self.total_key(period, first, cells);
        if let Some(cell) = self.table.keys().iter().position(|other| *other == key) {
            return Ok(Some(cell));
        }
        let count = cells.iter().map(|&c| self.table.counts()[c]).sum();
        let total = self.table.push(key, count)?;
        let people = cells.iter().map(|&c| self.population[c - first]);
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
    pub(crate) fn total_key(
        &self,
        period: Option<&Period>,
        first: usize,
        cells: &[usize],
    ) -> CellKey {
        if let [only] = cells {
            return self.table.keys()[*only].clone();
        }
        let codes = self.areas.codes();
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
        self.key(name, self.areas.vintage(), period)
    }

    /// Adds the sum of some cells of a row, of which nothing is published by itself; the cell where there
    /// is one only.
    fn hidden_sum(
        &mut self,
        row: usize,
        (by, name): (&str, &str),
        cells: &[usize],
    ) -> Result<usize> {
        if let [only] = *cells {
            return Ok(only);
        }
        let count = cells.iter().map(|&c| self.table.counts()[c]).sum();
        let sum = self.hidden(row, (by, name), count)?;
        self.table.relation(sum, cells)?;
        Ok(sum)
    }

    fn hidden(&mut self, row: usize, (by, name): (&str, &str), count: i64) -> Result<usize> {
        let key = self.table.keys()[row].clone().part(by, name);
        let cell = self.table.push(key, count)?;
        self.table.keep_back(cell)?;
        Ok(cell)
    }

    /// Says what two divisions of a row, with the first cell of each, count alike, such as the evenings of
    /// weekdays and weekends in the one and evenings in the other. Reports of which only one of the two
    /// knows the time stand beside it.
    pub(crate) fn link(
        &mut self,
        row: usize,
        divided: [(&Division, usize); 2],
        inside: &dyn Fn(usize) -> bool,
    ) -> Result<()> {
        let [(own, _), (other, _)] = divided;
        // The one that knows the time of more reports first.
        let [(more, of_more), (less, of_less)] = if other.breakdown.knows_more(own.breakdown) {
            [divided[1], divided[0]]
        } else {
            divided
        };
        let groups = more.breakdown.shared(less.breakdown);
        // That everything is everything is known.
        if groups.len() < 2 {
            return Ok(());
        }
        let by = format!("{} and {}", more.breakdown.name(), less.breakdown.name());
        for (number, [cells, others]) in groups.iter().enumerate() {
            let name = |what: &str| format!("{what} {number}");
            let cells_of_more: Vec<usize> = cells.iter().map(|c| of_more + c).collect();
            let total = self.hidden_sum(row, (&by, &name("both")), &cells_of_more)?;
            let mut parts: Vec<usize> = others.iter().map(|c| of_less + c).collect();
            if more.breakdown.knows_more(less.breakdown) {
                let is_alone = |i: usize| {
                    let place = more.of[i] as usize;
                    inside(i) && cells.contains(&place) && less.of[i] as usize >= less.cell.len()
                };
                let alone = (0..more.of.len()).filter(|&i| is_alone(i)).count();
                parts.push(self.hidden(row, (&by, &name("one")), alone as i64)?);
            }
            self.table.relation(total, &parts)?;
        }
        Ok(())
    }

    /// Adds the cells into which the reports of a row are divided, those in no cell last, and that they
    /// add up; gives the first. `of` and `place` are the cell and the address of each report, and
    /// `inside` whether it belongs to the row.
    pub(crate) fn divide(
        &mut self,
        row: usize,
        (by, names): (&str, &[String]),
        (of, place): (&[u32], &[u32]),
        inside: &dyn Fn(usize) -> bool,
    ) -> Result<usize> {
        let cells = names.len();
        let mut found: Vec<(usize, u32)> = (0..place.len())
            .filter(|&i| inside(i))
            .map(|i| ((of[i] as usize).min(cells), place[i]))
            .collect();
        found.sort_unstable();
        let mut by_address: Vec<Vec<i64>> = vec![Vec::new(); cells + 1];
        for same in found.chunk_by(|a, b| a == b) {
            by_address[same[0].0].push(same.len() as i64);
        }
        let whole = self.table.keys()[row].clone();
        let first = self.table.len();
        let names = names.iter().map(String::as_str).chain([UNKNOWN]);
        for (name, by_address) in names.zip(by_address) {
            let key = whole.clone().part(by, name);
            let cell = self.table.push(key, by_address.iter().sum())?;
            self.table.contributions(cell, by_address)?;
        }
        let parts: Vec<usize> = (first..=first + cells).collect();
        self.table.relation(row, &parts)?;
        Ok(first)
    }
}
