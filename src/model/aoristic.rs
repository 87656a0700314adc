//! What part of an incident of uncertain time falls in which period?

use super::period::Period;
use super::times::Times;

/// The share of each period in an incident that happened at some moment from `from` to `to`
/// (seconds since 1970, UTC), as pairs of the period's position and the share.
///
/// ```text
/// share of period B = |[from, to] ∩ B| / (to − from)
/// ```
///
/// Lengths are elapsed seconds, so an hour that the end of summer time repeats counts twice.
/// Without a known end, or with one not after the beginning, all of it falls in the period of
/// `from`; without a known beginning nothing falls anywhere. What lies before the first or after
/// the last period falls in none, so shares sum to at most one. `periods` are in order and do not
/// overlap.
///
/// Source: Ratcliffe 2002, Journal of Quantitative Criminology 18:23,
/// doi:10.1023/A:1013240828824.
///
/// ```
/// use brandpunt::methods::emerging::aoristic_shares;
/// use brandpunt::{Period, Zone};
///
/// # fn main() -> brandpunt::Result<()> {
/// let years = [Period::year(2023, &Zone::utc())?, Period::year(2024, &Zone::utc())?];
/// let new_year = years[1].start;
/// let shares = aoristic_shares(new_year - 3_600, new_year + 10_800, &years);
/// assert_eq!(shares, [(0, 0.25), (1, 0.75)]);
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn aoristic_shares(from: i64, to: i64, periods: &[Period]) -> Vec<(usize, f64)> {
    if from == Times::UNKNOWN {
        return Vec::new();
    }
    let first = periods.partition_point(|p| p.end <= from);
    if to == Times::UNKNOWN || to <= from {
        let holds = periods.get(first).is_some_and(|p| p.contains(from));
        return if holds {
            vec![(first, 1.0)]
        } else {
            Vec::new()
        };
    }
    let length = to.abs_diff(from) as f64;
    (first..)
        .zip(&periods[first..])
        .take_while(|(_, p)| p.start < to)
        .map(|(at, p)| {
            let within = p.end.min(to).abs_diff(p.start.max(from));
            (at, within as f64 / length)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Step, Zone};

    fn bins(edges: &[i64]) -> Vec<Period> {
        // Made from a year so that the label is whatever it is.
        let year = Period::year(2021, &Zone::utc()).unwrap();
        edges
            .windows(2)
            .map(|e| Period {
                start: e[0],
                end: e[1],
                ..year.clone()
            })
            .collect()
    }

    #[test]
    fn the_night_that_summer_time_ends_has_an_hour_more() {
        let file = include_str!("../../data/golden/definitions_golden.json");
        let golden: serde_json::Value = serde_json::from_str(file).unwrap();
        let golden = &golden["aoristic_dst"];
        // 2021-10-31 00:00 in Amsterdam; the clock shows 02:00 to 03:00 twice.
        let midnight = 1_635_631_200;
        let hours = bins(&[0, 1, 2, 4, 5].map(|h| midnight + 3_600 * h));
        let (from, to) = (midnight + 1_800, midnight + 5 * 3_600);
        let elapsed = golden["elapsed_h"].as_f64().unwrap();
        assert_eq!((to - from) as f64 / 3_600.0, elapsed);
        let shares = aoristic_shares(from, to, &hours);
        assert_eq!(shares.len(), 4);
        for (hour, share) in shares {
            let want = golden["w"][hour.to_string()].as_f64().unwrap();
            assert!((share - want).abs() < 1e-9, "{hour} {share} {want}");
        }
        let zone = Zone::amsterdam();
        assert_eq!(zone.local(midnight + 5 * 3_600).hour(), 4);
    }

    #[test]
    fn unknown_ends_fall_where_they_begin() {
        let periods = bins(&[0, 10, 20]);
        assert_eq!(aoristic_shares(12, Times::UNKNOWN, &periods), [(1, 1.0)]);
        assert_eq!(aoristic_shares(12, 12, &periods), [(1, 1.0)]);
        assert_eq!(aoristic_shares(12, 3, &periods), [(1, 1.0)]);
        assert!(aoristic_shares(Times::UNKNOWN, 15, &periods).is_empty());
        assert!(aoristic_shares(20, Times::UNKNOWN, &periods).is_empty());
        assert_eq!(aoristic_shares(-10, 10, &periods), [(0, 0.5)]);
        assert!(aoristic_shares(30, 40, &periods).is_empty());
        // As far apart as seconds go.
        let ever = aoristic_shares(i64::MIN + 1, i64::MAX, &periods);
        assert_eq!(ever.len(), 2);
        assert!(ever.iter().all(|(_, share)| *share > 0.0 && *share < 1e-17));
    }

    proptest! {
        #[test]
        fn shares_of_an_incident_within_the_periods_sum_to_one(
            from in 1_600_000_000i64..1_700_000_000,
            length in 0i64..90_000_000,
        ) {
            let zone = Zone::amsterdam();
            let end = Period::end_of_step(from + length, Step::Week, &zone);
            let weeks = Period::steps_back(from, end, Step::Week, &zone);
            let shares = aoristic_shares(from, from + length, &weeks);
            let sum: f64 = shares.iter().map(|s| s.1).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9);
            prop_assert!(shares.iter().all(|s| s.1 > 0.0));
        }
    }
}
