//! By how much did a rate change, and how much of it is the number of people?

use crate::stats::garwood_interval;

/// The interval of the difference of two rates, from the exact intervals of both: with rates r and
/// limits l and u, `d − √((r₁ − l₁)² + (u₀ − r₀)²)` and `d + √((u₁ − r₁)² + (r₀ − l₀)²)`.
pub(super) fn difference_interval(now: (u64, f64), then: (u64, f64), level: f64) -> (f64, f64) {
    let rate = |(count, people): (u64, f64)| {
        let (low, high) = garwood_interval(count, level);
        let rate = count as f64 / people;
        (rate, rate - low / people, high / people - rate)
    };
    let ((now, now_down, now_up), (then, then_down, then_up)) = (rate(now), rate(then));
    (
        now - then - now_down.hypot(then_up),
        now - then + now_up.hypot(then_down),
    )
}

/// The change of a count in two parts that add up: from the rate, at the mean of both populations,
/// and from the population, at the mean of both rates.
pub(super) fn split(now: (u64, f64), then: (u64, f64)) -> (f64, f64) {
    let (rate, before) = (now.0 as f64 / now.1, then.0 as f64 / then.1);
    (
        (rate - before) * 0.5 * (now.1 + then.1),
        (now.1 - then.1) * 0.5 * (rate + before),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_worked_example() {
        // Garwood's limits of 3 and of 1 (see the golden numbers), on 1 and 1 people: down from
        // 2 by √(2.381327877² + 4.571643391²), up by √(5.76727307² + 0.974682192²).
        let (low, high) = difference_interval((3, 1.0), (1, 1.0), 0.95);
        assert!((low - (2.0 - 2.381_327_877f64.hypot(4.571_643_391))).abs() < 1e-8);
        assert!((high - (2.0 + 5.767_273_070f64.hypot(0.974_682_192))).abs() < 1e-8);
        // On 2 and 4 people the rates are 1.5 and 0.25, and the distances a half and a quarter.
        let (low, high) = difference_interval((3, 2.0), (1, 4.0), 0.95);
        let (down, up) = (
            (2.381_327_877f64 / 2.0).hypot(4.571_643_391 / 4.0),
            (5.767_273_070f64 / 2.0).hypot(0.974_682_192 / 4.0),
        );
        assert!((low - (1.25 - down)).abs() < 1e-8 && (high - (1.25 + up)).abs() < 1e-8);
        // 30 of 1,000 after 20 of 500: −1 per 100 at 750 people, 500 more people at 3.5 per 100.
        let (rate, people) = split((30, 1_000.0), (20, 500.0));
        assert!((rate + 7.5).abs() < 1e-12 && (people - 17.5).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn parts_add_up_and_change_sign_with_the_periods(
            a in 0u64..1_000_000, b in 0u64..1_000_000, n in 1.0..1e6f64, m in 1.0..1e6f64,
        ) {
            let (rate, people) = split((a, n), (b, m));
            let size = 1.0 + rate.abs() + people.abs();
            prop_assert!((rate + people - (a as f64 - b as f64)).abs() < 1e-12 * size);
            let (back, left) = split((b, m), (a, n));
            prop_assert!((back + rate).abs() < 1e-12 * size);
            prop_assert!((left + people).abs() < 1e-12 * size);
            let (low, high) = difference_interval((a, n), (b, m), 0.95);
            let (under, over) = difference_interval((b, m), (a, n), 0.95);
            prop_assert!(low < high && low == -over && high == -under);
        }
    }
}
