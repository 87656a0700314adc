//! What a reader of the result must know.

use crate::error::coded;

coded! {
    /// The kind of a warning.
    WarningCode {
        /// Several rows carry one id.
        DuplicateId = "duplicate_id",
        /// A large share of the incidents lies on one location.
        SingleLocationShare = "single_location_share",
        /// Incidents share their place with another, as reports snapped to addresses do.
        SharedPlaces = "shared_places",
        /// Rows were kept out.
        RejectedRows = "rejected_rows",
        /// Incidents lie in no area.
        OutsideAllAreas = "outside_all_areas",
        /// Areas overlap.
        OverlappingAreas = "overlapping_areas",
        /// There are gaps between areas.
        GapsBetweenAreas = "gaps_between_areas",
        /// Areas without neighbours.
        Islands = "islands",
        /// Too few incidents to say much.
        TooFewIncidents = "too_few_incidents",
        /// Counts vary more than chance alone would make them.
        Overdispersion = "overdispersion",
        /// All values are equal.
        ZeroVariance = "zero_variance",
        /// A normal approximation was used where it does not hold.
        NormalApproximation = "normal_approximation",
        /// Too few permutations to find anything after correction.
        PResolutionInsufficient = "p_resolution_insufficient",
        /// An exact table was too large and another method was used.
        ExactFellBack = "exact_fell_back",
        /// Areas without a published population.
        MissingPopulation = "missing_population",
        /// It is not known which year's area division this is.
        AreaVintage = "area_vintage",
        /// Incidents and population are of different years.
        PopulationYear = "population_year",
        /// The bandwidth is smaller than a cell or larger than the area.
        Bandwidth = "bandwidth",
        /// Radii are large beside the area.
        Radii = "radii",
        /// Times are missing or cannot be placed.
        Times = "times",
        /// Rings were closed or polygons repaired.
        RepairedGeometry = "repaired_geometry",
        /// The baseline lies in a period of unusual reporting.
        UnusualPeriod = "unusual_period",
        /// Too few steps in time to say much.
        FewSteps = "few_steps",
        /// Steps in time that the data do not cover whole.
        PartialSteps = "partial_steps",
        /// Numbers that the source may still change.
        Provisional = "provisional",
        /// What was found depends on where was looked.
        Feedback = "feedback",
        /// Something else about the input.
        Input = "input",
    }
}

/// One thing a reader of the result must know.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Warning {
    /// The kind.
    pub code: WarningCode,
    /// One or two plain sentences in English.
    pub message: String,
    /// The number the sentence turns on, where there is one.
    pub value: Option<f64>,
}

impl Warning {
    /// A warning in words.
    pub fn new(code: WarningCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            value: None,
        }
    }

    /// A warning that turns on a number.
    pub fn with_value(code: WarningCode, value: f64, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            value: Some(value),
        }
    }
}
