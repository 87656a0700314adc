//! Who lives where.

use rand::RngExt;

use super::plan::{Domain, Plan};
use crate::error::Result;
use crate::model::{Exposure, Neighbourhoods};
use crate::random::Stream;

/// The year of the older set of figures, against which change is measured.
pub(super) const BASELINE_YEAR: i16 = 2017;
/// The year of the newer set of figures.
pub(super) const LATEST_YEAR: i16 = 2024;

/// Shares of the neighbourhoods, as in Almere in 2024: 45 of 238 have no published population
/// and 21 more have 50 residents or fewer.
const UNPUBLISHED: f64 = 45.0 / 238.0;
const FEW: f64 = 21.0 / 238.0;
/// Median population of the other neighbourhoods.
const MEDIAN: f64 = 1_215.0;

/// The people of one neighbourhood.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct People {
    /// Whether the figures are published.
    pub(super) published: bool,
    /// Residents in the latest year.
    pub(super) residents: f64,
    /// Of these, aged 12 to 23.
    pub(super) youths: f64,
    /// Dwellings in the latest year.
    pub(super) dwellings: f64,
    /// Residents, youths and dwellings in the baseline year.
    baseline: [f64; 3],
    /// Addresses, dwellings and others.
    pub(super) addresses: u32,
}

/// Settles people in every neighbourhood.
pub(super) fn settle(seed: u64, plan: &Plan) -> Vec<People> {
    let n = plan.patches.len();
    let mut random = Domain::People.stream(seed, 0);
    let unpublished = (UNPUBLISHED * n as f64).round() as usize;
    let few = (FEW * n as f64).round() as usize;
    // Business parks, woods and fields are mostly where it is least built-up.
    let mut by_urbanity: Vec<(f64, usize)> = plan
        .patches
        .iter()
        .enumerate()
        .map(|(i, p)| (p.urbanity.sqrt() * (0.4 + 1.2 * random.random::<f64>()), i))
        .collect();
    by_urbanity.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut residents = vec![0.0; n];
    let mut published = vec![true; n];
    for (rank, &(_, i)) in by_urbanity.iter().enumerate() {
        if rank < unpublished {
            published[i] = false;
            residents[i] = (random.random::<f64>() * 40.0).floor();
        } else if rank < unpublished + few {
            residents[i] = fives(1.0 + random.random::<f64>().powi(2) * 49.0).max(5.0);
        }
    }
    let homes: Vec<usize> = by_urbanity
        .iter()
        .skip(unpublished + few)
        .map(|x| x.1)
        .collect();
    for (i, number) in populations(&mut random, plan, &homes) {
        residents[i] = number;
    }
    (0..n)
        .map(|i| people(&mut random, residents[i], published[i]))
        .collect()
}

/// A number of residents for each ordinary neighbourhood: a skewed spread around the median, the
/// larger numbers where there is more room.
fn populations(random: &mut Stream, plan: &Plan, homes: &[usize]) -> Vec<(usize, f64)> {
    let mut room: Vec<(f64, usize)> = homes
        .iter()
        .map(|&i| {
            let patch = &plan.patches[i];
            let room = patch.hexagons.len() as f64 * patch.urbanity.sqrt();
            (room * (0.3 + 1.4 * random.random::<f64>()), i)
        })
        .collect();
    room.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut sizes: Vec<f64> = homes
        .iter()
        .map(|_| (0.75 * normal(random)).exp())
        .collect();
    sizes.sort_by(f64::total_cmp);
    let middle = sizes.get(sizes.len() / 2).copied().unwrap_or(1.0);
    room.iter()
        .zip(&sizes)
        .map(|(&(_, i), size)| (i, fives(MEDIAN * size / middle).clamp(55.0, 3_500.0)))
        .collect()
}

fn people(random: &mut Stream, residents: f64, published: bool) -> People {
    let youths = 0.09 + 0.12 * random.random::<f64>();
    let household = 2.0 + 0.7 * random.random::<f64>();
    // Most neighbourhoods have grown since the baseline year, some have shrunk.
    let growth = 0.93 + 0.30 * random.random::<f64>().powi(2);
    let other_addresses = 4 + (12.0 * random.random::<f64>().powi(3)) as u32;
    let figure = |share: f64| {
        if published {
            fives(residents * share)
        } else {
            (residents * share).floor()
        }
    };
    let dwellings = figure(1.0 / household);
    People {
        published,
        residents,
        youths: figure(youths),
        dwellings,
        baseline: [
            figure(1.0 / growth),
            figure(youths / growth),
            figure(1.0 / (household * growth)),
        ],
        addresses: dwellings as u32 + other_addresses,
    }
}

/// Adds the published figures to the areas.
pub(super) fn publish(areas: Neighbourhoods, people: &[People]) -> Result<Neighbourhoods> {
    let column = |of: &dyn Fn(&People) -> f64| -> Vec<Option<f64>> {
        people.iter().map(|p| p.published.then(|| of(p))).collect()
    };
    let mut areas = areas;
    for (place, kind) in ["inhabitants", "youths", "dwellings"]
        .into_iter()
        .enumerate()
    {
        let latest = |p: &People| [p.residents, p.youths, p.dwellings][place];
        let baseline = |p: &People| p.baseline[place];
        areas = areas
            .with_exposure(Exposure::new(kind, Some(BASELINE_YEAR), column(&baseline)))?
            .with_exposure(Exposure::new(kind, Some(LATEST_YEAR), column(&latest)))?;
    }
    Ok(areas)
}

/// Rounded to a multiple of five, as Statistics Netherlands publishes.
fn fives(value: f64) -> f64 {
    (value / 5.0).round() * 5.0
}

/// A standard normal deviate to good approximation: twelve uniform ones less six.
fn normal(random: &mut Stream) -> f64 {
    (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0
}
