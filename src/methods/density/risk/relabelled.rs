//! Maps of equal risk by simulation.

use rand::RngExt;

use super::null::Candidates;
use super::pool::Pool;
use super::smoother::Smoother;
use crate::error::{Error, Result};
use crate::parallel::Workers;
use crate::random::{Stream, stream};
use crate::stats::shares;

/// Maps that are simulated before they are counted.
pub(super) const TOGETHER: usize = 16;
/// Where in the whole of the work the simulation begins; measured roughly.
pub(super) const DENSITIES: f64 = 0.05;
/// Cells that one unit of work counts.
const PIECE: usize = 8_192;
/// Two surfaces count as equal where they differ by less than this share of the greatest value of
/// both sets together: twice their accuracy.
const TIE: f64 = 2e-12;

/// The set that is simulated: where it lies, and where it would lie if risk were equal.
pub(super) struct Drawn<'a> {
    pool: &'a Pool,
    candidates: Candidates,
    /// Whether the controls are drawn, being fewer, and the rest are the cases.
    pub(super) controls: bool,
    /// People up to and including each control.
    upto: Vec<f64>,
}

impl<'a> Drawn<'a> {
    pub(super) fn new(pool: &'a Pool) -> Result<Self> {
        let candidates = Candidates::of(pool);
        if candidates == Candidates::Both && pool.cases.weight.is_some() {
            return Err(Error::parameter(
                "tolerance",
                "monte_carlo",
                "asymptotic for cases with weights among controls without: labels that weigh \
                 differently cannot be dealt anew",
            ));
        }
        let mut people = 0.0;
        let weights = pool.controls.weight.iter().flatten();
        let upto = weights.map(|w| {
            people += w;
            people
        });
        Ok(Self {
            pool,
            candidates,
            controls: candidates == Candidates::Both
                && pool.controls.place.len() < pool.cases.place.len(),
            upto: upto.collect(),
        })
    }

    /// How much of the set there is on each place.
    pub(super) fn observed(&self) -> Vec<f64> {
        self.pool.weights_of(if self.controls {
            &self.pool.controls
        } else {
            &self.pool.cases
        })
    }

    /// How much of the set lies on each place when it is drawn once.
    fn once(&self, random: &mut Stream) -> Vec<f64> {
        let (cases, controls) = (&self.pool.cases, &self.pool.controls);
        let mut on_place = vec![0.0; self.pool.x.len()];
        match self.candidates {
            Candidates::Both => {
                let mut places = [&*cases.place, &*controls.place].concat();
                let drawn = cases.place.len().min(controls.place.len());
                for i in 0..drawn {
                    let j = random.random_range(i..places.len());
                    places.swap(i, j);
                    on_place[places[i] as usize] += 1.0;
                }
            }
            Candidates::People => {
                for i in 0..cases.place.len() {
                    let at = random.random::<f64>() * controls.total;
                    let home = self.upto.partition_point(|upto| *upto <= at);
                    let home = home.min(controls.place.len() - 1);
                    let weight = cases.weight.as_ref().map_or(1.0, |w| w[i]);
                    on_place[controls.place[home] as usize] += weight;
                }
            }
        }
        on_place
    }
}

/// How often chance made as much.
pub(super) struct Chance {
    /// Share of maps on which a cell holds at most as much of the drawn set.
    pub(super) less: Vec<f64>,
    /// Share of maps on which a cell holds at least as much.
    pub(super) greater: Vec<f64>,
    /// Share of maps on which some cell stands out at least as much as this one, NaN where a cell
    /// has no `unit`.
    pub(super) most: Vec<f64>,
}

/// What a cell is compared by.
pub(super) struct Yardstick<'a> {
    /// The drawn set as it is, weight per square kilometre.
    pub(super) observed: &'a [f64],
    /// As it is on average.
    pub(super) expected: &'a [f64],
    /// Its standard deviation; NaN for a cell that is not mapped.
    pub(super) unit: &'a [f64],
}

/// Simulates so many maps.
pub(super) fn simulate(
    drawn: &Drawn<'_>,
    smoother: &Smoother<'_>,
    yardstick: &Yardstick<'_>,
    (replicates, seed): (usize, u64),
    workers: &Workers,
) -> Result<Chance> {
    let cells = yardstick.observed.len();
    let peak = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    let tie = TIE * peak(yardstick.observed).max(peak(yardstick.expected));
    let out_by =
        |at: usize, value: f64| ((value - yardstick.expected[at]) / yardstick.unit[at]).abs();
    let mut reached = vec![(0u32, 0u32); cells];
    let mut greatest: Vec<f64> = Vec::with_capacity(replicates);
    for first in (0..replicates).step_by(TOGETHER) {
        let here = TOGETHER.min(replicates - first);
        let along = |k: usize| DENSITIES + (1.0 - DENSITIES) * k as f64 / replicates as f64;
        let drawing = workers.telling("permutations", along(first)..along(first + here));
        let maps = drawing.try_map(here, |k| {
            let alone = workers.alone();
            let on_place = drawn.once(&mut stream(seed, (first + k) as u64));
            smoother.surface(&on_place, &alone)
        })?;
        workers.fill(
            &mut reached,
            PIECE,
            || (),
            |(), piece, reached| {
                for map in &maps {
                    let from = piece * PIECE;
                    let each = map[from..].iter().zip(&yardstick.observed[from..]);
                    for ((less, greater), (value, seen)) in reached.iter_mut().zip(each) {
                        *less += u32::from(*value <= seen + tie);
                        *greater += u32::from(*value >= seen - tie);
                    }
                }
            },
        )?;
        let most = |map: &Vec<f64>| {
            let out = map.iter().enumerate().map(|(at, value)| out_by(at, *value));
            out.fold(0.0, f64::max)
        };
        greatest.extend(workers.map(here, |k| most(&maps[k]))?);
    }
    greatest.sort_by(f64::total_cmp);
    let most = (0..cells).map(|at| {
        let out = out_by(at, yardstick.observed[at]);
        if out.is_nan() {
            return f64::NAN;
        }
        let below = greatest.partition_point(|g| *g < out * (1.0 - TIE));
        shares(0, (replicates - below) as u64, replicates).greater
    });
    let most = most.collect();
    let share =
        |(less, greater): &(u32, u32)| shares(u64::from(*less), u64::from(*greater), replicates);
    Ok(Chance {
        less: reached.iter().map(|r| share(r).less).collect(),
        greater: reached.iter().map(|r| share(r).greater).collect(),
        most,
    })
}
