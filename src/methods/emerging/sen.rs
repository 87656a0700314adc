//! The slope of a series.

/// The median of the slopes of all pairs of values, given with their steps; NaN for fewer than
/// two.
pub(super) fn sen_slope(known: &[(usize, f64)]) -> f64 {
    let mut slopes: Vec<f64> = known
        .iter()
        .enumerate()
        .flat_map(|(i, &(before, earlier))| {
            known[i + 1..]
                .iter()
                .map(move |&(step, later)| (later - earlier) / (step - before) as f64)
        })
        .collect();
    if slopes.is_empty() {
        return f64::NAN;
    }
    let middle = slopes.len() / 2;
    let odd = slopes.len() % 2 == 1;
    let (below, &mut upper, _) = slopes.select_nth_unstable_by(middle, f64::total_cmp);
    if odd {
        return upper;
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    f64::midpoint(lower, upper)
}
