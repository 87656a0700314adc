//! Densities along streets.

use super::super::kernel::Kernel;
use super::split::Split;
use crate::model::{Crs, Warning};

/// Incidents per kilometre of street, on pieces of street of about one length.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NetworkSurface {
    /// Incidents per kilometre on each piece.
    pub values: Vec<f64>,
    /// Length of each piece in metres.
    pub length: Vec<f64>,
    /// The line each piece lies on, in the order in which the network was given.
    pub line: Vec<u32>,
    /// Where each piece begins along its line, in metres; it runs with the line.
    pub from: Vec<f64>,
    /// The corners of each piece.
    pub geometry: Vec<Vec<[f64; 2]>>,
    /// For each incident, metres to the nearest street.
    pub distance: Vec<f64>,
    /// For each incident, the piece it was put on; `None` when that is too far.
    pub piece: Vec<Option<usize>>,
    /// Mass lost beyond dead ends.
    pub beyond: f64,
    /// Mass on paths that were not followed to their end.
    pub unfollowed: f64,
    /// The system of the coordinates.
    pub crs: Crs,
    /// The kernel.
    pub kernel: Kernel,
    /// The bandwidth in metres.
    pub bandwidth: f64,
    /// How the kernel passes nodes.
    pub split: Split,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}
