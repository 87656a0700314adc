//! By which method is forecast?

use super::recency::Recency;
use super::self_exciting::SelfExciting;
use super::spread::Spread;
use crate::error::{Error, Result, quoted};

/// How the past is turned into a forecast.
///
/// All but the last are weighted sums: an incident counts by its age, and for itself or spread
/// over its surroundings. Weights by age are divided by what a steady stream of incidents would
/// add up to over the time that was watched, so each forecast is a number of incidents to expect.
///
/// Source: for [`Counts`](Self::Counts) as the yardstick Camacho Doyle, Gerell & Andershed 2021,
/// Journal of Quantitative Criminology; for [`ProspectiveMap`](Self::ProspectiveMap) Bowers, Johnson
/// & Pease 2004, British Journal of Criminology 44:641, doi:10.1093/bjc/azh036.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ForecastMethod {
    /// Incidents of the last days in each unit, as they are: what any other method has to beat.
    Counts {
        /// How many days; 365 leave no season out.
        days: f64,
    },
    /// Incidents in each unit, half as heavy after every so many days.
    Recent {
        /// Days after which an incident counts half.
        half_life: f64,
    },
    /// Quartic kernels in space and, one-sided, in time: an incident counts less with distance and
    /// age, and nothing beyond both bandwidths.
    Kernel {
        /// How far it reaches, in metres.
        bandwidth: f64,
        /// For how many days.
        days: f64,
    },
    /// The prospective map of Bowers, Johnson & Pease (`ProMap`): 1/(1 + d) by whole half-widths of
    /// a cell up to 400 m, times 1/(1 + w) by whole weeks up to eight.
    ProspectiveMap,
    /// A steady background and incidents that draw others after them.
    SelfExciting(SelfExciting),
}

/// A weighted sum over the past.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weighing {
    pub(super) recency: Recency,
    /// `None` counts an incident in the unit where it was.
    pub(super) spread: Option<Spread>,
}

impl ForecastMethod {
    /// A method by its name, with how far it looks in metres and for how many days back, where it
    /// does: `counts` (365 days), `recent` (a half-life of 30 days), `kernel` (400 m, 365 days),
    /// `prospective_map` (neither), and `self_exciting` (within 300 m and 60 days).
    ///
    /// # Errors
    /// [`Error::Parameter`] for another name, and for a setting that the method does not have.
    pub fn named(name: &str, metres: Option<f64>, days: Option<f64>) -> Result<Self> {
        let without = |what: &'static str, given: Option<f64>| match given {
            Some(value) => Err(Error::parameter(
                what,
                value,
                format!("nothing for the method {name}, which has no such setting"),
            )),
            None => Ok(()),
        };
        match name {
            "counts" => {
                without("bandwidth", metres)?;
                let days = days.unwrap_or(365.0);
                Ok(Self::Counts { days })
            }
            "recent" => {
                without("bandwidth", metres)?;
                let half_life = days.unwrap_or(30.0);
                Ok(Self::Recent { half_life })
            }
            "kernel" => Ok(Self::Kernel {
                bandwidth: metres.unwrap_or(400.0),
                days: days.unwrap_or(365.0),
            }),
            "prospective_map" => {
                without("bandwidth", metres)?;
                without("memory", days)?;
                Ok(Self::ProspectiveMap)
            }
            "self_exciting" => Ok(Self::SelfExciting(SelfExciting::new(
                metres.unwrap_or(300.0),
                days.unwrap_or(60.0),
            ))),
            other => Err(Error::parameter(
                "method",
                quoted(other),
                "counts, recent, kernel, prospective_map or self_exciting",
            )),
        }
    }

    /// What it is called in results.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Counts { .. } => "counts",
            Self::Recent { .. } => "recent",
            Self::Kernel { .. } => "kernel",
            Self::ProspectiveMap => "prospective_map",
            Self::SelfExciting(_) => "self_exciting",
        }
    }

    /// The weights of all methods but one.
    pub(super) fn weighing(&self) -> Result<Option<Weighing>> {
        let (recency, spread) = match *self {
            Self::Counts { days } => {
                positive("days", days, "days")?;
                (Recency::Even { days }, None)
            }
            Self::Recent { half_life } => {
                positive("half_life", half_life, "days")?;
                (Recency::HalfLife { days: half_life }, None)
            }
            Self::Kernel { bandwidth, days } => {
                positive("bandwidth", bandwidth, "metres")?;
                positive("days", days, "days")?;
                let spread = Spread::Quartic { radius: bandwidth };
                (Recency::Quartic { days }, Some(spread))
            }
            Self::ProspectiveMap => (Recency::Weeks, Some(Spread::HalfCells)),
            Self::SelfExciting(_) => return Ok(None),
        };
        Ok(Some(Weighing { recency, spread }))
    }
}

/// Refuses what is not a positive number.
pub(super) fn positive(name: &'static str, value: f64, unit: &str) -> Result<()> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    let expected = format!("a positive number of {unit}");
    Err(Error::parameter(name, value, expected))
}
