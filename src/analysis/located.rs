//! Incidents with the neighbourhood each lies in.

use std::sync::Arc;

use crate::error::{Error, Fault, Result};
use crate::index::{NeighbourhoodIndex, topology_warnings};
use crate::model::{Incidents, Neighbourhoods, Warning};
use crate::parallel::Workers;
use crate::weights::Weights;

/// Incidents located in neighbourhoods once, for analyses of several themes.
#[derive(Debug, Clone)]
pub struct Located<'a> {
    pub(super) incidents: &'a Incidents,
    pub(super) areas: Arc<Neighbourhoods>,
    pub(super) index: Arc<NeighbourhoodIndex>,
    pub(super) label: Vec<u32>,
    /// Overlaps and gaps between the areas.
    pub(super) topology: Vec<Warning>,
    /// Areas that share a border.
    pub(super) neighbours: Arc<Weights>,
}

impl<'a> Located<'a> {
    /// Locates every incident.
    ///
    /// # Errors
    /// [`Error::Crs`] for degrees, [`Fault::CrsMismatch`] unless both are in one system,
    /// [`Error::Cancelled`].
    pub fn new(
        incidents: &'a Incidents,
        areas: &Neighbourhoods,
        workers: &Workers,
    ) -> Result<Self> {
        if incidents.crs() != areas.crs() {
            return Err(Error::input(
                Fault::CrsMismatch,
                format!(
                    "the incidents are in {} and the neighbourhoods in {}; bring one to the other \
                     with to_crs",
                    incidents.crs(),
                    areas.crs()
                ),
            ));
        }
        areas.crs().require_metres()?;
        let index = NeighbourhoodIndex::build(areas)?;
        let label = index.locate_all(incidents.x(), incidents.y(), workers)?;
        Ok(Self {
            incidents,
            areas: Arc::new(areas.clone()),
            index: Arc::new(index),
            label,
            topology: topology_warnings(areas, workers)?,
            neighbours: Arc::new(Weights::queen(areas)?),
        })
    }
}
