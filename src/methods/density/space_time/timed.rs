//! Incidents in the order of their times.

use super::super::edge::Edge;
use super::super::estimate::KernelDensity;
use super::super::mass::mass_inside;
use super::rhythm::Rhythm;
use crate::error::Result;
use crate::model::{Incidents, Times, Warning, WarningCode};
use crate::parallel::Workers;

/// Incidents that one unit of work looks around from.
const PIECE: usize = 256;

/// Those that count, by time, each with the weight it counts by.
pub(super) struct Timed {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) time: Vec<i64>,
    pub(super) weight: Vec<f64>,
    /// How many have no time.
    pub(super) untimed: usize,
    pub(super) warnings: Vec<Warning>,
}

impl Timed {
    pub(super) fn new(
        incidents: &Incidents,
        density: &KernelDensity,
        rhythm: &Rhythm,
        workers: &Workers,
    ) -> Result<Self> {
        let times = incidents.require_times()?.seconds();
        let (x, y) = (incidents.x(), incidents.y());
        let mut warnings = Vec::new();
        let mut left = |code, count: usize, why: &str| {
            if count > 0 {
                let message = format!("{count} incidents {why}");
                warnings.push(Warning::with_value(code, count as f64, message));
            }
        };
        let mut order: Vec<usize> = (0..times.len())
            .filter(|&i| times[i] != Times::UNKNOWN)
            .collect();
        let untimed = times.len() - order.len();
        left(
            WarningCode::Times,
            untimed,
            "have no time and are left out.",
        );
        if let Some((since, until)) = rhythm.window {
            let before = order.len();
            order.retain(|&i| times[i] >= since && times[i] < until);
            let why = "lie outside the time that was watched and are left out.";
            left(WarningCode::Times, before - order.len(), why);
        }
        let area = density
            .within
            .as_ref()
            .filter(|_| density.edge != Edge::None);
        if let Some(area) = area {
            let before = order.len();
            order.retain(|&i| area.contains(x[i], y[i]));
            let why = "lie outside the study area and are left out: a correction at its edge \
                       stands for them.";
            left(WarningCode::OutsideAllAreas, before - order.len(), why);
        }
        // Equal times keep their order.
        workers.sort_by_key(&mut order, |&i| times[i]);
        let mass = match area.filter(|_| density.edge == Edge::Diggle) {
            None => vec![1.0; order.len()],
            Some(area) => workers
                .map_ranges(order.len(), PIECE, |range| {
                    let own = |&i: &usize| {
                        let (kernel, h) = (density.kernel, density.bandwidth);
                        mass_inside(kernel, h, area, x[i], y[i]) * rhythm.own_share(times[i])
                    };
                    order[range].iter().map(own).collect::<Vec<f64>>()
                })?
                .concat(),
        };
        let all = order.len();
        let enough = order
            .into_iter()
            .zip(mass)
            .filter(|(_, mass)| *mass >= Edge::LEAST_MASS);
        let kept: Vec<(usize, f64)> = enough.collect();
        let why = "have less than a twentieth of their kernel where and when something could be \
                   seen, and are left out. Use a smaller bandwidth.";
        left(WarningCode::Bandwidth, all - kept.len(), why);
        let of = incidents.weights();
        Ok(Self {
            x: kept.iter().map(|&(i, _)| x[i]).collect(),
            y: kept.iter().map(|&(i, _)| y[i]).collect(),
            time: kept.iter().map(|&(i, _)| times[i]).collect(),
            weight: kept
                .iter()
                .map(|&(i, mass)| of.map_or(1.0, |w| w[i]) / mass)
                .collect(),
            untimed,
            warnings,
        })
    }

    /// Places and weights of the incidents that count at a time.
    pub(super) fn at(&self, time: i64, rhythm: &Rhythm) -> (&[f64], &[f64], Vec<f64>) {
        let (first, last) = rhythm.in_reach(time);
        let from = self.time.partition_point(|t| *t < first);
        let to = self.time.partition_point(|t| *t <= last).max(from);
        let each = self.time[from..to].iter().zip(&self.weight[from..to]);
        let weights = each.map(|(t, w)| w * rhythm.value(*t, time)).collect();
        (&self.x[from..to], &self.y[from..to], weights)
    }
}
