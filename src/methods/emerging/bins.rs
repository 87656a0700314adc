//! From incidents to a space-time cube.

use ndarray::{Array1, Array2};

use super::cube::SpaceTimeCube;
use crate::error::{Error, Fault, Result};
use crate::index::{NeighbourhoodIndex, require_same_crs};
use crate::memory::{MOST_BYTES, afford};
use crate::model::{Grid, Incidents, Neighbourhoods, Period, Step, Times, aoristic_shares};
use crate::parallel::Workers;

/// How incidents are put into a space-time cube: how many happened in each unit at each step?
///
/// Steps are calendar periods counted back from the end, so that the last one is never shorter
/// than it seems. Without [`until`](Self::until), the end is that of the calendar period that
/// holds the last time. The first step holds the first time, or [`since`](Self::since) where that
/// is given; incidents before or after are in no step.
///
/// A step is partial where the data do not cover it whole: from `since`, or else from the day of
/// the first time, to `until`, or else to the end of the day of the last time (of its month, where
/// all times are the first of a month without time of day).
///
/// Incidents that happened at some moment between two times are spread over the steps, see
/// [`aoristic_shares`]; the cube then holds fractions. Weights of incidents play no part.
///
/// ```
/// use brandpunt::methods::emerging::{SpaceTimeBins, SpaceUnits};
/// use brandpunt::synthetic::SyntheticCity;
/// use brandpunt::{Step, Workers};
///
/// # fn main() -> brandpunt::Result<()> {
/// let city = SyntheticCity::new(2_000).seed(1).neighbourhoods(40).build()?;
/// let cube = SpaceTimeBins::new(Step::Quarter).run_with(
///     &city.incidents,
///     SpaceUnits::Areas(&city.neighbourhoods),
///     &Workers::new(0)?,
/// )?;
/// assert_eq!(cube.units(), 40);
/// assert_eq!(cube.values().sum() + cube.outside().sum() + cube.untimed(), 2_000.0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SpaceTimeBins {
    step: Step,
    since: Option<i64>,
    until: Option<i64>,
    ends: Option<Times>,
}

/// What the units of a cube are.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum SpaceUnits<'a> {
    /// Areas.
    Areas(&'a Neighbourhoods),
    /// Square cells, row by row from the north.
    Cells {
        /// The cells.
        grid: &'a Grid,
        /// The study area. Incidents outside lie in no cell; a cell whose centre is in no area and
        /// that has no incident is missing, not zero.
        within: Option<&'a Neighbourhoods>,
    },
}

impl SpaceTimeBins {
    /// Steps of this length, to the end of the one that holds the last time.
    #[must_use]
    pub fn new(step: Step) -> Self {
        Self {
            step,
            since: None,
            until: None,
            ends: None,
        }
    }

    /// Sets the moment (seconds since 1970, UTC) from which the data are complete.
    #[must_use]
    pub fn since(mut self, instant: i64) -> Self {
        self.since = Some(instant);
        self
    }

    /// Sets the moment (seconds since 1970, UTC) up to which the data are complete and at which
    /// the last step ends; within a day, it ends with that day.
    #[must_use]
    pub fn until(mut self, instant: i64) -> Self {
        self.until = Some(instant);
        self
    }

    /// Sets, per incident, the last moment at which it may have happened; its time is the first. A
    /// date alone includes that day.
    #[must_use]
    pub fn ends(mut self, ends: Times) -> Self {
        self.ends = Some(ends);
        self
    }

    /// Counts incidents per unit and step.
    ///
    /// # Errors
    /// [`Fault::MissingTime`] without a time column or any known time, [`Fault::CrsMismatch`]
    /// unless incidents and units are in one system, [`Fault::LengthMismatch`] for ends that are
    /// not one per incident, [`Error::Parameter`] when nothing lies between `since` and `until`,
    /// [`Error::TooLarge`], [`Error::Cancelled`].
    pub fn run_with(
        &self,
        incidents: &Incidents,
        units: SpaceUnits<'_>,
        workers: &Workers,
    ) -> Result<SpaceTimeCube> {
        let times = incidents.require_times()?;
        let located = |areas: &Neighbourhoods| {
            require_same_crs(incidents.crs(), areas.crs())?;
            let index = NeighbourhoodIndex::build(areas)?;
            let labels = index.locate_all(incidents.x(), incidents.y(), workers)?;
            Ok::<_, Error>((index, labels))
        };
        match units {
            SpaceUnits::Areas(areas) => {
                let (_, labels) = located(areas)?;
                self.run_labels(&labels, times, areas.len())
            }
            SpaceUnits::Cells { grid, within } => {
                require_same_crs(incidents.crs(), grid.crs())?;
                let within = within.map(located).transpose()?;
                let labels: Vec<u32> = (0..incidents.len())
                    .map(|i| {
                        let outside = within
                            .as_ref()
                            .is_some_and(|(_, area)| area[i] == NeighbourhoodIndex::NONE);
                        grid.cell_of(incidents.x()[i], incidents.y()[i])
                            .filter(|_| !outside)
                            .map_or(NeighbourhoodIndex::NONE, |(row, col)| {
                                (row * grid.cols() + col) as u32
                            })
                    })
                    .collect();
                let cube = self.run_labels(&labels, times, grid.len())?;
                let cube = match within {
                    Some((index, _)) => cube.without_empty(|cell| {
                        let (x, y) = grid.centre(cell / grid.cols(), cell % grid.cols());
                        index.locate(x, y).is_none()
                    }),
                    None => cube,
                };
                Ok(cube.on_grid(grid.clone()))
            }
        }
    }

    /// Counts labels, as [`NeighbourhoodIndex::locate_all`] gives them, per unit and step.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with), and [`Error::Parameter`] for a label that is no unit.
    pub fn run_labels(&self, labels: &[u32], times: &Times, units: usize) -> Result<SpaceTimeCube> {
        for (what, length) in [
            ("times", times.len()),
            ("ends", self.ends.as_ref().map_or(labels.len(), Times::len)),
        ] {
            if length != labels.len() {
                return Err(Error::input(
                    Fault::LengthMismatch,
                    format!("{} incidents and {length} {what}", labels.len()),
                ));
            }
        }
        let covered = self.covered(times)?;
        let periods = Period::steps_back(covered.first, covered.end, self.step, times.zone());
        let size = units as u128 * periods.len() as u128;
        afford("a space-time cube", size * 8, MOST_BYTES, || {
            "choose a longer step or larger cells".to_owned()
        })?;
        let mut values = Array2::zeros((units, periods.len()));
        let mut outside = Array1::zeros(periods.len());
        let mut untimed = 0.0;
        for (i, (&label, &from)) in labels.iter().zip(times.seconds()).enumerate() {
            let to = self
                .ends
                .as_ref()
                .map_or(Times::UNKNOWN, |ends| ends.until(i));
            let mut left = 1.0;
            for (step, share) in aoristic_shares(from, to, &periods) {
                left -= share;
                if label == NeighbourhoodIndex::NONE {
                    outside[step] += share;
                } else if let Some(cell) = values.get_mut([label as usize, step]) {
                    *cell += share;
                } else {
                    return Err(Error::parameter(
                        "labels",
                        label,
                        format!("numbers of units, below {units}"),
                    ));
                }
            }
            // What rounding leaves of one is no part of an incident.
            untimed += if left < 1e-9 { 0.0 } else { left };
        }
        Ok(SpaceTimeCube::from_values(values)?
            .dated(periods, outside, Some(covered.since), Some(covered.until))
            .with_untimed(untimed))
    }

    /// The time that the steps cover and that in which the data are complete.
    fn covered(&self, times: &Times) -> Result<Covered> {
        let zone = times.zone();
        let Some((earliest, latest)) = times.range() else {
            return Err(Error::input(
                Fault::MissingTime,
                "no incident has a known time; a cube needs times",
            ));
        };
        let last_end = self.ends.as_ref().and_then(Times::range);
        let latest = last_end.map_or(latest, |(_, end)| latest.max(end));
        let first = self.since.unwrap_or(earliest);
        let end = self
            .until
            .unwrap_or_else(|| Period::end_of_step(latest, self.step, zone));
        if first >= end {
            return Err(Error::parameter(
                "until",
                zone.local(end).date(),
                format!("a day after {}", zone.local(first).date()),
            ));
        }
        let (first_day, last_day) = (zone.local(earliest).date(), zone.local(latest).date());
        let day_after = if times.months_only() {
            last_day.last_of_month().tomorrow()
        } else {
            last_day.tomorrow()
        };
        Ok(Covered {
            first,
            end,
            since: self.since.unwrap_or_else(|| zone.start_of_day(first_day)),
            until: self
                .until
                .unwrap_or_else(|| day_after.map_or(end, |day| zone.start_of_day(day))),
        })
    }
}

struct Covered {
    /// A moment in the first step.
    first: i64,
    /// The end of the last step.
    end: i64,
    /// From when to when the data are complete.
    since: i64,
    until: i64,
}

#[cfg(test)]
mod tests;
