//! What happened, in order of time.

use super::recency::DAY;
use super::units::ForecastUnits;
use crate::error::{Error, Fault, Result};
use crate::index::require_same_crs;
use crate::model::{Incidents, ReportSource, Times, Warning, WarningCode};
use crate::parallel::Workers;

/// Incidents with a time and a place among the units, the earliest first; equal times in the order
/// of their places, so that the order of the rows does not matter.
#[derive(Debug)]
pub(super) struct Events {
    pub(super) seconds: Vec<i64>,
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) unit: Vec<u32>,
    pub(super) undated: usize,
    pub(super) outside: usize,
    /// Found by the police and left out.
    pub(super) discovered: usize,
    pub(super) warnings: Vec<Warning>,
}

impl Events {
    pub(super) fn of(
        incidents: &Incidents,
        units: &ForecastUnits,
        discovered_too: bool,
        workers: &Workers,
    ) -> Result<Self> {
        const PIECE: usize = 1 << 14;
        require_same_crs(incidents.crs(), units.crs())?;
        let times = incidents.require_times()?;
        let (x, y) = (incidents.x(), incidents.y());
        let units_of = workers.map_ranges(incidents.len(), PIECE, |range| -> Vec<Option<u32>> {
            range.map(|i| units.locate(x[i], y[i])).collect()
        })?;
        let units_of: Vec<Option<u32>> = units_of.concat();
        let by_police = by_police(incidents);
        let (mut undated, mut outside, mut discovered, mut dates) = (0, 0, 0, 0);
        let mut kept: Vec<(i64, f64, f64, u32)> = Vec::with_capacity(incidents.len());
        for (i, (&second, unit)) in times.seconds().iter().zip(&units_of).enumerate() {
            if second == Times::UNKNOWN {
                undated += 1;
            } else if by_police[i] && !discovered_too {
                discovered += 1;
            } else if let Some(unit) = unit {
                let local = times.zone().local(second).time();
                dates += usize::from(local == jiff::civil::Time::midnight());
                kept.push((second, x[i], y[i], *unit));
            } else {
                outside += 1;
            }
        }
        if kept.is_empty() {
            let detail = format!(
                "of {} incidents none has a time, lies in the areas and was reported ({undated} \
                 without a time, {outside} outside, {discovered} found by the police)",
                incidents.len()
            );
            return Err(Error::input(Fault::NoRows, detail));
        }
        kept.sort_by(|a, b| {
            let places = || a.1.total_cmp(&b.1).then(a.2.total_cmp(&b.2));
            a.0.cmp(&b.0).then_with(places)
        });
        let mut out = Self {
            seconds: kept.iter().map(|e| e.0).collect(),
            x: kept.iter().map(|e| e.1).collect(),
            y: kept.iter().map(|e| e.2).collect(),
            unit: kept.iter().map(|e| e.3).collect(),
            undated,
            outside,
            discovered,
            warnings: Vec::new(),
        };
        out.warn(&by_police, discovered_too, dates);
        Ok(out)
    }

    fn warn(&mut self, by_police: &[bool], discovered_too: bool, dates: usize) {
        let of = by_police.len();
        let mut say = |code, count: usize, message: String| {
            if count > 0 {
                let share = count as f64 / of as f64;
                self.warnings
                    .push(Warning::with_value(code, share, message));
            }
        };
        let (undated, outside) = (self.undated, self.outside);
        say(
            WarningCode::Times,
            undated,
            format!("{undated} of {of} incidents have no time and are left out."),
        );
        say(
            WarningCode::OutsideAllAreas,
            outside,
            format!("{outside} of {of} incidents lie outside the areas and are left out."),
        );
        let found = by_police.iter().filter(|p| **p).count();
        let message = if discovered_too {
            format!(
                "{found} of {of} incidents were found by the police and are used. Where they looked \
                 decides what they found; a forecast that sends them there again confirms itself."
            )
        } else {
            format!(
                "{found} of {of} incidents were found by the police, not reported, and are left out: \
                 where they looked decides what they found."
            )
        };
        say(WarningCode::Feedback, found, message);
        if 2 * dates > self.seconds.len() {
            let message = format!(
                "{dates} of {} incidents have a date without a time of day; which of one day came \
                 first is not known.",
                self.seconds.len()
            );
            let share = dates as f64 / self.seconds.len() as f64;
            self.warnings
                .push(Warning::with_value(WarningCode::Times, share, message));
        }
    }

    /// What was known at a moment: nothing from that moment on can be reached through it.
    pub(super) fn before(&self, now: i64) -> Past<'_> {
        let known = self.seconds.partition_point(|s| *s < now);
        Past {
            now,
            seconds: &self.seconds[..known],
            x: &self.x[..known],
            y: &self.y[..known],
            unit: &self.unit[..known],
        }
    }

    /// Incidents per unit from one moment up to another.
    pub(super) fn counts(&self, from: i64, until: i64, units: usize) -> Vec<i64> {
        let at = |moment: i64| self.seconds.partition_point(|s| *s < moment);
        let mut out = vec![0; units];
        for unit in &self.unit[at(from)..at(until)] {
            out[*unit as usize] += 1;
        }
        out
    }
}

fn by_police(incidents: &Incidents) -> Vec<bool> {
    let Some(sources) = incidents.sources() else {
        return vec![false; incidents.len()];
    };
    let police: Vec<bool> = sources
        .labels()
        .iter()
        .map(|label| ReportSource::of(label) == Some(ReportSource::Police))
        .collect();
    let of = sources.codes().iter();
    of.map(|code| police[*code as usize]).collect()
}

/// The incidents before a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Past<'a> {
    pub(super) now: i64,
    pub(super) seconds: &'a [i64],
    pub(super) x: &'a [f64],
    pub(super) y: &'a [f64],
    pub(super) unit: &'a [u32],
}

impl<'a> Past<'a> {
    /// Without what came before a moment.
    pub(super) fn since(self, moment: i64) -> Past<'a> {
        let from = self.seconds.partition_point(|s| *s < moment);
        Past {
            now: self.now,
            seconds: &self.seconds[from..],
            x: &self.x[from..],
            y: &self.y[from..],
            unit: &self.unit[from..],
        }
    }

    pub(super) fn len(&self) -> usize {
        self.seconds.len()
    }

    /// Days from an incident to the moment of the forecast.
    pub(super) fn age(&self, i: usize) -> f64 {
        (self.now - self.seconds[i]) as f64 / DAY
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{MultiPolygon, Rect, coord};

    use super::*;
    use crate::model::{Categories, Crs, Neighbourhoods, Zone};

    fn units() -> ForecastUnits {
        let square = Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: 900.0, y: 900.0 });
        let shapes = vec![MultiPolygon::new(vec![square.to_polygon()])];
        let names = || vec!["town".to_owned()];
        let town = Neighbourhoods::new(names(), names(), shapes, Crs::PLANAR).unwrap();
        ForecastUnits::areas(&town).unwrap()
    }

    fn events(rows: &[(f64, i64, &str)], discovered_too: bool) -> Events {
        let mut sources = Categories::default();
        for row in rows {
            sources.push(row.2);
        }
        let seconds = rows.iter().map(|row| row.1).collect();
        let x: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let incidents = Incidents::builder(x, vec![5.0; rows.len()], Crs::PLANAR)
            .time(Times::from_utc_seconds(seconds, Zone::utc()))
            .source(sources)
            .build()
            .unwrap();
        let workers = Workers::new(1).unwrap();
        Events::of(&incidents, &units(), discovered_too, &workers).unwrap()
    }

    fn said(events: &Events, code: WarningCode) -> Vec<f64> {
        let of = events.warnings.iter().filter(|w| w.code == code);
        of.filter_map(|w| w.value).collect()
    }

    /// Of eight rows two have no time, one was found by the police and one lies outside.
    #[test]
    fn what_is_left_out_is_counted_and_said() {
        let rows = [
            (1.0, Times::UNKNOWN, "online"),
            (2.0, Times::UNKNOWN, "surveillance"),
            (3.0, 60, "surveillance"),
            (4_000.0, 70, "online"),
            (5.0, 172_800, "online"),
            (6.0, 86_400, "online"),
            (8.0, 90, "online"),
            (7.0, 90, "online"),
        ];
        let some = events(&rows, false);
        assert_eq!((some.undated, some.outside, some.discovered), (2, 1, 1));
        assert_eq!(some.seconds, [90, 90, 86_400, 172_800]);
        assert_eq!(some.x, [7.0, 8.0, 6.0, 5.0]);
        assert_eq!(some.unit, [0; 4]);
        // Two of four at midnight are not most of them.
        assert_eq!(said(&some, WarningCode::Times), [0.25]);
        assert_eq!(said(&some, WarningCode::OutsideAllAreas), [0.125]);
        assert_eq!(said(&some, WarningCode::Feedback), [0.25]);
        let all = events(&rows, true);
        assert_eq!((all.undated, all.outside, all.discovered), (2, 1, 0));
        assert_eq!(all.seconds[0], 60);
        assert_eq!(said(&all, WarningCode::Feedback), [0.25]);
        let dates = events(&rows[4..7], false);
        assert_eq!(said(&dates, WarningCode::Times), [2.0 / 3.0]);
        assert_eq!(dates.warnings.len(), 1);
    }

    #[test]
    fn the_past_ends_before_its_moment() {
        let rows = [10, 20, 30].map(|second| (1.0, second * 86_400, "online"));
        let all = events(&rows, false);
        let at = |day: i64| day * 86_400;
        assert_eq!(all.counts(at(10), at(30), 2), [2, 0]);
        assert_eq!(all.counts(at(10) + 1, at(30) + 1, 1), [2]);
        let past = all.before(at(30));
        assert_eq!((past.len(), past.now), (2, at(30)));
        assert_eq!((past.age(0), past.age(1)), (20.0, 10.0));
        let late = past.since(at(20));
        assert_eq!((late.len(), late.x.len(), late.now), (1, 1, at(30)));
        assert_eq!((late.y.len(), late.unit.len(), late.age(0)), (1, 1, 10.0));
        assert_eq!(past.since(at(20) + 1).len(), 0);
    }
}
