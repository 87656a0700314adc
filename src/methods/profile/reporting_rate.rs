//! What if not all areas report alike?

use super::top::top;
use crate::error::{Error, Fault, Result};

/// Which areas stand out whatever share of the nuisance is reported there?
///
/// If a share ρ of what happens is reported, then counts of what happened are counts of reports
/// times 1/ρ. Nobody knows ρ by area, only a range, such as from a survey. So for every area the
/// least favourable case is looked at: it reports all it can, `ρ = highest`, and all others as
/// little as they can, `ρ = lowest`. An area that is among the `top` largest figures even then
/// stays there for every ρ in the range; one that is not there in the most favourable case can
/// never be. No simulation is needed, since the order depends on the ratios only.
///
/// Only `highest / lowest` matters. `margin` gives the ratio up to which an area stays: its figure
/// over that of the area that would then take its place.
///
/// ```
/// use brandpunt::methods::profile::ReportingRate;
///
/// # fn main() -> brandpunt::Result<()> {
/// let found = ReportingRate::new().between(0.5, 1.0).top(2).run(&[90.0, 60.0, 40.0, 10.0])?;
/// assert_eq!(found.stays, [true, false, false, false]);
/// assert_eq!(found.possible, [true, true, true, false]);
/// assert_eq!(found.margin[1], 1.5);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ReportingRate {
    lowest: f64,
    highest: f64,
    top: usize,
}

/// What reporting can change, in input order.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ReportingRates {
    /// Whether the area is among the largest when all report alike.
    pub stands_out: Vec<bool>,
    /// Whether it is for every reporting rate in the range.
    pub stays: Vec<bool>,
    /// Whether it is for some.
    pub possible: Vec<bool>,
    /// Ratio of the highest to the lowest reporting rate up to which the area stays; below 1 where
    /// it does not stand out, infinite where nothing can take its place, NaN without a figure or
    /// with zero where nothing else has more.
    pub margin: Vec<f64>,
}

impl Default for ReportingRate {
    fn default() -> Self {
        Self {
            lowest: 0.5,
            highest: 1.0,
            top: 10,
        }
    }
}

impl ReportingRate {
    /// From half to all, and the ten largest figures.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the range of the share that is reported.
    #[must_use]
    pub fn between(mut self, lowest: f64, highest: f64) -> Self {
        (self.lowest, self.highest) = (lowest, highest);
        self
    }

    /// Sets how many areas stand out, ties at the last place included.
    #[must_use]
    pub fn top(mut self, top: usize) -> Self {
        self.top = top;
        self
    }

    /// Looks at counts, or at rates, per area.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless `0 < lowest ≤ highest ≤ 1` and top is at least 1;
    /// [`Fault::Negative`].
    pub fn run(&self, values: &[f64]) -> Result<ReportingRates> {
        if !(self.lowest > 0.0 && self.lowest <= self.highest && self.highest <= 1.0) {
            let given = format!("{} to {}", self.lowest, self.highest);
            let expected = "a range within 0 to 1, the lowest above 0";
            return Err(Error::parameter("between", given, expected));
        }
        if self.top == 0 {
            return Err(Error::parameter("top", self.top, "at least 1"));
        }
        if let Some(at) = values.iter().position(|v| *v < 0.0) {
            let detail = format!(
                "the figure of area {at} (from 0) is {}; give 0 or more",
                values[at]
            );
            return Err(Error::input(Fault::Negative, detail));
        }
        let ratio = self.highest / self.lowest;
        let mut sorted: Vec<f64> = values.iter().copied().filter(|v| *v > 0.0).collect();
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        // An area gives way to the one in place `top` among the others.
        let at = |place: usize| sorted.get(place).copied().unwrap_or(0.0);
        let rival = |value: f64| {
            if value >= at(self.top - 1) {
                at(self.top)
            } else {
                at(self.top - 1)
            }
        };
        let holds = |value: f64, factor: f64| value > 0.0 && value * factor >= rival(value);
        Ok(ReportingRates {
            stands_out: top(values, self.top),
            stays: values.iter().map(|v| holds(*v, 1.0 / ratio)).collect(),
            possible: values.iter().map(|v| holds(*v, ratio)).collect(),
            margin: values.iter().map(|v| v / rival(*v)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The least favourable case is the corner of the range, so no other ρ is worse.
        #[test]
        fn what_stays_stays_for_any_reporting(
            areas in proptest::collection::vec((0u32..50, 0.0f64..1.0), 3..9),
            most in 1usize..4,
        ) {
            let values: Vec<f64> = areas.iter().map(|a| f64::from(a.0)).collect();
            let found = ReportingRate::new().between(0.5, 1.0).top(most).run(&values).unwrap();
            let truth: Vec<f64> = areas.iter().map(|a| f64::from(a.0) / (0.5 + 0.5 * a.1)).collect();
            let then = top(&truth, most);
            for i in 0..values.len() {
                prop_assert!(!found.stays[i] || then[i], "{values:?} {truth:?}");
                prop_assert!(!then[i] || found.possible[i], "{values:?} {truth:?}");
                let corner: Vec<f64> = (0..values.len())
                    .map(|j| if i == j { values[j] } else { 2.0 * values[j] })
                    .collect();
                prop_assert_eq!(found.stays[i], top(&corner, most)[i]);
                prop_assert_eq!(found.stays[i], values[i] > 0.0 && found.margin[i] >= 2.0);
            }
        }
    }

    #[test]
    fn a_range_is_a_range() {
        let alike = ReportingRate::new()
            .between(0.4, 0.4)
            .top(1)
            .run(&[3.0, 2.0, f64::NAN]);
        let alike = alike.unwrap();
        assert_eq!(alike.stays, alike.stands_out);
        assert_eq!(alike.possible, alike.stands_out);
        assert!(alike.margin[2].is_nan());
        assert!(ReportingRate::new().between(0.0, 1.0).run(&[1.0]).is_err());
        assert!(ReportingRate::new().between(0.9, 0.5).run(&[1.0]).is_err());
        assert!(ReportingRate::new().run(&[-1.0]).is_err());
        let alone = ReportingRate::new().run(&[4.0]).unwrap();
        assert!(alone.stays[0] && alone.margin[0].is_infinite());
    }
}
