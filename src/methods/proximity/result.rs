//! What is found around facilities.

use crate::model::Warning;

/// How much there is near facilities.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProximityResult {
    /// One row per band, from the facilities outwards.
    pub bands: ProximityBands,
    /// The density as a smooth function of distance.
    pub decay: DecayCurve,
    /// Incidents in the study area (and in the hours asked for).
    pub incidents: u64,
    /// Square kilometres of the study area, or the weight of all exposed points in it.
    pub exposure: f64,
    /// Different places of facilities.
    pub facilities: usize,
    /// Incidents outside the study area, which do not count.
    pub outside: u64,
    /// Incidents without a time of day, which do not count when hours are asked for.
    pub without_hour: u64,
    /// Incidents at other hours than those asked for.
    pub other_hours: u64,
    /// Metres between the lines along which areas were measured; NaN for exposed points.
    pub spacing: f64,
    /// Chance that the most unusual band of moved facilities is at least as unusual as that of the
    /// real ones; NaN without replicates.
    pub p: f64,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

/// Columns per band of distance.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct ProximityBands {
    /// Least distance to the nearest facility in metres, itself included.
    pub from: Vec<f64>,
    /// Greatest distance in metres, itself not included.
    pub to: Vec<f64>,
    /// Incidents.
    pub count: Vec<u64>,
    /// Square kilometres of the study area, or weight of exposed points.
    pub exposure: Vec<f64>,
    /// Incidents if they were spread as the exposure is.
    pub expected: Vec<f64>,
    /// Location quotient: count over expected; NaN without exposure.
    pub lq: Vec<f64>,
    /// Lower end of its exact interval.
    pub low: Vec<f64>,
    /// Upper end of its exact interval.
    pub high: Vec<f64>,
    /// Mean quotient over the real and the moved facilities.
    pub lq_moved: Vec<f64>,
    /// Chance that moved facilities have a quotient at least as high.
    pub p_greater: Vec<f64>,
    /// Chance that they have one at most as high.
    pub p_less: Vec<f64>,
    /// Two-sided: twice the smaller one, at most one.
    pub p: Vec<f64>,
    /// The same corrected for the number of bands: chance that the most unusual band of moved
    /// facilities is at least as many standard deviations from its mean as this one.
    pub p_max: Vec<f64>,
}

/// Columns per distance.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct DecayCurve {
    /// Metres to the nearest facility.
    pub distance: Vec<f64>,
    /// Incidents per square kilometre, or per unit of weight, at that distance.
    pub density: Vec<f64>,
    /// Lower end of its interval for incidents that fall independently.
    pub low: Vec<f64>,
    /// Upper end of that interval.
    pub high: Vec<f64>,
    /// Mean density of moved facilities; empty without replicates.
    pub moved: Vec<f64>,
    /// Lower end of the interval that holds most curves of moved facilities, point by point.
    pub moved_low: Vec<f64>,
    /// Upper end of that interval.
    pub moved_high: Vec<f64>,
    /// Standard deviation of the Gaussian kernel in metres.
    pub bandwidth: f64,
}
