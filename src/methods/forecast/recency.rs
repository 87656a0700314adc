//! How much does an incident of some days ago still count?

/// Seconds of a day of 24 hours.
pub(super) const DAY: f64 = 86_400.0;

/// Weight by age in days, and the sum of the weights that a steady stream of one incident a day
/// would have. Their quotient is an estimate of incidents per day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Recency {
    /// All of the last days alike.
    Even { days: f64 },
    /// Half as much after every half-life.
    HalfLife { days: f64 },
    /// One-sided quartic kernel that ends after so many days.
    Quartic { days: f64 },
    /// 1, 1/2, 1/3, … by whole weeks, for eight weeks.
    Weeks,
}

/// Weeks that count in [`Recency::Weeks`].
const WEEKS: f64 = 8.0;

impl Recency {
    /// Weight of an incident of this age.
    pub(super) fn weight(self, age: f64) -> f64 {
        match self {
            Self::Even { days } => f64::from(u8::from(age <= days)),
            Self::HalfLife { days } => (-std::f64::consts::LN_2 * age / days).exp(),
            Self::Quartic { days } => {
                let v = (age / days).min(1.0);
                (1.0 - v * v).powi(2)
            }
            Self::Weeks => {
                let weeks = (age / 7.0).floor();
                if weeks < WEEKS {
                    1.0 / (1.0 + weeks)
                } else {
                    0.0
                }
            }
        }
    }

    /// Integral of the weight over the ages that were watched.
    pub(super) fn total(self, watched: f64) -> f64 {
        match self {
            Self::Even { days } => days.min(watched),
            Self::HalfLife { days } => {
                let rate = std::f64::consts::LN_2 / days;
                -(-rate * watched).exp_m1() / rate
            }
            Self::Quartic { days } => {
                let v = (watched / days).min(1.0);
                days * v * (1.0 - 2.0 * v * v / 3.0 + v.powi(4) / 5.0)
            }
            Self::Weeks => {
                let weeks = (watched / 7.0).min(WEEKS);
                let whole = weeks.floor();
                let full: f64 = (1..=whole as u32).map(|w| 7.0 / f64::from(w)).sum();
                full + 7.0 * (weeks - whole) / (1.0 + whole)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_end_where_they_are_said_to() {
        for (recency, age, weight) in [
            (Recency::Even { days: 30.0 }, 30.0, 1.0),
            (Recency::Even { days: 30.0 }, 30.1, 0.0),
            (Recency::HalfLife { days: 14.0 }, 28.0, 0.25),
            (Recency::Quartic { days: 40.0 }, 20.0, 0.5625),
            (Recency::Quartic { days: 40.0 }, 40.0, 0.0),
            (Recency::Quartic { days: 40.0 }, 90.0, 0.0),
            (Recency::Weeks, 6.9, 1.0),
            (Recency::Weeks, 7.0, 0.5),
            (Recency::Weeks, 55.9, 0.125),
            (Recency::Weeks, 56.0, 0.0),
        ] {
            let found = recency.weight(age);
            assert!((found - weight).abs() < 1e-12, "{recency:?} {age} {found}");
        }
    }

    #[test]
    fn totals_are_the_integrals_of_the_weights() {
        let all = [
            Recency::Even { days: 30.0 },
            Recency::HalfLife { days: 14.0 },
            Recency::Quartic { days: 40.0 },
            Recency::Weeks,
        ];
        for recency in all {
            for watched in [5.0, 37.0, 100.0] {
                let steps = 200_000;
                let width = watched / f64::from(steps);
                let sum: f64 = (0..steps)
                    .map(|k| recency.weight((f64::from(k) + 0.5) * width) * width)
                    .sum();
                let total = recency.total(watched);
                assert!(
                    (sum / total - 1.0).abs() < 1e-4,
                    "{recency:?} {watched}: {sum} {total}"
                );
            }
        }
    }
}
