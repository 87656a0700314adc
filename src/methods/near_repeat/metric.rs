//! How far apart?

/// How distance is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Metric {
    /// As the crow flies.
    #[default]
    Euclidean,
    /// Along a grid of streets: `|dx| + |dy|`, the default of the Near Repeat Calculator.
    Manhattan,
}

impl Metric {
    /// A measure that rises with the distance: its square, or itself.
    pub(super) fn measure(self, dx: f64, dy: f64) -> f64 {
        match self {
            Self::Euclidean => dx * dx + dy * dy,
            Self::Manhattan => dx.abs() + dy.abs(),
        }
    }

    /// The measure of a distance.
    pub(super) fn of(self, distance: f64) -> f64 {
        match self {
            Self::Euclidean => distance * distance,
            Self::Manhattan => distance,
        }
    }
}
