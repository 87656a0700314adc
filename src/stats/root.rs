//! Where a monotone function crosses zero.

/// The root of an increasing function between `low` and `high`, to a few units in the last place.
///
/// The function must be at most zero at `low` and at least zero at `high`. Bisection guards
/// secant steps (ITP-like), so it ends after at most some 200 evaluations.
pub(crate) fn increasing_root(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let (mut f_low, mut f_high) = (f(low), f(high));
    let mut bisect = false;
    for _ in 0..400 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high || f_low == 0.0 || f_high == 0.0 {
            break;
        }
        let secant = low - f_low * (high - low) / (f_high - f_low);
        let at = if !bisect && secant > low && secant < high {
            secant
        } else {
            middle
        };
        let value = f(at);
        let before = high - low;
        if value < 0.0 {
            (low, f_low) = (at, value);
        } else {
            (high, f_high) = (at, value);
        }
        // A step that did not halve the bracket is followed by one that does.
        bisect = high - low > 0.5 * before;
    }
    if f_low.abs() < f_high.abs() {
        low
    } else {
        high
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Straight, curved, steep to either side and with a jump: found to the last digits, and what is
    /// smooth in fewer steps than halving takes.
    #[test]
    fn roots_are_found_wherever_they_are() {
        type Function = fn(f64) -> f64;
        let cases: [(Function, f64, f64, f64, usize); 10] = [
            (|x| x - 0.3, 0.0, 1.0, 0.3, 4),
            (|x| x * x * x - 8.0, -50.0, 90.0, 2.0, 40),
            (|x| x.powi(21) - 1e-3, -1.0, 3.0, 0.719_685_673_001_152, 43),
            (|x| x.exp() - 2.0, -2.0, 3.0, std::f64::consts::LN_2, 22),
            (f64::ln, 0.1, 9.0, 1.0, 26),
            (
                |x| x.exp() - 1e-9,
                -700.0,
                700.0,
                -20.723_265_836_946_41,
                48,
            ),
            (
                |x| 1e-9 - (-x).exp(),
                -700.0,
                700.0,
                20.723_265_836_946_41,
                48,
            ),
            (|x| if x < 0.7 { -1.0 } else { 1e9 }, 0.0, 1e3, 0.7, 110),
            (|x| x, 0.0, 5.0, 0.0, 2),
            (|x| x - 5.0, 0.0, 5.0, 5.0, 2),
        ];
        for (k, (f, low, high, want, most)) in cases.into_iter().enumerate() {
            let asked = Cell::new(0);
            let counted = |x: f64| {
                asked.set(asked.get() + 1);
                assert!((low..=high).contains(&x), "{k}: {x}");
                f(x)
            };
            let got = increasing_root(counted, low, high);
            assert!(
                (got - want).abs() <= 4e-16 * want.abs().max(1e-300),
                "{k}: {got} {want}"
            );
            assert!(asked.get() <= most, "{k}: {}", asked.get());
        }
    }
}
