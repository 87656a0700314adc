//! The incidents of a test: the dated ones, their close pairs and the orders of their times.

use std::collections::BTreeMap;

use super::bands::Bands;
use super::chains::{Chains, Partners};
use super::close_incidents::CloseIncidents;
use super::options::Options;
use super::permuted::Exchange;
use crate::error::{Error, Fault, Result};
use crate::model::{Incidents, Moments};
use crate::parallel::Workers;

/// Incidents by number, along their locations.
pub(super) struct Studied {
    /// How many incidents there are, dated or not.
    incidents: usize,
    /// Position of each number among all incidents.
    pub(super) positions: Vec<u32>,
    /// Time of each number.
    pub(super) units: Vec<u32>,
    pub(super) units_per_day: f64,
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
        if moments.positions.len() < 2 {
            return Err(Error::input(
                Fault::NoRows,
                format!(
                    "{} of {} incidents have a time; pairs need two",
                    moments.positions.len(),
                    incidents.len()
                ),
            ));
        }
        let dated = |column: &[f64]| -> Vec<f64> {
            let of = moments.positions.iter();
            of.map(|p| column[*p as usize]).collect()
        };
        let (x, y) = (dated(incidents.x()), dated(incidents.y()));
        let close = CloseIncidents::list(&x, &y, distances, options.metric, workers)?;
        let order = |i: &u32| *i as usize;
        let positions: Vec<u32> = close
            .order
            .iter()
            .map(order)
            .map(|i| moments.positions[i])
            .collect();
        let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (number, position) in (0u32..).zip(&positions) {
            let strata = options.strata.as_ref();
            let stratum = strata.map_or(0, |s| s[*position as usize]);
            groups.entry(stratum).or_default().push(number);
        }
        Ok(Self {
            incidents: incidents.len(),
            units: close
                .order
                .iter()
                .map(order)
                .map(|i| moments.units[i])
                .collect(),
            units_per_day: moments.units_per_day,
            span: moments.span,
            groups: groups.into_values().collect(),
            pairs: close.pairs,
            x: close.order.iter().map(order).map(|i| x[i]).collect(),
            y: close.order.iter().map(order).map(|i| y[i]).collect(),
            positions,
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

    /// The times and the orders in which they are put.
    pub(super) fn exchange(&self, options: &Options) -> Exchange<'_> {
        Exchange {
            units: &self.units,
            span: self.span,
            groups: &self.groups,
            permutations: options.permutations,
            seed: options.seed,
        }
    }

    /// For each incident, how many others happened within so many units of it.
    pub(super) fn near_in_time(&self, most: u32) -> Vec<u32> {
        let mut sorted = self.units.clone();
        sorted.sort_unstable();
        let around = |unit: &u32| {
            let from = sorted.partition_point(|u| *u < unit.saturating_sub(most));
            let to = sorted.partition_point(|u| *u <= unit.saturating_add(most));
            (to - from - 1) as u32
        };
        self.units.iter().map(around).collect()
    }

    /// How many pairs there are within so many units.
    pub(super) fn pairs_within(&self, most: u32) -> u64 {
        let twice: u64 = self.near_in_time(most).iter().map(|n| u64::from(*n)).sum();
        twice / 2
    }

    /// Labels and chains of the pairs in these slots whose times differ by more than `above` units
    /// and at most `most`.
    pub(super) fn chains(
        &self,
        slots: std::ops::Range<usize>,
        within: impl Fn(u32) -> bool,
        options: &Options,
    ) -> Chains {
        let same = options.metric.of(options.same_place);
        let mut partners = Partners::new(&self.units);
        for &(i, j) in self.pairs[slots].iter().flatten() {
            let (a, b) = (i as usize, j as usize);
            if within(self.units[a].abs_diff(self.units[b])) {
                let measure = options
                    .metric
                    .measure(self.x[a] - self.x[b], self.y[a] - self.y[b]);
                partners.join(i, j, measure <= same);
            }
        }
        partners.chains(&self.positions, self.incidents)
    }
}
