//! Which neighbourhoods together are a cluster, and is one report followed by another?

use geo::Centroid;

use super::configuration::HotspotAnalysis;
use super::located::Located;
use super::result::HotspotResult;
use crate::error::Result;
use crate::methods::near_repeat::{NearRepeat, NearRepeatResult};
use crate::methods::scan::SpatialScan;
use crate::parallel::Workers;

/// Share of the people that a window of the scan holds at most: a cluster is a part of the city
/// that somebody can go to.
const WIDEST: f64 = 0.25;

/// Edges of the bands of distance in metres: one address, its street, its surroundings.
const DISTANCES: [f64; 5] = [0.0, 1.0, 100.0, 200.0, 400.0];

/// Edges of the bands of time in days: one week, two, four, eight.
const DAYS: [f64; 5] = [0.0, 8.0, 15.0, 29.0, 57.0];

impl HotspotAnalysis {
    /// Adds the clusters of neighbourhoods; nothing unless asked for, and where nobody's number is
    /// known.
    pub(super) fn look_for_clusters(
        &self,
        result: &mut HotspotResult,
        counts: &[i64],
        workers: &Workers,
    ) -> Result<()> {
        let (areas, population) = (&result.areas, &result.neighbourhoods.population);
        if self.replicates == 0 || !population.iter().any(|people| *people > 0.0) {
            return Ok(());
        }
        areas.crs().require_metres()?;
        let (mut cases, mut x, mut y) = (Vec::new(), Vec::new(), Vec::new());
        for (i, shape) in areas.shapes().iter().enumerate() {
            let middle = shape.centroid().filter(|_| population[i] > 0.0);
            cases.push(middle.map_or(f64::NAN, |_| counts[i] as f64));
            let (east, north) = middle.map_or((0.0, 0.0), geo::Point::x_y);
            x.push(east);
            y.push(north);
        }
        let found = SpatialScan::new()
            .max_population_share(WIDEST)
            .replicates(self.replicates)
            .seed(self.seed)
            .run_with(&cases, population, (&x, &y), &workers.unheard())?;
        let provenance = &mut result.provenance;
        provenance.push("scan_model", found.model.name());
        provenance.push("scan_replicates", self.replicates.to_string());
        result.clusters = Some(found);
        Ok(())
    }

    /// The near-repeat table of these incidents; `None` unless asked for, and below two of them.
    pub(super) fn near_repeats(
        &self,
        located: &Located<'_>,
        positions: &[u32],
        workers: &Workers,
    ) -> Result<Option<NearRepeatResult>> {
        if self.permutations == 0 || positions.len() < 2 {
            return Ok(None);
        }
        NearRepeat::new(&DISTANCES, &DAYS)
            .permutations(self.permutations)
            .seed(self.seed)
            .run_with(&located.incidents.take(positions), &workers.unheard())
            .map(Some)
    }
}
