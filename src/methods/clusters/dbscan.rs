//! Which incidents lie together, densely?

#![expect(
    clippy::inline_always,
    reason = "the widest instructions are used only in what is inlined"
)]

use std::ops::Range;

use super::cells::{Cells, Columns, PIECE, ROWS};
use super::points::{Points, Reach};
use crate::error::{Error, Result};
use crate::model::{Clock, Incidents, Moments, Warning, WarningCode};
use crate::parallel::Workers;
use crate::stats::Connected;
use crate::vector::{Work, widest};

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
        let reach = Reach {
            radius: self.eps,
            units: within,
        };
        let workers = workers.telling("clusters", 0.0..1.0);
        let columns = Columns {
            x: incidents.x(),
            y: incidents.y(),
            units: units.as_deref(),
            weights: incidents.weights(),
        };
        let cells = Cells::new(&columns, &reach, &workers.telling("clusters", 0.0..0.3))?;
        let found = Found::of(&cells, &reach, self.min_samples, &workers)?;
        let mut result = found.by_incident(
            &cells,
            incidents.len(),
            &workers.telling("clusters", 0.9..1.0),
        )?;
        let dated = units.map_or(incidents.len(), |units| units.iter().flatten().count());
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

    /// The time of each incident in whole units, where time matters, and how many of them are close.
    fn moments(&self, incidents: &Incidents) -> Result<(Option<Vec<Option<u32>>>, u32)> {
        let Some(days) = self.days else {
            return Ok((None, 0));
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
        Ok((
            Some(units),
            (days * self.clock.units_per_day()).floor() as u32,
        ))
    }
}

/// Which points are core, and the cluster of each in terms of cells.
struct Found {
    core: Vec<bool>,
    /// A cell of the cluster that a point belongs to, [`Points::NONE`] for noise.
    cell: Vec<u32>,
    connected: Connected,
}

/// Which points and cells are core.
struct Cores<'a> {
    cells: &'a Cells,
    reach: &'a Reach,
    core: Vec<bool>,
    /// How many core points each cell holds.
    held: Vec<u32>,
    /// How many of the cells before each hold one, and of all.
    held_before: Vec<u32>,
}

impl<'a> Cores<'a> {
    fn new(cells: &'a Cells, reach: &'a Reach, pieces: Vec<(Vec<bool>, Vec<u32>)>) -> Self {
        let (core, held): (Vec<_>, Vec<_>) = pieces.into_iter().unzip();
        let held: Vec<u32> = held.concat();
        let mut cells_before = 0;
        let before = held.iter().map(|cores| {
            cells_before += u32::from(*cores > 0);
            cells_before
        });
        Self {
            held_before: std::iter::once(0).chain(before).collect(),
            cells,
            reach,
            core: core.concat(),
            held,
        }
    }

    /// Whether a cell holds a core point.
    fn any(&self, cell: usize) -> bool {
        self.held[cell] > 0
    }

    /// Whether a cell holds another point.
    fn others(&self, cell: usize) -> bool {
        (self.held[cell] as usize) < self.cells.points_of(cell..cell + 1).len()
    }

    /// Whether one of some cells that follow each other holds a core point.
    fn any_of(&self, run: &Range<usize>) -> bool {
        self.held_before[run.start] < self.held_before[run.end]
    }

    /// Whether a core point of one cell is close to one of another.
    fn touch(&self, a: usize, b: usize) -> bool {
        let points = &self.cells.points;
        let most = self.reach.radius * self.reach.radius;
        let cores = |cell: usize| {
            let all = self.cells.points_of(cell..cell + 1);
            all.filter(|point| self.core[*point])
        };
        cores(a)
            .filter(|p| self.cells.to_square((points.x[*p], points.y[*p]), b) <= most)
            .any(|p| cores(b).any(|q| points.close(p, q, self.reach).is_some()))
    }

    /// The nearest core point within reach of a point, the first of equally near ones. Where a point
    /// is not core, few are within reach.
    fn nearest(&self, point: usize, around: &[Range<usize>]) -> Option<usize> {
        let points = &self.cells.points;
        let mut best: Option<(f64, usize)> = None;
        for run in around.iter().filter(|run| self.any_of(run)) {
            for other in self.cells.points_of(run.clone()) {
                let Some(squared) = points.close(point, other, self.reach) else {
                    continue;
                };
                let nearer = best.is_none_or(|(least, core)| {
                    squared < least || squared <= least && points.first[other] < points.first[core]
                });
                if nearer && self.core[other] {
                    best = Some((squared, other));
                }
            }
        }
        best.map(|(_, core)| core)
    }
}

impl Found {
    fn of(cells: &Cells, reach: &Reach, least: f64, workers: &Workers) -> Result<Self> {
        let weight_before = cells.weight_before();
        let counting = workers.telling("clusters", 0.3..0.6);
        let pieces = counting.map_ranges(cells.rows(), ROWS, |rows| {
            widest(CoresOfRows {
                cells,
                weight_before: &weight_before,
                reach,
                least,
                rows,
            })
        })?;
        let cores = Cores::new(cells, reach, pieces);
        let connected = Connected::new(cells.len());
        let joining = workers.telling("clusters", 0.6..0.8);
        joining.map_ranges(cells.rows(), ROWS, |rows| {
            let wanted = |cell| cores.any(cell);
            cells.each_with_around(rows, wanted, |cell, around| {
                // Each pair of cells once; near ones first, which joins most without a look.
                let mut root = connected.root(cell);
                for run in around.iter().filter(|run| cores.any_of(run)) {
                    for other in run.start.max(cell + 1)..run.end {
                        // When another thread joined them meanwhile, no harm is done by a look.
                        if cores.any(other)
                            && connected.root(other) != root
                            && cores.touch(cell, other)
                        {
                            connected.join(cell, other);
                            root = connected.root(cell);
                        }
                    }
                }
            });
        })?;
        let bordering = workers.telling("clusters", 0.8..0.9);
        let pieces = bordering.map_ranges(cells.rows(), ROWS, |rows| {
            let of = cells.points_of(cells.cells_of(rows.clone()));
            let first = of.start;
            let mut joined = vec![Points::NONE; of.len()];
            for cell in cells.cells_of(rows.clone()).filter(|cell| cores.any(*cell)) {
                for point in cells.points_of(cell..cell + 1) {
                    if cores.core[point] {
                        joined[point - first] = cell as u32;
                    }
                }
            }
            let wanted = |cell| cores.others(cell);
            cells.each_with_around(rows, wanted, |cell, around| {
                if !around.iter().any(|run| cores.any_of(run)) {
                    return;
                }
                let points = cells.points_of(cell..cell + 1);
                for point in points.filter(|point| !cores.core[*point]) {
                    if let Some(core) = cores.nearest(point, around) {
                        joined[point - first] = cells.cell_of(core);
                    }
                }
            });
            joined
        })?;
        Ok(Self {
            cell: pieces.concat(),
            core: cores.core,
            connected,
        })
    }

    /// The number of each cell's cluster, by its first core incident, and how many there are.
    fn numbers(&self, cells: &Cells, workers: &Workers) -> Result<(Vec<u32>, usize)> {
        let pieces = workers.map_ranges(cells.len(), PIECE, |range| {
            let of_cell = |cell: usize| {
                let points = cells.points_of(cell..cell + 1);
                let cores = points.filter(|point| self.core[*point]);
                let first = cores.map(|point| cells.points.first[point]).min();
                (self.connected.root(cell), first)
            };
            range.map(of_cell).collect::<Vec<_>>()
        })?;
        let of_cells = pieces.concat();
        let mut first = vec![Points::NONE; cells.len()];
        for (root, own) in &of_cells {
            first[*root] = first[*root].min(own.unwrap_or(Points::NONE));
        }
        let roots = (0..cells.len()).filter(|root| first[*root] != Points::NONE);
        let mut order: Vec<usize> = roots.collect();
        order.sort_unstable_by_key(|root| first[*root]);
        let mut number = vec![Points::NONE; cells.len()];
        for (n, root) in order.iter().enumerate() {
            number[*root] = n as u32;
        }
        let numbers = of_cells.iter().map(|(root, _)| number[*root]).collect();
        Ok((numbers, order.len()))
    }

    fn by_incident(&self, cells: &Cells, n: usize, workers: &Workers) -> Result<DbscanResult> {
        let (numbers, clusters) = self.numbers(cells, workers)?;
        let (mut cluster, mut core) = (vec![None; n], vec![false; n]);
        workers.fill(
            &mut cluster,
            PIECE,
            || (),
            |(), piece, out| {
                for (incident, cluster) in (piece * PIECE..).zip(out) {
                    let cell = cells.point_of(incident).map(|point| self.cell[point]);
                    *cluster = cell.and_then(|cell| numbers.get(cell as usize).copied());
                }
            },
        )?;
        workers.fill(
            &mut core,
            PIECE,
            || (),
            |(), piece, out| {
                for (incident, core) in (piece * PIECE..).zip(out) {
                    *core = cells
                        .point_of(incident)
                        .is_some_and(|point| self.core[point]);
                }
            },
        )?;
        let mut size = vec![0; clusters];
        for number in cluster.iter().flatten() {
            size[*number as usize] += 1;
        }
        Ok(DbscanResult {
            cluster,
            core,
            size,
            undated: 0,
            warnings: Vec::new(),
        })
    }
}

/// What rounding can take from a difference of sums of weights, as a share of all.
const SLACK: f64 = 1e-12;

/// Which points of some rows of cells have enough weight within reach.
struct CoresOfRows<'a> {
    cells: &'a Cells,
    weight_before: &'a [f64],
    reach: &'a Reach,
    least: f64,
    rows: Range<usize>,
}

impl Work for CoresOfRows<'_> {
    /// Of each point, and how many in each cell.
    type Output = (Vec<bool>, Vec<u32>);

    #[inline(always)]
    fn call(self) -> Self::Output {
        let points = &self.cells.points;
        let cells = self.cells.cells_of(self.rows.clone());
        let of = self.cells.points_of(cells.clone());
        let mut core = vec![false; of.len()];
        let mut cores = vec![0; cells.len()];
        let whole = self.weight_before[self.cells.len()];
        let wanted = |cell: usize| {
            let here = self.cells.points_of(cell..cell + 1);
            // Sums that differ by rounding must not decide, so these are taken anew.
            let weight: f64 = points.weight[here.clone()].iter().sum();
            let all = weight >= self.least;
            if all {
                cores[cell - cells.start] = here.len() as u32;
                core[here.start - of.start..here.end - of.start].fill(true);
            }
            !all
        };
        let mut sparse = Vec::new();
        self.cells
            .each_with_around(self.rows, wanted, |cell, around| {
                // Too little in all cells around: none is core, wherever in them the others lie.
                let weight = |run: &Range<usize>| {
                    self.weight_before[run.end] - self.weight_before[run.start]
                };
                let most: f64 = around.iter().map(weight).sum();
                if most + SLACK * whole < self.least {
                    return;
                }
                for point in self.cells.points_of(cell..cell + 1) {
                    let mut weight = 0.0;
                    let is_core = around.iter().any(|run| {
                        let range = self.cells.points_of(run.clone());
                        weight += points.weight_around(point, range, self.reach);
                        weight >= self.least
                    });
                    if is_core {
                        sparse.push((cell, point));
                    }
                }
            });
        for (cell, point) in sparse {
            core[point - of.start] = true;
            cores[cell - cells.start] += 1;
        }
        (core, cores)
    }
}
