//! What withheld counts leave open in figures derived from them.

use super::protect::State;
use crate::error::{Error, Fault, Result};
use crate::methods::rates::Rates;
use crate::weights::Weights;

/// Intervals of rates of published and withheld counts.
///
/// Of a published count, the interval of its rate. Of a withheld one, from the lower end at the least
/// count it can be to the upper end at the greatest; NaN where there is no greatest.
///
/// # Errors
/// As [`Rates::run`].
///
/// ```
/// use brandpunt::methods::rates::Rates;
/// use brandpunt::publish::{State, rate_bounds};
///
/// # fn main() -> brandpunt::Result<()> {
/// let (low, high) = rate_bounds(&[State::Published(10)], &[1000.0], &Rates::new())?;
/// let plain = Rates::new().run(&[10], &[1000.0])?;
/// assert_eq!((low, high), (plain.low, plain.high));
/// # Ok(())
/// # }
/// ```
pub fn rate_bounds(
    states: &[State],
    population: &[f64],
    rates: &Rates,
) -> Result<(Vec<f64>, Vec<f64>)> {
    let ends = |end: &dyn Fn(i64, Option<i64>) -> i64| -> Vec<i64> {
        let of = |state: &State| match *state {
            State::Published(value) => value,
            State::Withheld { low, high } => end(low, high),
        };
        states.iter().map(of).collect()
    };
    let low = rates.run(&ends(&|low, _| low), population)?.low;
    let mut high = rates
        .run(&ends(&|low, high| high.unwrap_or(low)), population)?
        .high;
    for (end, state) in high.iter_mut().zip(states) {
        if matches!(state, State::Withheld { high: None, .. }) {
            *end = f64::NAN;
        }
    }
    Ok((low, high))
}

/// What Gi* can be, whatever the withheld values are.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct HotspotBounds {
    /// No z of Gi* is below this; NaN where the value is.
    pub z_low: Vec<f64>,
    /// No z of Gi* is above this.
    pub z_high: Vec<f64>,
    /// Hot whatever the withheld values are.
    pub hot_lower: Vec<bool>,
    /// Hot for some of them, as far as can be told.
    pub hot_upper: Vec<bool>,
    /// Whether the withheld values do not matter.
    pub robust: Vec<bool>,
}

impl HotspotBounds {
    /// Bounds of the z of Gi* of values that lie between `low` and `high`; hot is a z of at least
    /// `cutoff`. NaN in either leaves a unit out, infinity leaves everything open.
    ///
    /// The numerator Σ (w − W/n) x is least with each value at the end that its factor asks for,
    /// which is exact. The variance is at least the least mean square distance of a number from the
    /// intervals, which is exact too, and at most the least mean square of the farther ends of the
    /// intervals from a number, which it need not reach.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`]; [`Error::Parameter`] for a `high` below its `low`.
    ///
    /// ```
    /// use brandpunt::publish::HotspotBounds;
    /// use brandpunt::weights::{Adjacency, Weights};
    ///
    /// # fn main() -> brandpunt::Result<()> {
    /// let weights = Weights::lattice(1, 9, 1, Adjacency::Queen)?.include_self();
    /// let low = [1.0, 1.0, 2.0, 40.0, 60.0, 50.0, 2.0, 1.0, 1.0];
    /// let mut high = low;
    /// high[0] = 4.0;
    /// let bounds = HotspotBounds::of(&low, &high, &weights, 1.96)?;
    /// assert!(bounds.hot_lower[4] && bounds.robust[4]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(low: &[f64], high: &[f64], weights: &Weights, cutoff: f64) -> Result<Self> {
        let units = weights.n();
        if low.len() != units || high.len() != units {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("{} and {} values for {units} units", low.len(), high.len()),
            ));
        }
        let known: Vec<bool> = (0..units)
            .map(|i| !(low[i].is_nan() || high[i].is_nan()))
            .collect();
        let all = || (0..units).filter(|&i| known[i]);
        if let Some(i) = all().find(|&i| high[i] < low[i]) {
            return Err(Error::parameter(
                "low",
                low[i],
                "numbers that are not above `high`",
            ));
        }
        let n = all().count() as f64;
        let open = all().any(|i| high[i].is_infinite());
        let sum = |values: &[f64]| all().map(|i| values[i]).sum::<f64>();
        let (sum_low, sum_high) = (sum(low), sum(high));
        let intervals: Vec<(f64, f64)> = all().map(|i| (low[i], high[i])).collect();
        let (least, most) = if open {
            (0.0, f64::INFINITY)
        } else {
            deviations(&intervals)
        };
        let mut out = Self {
            z_low: vec![f64::NAN; units],
            z_high: vec![f64::NAN; units],
            hot_lower: vec![false; units],
            hot_upper: vec![false; units],
            robust: vec![false; units],
        };
        for i in all() {
            let mut w = (0.0, 0.0);
            let near: Vec<(usize, f64)> = weights
                .neighbours(i)
                .iter()
                .map(|&j| j as usize)
                .zip(weights.weights(i))
                .filter(|&(j, _)| known[j])
                .collect();
            for (_, v) in &near {
                w = (w.0 + v, w.1 + v * v);
            }
            let share = w.0 / n;
            let end = |first: &[f64], second: &[f64], sum_second: f64| {
                let own: f64 = near
                    .iter()
                    .map(|&(j, v)| {
                        let c = v - share;
                        c * if c > 0.0 { first[j] } else { second[j] } + share * second[j]
                    })
                    .sum();
                own - share * sum_second
            };
            let scale = ((n * w.1 - w.0 * w.0) / (n - 1.0)).sqrt();
            let z = |numerator: f64, deviation: f64| {
                if numerator == 0.0 {
                    0.0
                } else {
                    numerator / (deviation * scale)
                }
            };
            let (down, up) = (end(low, high, sum_high), end(high, low, sum_low));
            let (z_low, z_high) = if open {
                (f64::NEG_INFINITY, f64::INFINITY)
            } else {
                (
                    z(down, if down > 0.0 { most } else { least }),
                    z(up, if up > 0.0 { least } else { most }),
                )
            };
            if scale > 0.0 {
                (out.z_low[i], out.z_high[i]) = (z_low, z_high);
                out.hot_lower[i] = z_low >= cutoff;
                out.hot_upper[i] = z_high >= cutoff;
                out.robust[i] = out.hot_lower[i] == out.hot_upper[i];
            }
        }
        Ok(out)
    }
}

/// Between what the standard deviation of numbers in these intervals lies.
fn deviations(intervals: &[(f64, f64)]) -> (f64, f64) {
    let n = intervals.len() as f64;
    let near = |m: f64, &(low, high): &(f64, f64)| m - m.clamp(low, high);
    let far = |m: f64, &(low, high): &(f64, f64)| {
        if m - low > high - m {
            m - low
        } else {
            m - high
        }
    };
    let root = |distance: &dyn Fn(f64, &(f64, f64)) -> f64| {
        // The mean square is convex in m, with its least value where the distances add up to nothing.
        let mut least = intervals.iter().fold(f64::INFINITY, |m, i| m.min(i.0));
        let mut most = intervals.iter().fold(f64::NEG_INFINITY, |m, i| m.max(i.1));
        for _ in 0..200 {
            let middle = f64::midpoint(least, most);
            if intervals.iter().map(|i| distance(middle, i)).sum::<f64>() > 0.0 {
                most = middle;
            } else {
                least = middle;
            }
        }
        let squares = intervals.iter().map(|i| distance(least, i).powi(2));
        (squares.sum::<f64>() / n).sqrt()
    };
    // Rounding must not make either too narrow.
    (root(&near) * (1.0 - 1e-13), root(&far) * (1.0 + 1e-13))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreads_of_numbers_in_intervals_by_hand() {
        // From 6 to 12 two numbers are least spread at the ends that face each other, most at those that do not.
        let (least, most) = deviations(&[(5.0, 9.0), (15.0, 17.0)]);
        assert!((least - 3.0).abs() < 1e-9 && (most - 6.0).abs() < 1e-9);
        // From 11 the farther end of the first is 20, of the last 6.
        let intervals = [(6.0, 20.0), (11.0, 11.0), (6.0, 15.0), (2.0, 16.0)];
        let (least, most) = deviations(&intervals);
        assert!(least.abs() < 1e-9, "{least}");
        let farthest = |m: f64| {
            let squares = intervals
                .iter()
                .map(|i| (m - i.0).abs().max((m - i.1).abs()).powi(2));
            (squares.sum::<f64>() / 4.0).sqrt()
        };
        let around = (0..=2_000).map(|step| farthest(f64::from(step) / 100.0));
        let best = around.fold(f64::INFINITY, f64::min);
        assert!((most - best).abs() < 1e-3, "{most} {best}");
        // Of known numbers both are the standard deviation, and the true one is between them.
        let known = [1.0, 2.0, 4.0, 9.0, 4.0];
        let (least, most) = deviations(&known.map(|v| (v, v)));
        // Squares around the mean of 4: 9, 4, 0, 25 and 0.
        let sd = 7.6_f64.sqrt();
        assert!(least < sd && sd < most && most - least < 1e-11);
    }

    #[test]
    fn bounds_with_weights_of_any_size_hold_and_a_missing_end_leaves_a_unit_out() {
        use crate::methods::local::{GiStar, Inference};
        let lists = [
            vec![(0, 1.0), (1, 0.5), (2, 0.25)],
            vec![(0, 0.5), (1, 2.0), (3, 3.0)],
            vec![(0, 0.25), (2, 1.0)],
            vec![(1, 3.0), (3, 0.5), (4, 1.5)],
            vec![(3, 1.5), (4, 1.0)],
        ];
        let (mut start, mut neighbour, mut value) = (vec![0], Vec::new(), Vec::new());
        for (j, v) in lists.iter().flatten() {
            neighbour.push(*j);
            value.push(*v);
        }
        for list in &lists {
            start.push(start.last().unwrap() + list.len());
        }
        let weights = Weights::from_csr(&start, &neighbour, &value).unwrap();
        let gi = GiStar::new().inference(Inference::Analytic);
        let same = |bounds: &HotspotBounds, z: &[f64]| {
            for (i, z) in z.iter().enumerate() {
                let (low, high) = (bounds.z_low[i], bounds.z_high[i]);
                assert_eq!(z.is_nan(), low.is_nan() && high.is_nan(), "{i}");
                assert!(z.is_nan() || (z - low).abs() < 1e-11 && (z - high).abs() < 1e-11);
            }
        };
        let values = [4.0, 1.0, 7.0, 2.0, 9.0];
        let bounds = HotspotBounds::of(&values, &values, &weights, 1.0).unwrap();
        same(&bounds, &gi.run(&values, &weights).unwrap().z);
        // An end that is missing on either side.
        let mut missing = values;
        missing[2] = f64::NAN;
        let z = gi.run(&missing, &weights).unwrap().z;
        for (low, high) in [(missing, values), (values, missing)] {
            same(&HotspotBounds::of(&low, &high, &weights, 1.0).unwrap(), &z);
        }
        // Where all are neighbours there is nothing to compare with.
        let all = Weights::from_neighbours(vec![vec![1, 2], vec![0, 2], vec![0, 1]]).unwrap();
        let high = [1.0, 5.0, 9.0];
        let none = HotspotBounds::of(&[1.0, 2.0, 9.0], &high, &all.include_self(), -9.0).unwrap();
        assert!(none.z_low.iter().chain(&none.z_high).all(|z| z.is_nan()));
        assert!(!none.hot_upper.contains(&true) && !none.robust.contains(&true));
    }
}
