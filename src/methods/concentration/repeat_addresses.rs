//! Which addresses are reported again, and how soon?

use super::repeats::{AddressTable, GapTrend, RepeatWithin, Repeats};
use super::shortening::Shortening;
use super::visits::{DAY, Visits, on_the_clock};
use crate::error::{Error, Fault, Result};
use crate::index::IncidentIndex;
use crate::model::{Incidents, Times, Warning, WarningCode};
use crate::parallel::Workers;
use crate::stats::{Correction, KaplanMeier, kaplan_meier};

#[cfg(test)]
mod tests;

/// How many reports are repeats, how soon does the next one come, and where does it get worse?
///
/// Reports on exactly the same coordinates are of one address;
/// [`run_labelled`](Self::run_labelled) takes other labels. Of N reports on A addresses
/// `(N − A) / N` are repeats.
///
/// # Time to the next report
/// Each report with a time waits for the next one at its address; the last one of each address
/// waits until the end of the watch and is then let go. The share with a next report within d
/// days is `1 − S(d)` with the curve of [`kaplan_meier`], so addresses that were first reported
/// last week do not pass for quiet ones. Days are those of the clocks: a week later at the same
/// hour is 7 days. Reports at one and the same time are 0 days apart, and their number is told;
/// reports without a time are counted, but wait for nothing, and their number is told. Limits
/// take reports as independent. The reports of one address are not quite, so where a few
/// addresses have most reports they are too narrow.
///
/// # Does it get worse?
/// If nothing changes at an address, every order of its gaps is as likely. The score is that of
/// Mann and Kendall: pairs of gaps of which the later is longer, less pairs of which it is shorter.
/// p is the share of all orders with a score at most as large, exact up to 30 gaps with ties,
/// normal beyond. Addresses with fewer than [`least_reports`](Self::least_reports) timed reports are
/// not tested by themselves: three gaps have no p below 1/6. Over all addresses the scores are
/// added up; that sum is exact as long as it has at most 4,096 values. Where the whole city reports
/// more than before, gaps shorten everywhere: look at the city before an address.
///
/// # Privacy
/// The result knows addresses by number and by the positions of their reports. A row of
/// [`addresses`](Repeats::addresses) is about one household; it may not be published.
///
/// # Complexity
/// O(N log N).
///
/// Source: Farrell & Pease 1993, Once Bitten, Twice Bitten (Home Office, Crime Prevention Unit
/// 46), for shares and time courses of repeats; Mann 1945, Econometrica 13:245,
/// doi:10.2307/1907187, for the score.
///
/// ```
/// use brandpunt::methods::concentration::RepeatAddresses;
/// use brandpunt::{Crs, Incidents, Times, Zone};
///
/// # fn main() -> brandpunt::Result<()> {
/// // One address with reports after 0, 40, 60, 70 and 75 days, one with a single report.
/// let days = [0, 40, 60, 70, 75, 10];
/// let times = Times::from_utc_seconds(days.map(|d| d * 86_400).to_vec(), Zone::utc());
/// let x = vec![143_000.0, 143_000.0, 143_000.0, 143_000.0, 143_000.0, 143_500.0];
/// let reports = Incidents::builder(x, vec![487_000.0; 6], Crs::RD_NEW).time(times).build()?;
/// let found = RepeatAddresses::new().run(&reports)?;
/// assert_eq!(found.repeat_share, 4.0 / 6.0);
/// assert_eq!(found.worsening, [0]);
/// assert!((found.addresses.p[0] - 1.0 / 24.0).abs() < 1e-15);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RepeatAddresses {
    within: Vec<f64>,
    end: Option<i64>,
    level: f64,
    least_reports: usize,
}

impl Default for RepeatAddresses {
    fn default() -> Self {
        Self {
            within: vec![7.0, 14.0, 30.0, 90.0],
            end: None,
            level: 0.95,
            least_reports: 5,
        }
    }
}

impl RepeatAddresses {
    /// Repeats within 7, 14, 30 and 90 days, watched until the last report, limits of 95 %.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets within how many days repeats are counted.
    #[must_use]
    pub fn within(mut self, days: Vec<f64>) -> Self {
        self.within = days;
        self
    }

    /// Sets the end of the watch, in seconds since 1970 (UTC); at first that of the last report.
    #[must_use]
    pub fn end(mut self, second: i64) -> Self {
        self.end = Some(second);
        self
    }

    /// Sets the level of the limits.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Sets how many timed reports an address needs to be tested by itself.
    #[must_use]
    pub fn least_reports(mut self, reports: usize) -> Self {
        self.least_reports = reports;
        self
    }

    /// Runs on all cores, with an address for every pair of coordinates.
    ///
    /// # Errors
    /// As [`run_labelled`](Self::run_labelled).
    pub fn run(&self, incidents: &Incidents) -> Result<Repeats> {
        self.run_with(incidents, &Workers::new(0)?)
    }

    /// Runs on the given threads, with an address for every pair of coordinates.
    ///
    /// # Errors
    /// As [`run_labelled`](Self::run_labelled).
    pub fn run_with(&self, incidents: &Incidents, workers: &Workers) -> Result<Repeats> {
        let index = IncidentIndex::build(incidents);
        let mut labels = vec![0; incidents.len()];
        for location in (0u32..).take(index.locations()) {
            for &i in index.members(location) {
                labels[i as usize] = location;
            }
        }
        self.run_labelled(&labels, incidents.times(), workers)
    }

    /// Runs on the given threads, with the number of each report's address and, where known, its
    /// time.
    ///
    /// # Errors
    /// [`Fault::NoRows`] without a report, [`Fault::LengthMismatch`] for times of another number;
    /// [`Error::Parameter`] for days that are negative or not finite, a level that is not between
    /// 0 and 1, fewer than 3 reports for a test, and an end before the last report;
    /// [`Error::Cancelled`].
    pub fn run_labelled(
        &self,
        labels: &[u32],
        times: Option<&Times>,
        workers: &Workers,
    ) -> Result<Repeats> {
        self.check(labels, times)?;
        let clock = times.map(|times| {
            let seconds = times.seconds();
            workers.map_ranges(seconds.len(), 1 << 12, |range| {
                let shown = seconds[range]
                    .iter()
                    .map(|s| on_the_clock(times.zone(), *s));
                shown.collect::<Vec<i64>>()
            })
        });
        let clock = clock.transpose()?.map(|pieces| pieces.concat());
        let last = times.and_then(Times::range).map(|(_, last)| last);
        let end = self.end.filter(|_| last.is_some()).or(last);
        // In the hour that clocks show twice, the last report may show more than the end.
        let shown = clock.iter().flatten().copied().max();
        let closing = times
            .zip(end)
            .map(|(times, end)| on_the_clock(times.zone(), end));
        let closing = closing.max(shown).unwrap_or(Times::UNKNOWN);
        let visits = Visits::by_address(labels, clock.as_deref());
        workers.job().check()?;

        let mut address = vec![0; labels.len()];
        let mut days_to_next = vec![f64::NAN; labels.len()];
        let mut repeated = vec![false; labels.len()];
        for (number, visits) in (0u32..).zip(&visits) {
            for &report in &visits.reports {
                address[report as usize] = number;
            }
            for pair in visits.timed.windows(2) {
                days_to_next[pair[0].1 as usize] = (pair[1].0 - pair[0].0) as f64 / DAY;
                repeated[pair[0].1 as usize] = true;
            }
            if let Some((time, report)) = visits.timed.last() {
                days_to_next[*report as usize] = (closing - time) as f64 / DAY;
            }
        }
        let waits = days_to_next
            .iter()
            .zip(&repeated)
            .filter(|(d, _)| !d.is_nan());
        let (durations, happened): (Vec<f64>, Vec<bool>) = waits.map(|(d, r)| (*d, *r)).unzip();
        let time_to_next = kaplan_meier(&durations, &happened, self.level)?;
        let shortenings = workers.map(visits.len(), |i| Shortening::of(&visits[i].gaps()))?;
        let addresses = self.table(&visits, &shortenings, closing);
        let busiest = addresses.count.first().map_or(0, |count| *count);
        let without_time = labels.len() - durations.len();
        Ok(Repeats {
            with_count: runs(addresses.count.iter().rev().copied()),
            repeat_share: (labels.len() - visits.len()) as f64 / labels.len() as f64,
            busiest_share: busiest as f64 / labels.len() as f64,
            same_time: visits
                .iter()
                .flat_map(Visits::gaps)
                .filter(|gap| *gap == 0)
                .count(),
            within: self
                .within
                .iter()
                .map(|days| repeat_within(*days, &time_to_next))
                .collect(),
            trend: trend(&shortenings),
            worsening: worsening(&addresses),
            warnings: untimed(without_time, labels.len()).into_iter().collect(),
            address,
            days_to_next,
            repeated,
            addresses,
            without_time,
            end,
            time_to_next,
        })
    }

    fn check(&self, labels: &[u32], times: Option<&Times>) -> Result<()> {
        if labels.is_empty() {
            return Err(Error::input(
                Fault::NoRows,
                "there is no report; give at least one",
            ));
        }
        if let Some(times) = times.filter(|t| t.len() != labels.len()) {
            let detail = format!(
                "{} addresses and {} times; give one of each per report",
                labels.len(),
                times.len()
            );
            return Err(Error::input(Fault::LengthMismatch, detail));
        }
        if let Some(days) = self.within.iter().find(|d| !(d.is_finite() && **d >= 0.0)) {
            return Err(Error::parameter(
                "within",
                days,
                "numbers of days, 0 or more",
            ));
        }
        if self.least_reports < 3 {
            let expected = "at least 3; fewer reports have no two gaps to compare";
            return Err(Error::parameter(
                "least_reports",
                self.least_reports,
                expected,
            ));
        }
        let last = times.and_then(Times::range).map(|(_, last)| last);
        if let (Some(times), Some(last), Some(end)) = (times, last, self.end)
            && end < last
        {
            let shown = |second| times.zone().local(second).datetime();
            return Err(Error::parameter(
                "end",
                shown(end),
                format!(
                    "no time before the last report, {}; select reports first",
                    shown(last)
                ),
            ));
        }
        Ok(())
    }

    fn table(&self, visits: &[Visits], shortenings: &[Shortening], closing: i64) -> AddressTable {
        let mut out = AddressTable::default();
        for (visits, shortening) in visits.iter().zip(shortenings) {
            let tested = visits.timed.len() >= self.least_reports;
            let last = visits.timed.last().map(|(time, _)| *time);
            let gap = visits.timed.windows(2).last().map(|w| w[1].0 - w[0].0);
            let days = |seconds: Option<i64>| seconds.map_or(f64::NAN, |s| s as f64 / DAY);
            out.count.push(visits.reports.len() as u64);
            out.first.push(visits.reports[0]);
            out.timed.push(visits.timed.len() as u64);
            out.last_gap.push(days(gap));
            out.since_last.push(days(last.map(|time| closing - time)));
            out.score.push(shortening.score);
            out.p.push(if tested {
                shortening.tails().0
            } else {
                f64::NAN
            });
        }
        out.q = Correction::Fdr.apply(&out.p);
        out
    }
}

/// Values of an ascending sequence, each with how often it comes.
fn runs(ascending: impl Iterator<Item = u64>) -> Vec<(u64, u64)> {
    let mut out: Vec<(u64, u64)> = Vec::new();
    for value in ascending {
        match out.last_mut() {
            Some((last, times)) if *last == value => *times += 1,
            _ => out.push((value, 1)),
        }
    }
    out
}

fn repeat_within(days: f64, curve: &KaplanMeier) -> RepeatWithin {
    let at = curve.at(days);
    RepeatWithin {
        days,
        share: 1.0 - at.share,
        low: 1.0 - at.high,
        high: 1.0 - at.low,
        at_risk: at.at_risk,
        repeats: at.events,
    }
}

fn trend(shortenings: &[Shortening]) -> GapTrend {
    let mut all = Shortening::none();
    let mut addresses = 0;
    for shortening in shortenings.iter().filter(|s| s.gaps >= 2) {
        addresses += 1;
        all += shortening;
    }
    let (p_shorter, p_longer) = match addresses {
        0 => (f64::NAN, f64::NAN),
        _ => all.tails(),
    };
    GapTrend {
        addresses,
        score: all.score,
        p_shorter,
        p_longer,
        exact: all.exact(),
    }
}

fn worsening(table: &AddressTable) -> Vec<u32> {
    let numbers = (0u32..).take(table.count.len());
    let mut out: Vec<u32> = numbers
        .filter(|i| !table.p[*i as usize].is_nan() && table.score[*i as usize] < 0)
        .collect();
    // Numbers go by count, so equal p keep those with most reports first.
    out.sort_by(|a, b| table.p[*a as usize].total_cmp(&table.p[*b as usize]));
    out
}

fn untimed(without_time: usize, reports: usize) -> Option<Warning> {
    (without_time > 0).then(|| {
        Warning::with_value(
            WarningCode::Times,
            without_time as f64,
            format!(
                "{without_time} of {reports} reports have no known time: they count for their \
                 address, but not for the time to the next report."
            ),
        )
    })
}
