//! How well does a bandwidth do?
//!
//! Each score is a sum over places of a sum over the other places in reach, for all candidates at
//! once. Sums within a place run in the order of the places, sums over places with the rounding
//! carried along, so scores do not depend on the number of threads.

use std::f64::consts::PI;

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

/// Per place, one number per candidate, added up over places.
fn over_places(
    places: &Places,
    candidates: usize,
    workers: &Workers,
    of: impl Fn(usize) -> Vec<f64> + Sync + Send,
) -> Result<Vec<f64>> {
    let pieces = workers.map_ranges(places.len(), PIECE, |range| {
        let rows: Vec<Vec<f64>> = range.map(&of).collect();
        (0..candidates)
            .map(|k| sum(rows.iter().map(|row| row[k])))
            .collect::<Vec<f64>>()
    })?;
    Ok((0..candidates)
        .map(|k| sum(pieces.iter().map(|piece| piece[k])))
        .collect())
}

/// The sum of `mass · exp(−r²/2h²)` over the other places, for each candidate h; `mass` is of a
/// place and a candidate. What is left out is below 2e-16 of the term at the squared distance
/// `nearest`.
fn gaussian_sums(
    places: &Places,
    place: usize,
    nearest: f64,
    candidates: &[f64],
    mass: impl Fn(usize, usize) -> f64,
) -> Vec<f64> {
    let limit = Kernel::Gaussian.reach() * Kernel::Gaussian.reach();
    let scale: Vec<f64> = candidates.iter().map(|h| 1.0 / (h * h)).collect();
    let reach = candidates
        .last()
        .map_or(0.0, |h| (nearest + limit * h * h).sqrt());
    let mut sums = vec![0.0; candidates.len()];
    places.others(place, reach, |j, squared| {
        for (k, scale) in scale.iter().enumerate().rev() {
            if (squared - nearest) * scale > limit {
                break;
            }
            sums[k] += mass(j, k) * (-0.5 * squared * scale).exp();
        }
    });
    sums
}

/// Least-squares cross-validation, `∫ f̂² − (2/n) Σ f̂₋ᵢ(xᵢ)` per square kilometre.
pub(super) fn least_squares(
    places: &Places,
    candidates: &[f64],
    workers: &Workers,
) -> Result<Vec<f64>> {
    let count = candidates.len();
    let wide: Vec<f64> = candidates
        .iter()
        .map(|h| h * std::f64::consts::SQRT_2)
        .collect();
    let n = places.total;
    over_places(places, count, workers, |i| {
        let mass = places.mass[i];
        let of = |j: usize, _: usize| places.mass[j];
        let both = gaussian_sums(places, i, 0.0, &wide, of);
        let others = gaussian_sums(places, i, 0.0, candidates, of);
        (0..count)
            .map(|k| {
                let peak = 1e6 / (2.0 * PI * candidates[k] * candidates[k]);
                let squares = 0.5 * peak * mass * (mass + both[k]) / (n * n);
                squares - 2.0 * peak * mass * others[k] / (n * (n - mass))
            })
            .collect()
    })
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
    let count = candidates.len();
    let masses = match within {
        None => None,
        Some(area) => Some(
            workers
                .map_ranges(places.len(), PIECE, |range| {
                    let inside = |j: usize| {
                        let (x, y) = places.at(j);
                        candidates
                            .iter()
                            .map(move |&h| mass_inside(Kernel::Gaussian, h, area, x, y))
                    };
                    range.flat_map(inside).collect::<Vec<f64>>()
                })?
                .concat(),
        ),
    };
    let logarithms = over_places(places, count, workers, |i| {
        let of = |j: usize, k: usize| {
            let inside = masses.as_ref().map_or(1.0, |m| m[j * count + k]);
            places.mass[j] / inside
        };
        let others = gaussian_sums(places, i, places.nearest(i), candidates, of);
        candidates
            .iter()
            .zip(others)
            .map(|(h, others)| places.mass[i] * (1e6 * others / (2.0 * PI * h * h)).ln())
            .collect()
    })?;
    // A sum with an infinite term has lost its carried rounding and is NaN.
    Ok(logarithms
        .into_iter()
        .map(|l| {
            if l.is_finite() {
                l - places.total
            } else {
                f64::NEG_INFINITY
            }
        })
        .collect())
}

/// Cronie and van Lieshout's `(|W| − Σ 1/λ̂(xᵢ))²` in km⁴, each incident itself included.
pub(super) fn inverse_intensity(
    places: &Places,
    candidates: &[f64],
    km2: f64,
    workers: &Workers,
) -> Result<Vec<f64>> {
    let sums = over_places(places, candidates.len(), workers, |i| {
        let mass = places.mass[i];
        let others = gaussian_sums(places, i, 0.0, candidates, |j, _| places.mass[j]);
        candidates
            .iter()
            .zip(others)
            .map(|(h, others)| mass * 2.0 * PI * h * h / (1e6 * (mass + others)))
            .collect()
    })?;
    Ok(sums.into_iter().map(|s| (km2 - s) * (km2 - s)).collect())
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
    let sums = over_places(places, candidates.len(), workers, |i| {
        let mut sums = vec![0.0; candidates.len()];
        places.others(i, widest, |j, squared| {
            let r = squared.sqrt();
            let shared = surface - (2.0 * r * (a + b) - squared) / PI;
            let pair = places.mass[i] * places.mass[j] / shared;
            for (sum, h) in sums.iter_mut().zip(candidates).rev() {
                if r > 2.0 * h {
                    break;
                }
                let disc = PI * h * h;
                let common = 2.0 * h * h * (r / (2.0 * h)).acos()
                    - 0.5 * r * (4.0 * h * h - squared).max(0.0).sqrt();
                let within = if r <= *h { 2.0 } else { 0.0 };
                *sum += pair * (common / disc - within) / disc;
            }
        });
        sums
    })?;
    let per_pair = surface * surface / (n * (n - 1.0));
    Ok(candidates
        .iter()
        .zip(sums)
        .map(|(h, sum)| surface / (n * PI * h * h) + per_pair * sum)
        .collect())
}
