//! A geometry as it was read, before anything is known to be right with it.

/// Closed or not, as written.
pub(super) type Ring = Vec<(f64, f64)>;

/// Where a feature is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// No geometry, or one without coordinates.
    Missing,
    Point(f64, f64),
    /// Polygons of rings, the first of each the outer one.
    Polygons(Vec<Vec<Ring>>),
    /// Another type.
    Other(String),
}
