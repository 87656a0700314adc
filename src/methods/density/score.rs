//! How well does a bandwidth do?
//!
//! Each score is a sum over places of a sum over the other places. Sums over places carry their
//! rounding along, so scores do not depend on the number of threads.

use std::f64::consts::{PI, SQRT_2};

use super::by_row::Columns;
use super::coarse::Coarse;
use super::distances::distances;
use super::kernel::Kernel;
use super::mass::mass_inside;
use super::places::Places;
use crate::error::Result;
use crate::index::StudyArea;
use crate::model::Bounds;
use crate::parallel::Workers;
use crate::stats::sum;

/// Places that one unit of work looks around from.
const PIECE: usize = 64;
/// Places up to which pairs are added up one by one.
const FEW: usize = 1_000;
/// Share of its own mass below which what is around a place is added up pair by pair: the rest of
/// a difference would have too few digits.
const ISOLATED: f64 = 1e-5;

/// For each place the sum of `mass · exp(−r²/2h²)` over the others, to 1e-8 of it.
fn gaussian_sums(places: &Places, h: f64, mass: &[f64], workers: &Workers) -> Result<Vec<f64>> {
    let direct = |i: usize| around(places, i, h, mass);
    if places.len() <= FEW {
        return workers.map(places.len(), direct);
    }
    let columns = Columns {
        x: &places.x,
        y: &places.y,
        weights: Some(mass),
        radii: None,
    };
    let Some(coarse) = Coarse::spread(columns, h, None, workers)? else {
        return workers.map(places.len(), direct);
    };
    let sums = coarse.at(&places.x, &places.y, workers)?;
    let others = |range: std::ops::Range<usize>| {
        let of = |i: usize| {
            let others = sums[i] - mass[i];
            if others > ISOLATED * mass[i] {
                others
            } else {
                direct(i)
            }
        };
        range.map(of).collect::<Vec<f64>>()
    };
    Ok(workers.map_ranges(places.len(), PIECE, others)?.concat())
}

/// The same for one place, pair by pair. What is left out is below 2e-16 of the nearest one's term.
fn around(places: &Places, place: usize, h: f64, mass: &[f64]) -> f64 {
    let nearest = places.nearest(place);
    let limit = Kernel::Gaussian.reach() * Kernel::Gaussian.reach();
    let scale = -0.5 / (h * h);
    let mut sum = 0.0;
    places.others(place, (nearest + limit * h * h).sqrt(), |j, squared| {
        sum += mass[j] * (squared * scale).exp();
    });
    sum
}

/// The score of each candidate, telling after how many of them the job is.
fn each(
    candidates: &[f64],
    workers: &Workers,
    score: impl Fn(&f64, &Workers) -> Result<f64>,
) -> Result<Vec<f64>> {
    let quiet = workers.unheard();
    let step = 1.0 / candidates.len() as f64;
    let one = |(k, h): (usize, &f64)| {
        let score = score(h, &quiet)?;
        workers.job().report("bandwidth", (k + 1) as f64 * step);
        Ok(score)
    };
    candidates.iter().enumerate().map(one).collect()
}

/// Least-squares cross-validation, `∫ f̂² − (2/n) Σ f̂₋ᵢ(xᵢ)` per square kilometre.
pub(super) fn least_squares(
    places: &Places,
    candidates: &[f64],
    workers: &Workers,
) -> Result<Vec<f64>> {
    let n = places.total;
    let score = |h: &f64, workers: &Workers| {
        let both = gaussian_sums(places, h * SQRT_2, &places.mass, workers)?;
        let others = gaussian_sums(places, *h, &places.mass, workers)?;
        let peak = 1e6 / (2.0 * PI * h * h);
        let each = places.mass.iter().zip(both.iter().zip(&others));
        Ok(sum(each.map(|(mass, (both, others))| {
            let squares = 0.5 * peak * mass * (mass + both) / (n * n);
            squares - 2.0 * peak * mass * others / (n * (n - mass))
        })))
    };
    each(candidates, workers, score)
}

/// The log-likelihood `Σ log λ̂₋ᵢ(xᵢ) − ∫ λ̂`, each incident divided by its own mass inside the
/// study area, so that the integral is the number of incidents; −∞ where the density that the
/// other incidents make at one of them is below the least number.
pub(super) fn likelihood(
    places: &Places,
    candidates: &[f64],
    within: Option<&StudyArea>,
    workers: &Workers,
) -> Result<Vec<f64>> {
    let score = |h: &f64, workers: &Workers| {
        let mass = match within {
            None => places.mass.clone(),
            Some(area) => workers
                .map_ranges(places.len(), PIECE, |range| {
                    let of = |j: usize| {
                        let (x, y) = places.at(j);
                        places.mass[j] / mass_inside(Kernel::Gaussian, *h, area, x, y)
                    };
                    range.map(of).collect::<Vec<f64>>()
                })?
                .concat(),
        };
        let others = gaussian_sums(places, *h, &mass, workers)?;
        let peak = 1e6 / (2.0 * PI * h * h);
        let each = places.mass.iter().zip(others);
        let logarithms = sum(each.map(|(mass, others)| mass * (peak * others).ln()));
        // A sum with an infinite term has lost its carried rounding and is NaN.
        Ok(if logarithms.is_finite() {
            logarithms - places.total
        } else {
            f64::NEG_INFINITY
        })
    };
    each(candidates, workers, score)
}

/// Cronie and van Lieshout's `(|W| − Σ 1/λ̂(xᵢ))²` in km⁴, each incident itself included.
pub(super) fn inverse_intensity(
    places: &Places,
    candidates: &[f64],
    km2: f64,
    workers: &Workers,
) -> Result<Vec<f64>> {
    let score = |h: &f64, workers: &Workers| {
        let others = gaussian_sums(places, *h, &places.mass, workers)?;
        let peak = 1e6 / (2.0 * PI * h * h);
        let each = places.mass.iter().zip(others);
        let inverse = sum(each.map(|(mass, others)| mass / (peak * (mass + others))));
        Ok((km2 - inverse) * (km2 - inverse))
    };
    each(candidates, workers, score)
}

/// Berman and Diggle's mean squared error of a uniform kernel of radius h in a Cox process, but
/// for a constant; pairs on one place are left out.
///
/// K is corrected for the edge of the rectangle by the mean surface that it shares with itself
/// shifted by r, `ab − 2r(a + b)/π + r²/π`.
pub(super) fn mean_squared_error(
    places: &Places,
    candidates: &[f64],
    rectangle: &Bounds,
    workers: &Workers,
) -> Result<Vec<f64>> {
    let (a, b) = (rectangle.width(), rectangle.height());
    let (n, surface) = (places.total, rectangle.width() * rectangle.height());
    let widest = candidates.last().map_or(0.0, |h| 2.0 * h);
    let borders: Vec<f64> = candidates.iter().flat_map(|h| [*h, 2.0 * h]).collect();
    let pairs = distances(
        places,
        widest,
        &borders,
        &workers.telling("bandwidth", 0.0..1.0),
    )?;
    let of_candidate = |h: &f64| {
        let disc = PI * h * h;
        let near = pairs.iter().filter(|pairs| pairs.to <= 4.0 * h * h);
        sum(near.map(|pairs| {
            let within = if pairs.to <= h * h { 2.0 } else { 0.0 };
            pairs.sum(|squared| {
                let r = squared.sqrt();
                let shared = surface - (2.0 * r * (a + b) - squared) / PI;
                let part = (r / (2.0 * h)).min(1.0);
                let chord = (4.0 * h * h - squared).max(0.0).sqrt();
                let common = 2.0 * h * h * part.acos() - 0.5 * r * chord;
                // Each pair counts from both of its ends.
                2.0 * (common / disc - within) / (disc * shared)
            })
        }))
    };
    let sums = workers.map(candidates.len(), |k| of_candidate(&candidates[k]))?;
    let per_pair = surface * surface / (n * (n - 1.0));
    Ok(candidates
        .iter()
        .zip(sums)
        .map(|(h, sum)| surface / (n * PI * h * h) + per_pair * sum)
        .collect())
}
