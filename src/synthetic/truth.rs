//! What is really there.

/// A concentration that was put into the city on purpose.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PlantedHotspot {
    /// The category of incident it is about.
    pub category: String,
    /// x of its centre, in metres.
    pub x: f64,
    /// y of its centre, in metres.
    pub y: f64,
    /// Its radius in metres.
    pub radius: f64,
    /// How many times more often incidents of the category happen at the addresses inside than
    /// they would without the hotspot.
    pub relative_risk: f64,
    /// From when, in seconds since 1970 (UTC).
    pub from: i64,
    /// Codes of the neighbourhoods with at least half of their addresses inside.
    pub neighbourhoods: Vec<String>,
}

/// The truth about a synthetic city.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Truth {
    /// The planted hotspots.
    pub hotspots: Vec<PlantedHotspot>,
    /// Locations that stand for "address unknown": the police station and the town hall.
    pub geocoding_defaults: Vec<(f64, f64)>,
    /// How many incidents were put on one of them instead of on their address.
    pub misplaced: u64,
    /// How many incidents follow an earlier one at the same address within a month.
    pub follow_ups: u64,
    /// For each neighbourhood, how much more often incidents happen per resident than in the
    /// city on average, hotspots aside; 1 everywhere in a city of pure chance.
    pub neighbourhood_risk: Vec<f64>,
}
