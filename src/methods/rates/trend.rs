//! Does a rate rise or fall from year to year?

use super::crude::{check, check_level, check_per};
use crate::error::{Error, Fault, Result};
use crate::model::{Period, Zone};
use crate::stats::{Correction, student_quantile, student_tails, sum};

/// A log-linear trend of yearly rates, area by area.
///
/// The count of year t is taken as quasi-Poisson with mean `N_t exp(a + b t)`: a generalised linear
/// model with the people as offset, and a variance of φ times the mean. `ratio = exp(b)` is the rate
/// of one year divided by that of the year before. The likelihood has its top where the mean year
/// of the incidents is that of the fitted ones, one equation that Newton's method solves as IRLS
/// does. With X² the sum of `(O − μ)²/μ`, `φ = max(1, X²/(n − 2))` over the n years; interval and p
/// are those of Student's t with n − 2 degrees of freedom.
///
/// Years that touch March 2020 to February 2022 are marked, and left out with
/// [`exclude_unusual`](Self::exclude_unusual): reports then rose with the measures against the
/// epidemic. A year whose people are zero or not known is left out for that area.
///
/// `cannot tell`, with NaN, where fewer than three years are left, nothing happened, or all
/// incidents fell in the first or the last of them, which no finite trend fits.
///
/// Order: areas as given, fitted rates year by year within an area. Cost: some ten passes.
///
/// Source: `McCullagh` & Nelder 1989, Generalized Linear Models, chapter 6.
///
/// ```
/// use brandpunt::methods::rates::{RateTrend, TrendStatus};
///
/// # fn main() -> brandpunt::Result<()> {
/// let years = [2017, 2018, 2019, 2020, 2021, 2022, 2023];
/// let counts = [200, 160, 128, 300, 290, 66, 52];
/// let trend = RateTrend::new().exclude_unusual(true);
/// let found = trend.run(&years, &counts, &[10_000.0; 7])?;
/// assert!((found.ratio[0] - 0.8).abs() < 0.01);
/// assert_eq!(found.status[0], TrendStatus::Falling);
/// assert_eq!(found.unusual, [false, false, false, true, true, true, false]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RateTrend {
    per: f64,
    level: f64,
    correction: Correction,
    exclude_unusual: bool,
}

/// What can be said about a trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum TrendStatus {
    /// The rate falls, after correction for the number of areas.
    Falling,
    /// The rate rises, after correction for the number of areas.
    Rising,
    /// Too little to tell from chance.
    NoClearTrend,
    /// Too few years, or no incidents to fit.
    CannotTell,
}

impl TrendStatus {
    /// The status in words: `falling`, `rising`, `no clear trend`, `cannot tell`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Falling => "falling",
            Self::Rising => "rising",
            Self::NoClearTrend => "no clear trend",
            Self::CannotTell => "cannot tell",
        }
    }
}

/// Trends in input order; NaN where there is none.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct TrendTable {
    /// Rate of a year divided by that of the year before.
    pub ratio: Vec<f64>,
    /// Lower end of its interval.
    pub low: Vec<f64>,
    /// Upper end of its interval.
    pub high: Vec<f64>,
    /// Two-sided p-value of no trend.
    pub p: Vec<f64>,
    /// The same after correction for the number of areas.
    pub q: Vec<f64>,
    /// Variance divided by mean around the trend, at least 1.
    pub overdispersion: Vec<f64>,
    /// Years that the trend rests on.
    pub years_used: Vec<u64>,
    /// What can be said.
    pub status: Vec<TrendStatus>,
    /// Fitted rate per so many people, the years of the first area first.
    pub fitted: Vec<f64>,
    /// Per year: whether it touches March 2020 to February 2022.
    pub unusual: Vec<bool>,
}

impl Default for RateTrend {
    fn default() -> Self {
        Self {
            per: 1000.0,
            level: 0.95,
            correction: Correction::Fdr,
            exclude_unusual: false,
        }
    }
}

impl RateTrend {
    /// Per 1,000, at 95 %, over all years, corrected by Benjamini-Hochberg.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the size of the group the fitted rates are given for.
    #[must_use]
    pub fn per(mut self, per: f64) -> Self {
        self.per = per;
        self
    }

    /// Sets the level of the intervals; a trend is clear when its q-value is at most one minus it.
    #[must_use]
    pub fn level(mut self, level: f64) -> Self {
        self.level = level;
        self
    }

    /// Sets how p-values are corrected for the number of areas.
    #[must_use]
    pub fn correction(mut self, correction: Correction) -> Self {
        self.correction = correction;
        self
    }

    /// Leaves years out that touch March 2020 to February 2022.
    #[must_use]
    pub fn exclude_unusual(mut self, exclude: bool) -> Self {
        self.exclude_unusual = exclude;
        self
    }

    /// Trends from counts and people by year, the years of the first area first.
    ///
    /// # Errors
    /// [`Fault::LengthMismatch`] for lengths that are no multiple of the years, [`Fault::Negative`],
    /// [`Error::Parameter`] for years that do not rise, a level outside (0, 1), or a `per` that is
    /// not positive.
    pub fn run(&self, years: &[i16], counts: &[i64], exposure: &[f64]) -> Result<TrendTable> {
        check(counts, exposure)?;
        check_level(self.level)?;
        check_per(self.per)?;
        let mut pairs = years.iter().zip(years.iter().skip(1));
        if let Some((before, after)) = pairs.find(|(before, after)| after <= before) {
            let found = format!("{after} after {before}");
            return Err(Error::parameter("years", found, "years in rising order"));
        }
        if years.is_empty() || !counts.len().is_multiple_of(years.len()) {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!(
                    "{} counts are no whole number of areas with {} years each",
                    counts.len(),
                    years.len()
                ),
            ));
        }
        let zone = Zone::amsterdam();
        let unusual = years
            .iter()
            .map(|&year| Ok(Period::year(year, &zone)?.is_unusual()))
            .collect::<Result<Vec<bool>>>()?;
        let mut out = TrendTable::default();
        let areas = counts.chunks_exact(years.len());
        for (counts, exposure) in areas.zip(exposure.chunks_exact(years.len())) {
            let used = |j: &usize| exposure[*j] > 0.0 && !(self.exclude_unusual && unusual[*j]);
            let points: Vec<Point> = (0..years.len())
                .filter(used)
                .map(|j| Point {
                    year: f64::from(years[j]),
                    count: counts[j] as f64,
                    people: exposure[j],
                })
                .collect();
            out.years_used.push(points.len() as u64);
            self.one(&points, years, &mut out);
        }
        out.q = self.correction.apply(&out.p);
        out.status = out
            .q
            .iter()
            .zip(&out.ratio)
            .map(|(q, ratio)| {
                if q.is_nan() {
                    TrendStatus::CannotTell
                } else if *q > 1.0 - self.level {
                    TrendStatus::NoClearTrend
                } else if *ratio > 1.0 {
                    TrendStatus::Rising
                } else {
                    TrendStatus::Falling
                }
            })
            .collect();
        out.unusual = unusual;
        Ok(out)
    }

    fn one(&self, points: &[Point], years: &[i16], out: &mut TrendTable) {
        let Some(fit) = Fit::of(points) else {
            for column in [
                &mut out.ratio,
                &mut out.low,
                &mut out.high,
                &mut out.p,
                &mut out.overdispersion,
            ] {
                column.push(f64::NAN);
            }
            out.fitted.extend(years.iter().map(|_| f64::NAN));
            return;
        };
        let freedom = (points.len() - 2) as f64;
        let residual = sum(points.iter().map(|p| {
            let mean = p.people * fit.rate(p.year);
            (p.count - mean) * (p.count - mean) / mean
        }));
        let overdispersion = (residual / freedom).max(1.0);
        let error = (overdispersion / fit.information).sqrt();
        let reach = error * student_quantile(0.5 * (1.0 - self.level), freedom);
        let (less, greater) = student_tails(fit.slope / error, freedom);
        out.ratio.push(fit.slope.exp());
        out.low.push((fit.slope - reach).exp());
        out.high.push((fit.slope + reach).exp());
        out.p.push((2.0 * less.min(greater)).min(1.0));
        out.overdispersion.push(overdispersion);
        let years = years.iter().map(|&year| f64::from(year));
        out.fitted
            .extend(years.map(|year| self.per * fit.rate(year)));
    }
}

/// A year of an area.
struct Point {
    year: f64,
    count: f64,
    people: f64,
}

/// A fitted log-linear rate.
struct Fit {
    slope: f64,
    /// The logarithm of the rate in year `middle`.
    level: f64,
    middle: f64,
    /// The inverse of the slope's variance for φ = 1.
    information: f64,
}

impl Fit {
    fn of(points: &[Point]) -> Option<Self> {
        let total = sum(points.iter().map(|p| p.count));
        if points.len() < 3 || total <= 0.0 {
            return None;
        }
        let middle = sum(points.iter().map(|p| p.count * p.year)) / total;
        let (first, last) = (points.first()?.year, points.last()?.year);
        if middle <= first || middle >= last {
            return None;
        }
        // Weights of the years at a slope, the greatest exponent taken out.
        let weights = |slope: f64| {
            let exponent = |p: &Point| slope * (p.year - middle);
            let most = exponent(&points[0]).max(points.last().map_or(0.0, exponent));
            let each = points.iter().map(|p| p.people * (exponent(p) - most).exp());
            (each.collect::<Vec<f64>>(), most)
        };
        let moments = |weights: &[f64]| {
            let whole = sum(weights.iter().copied());
            let of = |k: i32| {
                let each = weights.iter().zip(points);
                sum(each.map(|(w, p)| w * (p.year - middle).powi(k))) / whole
            };
            let mean = of(1);
            (whole, mean, of(2) - mean * mean)
        };
        let (mut slope, mut low, mut high) = (0.0, f64::NEG_INFINITY, f64::INFINITY);
        for _ in 0..200 {
            let (_, mean, spread) = moments(&weights(slope).0);
            // The mean year of the fitted incidents rises with the slope.
            if mean < 0.0 {
                low = slope;
            } else {
                high = slope;
            }
            let newton = slope - mean / spread;
            let next = if newton > low && newton < high {
                // A step of one per year is a rate that nearly triples: further is not trusted.
                newton.clamp(slope - 1.0, slope + 1.0)
            } else {
                0.5 * (low + high)
            };
            if !next.is_finite() || (next - slope).abs() <= 1e-15 * (1.0 + slope.abs()) {
                break;
            }
            slope = next;
        }
        let (found, most) = weights(slope);
        let (whole, _, spread) = moments(&found);
        Some(Self {
            slope,
            level: (total / whole).ln() - most,
            middle,
            information: total * spread,
        })
    }

    fn rate(&self, year: f64) -> f64 {
        (self.level + self.slope * (year - self.middle)).exp()
    }
}

#[cfg(test)]
mod tests;
