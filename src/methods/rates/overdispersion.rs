//! How much more do counts vary over time than independent incidents?

use std::collections::BTreeMap;

use crate::error::{Error, Fault, Result};
use crate::stats::sum;

/// Variance divided by mean of counts over steps of equal length, per area, pooled over groups.
///
/// `series` holds the counts of the areas one after another, `steps` each. An area of mean m gives
/// `X² = Σ (count − m)²/m` on `steps − 1` degrees of freedom; φ of a group is the sum of X² over the
/// sum of the degrees of freedom of its areas with incidents, and all of its areas get it. It is
/// near 1 for independent incidents at a constant rate. Seasons, trends and series of reports all
/// raise it. A single area over 12 months gives a rough φ, so pool areas alike where you can;
/// without `groups` each area has its own.
///
/// NaN for groups without incidents. Order: that of the areas. Cost: one pass.
///
/// # Errors
/// [`Error::Parameter`] for fewer than two steps, [`Fault::LengthMismatch`] for a length that is no
/// multiple of the steps or for groups of another number of areas, [`Fault::Negative`].
///
/// Source: `McCullagh` & Nelder 1989, Generalized Linear Models, section 6.2.3.
///
/// ```
/// use brandpunt::methods::rates::series_dispersion;
///
/// # fn main() -> brandpunt::Result<()> {
/// let monthly = [4, 4, 4, 4, 0, 8, 0, 8];
/// assert_eq!(series_dispersion(&monthly, 4, None)?, [0.0, 16.0 / 3.0]);
/// assert_eq!(series_dispersion(&monthly, 4, Some(&[1, 1]))?, [8.0 / 3.0; 2]);
/// # Ok(())
/// # }
/// ```
pub fn series_dispersion(series: &[i64], steps: usize, groups: Option<&[u32]>) -> Result<Vec<f64>> {
    if steps < 2 {
        return Err(Error::parameter(
            "steps",
            steps,
            "at least 2 counts per area, such as 12 months",
        ));
    }
    let areas = series.len() / steps;
    if areas * steps != series.len() || groups.is_some_and(|g| g.len() != areas) {
        return Err(Error::input(
            Fault::LengthMismatch,
            format!(
                "{} counts in steps of {steps}{}",
                series.len(),
                groups.map_or(String::new(), |g| format!(" and {} groups", g.len()))
            ),
        ));
    }
    if let Some(at) = series.iter().position(|c| *c < 0) {
        return Err(Error::input(
            Fault::Negative,
            format!(
                "count {} of area {} at step {} (from 0); counts are zero or more",
                series[at],
                at / steps,
                at % steps
            ),
        ));
    }
    let group = |area: usize| groups.map_or(area as u32, |g| g[area]);
    let mut pooled: BTreeMap<u32, (Vec<f64>, f64)> = BTreeMap::new();
    for (area, counts) in series.chunks_exact(steps).enumerate() {
        let mean = sum(counts.iter().map(|&c| c as f64)) / steps as f64;
        let (squares, freedom) = pooled.entry(group(area)).or_default();
        if mean > 0.0 {
            squares.push(sum(counts.iter().map(|&c| (c as f64 - mean).powi(2))) / mean);
            *freedom += (steps - 1) as f64;
        }
    }
    let ratio = |area| {
        let (squares, freedom) = pooled.get(&group(area))?;
        (*freedom > 0.0).then(|| sum(squares.iter().copied()) / freedom)
    };
    Ok((0..areas)
        .map(|area| ratio(area).unwrap_or(f64::NAN))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_over_all_ways_to_place_incidents_is_one() {
        // Three incidents into four months, all 64 ways alike.
        let mut mean = 0.0;
        for way in 0..64usize {
            let mut months = [0; 4];
            for month in [way % 4, way / 4 % 4, way / 16] {
                months[month] += 1;
            }
            mean += series_dispersion(&months, 4, None).unwrap()[0] / 64.0;
        }
        assert!((mean - 1.0).abs() < 1e-14, "{mean}");
    }

    #[test]
    fn areas_without_incidents_say_nothing() {
        let alone = series_dispersion(&[0, 0, 1, 3], 2, None).unwrap();
        assert!(alone[0].is_nan() && alone[1] == 1.0);
        let pooled = series_dispersion(&[0, 0, 1, 3], 2, Some(&[5, 5])).unwrap();
        assert_eq!(pooled, [1.0, 1.0]);
        assert!(series_dispersion(&[1, 2, 3], 2, None).is_err());
        assert!(series_dispersion(&[1, 2], 1, None).is_err());
        assert!(series_dispersion(&[1, -2], 2, None).is_err());
        assert!(series_dispersion(&[1, 2], 2, Some(&[1, 2])).is_err());
    }
}
