//! When incidents happened, where only a first and a last moment are known.

use rand::seq::SliceRandom;

use super::permuted::Exchange;
use crate::error::{Error, Fault, Result};
use crate::model::{Clock, Incidents, Times};
use crate::parallel::Workers;
use crate::random::stream;

/// A longer span, in seconds, says nothing about when.
const LONGEST: i64 = 366 * 86_400;

/// A moment from `from` to `to`, each as likely; in seconds, or in days by the clock on the wall.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub(super) from: f64,
    pub(super) to: f64,
}

/// The spans of incidents by their number.
#[derive(Debug, Clone)]
pub(super) struct Spans {
    clock: Clock,
    spans: Vec<Span>,
}

impl Spans {
    /// Of all incidents, in input order; `None` where nothing useful is known.
    ///
    /// An end that is missing or not after the beginning leaves the moment of the beginning.
    pub(super) fn read(
        incidents: &Incidents,
        ends: &Times,
        clock: Clock,
    ) -> Result<Vec<Option<Span>>> {
        let times = incidents.require_times()?;
        if ends.len() != times.len() {
            let detail = format!(
                "{} ends and {} incidents; give one each",
                ends.len(),
                times.len()
            );
            return Err(Error::input(Fault::LengthMismatch, detail));
        }
        let zone = times.zone();
        let moment = |second: i64| match clock {
            Clock::Elapsed => second as f64,
            Clock::CalendarDays => {
                let offset = i64::from(zone.local(second).offset().seconds());
                (second + offset) as f64 / 86_400.0
            }
        };
        let read = |(row, &from): (usize, &i64)| {
            if from == Times::UNKNOWN {
                return None;
            }
            // An end that is missing lies before any beginning.
            let to = ends.until(row).max(from);
            (to.saturating_sub(from) <= LONGEST).then(|| Span {
                from: moment(from),
                // An hour that clocks show twice may put the end before the beginning.
                to: moment(to).max(moment(from)),
            })
        };
        Ok(times.seconds().iter().enumerate().map(read).collect())
    }

    pub(super) fn new(clock: Clock, spans: Vec<Span>) -> Self {
        Self { clock, spans }
    }

    /// The chance that two incidents happened at most so many whole units apart.
    pub(super) fn within(&self, i: usize, j: usize, most: u32) -> f64 {
        apart(self.clock, self.spans[i], self.spans[j], most)
    }

    /// Ranks by the middle of the spans: of two incidents the one with the earlier middle is more
    /// likely to have come first.
    pub(super) fn ranks(&self) -> Vec<u32> {
        let middle = |span: &Span| match self.clock {
            Clock::Elapsed => span.from + span.to,
            // What lies on one day has no order.
            Clock::CalendarDays => {
                let (first, last) = days(*span);
                (first + last) as f64
            }
        };
        let middles: Vec<f64> = self.spans.iter().map(middle).collect();
        let mut sorted = middles.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.dedup();
        let rank = |middle: &f64| sorted.partition_point(|m| m < middle) as u32;
        middles.iter().map(rank).collect()
    }

    /// For each incident, how many others are to be expected within so many units of it.
    pub(super) fn near_in_time(&self, most: u32, workers: &Workers) -> Result<Vec<f64>> {
        const PIECE: usize = 256;
        let mut sorted = self.spans.clone();
        sorted.sort_by(|a, b| a.from.total_cmp(&b.from));
        let longest = sorted.iter().map(|s| s.to - s.from).fold(0.0, f64::max);
        // Days of the calendar reach to their ends.
        let reach = f64::from(most) + 1.0;
        let around = |span: &Span| -> f64 {
            let first = sorted.partition_point(|s| s.from < span.from - reach - longest);
            let last = sorted.partition_point(|s| s.from <= span.to + reach);
            let others = sorted[first..last].iter();
            let all: f64 = others.map(|s| apart(self.clock, *span, *s, most)).sum();
            // Itself is among them.
            all - apart(self.clock, *span, *span, most)
        };
        let pieces = workers.map_ranges(self.spans.len(), PIECE, |range| {
            self.spans[range].iter().map(around).collect::<Vec<_>>()
        })?;
        Ok(pieces.concat())
    }

    /// As [`Exchange::close_pairs`], in expected numbers.
    pub(super) fn close_pairs(
        &self,
        exchange: &Exchange<'_>,
        lists: &[&[(u32, u32)]],
        limits: &[u32],
        workers: &Workers,
    ) -> Result<Vec<Vec<f64>>> {
        workers.map(exchange.permutations + 1, |order| {
            let exchanged = self.exchanged(exchange, order);
            let mut met = Vec::with_capacity(lists.len() * limits.len());
            for list in lists {
                for most in limits {
                    let within = |(i, j): &(u32, u32)| {
                        let (i, j) = (exchanged[*i as usize], exchanged[*j as usize]);
                        apart(self.clock, i, j, *most)
                    };
                    // An empty sum of doubles would be a negative zero.
                    met.push(list.iter().map(within).fold(0.0, |sum, p| sum + p));
                }
            }
            met
        })
    }

    /// The spans in one order; the first is that which was observed.
    fn exchanged(&self, exchange: &Exchange<'_>, order: usize) -> Vec<Span> {
        let mut out = self.spans.clone();
        if order == 0 {
            return out;
        }
        let mut random = stream(exchange.seed, order as u64);
        for group in exchange.groups {
            let mut of_group: Vec<Span> = group.iter().map(|i| self.spans[*i as usize]).collect();
            of_group.shuffle(&mut random);
            for (i, span) in group.iter().zip(of_group) {
                out[*i as usize] = span;
            }
        }
        out
    }
}

/// The chance that moments of two spans are at most so many whole units apart; one or zero for two
/// that are known.
fn apart(clock: Clock, a: Span, b: Span, most: u32) -> f64 {
    match clock {
        Clock::Elapsed => {
            let most = f64::from(most);
            // Two chances that add up to one may be a rounding short of it.
            (less(a, b, most) + less(b, a, most) - 1.0).max(0.0)
        }
        Clock::CalendarDays => days_apart(a, b, i64::from(most)),
    }
}

/// P(A − B ≤ z) for uniform A and B. The difference has the density of a trapezium: over `z` less
/// its least value it rises along the shorter of both spans, is level, and falls.
fn less(a: Span, b: Span, z: f64) -> f64 {
    let (one, other) = (a.to - a.from, b.to - b.from);
    let (short, long) = (one.min(other), one.max(other));
    let at = z - (a.from - b.to);
    if at >= short + long {
        1.0
    } else if at <= 0.0 {
        0.0
    } else if at < short {
        at * at / (2.0 * short * long)
    } else if at <= long {
        (at - 0.5 * short) / long
    } else {
        let left = short + long - at;
        1.0 - left * left / (2.0 * short * long)
    }
}

/// The chance that the days on which two spans happened are at most so many apart: the share of
/// each day of the shorter one times what the other has around it.
fn days_apart(a: Span, b: Span, most: i64) -> f64 {
    let (short, long) = if a.to - a.from <= b.to - b.from {
        (a, b)
    } else {
        (b, a)
    };
    let ((first, last), (from, to)) = (days(short), days(long));
    if last - from <= most && to - first <= most {
        return 1.0;
    }
    if from - last > most || first - to > most {
        return 0.0;
    }
    (first..=last)
        .map(|day| share(short, day, day) * share(long, day - most, day + most))
        .sum()
}

/// The first and the last day of a span.
fn days(span: Span) -> (i64, i64) {
    let first = span.from.floor() as i64;
    (first, (span.to.ceil() as i64 - 1).max(first))
}

/// The share of a span from the beginning of one day to the end of another.
fn share(span: Span, first: i64, last: i64) -> f64 {
    if span.from == span.to {
        let day = span.from.floor() as i64;
        return f64::from(u8::from(first <= day && day <= last));
    }
    let inside = span.to.min((last + 1) as f64) - span.from.max(first as f64);
    inside.max(0.0) / (span.to - span.from)
}

#[cfg(test)]
mod tests;
