//! The incidents of a test: the dated ones, their close pairs and the orders of their times.

use std::collections::BTreeMap;

use super::bands::Bands;
use super::chains::{Chains, Partners};
use super::close_incidents::CloseIncidents;
use super::options::Options;
use super::permuted::Exchange;
use super::spans::Spans;
use crate::error::{Error, Fault, Result};
use crate::model::{Incidents, Moments, Warning, WarningCode};
use crate::parallel::Workers;

/// Incidents by number, along their locations.
pub(super) struct Studied {
    /// How many incidents there are, dated or not.
    incidents: usize,
    /// Position of each number among all incidents.
    pub(super) positions: Vec<u32>,
    /// Time of each number, or the first it may have.
    units: Vec<u32>,
    /// Where ends of spans are given.
    spans: Option<Spans>,
    span: u32,
    /// Numbers that exchange their times.
    groups: Vec<Vec<u32>>,
    /// Close pairs by slot of the bands.
    pub(super) pairs: Vec<Vec<(u32, u32)>>,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Studied {
    pub(super) fn of(
        incidents: &Incidents,
        distances: &Bands,
        options: &Options,
        workers: &Workers,
    ) -> Result<Self> {
        incidents.crs().require_metres()?;
        options.check(incidents.len())?;
        let moments = Moments::of(incidents, options.clock)?;
        let ends = options.ends.as_ref();
        let spans = ends.map(|ends| Spans::read(incidents, ends, options.clock));
        let spans = spans.transpose()?;
        let useful = |position: u32| match &spans {
            None => true,
            Some(spans) => spans[position as usize].is_some(),
        };
        let (dated, units): (Vec<u32>, Vec<u32>) = (moments.positions.iter().copied())
            .zip(moments.units)
            .filter(|(position, _)| useful(*position))
            .unzip();
        if dated.len() < 2 {
            return Err(Error::input(
                Fault::NoRows,
                format!(
                    "{} of {} incidents have a time; pairs need two",
                    dated.len(),
                    incidents.len()
                ),
            ));
        }
        let positions = dated;
        let dated = |column: &[f64]| -> Vec<f64> {
            positions.iter().map(|p| column[*p as usize]).collect()
        };
        let (x, y) = (dated(incidents.x()), dated(incidents.y()));
        let close = CloseIncidents::list(&x, &y, distances, options.metric, workers)?;
        let order = |i: &u32| *i as usize;
        let numbered: Vec<u32> = close
            .order
            .iter()
            .map(order)
            .map(|i| positions[i])
            .collect();
        let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (number, position) in (0u32..).zip(&numbered) {
            let strata = options.strata.as_ref();
            let stratum = strata.map_or(0, |s| s[*position as usize]);
            groups.entry(stratum).or_default().push(number);
        }
        Ok(Self {
            incidents: incidents.len(),
            units: close.order.iter().map(order).map(|i| units[i]).collect(),
            span: moments.span,
            groups: groups.into_values().collect(),
            pairs: close.pairs,
            x: close.order.iter().map(order).map(|i| x[i]).collect(),
            y: close.order.iter().map(order).map(|i| y[i]).collect(),
            spans: spans.map(|spans| {
                let of = numbered.iter().filter_map(|p| spans[*p as usize]);
                Spans::new(options.clock, of.collect())
            }),
            positions: numbered,
        })
    }

    /// How many incidents have a time.
    pub(super) fn len(&self) -> usize {
        self.units.len()
    }

    /// How many have none.
    pub(super) fn undated(&self) -> usize {
        self.incidents - self.len()
    }

    /// All pairs of incidents.
    pub(super) fn all_pairs(&self) -> u64 {
        let n = self.len() as u64;
        n * (n - 1) / 2
    }

    /// Whether times are known as spans.
    pub(super) fn spanned(&self) -> bool {
        self.spans.is_some()
    }

    /// Says how many incidents have no time, where there are any.
    pub(super) fn undated_warning(&self) -> Option<Warning> {
        let without = if self.spanned() {
            "time, or none known to a year,"
        } else {
            "time"
        };
        undated(self.undated(), self.incidents, without)
    }

    /// For each order of the times, the observed one first, how many pairs of each list are at most
    /// each limit apart, `[order][list * limits + limit]`: whole numbers, unless times are spans.
    pub(super) fn close_pairs(
        &self,
        options: &Options,
        lists: &[&[(u32, u32)]],
        limits: &[u32],
        workers: &Workers,
    ) -> Result<Vec<Vec<f64>>> {
        let exchange = Exchange {
            units: &self.units,
            span: self.span,
            groups: &self.groups,
            permutations: options.permutations,
            seed: options.seed,
        };
        if let Some(spans) = &self.spans {
            return spans.close_pairs(&exchange, lists, limits, workers);
        }
        let orders = exchange.close_pairs(lists, limits, workers)?;
        let of = |order: Vec<u64>| order.into_iter().map(|pairs| pairs as f64).collect();
        Ok(orders.into_iter().map(of).collect())
    }

    /// The chance that two incidents happened at most so many units apart.
    pub(super) fn within(&self, i: u32, j: u32, most: u32) -> f64 {
        let (i, j) = (i as usize, j as usize);
        match &self.spans {
            Some(spans) => spans.within(i, j, most),
            None => f64::from(u8::from(self.units[i].abs_diff(self.units[j]) <= most)),
        }
    }

    /// For each incident, how many others happened within so many units of it.
    pub(super) fn near_in_time(&self, most: u32, workers: &Workers) -> Result<Vec<f64>> {
        if let Some(spans) = &self.spans {
            return spans.near_in_time(most, workers);
        }
        let mut sorted = self.units.clone();
        sorted.sort_unstable();
        let around = |unit: &u32| {
            let from = sorted.partition_point(|u| *u < unit.saturating_sub(most));
            let to = sorted.partition_point(|u| *u <= unit.saturating_add(most));
            (to - from - 1) as f64
        };
        Ok(self.units.iter().map(around).collect())
    }

    /// How many pairs there are within so many units.
    pub(super) fn pairs_within(&self, most: u32, workers: &Workers) -> Result<f64> {
        Ok(0.5 * self.near_in_time(most, workers)?.iter().sum::<f64>())
    }

    /// Labels and chains of the pairs in these slots that are more likely than not close in time.
    pub(super) fn chains(
        &self,
        slots: std::ops::Range<usize>,
        close: impl Fn(u32, u32) -> f64,
        options: &Options,
    ) -> Chains {
        let same = options.metric.of(options.same_place);
        let ranks = self.spans.as_ref().map(Spans::ranks);
        let mut partners = Partners::new(ranks.as_ref().unwrap_or(&self.units));
        for &(i, j) in self.pairs[slots].iter().flatten() {
            if close(i, j) >= 0.5 {
                let (a, b) = (i as usize, j as usize);
                let measure = options
                    .metric
                    .measure(self.x[a] - self.x[b], self.y[a] - self.y[b]);
                partners.join(i, j, measure <= same);
            }
        }
        partners.chains(&self.positions, self.incidents)
    }
}

/// Says how many of all incidents are left out for want of something.
pub(super) fn undated(undated: usize, all: usize, without: &str) -> Option<Warning> {
    (undated > 0).then(|| {
        Warning::with_value(
            WarningCode::Times,
            undated as f64 / all as f64,
            format!(
                "{undated} of {all} incidents have no {without} and are left out of all pairs."
            ),
        )
    })
}

/// Whether a number of pairs is at least another, but for rounding.
pub(super) fn reaches(drawn: f64, observed: f64) -> bool {
    drawn >= observed * (1.0 - 1e-11)
}
