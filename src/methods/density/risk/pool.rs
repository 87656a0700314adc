//! Cases and controls on the places they share.

use super::super::adaptive::{Adaptive, AdaptiveDensity};
use super::super::edge::Edge;
use super::super::estimate::KernelDensity;
use super::super::mass::mass_inside;
use super::super::places::Places;
use crate::error::{Error, Fault, Result};
use crate::index::IncidentIndex;
use crate::model::{Incidents, Warning, WarningCode};
use crate::parallel::Workers;
use crate::stats::sum;

/// Places that one unit of work looks around from.
const PIECE: usize = 64;

/// One of the two sets, without what is left out.
pub(super) struct Side {
    /// The place of each.
    pub(super) place: Vec<u32>,
    /// The weight of each, `None` for one each.
    pub(super) weight: Option<Vec<f64>>,
    /// The sum of the weights.
    pub(super) total: f64,
    /// As many of equal weight would vary as much: `(Σ w)² / Σ w²`.
    pub(super) effective: f64,
}

/// All different places of cases and controls, with what does not depend on which is which.
pub(super) struct Pool {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    /// The bandwidth of each place.
    pub(super) bandwidth: Vec<f64>,
    /// What a weight at each place is multiplied by.
    pub(super) factor: Vec<f64>,
    pub(super) cases: Side,
    pub(super) controls: Side,
    pub(super) warnings: Vec<Warning>,
}

impl Pool {
    pub(super) fn new(
        density: &KernelDensity,
        adaptive: Option<Adaptive>,
        cases: &Incidents,
        controls: &Incidents,
        workers: &Workers,
    ) -> Result<Self> {
        let mut warnings = Vec::new();
        let mut seen = |set: &Incidents, name: &str| {
            let (columns, outside) = Columns::seen(density, set);
            warnings.extend((outside > 0).then(|| left_out(outside, name)));
            columns
        };
        let (cases, controls) = (seen(cases, "cases"), seen(controls, "controls"));
        let x = [&*cases.x, &*controls.x].concat();
        let y = [&*cases.y, &*controls.y].concat();
        let index = IncidentIndex::from_xy(&x, &y)?;
        let weights = (cases.weight.is_some() || controls.weight.is_some())
            .then(|| [cases.weights(), controls.weights()].concat());
        let places = Places::of(&index, weights.as_deref());
        let bandwidth = match adaptive {
            None => vec![density.bandwidth; places.len()],
            Some(rule) => {
                AdaptiveDensity::new(density.clone(), rule).of_places(&places, &index, workers)?
            }
        };
        let factor = factors(density, &places, &bandwidth, workers)?;
        let mut place_of = vec![0u32; x.len()];
        for place in 0..index.locations() as u32 {
            for &i in index.members(place) {
                place_of[i as usize] = place;
            }
        }
        let lost = place_of.iter().filter(|p| factor[**p as usize] == 0.0);
        let lost = lost.count();
        if lost > 0 {
            warnings.push(Warning::with_value(
                WarningCode::Bandwidth,
                lost as f64,
                format!(
                    "{lost} cases and controls have less than a twentieth of their kernel inside \
                     the study area and are left out. Use a smaller bandwidth."
                ),
            ));
        }
        let (of_cases, of_controls) = place_of.split_at(cases.x.len());
        Ok(Self {
            cases: cases.side(of_cases, &factor, "case")?,
            controls: controls.side(of_controls, &factor, "control")?,
            x: (0..places.len()).map(|i| places.at(i).0).collect(),
            y: (0..places.len()).map(|i| places.at(i).1).collect(),
            bandwidth,
            factor,
            warnings,
        })
    }

    /// The greatest bandwidth.
    pub(super) fn widest(&self) -> f64 {
        self.bandwidth.iter().copied().fold(0.0, f64::max)
    }

    /// How much of a set lies on each place.
    pub(super) fn weights_of(&self, side: &Side) -> Vec<f64> {
        let mut on_place = vec![0.0; self.x.len()];
        for (i, &place) in side.place.iter().enumerate() {
            on_place[place as usize] += side.weight.as_ref().map_or(1.0, |w| w[i]);
        }
        on_place
    }
}

/// One set as columns.
struct Columns {
    x: Vec<f64>,
    y: Vec<f64>,
    weight: Option<Vec<f64>>,
}

impl Columns {
    /// Those of a set that can be seen, and how many cannot: a correction stands for what lies
    /// outside.
    fn seen(density: &KernelDensity, set: &Incidents) -> (Self, usize) {
        let area = density
            .within
            .as_ref()
            .filter(|_| density.edge != Edge::None);
        let inside: Vec<bool> = set
            .x()
            .iter()
            .zip(set.y())
            .map(|(&x, &y)| area.is_none_or(|area| area.contains(x, y)))
            .collect();
        let pick = |column: &[f64]| -> Vec<f64> {
            let kept = column.iter().zip(&inside).filter(|(_, seen)| **seen);
            kept.map(|(v, _)| *v).collect()
        };
        let columns = Self {
            x: pick(set.x()),
            y: pick(set.y()),
            weight: set.weights().map(pick),
        };
        (columns, inside.iter().filter(|seen| !**seen).count())
    }

    fn weights(&self) -> Vec<f64> {
        self.weight
            .clone()
            .unwrap_or_else(|| vec![1.0; self.x.len()])
    }

    /// Without those on places that do not count.
    fn side(self, place_of: &[u32], factor: &[f64], name: &str) -> Result<Side> {
        let counts = |place: &u32| factor[*place as usize] > 0.0;
        let weight = self.weight.map(|weight| {
            let kept = weight.iter().zip(place_of).filter(|(_, p)| counts(p));
            kept.map(|(w, _)| *w).collect::<Vec<f64>>()
        });
        let place: Vec<u32> = place_of.iter().copied().filter(counts).collect();
        let (total, squares) = match &weight {
            None => (place.len() as f64, place.len() as f64),
            Some(w) => (sum(w.iter().copied()), sum(w.iter().map(|w| w * w))),
        };
        if total > 0.0 {
            return Ok(Side {
                place,
                weight,
                total,
                effective: total * total / squares,
            });
        }
        Err(Error::input(
            Fault::NoRows,
            format!("no {name} to compare; give one inside the study area, with a weight"),
        ))
    }
}

/// One over the mass of each place's kernel inside the study area where the correction divides by
/// it, 0 where that mass is too small; else one.
fn factors(
    density: &KernelDensity,
    places: &Places,
    bandwidth: &[f64],
    workers: &Workers,
) -> Result<Vec<f64>> {
    let corrected = density
        .within
        .as_ref()
        .filter(|_| density.edge == Edge::Diggle);
    let Some(area) = corrected else {
        return Ok(vec![1.0; places.len()]);
    };
    let pieces = workers.map_ranges(places.len(), PIECE, |range| {
        range
            .map(|i| {
                let (x, y) = places.at(i);
                let mass = mass_inside(density.kernel, bandwidth[i], area, x, y);
                if mass < Edge::LEAST_MASS {
                    0.0
                } else {
                    1.0 / mass
                }
            })
            .collect::<Vec<f64>>()
    })?;
    Ok(pieces.concat())
}

fn left_out(outside: usize, name: &str) -> Warning {
    Warning::with_value(
        WarningCode::OutsideAllAreas,
        outside as f64,
        format!(
            "{outside} {name} lie outside the study area and are left out: a correction at its \
             edge stands for them."
        ),
    )
}
