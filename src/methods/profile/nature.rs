//! The nature of the reports of a subset.

use ndarray::Array2;

use super::breakdown::Breakdown;
use super::calendar::Calendar;
use super::cells::Beside;
use super::facet::{Facet, Needs};
use super::groups::Groups;
use super::places::{Places, check, locations};
use super::profiles::{ProfileTable, Profiles};
use super::spread::Spread;
use super::whole::WholeTest;
use crate::error::{Error, Fault, Result};
use crate::index::{NeighbourhoodIndex, require_same_crs};
use crate::memory::{MOST_BYTES, afford, afford_replicates};
use crate::model::{Incidents, Neighbourhoods, Times, Warning, WarningCode};
use crate::parallel::Workers;
use crate::stats::Correction;

#[cfg(test)]
mod tests;

/// Bytes of a value of a table, with all that is told of it.
const VALUE: u128 = 64;

/// Of what nature are the reports of a hotspot or a neighbourhood, beside the rest of the city?
///
/// For each [`Breakdown`] the incidents of a subset are counted per cell, and compared with the
/// other incidents. With `a` of the subset's A incidents in a cell and `b` of the B others:
///
/// ```text
/// expected           E  = A · b/B
/// location quotient  LQ = (a/A) / (b/B) = a/E
/// ```
///
/// - `p` is that of Fisher's exact test, twice the smaller tail: given the totals, a is
///   hypergeometric when the subset is any A of the incidents alike. `q` is corrected over all
///   cells of all tables of all subsets in the call.
/// - The interval of LQ is exact for counts that are Poisson: given `a + b`, a is then binomial with
///   odds `LQ · A/B`, and the limits of Clopper and Pearson carry over, as in
///   [`rates::Change`](crate::methods::rates::Change). It also allows for the chance in how many
///   incidents fall in the cell at all, so it covers with at least its level, and more in cells that
///   hold a large share; it may then hold 1 although p is small.
/// - The whole profile is tested by Pearson's X² against the same chance: the subset is any A of the
///   incidents alike. All tables with the same totals are gone through where there are at most
///   20,000; otherwise `permutations` are drawn and `profile_p = (M + 1)/(R + 1)`.
/// - The distance `½ Σ |a/A − b/B|` says how different the profile is, from 0 to 1. That of a small
///   subset is never 0 by chance, so its mean under chance stands beside it.
///
/// # Times
/// Hours, weekdays and months are those of local clocks. Incidents whose hour is not known (a date
/// only, or midnight sharp, which often stands for that) are out of the tables with an hour and
/// counted in `left_out`; likewise those without a time or a category in theirs. With
/// [`ends`](Self::ends), an incident that happened between two times is spread over the hours
/// between them (aoristic shares); a span of more than 366 days counts as no time. Counts are then
/// fractions, nothing is rounded: the masses and beta quantiles that both tails are made of go on
/// between whole numbers. Shares vary less than whole incidents, so p errs on the safe side.
///
/// # What to keep in mind
/// Reports that come in series, such as ten of one party, are not alike: p is then too small. See
/// `places` for how many addresses they come from. Weights of incidents play no part.
///
/// # Complexity
/// O(n) per breakdown; per subset and cell some hundred steps, and as many draws as permutations.
///
/// Source: Fisher 1922, Journal of the Royal Statistical Society 85:87, doi:10.2307/2340521;
/// Przyborowski & Wilenski 1940, Biometrika 31:313, doi:10.1093/biomet/31.3-4.313 (interval);
/// Ratcliffe 2002, Journal of Quantitative Criminology 18:23, doi:10.1023/A:1013240828824 (times).
///
/// ```
/// use brandpunt::Workers;
/// use brandpunt::methods::profile::{Breakdown, Facet, Profile};
/// use brandpunt::synthetic::SyntheticCity;
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(5_000).seed(1).neighbourhoods(40).build()?;
/// let found = Profile::new()
///     .by(vec![Breakdown::of(Facet::Category), Breakdown::of(Facet::Hour)])
///     .permutations(99)
///     .run_with(&city.incidents, &city.neighbourhoods, &Workers::new(0)?)?;
/// assert_eq!(found.tables[1].count.dim(), (40, 24));
/// for trait_ in found.traits(0, 3, 0.05) {
///     println!("{}: {:.1} times the rest", trait_.label, trait_.quotient);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    by: Vec<Breakdown>,
    ends: Option<Times>,
    addresses: Option<Vec<u32>>,
    reporters: Option<Vec<u32>>,
    level: f64,
    permutations: usize,
    correction: Correction,
    seed: u64,
}

impl Default for Profile {
    fn default() -> Self {
        let facets = [Facet::Category, Facet::Hour, Facet::Weekday, Facet::Season];
        Self {
            by: facets.map(Breakdown::of).into(),
            ends: None,
            addresses: None,
            reporters: None,
            level: 0.95,
            permutations: 999,
            correction: Correction::Fdr,
            seed: 0,
        }
    }
}

impl Profile {
    /// By category, hour, weekday and season; intervals of 95 %, 999 permutations.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets by what the reports are counted.
    #[must_use]
    pub fn by(mut self, breakdowns: Vec<Breakdown>) -> Self {
        self.by = breakdowns;
        self
    }

    /// Sets, per incident, the last moment at which it may have happened; its time is the first.
    #[must_use]
    pub fn ends(mut self, ends: Times) -> Self {
        self.ends = Some(ends);
        self
    }

    /// Sets a number for the address of each incident ([`u32::MAX`]: not known); without, every pair
    /// of coordinates is an address.
    #[must_use]
    pub fn addresses(mut self, addresses: Vec<u32>) -> Self {
        self.addresses = Some(addresses);
        self
    }

    /// Sets a number for the reporter of each incident ([`u32::MAX`]: not known). Numbers stand for
    /// pseudonyms; nothing about a single reporter comes out.
    #[must_use]
    pub fn reporters(mut self, reporters: Vec<u32>) -> Self {
        self.reporters = Some(reporters);
        self
    }

    /// Sets the level of the intervals.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Sets how many random subsets each whole profile is compared with; with 0 only small ones
    /// are tested.
    #[must_use]
    pub fn permutations(mut self, permutations: usize) -> Self {
        self.permutations = permutations;
        self
    }

    /// Sets how p-values are corrected for their number.
    #[must_use]
    pub fn correction(mut self, correction: Correction) -> Self {
        self.correction = correction;
        self
    }

    /// Sets the seed of the draws.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Every neighbourhood beside the other neighbourhoods, on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents, hoods: &Neighbourhoods) -> Result<Profiles> {
        self.run_with(incidents, hoods, &Workers::new(0)?)
    }

    /// Every neighbourhood beside the other neighbourhoods; incidents in none are left out.
    ///
    /// # Errors
    /// As [`run_labels`](Self::run_labels), and [`Fault::CrsMismatch`] unless incidents and
    /// neighbourhoods are in one system.
    pub fn run_with(
        &self,
        incidents: &Incidents,
        hoods: &Neighbourhoods,
        workers: &Workers,
    ) -> Result<Profiles> {
        require_same_crs(incidents.crs(), hoods.crs())?;
        let index = NeighbourhoodIndex::build(hoods)?;
        let label = index.locate_all(incidents.x(), incidents.y(), workers)?;
        self.run_groups(incidents, &Groups::areas(label, hoods.len()), workers)
    }

    /// Every subset beside all other incidents; labels are numbers of subsets, and
    /// [`NeighbourhoodIndex::NONE`] for an incident in none of them, which is part of the rest.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] for labels, ends, addresses or reporters that are not one per
    /// incident; [`Fault::MissingTime`] and [`Fault::MissingColumn`] for a breakdown by time or by
    /// category without that column; [`Error::Parameter`] for a label that is no subset, a level
    /// outside (0, 1), no breakdown or one that crosses a facet with itself;
    /// [`Error::TooLarge`]; [`Error::Cancelled`].
    pub fn run_labels(
        &self,
        incidents: &Incidents,
        labels: &[u32],
        subsets: usize,
        workers: &Workers,
    ) -> Result<Profiles> {
        let groups = Groups::labelled(labels, subsets, incidents.len())?;
        self.run_groups(incidents, &groups, workers)
    }

    /// The incidents at the first positions beside those at the second, as one subset; all others
    /// are left out.
    ///
    /// # Errors
    /// As [`run_labels`](Self::run_labels), and [`Error::Parameter`] for a position that is none or
    /// in both.
    pub fn run_between(
        &self,
        incidents: &Incidents,
        first: &[u32],
        second: &[u32],
        workers: &Workers,
    ) -> Result<Profiles> {
        let groups = Groups::between(first, second, incidents.len())?;
        self.run_groups(incidents, &groups, workers)
    }

    fn run_groups(
        &self,
        incidents: &Incidents,
        groups: &Groups,
        workers: &Workers,
    ) -> Result<Profiles> {
        self.check(incidents)?;
        let timed = self.by.iter().any(|b| b.is_timed());
        let calendar = if timed {
            let times = incidents.require_times()?;
            Some(Calendar::of(times, self.ends.as_ref(), workers)?)
        } else {
            None
        };
        let (size, all) = groups.sizes();
        let mut tables = Vec::with_capacity(self.by.len());
        for (number, &breakdown) in (0u64..).zip(&self.by) {
            workers
                .job()
                .report("profiles", number as f64 / self.by.len() as f64);
            let categories = incidents.categories();
            let spread = Spread::of(breakdown, incidents.len(), categories, calendar.as_ref());
            let size_of_table = groups.subsets.saturating_mul(spread.cells);
            afford(
                "a table of profiles",
                size_of_table as u128 * VALUE,
                MOST_BYTES / 4,
                || "use fewer subsets or categories, or do not cross them".to_owned(),
            )?;
            let labels = breakdown.labels(categories);
            tables.push(self.table(breakdown, labels, &spread, groups, number, workers)?);
        }
        self.correct(&mut tables);
        let places = match &self.addresses {
            Some(labels) => Places::of(labels, groups),
            None => Places::of(&locations(incidents), groups),
        };
        Ok(Profiles {
            rest: size.iter().map(|s| all - s).collect(),
            outside: incidents.len() as u64 - all,
            warnings: self.warnings(&tables, all, groups.subsets),
            reporters: self.reporters.as_ref().map(|r| Places::of(r, groups)),
            size,
            tables,
            places,
        })
    }

    fn check(&self, incidents: &Incidents) -> Result<()> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(Error::parameter(
                "level",
                self.level,
                "a level between 0 and 1",
            ));
        }
        afford_replicates("permutations", self.permutations, 0)?;
        if self.by.is_empty() {
            return Err(Error::parameter("by", "empty", "at least one breakdown"));
        }
        for breakdown in &self.by {
            breakdown.check()?;
            if breakdown.needs(Needs::Category) && incidents.categories().is_none() {
                return Err(Error::input(
                    Fault::MissingColumn,
                    "the incidents have no category column; name it with category=, or leave \
                     category out of by",
                ));
            }
        }
        check(self.addresses.as_deref(), "addresses", incidents.len())?;
        check(self.reporters.as_deref(), "reporters", incidents.len())?;
        match self.ends.as_ref().filter(|e| e.len() != incidents.len()) {
            None => Ok(()),
            Some(ends) => Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "{} ends and {} incidents; give one each",
                    ends.len(),
                    incidents.len()
                ),
            )),
        }
    }

    fn table(
        &self,
        breakdown: Breakdown,
        cell: Vec<String>,
        spread: &Spread,
        groups: &Groups,
        number: u64,
        workers: &Workers,
    ) -> Result<ProfileTable> {
        let tabled = spread.count(groups);
        let (subsets, cells) = (groups.subsets, spread.cells);
        let seed = self.seed.wrapping_add(number << 48);
        let test = WholeTest::new(spread, &tabled, groups, self.permutations, seed);
        let rows = workers.try_map(subsets, |subset| {
            let here = tabled.used_of[subset];
            let there = (tabled.used - here) as f64;
            let beside = tabled.of[subset].iter().zip(&tabled.all).map(|(a, n)| {
                // What rounding leaves of sums of shares is no incident.
                let b = if n - a < 1e-9 { 0.0 } else { n - a };
                Beside::of(*a, here as f64, b, there, self.level)
            });
            Ok((beside.collect::<Vec<_>>(), test.run(subset, workers.job())?))
        })?;
        let grid = |value: fn(&Beside) -> f64| {
            Array2::from_shape_fn((subsets, cells), |(s, c)| value(&rows[s].0[c]))
        };
        let (sizes, _) = groups.sizes();
        let used = &tabled.used_of;
        Ok(ProfileTable {
            breakdown,
            cell,
            left_out: sizes
                .iter()
                .zip(used)
                .map(|(all, used)| all - used)
                .collect(),
            rest_used: used.iter().map(|used| tabled.used - used).collect(),
            statistic: rows.iter().map(|r| r.1.statistic).collect(),
            profile_p: rows.iter().map(|r| r.1.p).collect(),
            profile_q: Vec::new(),
            exact: rows.iter().map(|r| r.1.exact).collect(),
            distance: rows.iter().map(|r| r.1.distance).collect(),
            distance_expected: rows.iter().map(|r| r.1.distance_expected).collect(),
            count: Array2::from_shape_fn((subsets, cells), |(s, c)| tabled.of[s][c]),
            share: grid(|b| b.share),
            rest_share: grid(|b| b.rest_share),
            expected: grid(|b| b.expected),
            quotient: grid(|b| b.quotient),
            low: grid(|b| b.low),
            high: grid(|b| b.high),
            p: grid(|b| b.p),
            q: grid(|_| f64::NAN),
            used: tabled.used_of.clone(),
        })
    }

    /// One correction over all cells of the call, another over all whole profiles.
    fn correct(&self, tables: &mut [ProfileTable]) {
        let all = |tables: &[ProfileTable]| -> (Vec<f64>, Vec<f64>) {
            let cells = tables.iter().flat_map(|t| t.p.iter().copied()).collect();
            let whole = tables.iter().flat_map(|t| t.profile_p.iter().copied());
            (cells, whole.collect())
        };
        let (cells, whole) = all(tables);
        let mut q = self.correction.apply(&cells).into_iter();
        let mut profile_q = self.correction.apply(&whole).into_iter();
        for table in tables {
            for (value, q) in table.q.iter_mut().zip(&mut q) {
                *value = q;
            }
            table.profile_q = profile_q.by_ref().take(table.profile_p.len()).collect();
        }
    }

    fn warnings(&self, tables: &[ProfileTable], all: u64, subsets: usize) -> Vec<Warning> {
        let mut out = Vec::new();
        if all == 0 {
            out.push(Warning::with_value(
                WarningCode::TooFewIncidents,
                0.0,
                "There is no incident to compare.",
            ));
        }
        for table in tables.iter().filter(|_| subsets > 0) {
            let used = table.used[0] + table.rest_used[0];
            if used < all {
                let missing = all - used;
                let code = if table.breakdown.is_timed() {
                    WarningCode::Times
                } else {
                    WarningCode::Input
                };
                out.push(Warning::with_value(
                    code,
                    missing as f64,
                    format!(
                        "{missing} of {all} incidents are not in the table by {}, because it is \
                         not known where in it they belong.",
                        table.breakdown.name()
                    ),
                ));
            }
        }
        let simulated = tables.iter().flat_map(|t| &t.exact).any(|exact| !exact);
        let tests = tables
            .iter()
            .flat_map(|t| &t.profile_p)
            .filter(|p| !p.is_nan())
            .count();
        let least = tests as f64 / (self.permutations as f64 + 1.0);
        if simulated && self.permutations > 0 && least > 0.05 {
            out.push(Warning::with_value(
                WarningCode::PResolutionInsufficient,
                self.permutations as f64,
                format!(
                    "With {} permutations no single profile of {tests} can stand out after \
                     correction; take at least {}.",
                    self.permutations,
                    20 * tests
                ),
            ));
        }
        out
    }
}
