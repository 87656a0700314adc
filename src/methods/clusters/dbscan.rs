//! Which incidents lie together, densely?

use super::cells::{Cells, Reach};
use crate::error::{Error, Result};
use crate::model::{Clock, Incidents, Moments, Warning, WarningCode};
use crate::parallel::Workers;
use crate::stats::Connected;

#[cfg(test)]
mod tests;

/// Density-based clusters of incidents, in space (DBSCAN) or in space and time (ST-DBSCAN).
///
/// An incident is *core* when the weights of the incidents at most ε away, itself included, add up
/// to at least `min_samples`. Core incidents at most ε apart are in one cluster. Another incident joins
/// the cluster of the nearest core incident within ε; of cores equally far, that which comes first
/// in the input. What has no core incident within ε is in no cluster (noise).
///
/// The published method gives an incident at the border of two clusters to whichever is found
/// first; by the rule above the clusters do not depend on the order of the rows. Core incidents and
/// noise are the same in both. With [`days`](Self::days), incidents are close when they are at most
/// so many days apart as well.
///
/// # Cost
/// Incidents are sorted into cells of ε/√2, in which all are close to each other: O(n log n) for n
/// incidents on different places and few beyond the cells around, by all threads. The result does
/// not depend on their number.
///
/// # Missing and odd values
/// With days, incidents without a time are in no cluster, counted in `undated` and warned of.
///
/// Source: Ester, Kriegel, Sander & Xu 1996, Proceedings of KDD-96, 226; Birant & Kut 2007, Data &
/// Knowledge Engineering 60:208, doi:10.1016/j.datak.2006.01.013; cells after Gunawan 2013 and Wang,
/// Gu & Shun 2020, doi:10.1145/3318464.3380582.
///
/// ```
/// use brandpunt::methods::clusters::Dbscan;
/// use brandpunt::{Crs, Incidents};
///
/// # fn main() -> brandpunt::Result<()> {
/// let x = vec![0.0, 3.0, 6.0, 50.0, 53.0, 200.0];
/// let incidents = Incidents::builder(x, vec![0.0; 6], Crs::PLANAR).build()?;
/// let found = Dbscan::new(5.0, 2.0).run(&incidents)?;
/// assert_eq!(found.cluster, [Some(0), Some(0), Some(0), Some(1), Some(1), None]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Dbscan {
    eps: f64,
    min_samples: f64,
    days: Option<f64>,
    clock: Clock,
}

/// The cluster of each incident, in input order.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DbscanResult {
    /// Number of the cluster, by its first core incident; none for noise.
    pub cluster: Vec<Option<u32>>,
    /// Whether the incident is core.
    pub core: Vec<bool>,
    /// How many incidents each cluster has.
    pub size: Vec<u32>,
    /// Incidents without a time that a method in time left out.
    pub undated: usize,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

impl Dbscan {
    /// Incidents at most `eps` metres apart are close; a core incident has incidents of a weight of
    /// at least `min_samples` close to it, 1 each unless they carry another.
    #[must_use]
    pub fn new(eps: f64, min_samples: f64) -> Self {
        Self {
            eps,
            min_samples,
            days: None,
            clock: Clock::CalendarDays,
        }
    }

    /// Incidents must also be at most so many days apart to be close.
    #[must_use]
    pub fn days(mut self, days: f64) -> Self {
        self.days = Some(days);
        self
    }

    /// Sets how days are counted.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents) -> Result<DbscanResult> {
        self.run_with(incidents, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a radius, weight or number of days that has no meaning,
    /// [`Fault::MissingColumn`](crate::Fault::MissingColumn) for days without times,
    /// [`Error::Crs`] for degrees, [`Error::Cancelled`].
    pub fn run_with(&self, incidents: &Incidents, workers: &Workers) -> Result<DbscanResult> {
        incidents.crs().require_metres()?;
        let positive = |name, value: f64| {
            if value > 0.0 && value.is_finite() {
                return Ok(());
            }
            Err(Error::parameter(name, value, "a finite number above 0"))
        };
        positive("eps", self.eps)?;
        positive("min_samples", self.min_samples)?;
        let (units, within) = self.moments(incidents)?;
        let dated = units.iter().flatten().count();
        let reach = Reach {
            radius: self.eps,
            units: within,
        };
        let workers = workers.telling("clusters", 0.0..1.0);
        let (x, y, weights) = (incidents.x(), incidents.y(), incidents.weights());
        let cells = Cells::new(
            x,
            y,
            &units,
            weights,
            &reach,
            &workers.telling("clusters", 0.0..0.2),
        )?;
        let found = Found::of(&cells, &reach, self.min_samples, &workers)?;
        let mut result = found.by_incident(&cells);
        result.undated = incidents.len() - dated;
        if result.undated > 0 {
            let (undated, all) = (result.undated, incidents.len());
            result.warnings.push(Warning::with_value(
                WarningCode::Times,
                undated as f64 / all as f64,
                format!("{undated} of {all} incidents have no time and are in no cluster."),
            ));
        }
        Ok(result)
    }

    /// The time of each incident in whole units and how many of them are close; without days, all
    /// incidents are at one time.
    fn moments(&self, incidents: &Incidents) -> Result<(Vec<Option<u32>>, u32)> {
        let Some(days) = self.days else {
            return Ok((vec![Some(0); incidents.len()], 0));
        };
        if !(days >= 0.0 && days.is_finite()) {
            return Err(Error::parameter("days", days, "a finite number from 0 on"));
        }
        let moments = Moments::of(incidents, self.clock)?;
        let mut units = vec![None; incidents.len()];
        for (position, unit) in moments.positions.iter().zip(&moments.units) {
            units[*position as usize] = Some(*unit);
        }
        // A cast to an integer ends at its largest number.
        Ok((units, (days * moments.units_per_day).floor() as u32))
    }
}

/// Which points are core, and the cluster of each in terms of cells.
struct Found {
    core: Vec<bool>,
    /// A cell of the cluster that a point belongs to.
    cell: Vec<Option<u32>>,
    connected: Connected,
}

/// Cells in one unit of work.
const PIECE: usize = 256;

impl Found {
    fn of(cells: &Cells, reach: &Reach, least: f64, workers: &Workers) -> Result<Self> {
        let core = cores(cells, reach, least, &workers.telling("clusters", 0.2..0.5))?;
        let cores_of: Vec<Vec<u32>> = (0..cells.len())
            .map(|cell| {
                let points = cells.points_of(cell).filter(|p| core[*p]);
                points.map(|p| p as u32).collect()
            })
            .collect();
        let connected = Connected::new(cells.len());
        let touch = |a: usize, b: usize| {
            cores_of[a].iter().any(|p| {
                let p = &cells.points[*p as usize];
                let mut others = cores_of[b].iter().map(|q| &cells.points[*q as usize]);
                others.any(|q| reach.close(p, q).is_some())
            })
        };
        let joining = workers.telling("clusters", 0.5..0.8);
        joining.map_ranges(cells.len(), PIECE, |range| {
            for cell in range.filter(|c| !cores_of[*c].is_empty()) {
                let around = cells.around(cell).iter().map(|other| *other as usize);
                let later = around.filter(|other| *other > cell);
                for other in later.filter(|other| !cores_of[*other].is_empty()) {
                    if connected.root(cell) != connected.root(other) && touch(cell, other) {
                        connected.join(cell, other);
                    }
                }
            }
        })?;
        let bordering = workers.telling("clusters", 0.8..1.0);
        let pieces = bordering.map_ranges(cells.len(), PIECE, |range| {
            let mut joined = Vec::new();
            for cell in range {
                for point in cells.points_of(cell) {
                    joined.push(if core[point] {
                        Some(cell as u32)
                    } else {
                        nearest_core(cells, &cores_of, reach, cell, point)
                    });
                }
            }
            joined
        })?;
        Ok(Self {
            core,
            cell: pieces.into_iter().flatten().collect(),
            connected,
        })
    }

    /// Numbers the clusters by their first core incident.
    fn by_incident(&self, cells: &Cells) -> DbscanResult {
        let root = |point: usize| Some(self.connected.root(self.cell[point]? as usize));
        let mut number = vec![None; cells.len()];
        let mut size = Vec::new();
        let mut cluster = Vec::with_capacity(cells.point_of.len());
        let mut core = Vec::with_capacity(cells.point_of.len());
        for point in cells.point_of.iter().map(|p| p.map(|p| p as usize)) {
            let is_core = point.is_some_and(|p| self.core[p]);
            if let Some(root) = point.filter(|_| is_core).and_then(root) {
                number[root].get_or_insert_with(|| {
                    size.push(0);
                    size.len() as u32 - 1
                });
            }
            core.push(is_core);
        }
        for point in &cells.point_of {
            let found = point.and_then(|p| number[root(p as usize)?]);
            if let Some(found) = found {
                size[found as usize] += 1;
            }
            cluster.push(found);
        }
        DbscanResult {
            cluster,
            core,
            size,
            undated: 0,
            warnings: Vec::new(),
        }
    }
}

/// Which points have enough weight within reach.
fn cores(cells: &Cells, reach: &Reach, least: f64, workers: &Workers) -> Result<Vec<bool>> {
    let pieces = workers.map_ranges(cells.len(), PIECE, |range| {
        let mut core = Vec::new();
        for cell in range {
            let points = cells.points_of(cell);
            let here: f64 = cells.points[points.clone()].iter().map(|p| p.weight).sum();
            if here >= least {
                core.extend(points.map(|_| true));
                continue;
            }
            core.extend(points.map(|point| {
                let mut weight = here;
                let point = &cells.points[point];
                cells.around(cell).iter().any(|other| {
                    let others = &cells.points[cells.points_of(*other as usize)];
                    let close = others.iter().filter(|q| reach.close(point, q).is_some());
                    weight += close.map(|q| q.weight).sum::<f64>();
                    weight >= least
                })
            }));
        }
        core
    })?;
    Ok(pieces.into_iter().flatten().collect())
}

/// The cell of the nearest core point within reach.
fn nearest_core(
    cells: &Cells,
    cores_of: &[Vec<u32>],
    reach: &Reach,
    cell: usize,
    point: usize,
) -> Option<u32> {
    let point = &cells.points[point];
    std::iter::once(cell)
        .chain(cells.around(cell).iter().map(|other| *other as usize))
        .flat_map(|other| cores_of[other].iter().map(move |q| (other, *q)))
        .filter_map(|(other, q)| {
            let q = &cells.points[q as usize];
            Some((reach.close(point, q)?, q.first, other as u32))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        .map(|(_, _, other)| other)
}
