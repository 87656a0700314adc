//! A bandwidth from the spread of the incidents alone.

use super::places::Places;
use crate::stats::Moments;

/// Scott's bandwidth of all incidents, each axis with the lesser of its standard deviation and its
/// interquartile range over 1.349; a range of zero says nothing and is not used.
pub(super) fn scott(places: &Places) -> f64 {
    let n = places.total;
    let variance = |column: &[f64]| {
        let mut values: Vec<f64> = column
            .iter()
            .zip(&places.mass)
            .flat_map(|(&v, &mass)| std::iter::repeat_n(v, mass as usize))
            .collect();
        values.sort_unstable_by(f64::total_cmp);
        let quantile = |share: f64| {
            let at = share * (values.len() - 1) as f64;
            let below = values[at as usize];
            let above = values[(at as usize + 1).min(values.len() - 1)];
            below + (at - at.floor()) * (above - below)
        };
        let range = (quantile(0.75) - quantile(0.25)) / 1.349;
        let variance = Moments::of(&values).sample_variance();
        if range > 0.0 {
            variance.min(range * range)
        } else {
            variance
        }
    };
    (0.5 * (variance(&places.x) + variance(&places.y))).sqrt() * n.powf(-1.0 / 6.0)
}
