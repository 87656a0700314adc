//! How long until it happens, when some were not watched to the end?

use super::normal::normal_quantile;
use crate::error::{Error, Fault, Result};

/// A survival curve: the share for which nothing has happened yet.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct KaplanMeier {
    /// The different durations after which something happened, ascending.
    pub time: Vec<f64>,
    /// How many had lasted at least so long, those whose watch ends then included.
    pub at_risk: Vec<u64>,
    /// For how many it happened then.
    pub events: Vec<u64>,
    /// Share for which it happened later, or not at all.
    pub survival: Vec<f64>,
    /// Lower limit of that share; NaN where the share is 0.
    pub low: Vec<f64>,
    /// Upper limit; NaN where the share is 0.
    pub high: Vec<f64>,
    /// All durations, ascending.
    durations: Vec<f64>,
}

/// A survival curve at one duration.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Survival {
    /// Share for which it has not happened; NaN beyond what was watched.
    pub share: f64,
    /// Lower limit of the share; NaN where the share is 0, 1 or NaN.
    pub low: f64,
    /// Upper limit, likewise.
    pub high: f64,
    /// How many were watched at least so long.
    pub at_risk: u64,
    /// For how many it had happened.
    pub events: u64,
}

/// The survival curve of Kaplan and Meier, with limits at `level`.
///
/// `durations[i]` is how long until it happened, or with `happened[i]` false how long it was
/// watched without. With `d` events among `n` at risk at each time,
/// `S = Π (1 − d/n)` and Greenwood's variance of `ln S` is `V = Σ d / (n (n − d))`; the limits are
/// `S^exp(±z √V / ln S)`, which stay between 0 and 1. A watch that ends at the time of an event
/// counts as at risk. Durations are taken as independent of each other and of the end of the
/// watch. Takes O(n log n).
///
/// # Errors
/// [`Fault::LengthMismatch`]; [`Fault::NonFinite`] and [`Fault::Negative`] for a duration that is
/// none; [`Error::Parameter`] for a level that is not between 0 and 1.
///
/// Source: Kaplan & Meier 1958, Journal of the American Statistical Association 53:457,
/// doi:10.1080/01621459.1958.10501452; the limits, Borgan & Liestøl 1990, Scandinavian Journal of
/// Statistics 17:35.
///
/// ```
/// use brandpunt::stats::kaplan_meier;
///
/// # fn main() -> brandpunt::Result<()> {
/// let curve = kaplan_meier(&[2.0, 3.0, 3.0, 5.0], &[true, true, false, true], 0.95)?;
/// assert_eq!(curve.survival, [0.75, 0.5, 0.0]);
/// assert_eq!(curve.at(4.0).share, 0.5);
/// # Ok(())
/// # }
/// ```
pub fn kaplan_meier(durations: &[f64], happened: &[bool], level: f64) -> Result<KaplanMeier> {
    if durations.len() != happened.len() {
        let detail = format!(
            "{} durations and {} outcomes; give one of each",
            durations.len(),
            happened.len()
        );
        return Err(Error::input(Fault::LengthMismatch, detail));
    }
    if !(level > 0.0 && level < 1.0) {
        return Err(Error::parameter("level", level, "a share between 0 and 1"));
    }
    for (i, duration) in durations.iter().enumerate() {
        let fault = if !duration.is_finite() {
            Fault::NonFinite
        } else if *duration < 0.0 {
            Fault::Negative
        } else {
            continue;
        };
        let detail = format!("duration {i} (from 0) is {duration}; leave it out");
        return Err(Error::input(fault, detail));
    }
    let mut all: Vec<(f64, bool)> = durations
        .iter()
        .copied()
        .zip(happened.iter().copied())
        .collect();
    all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let z = normal_quantile(0.5 * (1.0 - level));
    let mut curve = KaplanMeier {
        time: Vec::new(),
        at_risk: Vec::new(),
        events: Vec::new(),
        survival: Vec::new(),
        low: Vec::new(),
        high: Vec::new(),
        durations: all.iter().map(|(duration, _)| *duration).collect(),
    };
    let (mut share, mut variance) = (1.0, 0.0);
    let mut at_risk = all.len() as u64;
    for together in all.chunk_by(|a, b| a.0 == b.0) {
        let events = together.iter().filter(|(_, happened)| *happened).count() as u64;
        if events > 0 {
            let (n, left) = (at_risk as f64, (at_risk - events) as f64);
            share *= left / n;
            variance += events as f64 / (n * left);
            let width = (z * variance.sqrt() / f64::ln(share)).abs();
            curve.time.push(together[0].0);
            curve.at_risk.push(at_risk);
            curve.events.push(events);
            curve.survival.push(share);
            let limit = |power: f64| {
                if left > 0.0 {
                    share.powf(power.exp())
                } else {
                    f64::NAN
                }
            };
            curve.low.push(limit(width));
            curve.high.push(limit(-width));
        }
        at_risk -= together.len() as u64;
    }
    Ok(curve)
}

impl KaplanMeier {
    /// The curve after a duration.
    #[must_use]
    pub fn at(&self, duration: f64) -> Survival {
        let steps = self.time.partition_point(|t| *t <= duration);
        let shorter = self.durations.partition_point(|d| *d < duration);
        let mut out = Survival {
            share: 1.0,
            low: f64::NAN,
            high: f64::NAN,
            at_risk: (self.durations.len() - shorter) as u64,
            events: self.events[..steps].iter().sum(),
        };
        if let Some(step) = steps.checked_sub(1) {
            out.share = self.survival[step];
            out.low = self.low[step];
            out.high = self.high[step];
        }
        let watched = self.durations.last().is_some_and(|last| duration <= *last);
        if !watched && out.share > 0.0 {
            (out.share, out.low, out.high) = (f64::NAN, f64::NAN, f64::NAN);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 6-MP in leukaemia (Freireich et al. 1963), the example of most textbooks.
    const WEEKS: [f64; 21] = [
        6.0, 6.0, 6.0, 6.0, 7.0, 9.0, 10.0, 10.0, 11.0, 13.0, 16.0, 17.0, 19.0, 20.0, 22.0, 23.0,
        25.0, 32.0, 32.0, 34.0, 35.0,
    ];
    const RELAPSED: [bool; 21] = [
        true, true, true, false, true, false, true, false, false, true, true, false, false, false,
        true, true, false, false, false, false, false,
    ];

    #[test]
    fn the_textbook_table_holds() {
        let curve = kaplan_meier(&WEEKS, &RELAPSED, 0.95).unwrap();
        assert_eq!(curve.time, [6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0]);
        assert_eq!(curve.at_risk, [21, 17, 15, 12, 11, 7, 6]);
        assert_eq!(curve.events, [3, 1, 1, 1, 1, 1, 1]);
        // 18/21, 16/17, 14/15, 11/12, 10/11, 6/7 and 5/6 multiplied up.
        let printed = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482];
        assert_eq!(curve.survival.len(), printed.len());
        for (got, want) in curve.survival.iter().zip(printed) {
            assert!((got - want).abs() < 6e-5, "{got} {want}");
        }
        // By hand at 6 weeks: V = 3/(21·18), ln S = -0.1541507, width 1.959964·0.0890871/0.1541507.
        assert!((curve.low[0] - 0.6197).abs() < 5e-5, "{}", curve.low[0]);
        assert!((curve.high[0] - 0.9516).abs() < 5e-5, "{}", curve.high[0]);
        // By the formulas with 60 digits (mpmath 1.4.1) at 10 and at 23 weeks.
        for (step, low, high) in [
            (2, 0.503_199_510_799_956_4, 0.889_361_835_169_265_6),
            (6, 0.188_052_005_959_232_34, 0.680_142_628_495_241_5),
        ] {
            assert!((curve.low[step] - low).abs() < 1e-12, "{}", curve.low[step]);
            assert!(
                (curve.high[step] - high).abs() < 1e-12,
                "{}",
                curve.high[step]
            );
            let at = curve.at(curve.time[step]);
            assert_eq!((at.low, at.high), (curve.low[step], curve.high[step]));
        }
    }

    #[test]
    fn between_and_beyond_the_steps() {
        let curve = kaplan_meier(&WEEKS, &RELAPSED, 0.95).unwrap();
        let before = curve.at(5.9);
        assert_eq!((before.share, before.at_risk, before.events), (1.0, 21, 0));
        assert!(before.low.is_nan());
        let last = curve.at(35.0);
        assert_eq!(
            (last.share, last.at_risk, last.events),
            (curve.survival[6], 1, 9)
        );
        assert!(curve.at(35.1).share.is_nan());
        let over = kaplan_meier(&[1.0, 2.0], &[true, true], 0.95).unwrap();
        assert_eq!(over.at(3.0).share, 0.0);
        assert!(over.low[1].is_nan() && over.high[1].is_nan());
        let none = kaplan_meier(&[], &[], 0.95).unwrap();
        assert!(none.at(0.0).share.is_nan());
    }

    #[test]
    fn without_unfinished_watches_it_is_the_plain_share() {
        let durations: Vec<f64> = (1..=20).map(f64::from).collect();
        let curve = kaplan_meier(&durations, &[true; 20], 0.9).unwrap();
        for k in 1..=20u32 {
            let share = curve.at(f64::from(k)).share;
            assert!((share - f64::from(20 - k) / 20.0).abs() < 1e-14);
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        let fault = |d: f64| kaplan_meier(&[d], &[true], 0.95).unwrap_err().fault();
        assert_eq!(fault(f64::NAN), Some(Fault::NonFinite));
        assert_eq!(fault(-1.0), Some(Fault::Negative));
        let short = kaplan_meier(&[1.0], &[], 0.95).unwrap_err();
        assert_eq!(short.fault(), Some(Fault::LengthMismatch));
        for level in [-0.5, 0.0, 1.0, 1.5, f64::NAN] {
            assert!(kaplan_meier(&[1.0], &[true], level).is_err(), "{level}");
        }
        let at_once = kaplan_meier(&[0.0, 2.0], &[true, true], 0.95).unwrap();
        assert_eq!(
            (at_once.time, at_once.survival),
            (vec![0.0, 2.0], vec![0.5, 0.0])
        );
    }
}
