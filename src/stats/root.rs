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
