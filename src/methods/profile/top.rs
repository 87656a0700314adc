//! Which areas have most?

/// The areas whose figure is among the `most` largest: those of at least the figure in that place,
/// so ties at the last place are all in. Areas of zero, or without a figure, never are.
pub(super) fn top(values: &[f64], most: usize) -> Vec<bool> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| *v > 0.0).collect();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let least = match most {
        0 => f64::INFINITY,
        most => sorted.get(most - 1).copied().unwrap_or(f64::MIN_POSITIVE),
    };
    values.iter().map(|v| *v >= least).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_are_in_and_zeros_are_not() {
        let values = [3.0, f64::NAN, 5.0, 3.0, 0.0];
        assert_eq!(top(&values, 2), [true, false, true, true, false]);
        assert_eq!(top(&values, 1), [false, false, true, false, false]);
        assert_eq!(top(&values, 9), [true, false, true, true, false]);
        assert!(!top(&values, 0).contains(&true));
    }
}
