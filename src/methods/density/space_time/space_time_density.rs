//! Kernel density in space and time.

use std::sync::Arc;

use ndarray::Array3;

use super::super::affordable::afford;
use super::super::edge::{self, Edge};
use super::super::estimate::KernelDensity;
use super::super::kernel::Kernel;
use super::super::plain::plain_on;
use super::rhythm::Rhythm;
use super::space_time_surface::SpaceTimeSurface;
use super::timed::Timed;
use super::when::When;
use crate::error::{Error, Result};
use crate::index::StudyArea;
use crate::model::{Bounds, Incidents, Warning, WarningCode};
use crate::parallel::Workers;

/// Slices that are made before they are put in place.
const TOGETHER: usize = 16;

/// Below so many slices each is made by all threads, so that whoever follows the work hears of
/// more than a few steps.
const FEW: usize = 10;

/// Where and when is it dense? Incidents per square kilometre and day.
///
/// `λ(u, t) = Σ_i m_i k_h(u − x_i) k_T(t − t_i)`, where `k_h` is a [`Kernel`] in space as in
/// [`KernelDensity`], and `k_T` a kernel along time that integrates to one, with the bandwidth T in
/// days: uniform 1/2T, triangular (1 − |v|)/T, Epanechnikov ¾(1 − v²)/T, quartic 15/16 (1 − v²)²/T,
/// triweight 35/32 (1 − v²)³/T, all for `|v| ≤ 1` with `v = (t − t_i)/T`, and Gaussian with standard
/// deviation T. Weights m are one each without a weight column. The integral over the plane and all
/// time is the number of incidents.
///
/// [`prospective`](Self::prospective), an incident counts only from its own time on, with twice the
/// kernel, so that the integral stays the same and a slice does not know what came after it.
///
/// Near the edge of a study area, and of the time that was [`watched`](Self::watched), part of the
/// kernels lies where nothing could be seen. [`Edge::Uniform`] divides by the mass around the place
/// times the mass around the time, [`Edge::Diggle`] each incident by its own mass in space times
/// that in time. A given time is always corrected, without a correction in space the uniform way.
/// Where less than a twentieth of the mass is left, the density is NaN (uniform), or the incident is
/// left out with a warning (Diggle).
///
/// Incidents without a time are left out, with a warning. Each slice is exact to what
/// [`KernelDensity`] promises and does not depend on the number of threads.
///
/// # Complexity
/// One [`KernelDensity`] per time, of the incidents in reach of it.
///
/// Source: Brunsdon, Corcoran and Higgs 2007, Computers, Environment and Urban Systems 31:52,
/// doi:10.1016/j.compenvurbsys.2005.10.009; Nakaya and Yano 2010, Transactions in GIS 14:223,
/// doi:10.1111/j.1467-9671.2010.01194.x.
///
/// ```
/// use brandpunt::methods::density::SpaceTimeDensity;
/// use brandpunt::{Crs, Incidents, Times, Zone};
///
/// # fn main() -> brandpunt::Result<()> {
/// let day = 86_400;
/// let times = Times::from_utc_seconds(vec![0, 10 * day], Zone::utc());
/// let incidents = Incidents::builder(vec![143_000.0, 143_600.0], vec![487_000.0; 2], Crs::RD_NEW)
///     .time(times)
///     .build()?;
/// let found = SpaceTimeDensity::new(300.0, 7.0).cell_size(50.0).times(vec![0]).run(&incidents)?;
/// let first = found.slice(0)?;
/// assert!(first.at(143_000.0, 487_000.0) > 0.0);
/// assert_eq!(first.at(143_600.0, 487_000.0), 0.0, "ten days later");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SpaceTimeDensity {
    density: KernelDensity,
    days: f64,
    time_kernel: Kernel,
    prospective: bool,
    window: Option<(i64, i64)>,
    when: When,
    most_bytes: u128,
}

impl SpaceTimeDensity {
    /// Quartic kernels of this bandwidth in metres and this bandwidth in days, on cells of a
    /// twelfth of the former and with one slice per bandwidth in time.
    #[must_use]
    pub fn new(bandwidth: f64, days: f64) -> Self {
        Self {
            density: KernelDensity::new(bandwidth),
            days,
            time_kernel: Kernel::Quartic,
            prospective: false,
            window: None,
            when: When::Every(days),
            most_bytes: 4 << 30,
        }
    }

    /// Sets the side of a cell in metres.
    #[must_use]
    pub fn cell_size(mut self, cell_size: f64) -> Self {
        self.density = self.density.cell_size(cell_size);
        self
    }

    /// Sets the kernel in space.
    #[must_use]
    pub fn kernel(mut self, kernel: Kernel) -> Self {
        self.density = self.density.kernel(kernel);
        self
    }

    /// Sets the kernel in time.
    #[must_use]
    pub fn time_kernel(mut self, kernel: Kernel) -> Self {
        self.time_kernel = kernel;
        self
    }

    /// Lets every incident count only from its own time on.
    #[must_use]
    pub fn prospective(mut self, prospective: bool) -> Self {
        self.prospective = prospective;
        self
    }

    /// Sets the times to look at, in seconds since 1970 (UTC).
    #[must_use]
    pub fn times(mut self, times: Vec<i64>) -> Self {
        self.when = When::At(times);
        self
    }

    /// Looks every so many days, back from the end of the time that was watched, or the last
    /// incident, to its beginning, or the first.
    #[must_use]
    pub fn every(mut self, days: f64) -> Self {
        self.when = When::Every(days);
        self
    }

    /// Sets the first second that was watched and the first that was not any more, since 1970
    /// (UTC); incidents outside are left out, with a warning.
    #[must_use]
    pub fn watched(mut self, since: i64, until: i64) -> Self {
        self.window = Some((since, until));
        self
    }

    /// Sets the rectangle to cover; at first the study area, and without one all incidents and as
    /// far as they reach.
    #[must_use]
    pub fn extent(mut self, extent: Bounds) -> Self {
        self.density = self.density.extent(extent);
        self
    }

    /// Sets the study area; outside it the density is NaN.
    #[must_use]
    pub fn within(mut self, area: impl Into<Arc<StudyArea>>) -> Self {
        self.density = self.density.within(area);
        self
    }

    /// Sets the correction at the edge of the study area, and of the time that was watched (none
    /// in space at first).
    #[must_use]
    pub fn edge(mut self, edge: Edge) -> Self {
        self.density = self.density.edge(edge);
        self
    }

    /// Sets the memory that the slices may take (4 GiB at first).
    #[must_use]
    pub fn most_bytes(mut self, most_bytes: u128) -> Self {
        self.most_bytes = most_bytes;
        self
    }

    /// Runs on all cores.
    ///
    /// # Errors
    /// As [`run_with`](Self::run_with).
    pub fn run(&self, incidents: &Incidents) -> Result<SpaceTimeSurface> {
        self.run_with(incidents, &Workers::new(0)?)
    }

    /// Runs on the given threads.
    ///
    /// # Errors
    /// As [`KernelDensity::run_with`]; [`Fault::MissingTime`](crate::Fault::MissingTime) for incidents without a time column,
    /// [`Fault::NoRows`](crate::Fault::NoRows) for no incident with a time where one is needed, [`Error::Parameter`] for
    /// days, steps or a window that make no sense and for no times, [`Error::TooLarge`] for slices
    /// above the memory limit; they are counted before any is made.
    pub fn run_with(&self, incidents: &Incidents, workers: &Workers) -> Result<SpaceTimeSurface> {
        let density = self.density.clone().most_bytes(self.most_bytes);
        density.check(incidents.crs())?;
        let rhythm = self.rhythm()?;
        // How much of the work is done before the first slice; measured roughly.
        let before = if density.within.is_some() { 0.2 } else { 0.0 };
        let own = workers.telling("edge", 0.0..before / 2.0);
        let timed = Timed::new(incidents, &density, &rhythm, &own)?;
        let extent = density.covered(&timed.x, &timed.y, density.bandwidth)?;
        let grid = density.grid(extent, 1, incidents.crs())?;
        let ends = || Some((*timed.time.first()?, *timed.time.last()?));
        let times = self.when.times(self.window.or_else(ends), |slices| {
            let bytes = (slices as u128)
                .saturating_add(TOGETHER as u128)
                .saturating_mul(8);
            let instead = format!("look at fewer than {slices:.0} times");
            afford(
                "slices in time",
                &grid,
                bytes,
                self.most_bytes,
                Some(&instead),
            )
        })?;
        let plain = plain_on(&grid, &density);
        let border = workers.telling("edge", before / 2.0..before);
        let divisors = edge::divisors(&density, &grid, &border)?;
        let slice = |time: i64, workers: &Workers| -> Result<Vec<f64>> {
            let (x, y, weights) = timed.at(time, &rhythm);
            let surface = plain.run_columns(x, y, Some(&weights), grid.crs(), workers)?;
            let seen = match density.edge {
                Edge::Diggle => 1.0,
                _ => Some(rhythm.seen_from(time))
                    .filter(|s| *s >= Edge::LEAST_MASS)
                    .unwrap_or(f64::NAN),
            };
            let cells = surface.values().iter().zip(&divisors);
            Ok(cells
                .map(|(value, divisor)| value / (divisor * seen))
                .collect())
        };
        let mut values: Vec<f64> = Vec::with_capacity(times.len() * grid.len());
        let along = |made: usize| before + (1.0 - before) * made as f64 / times.len() as f64;
        let together = if times.len() < FEW { 1 } else { TOGETHER };
        for (chunk, some) in times.chunks(together).enumerate() {
            let first = chunk * together;
            let here = workers.telling("slices", along(first)..along(first + some.len()));
            let made = match some {
                [time] => vec![slice(*time, &here)?],
                _ => here.try_map(some.len(), |k| slice(some[k], &workers.alone()))?,
            };
            values.extend(made.iter().flatten());
        }
        let shape = (times.len(), grid.rows(), grid.cols());
        let values =
            Array3::from_shape_vec(shape, values).map_err(|e| Error::internal(e.to_string()))?;
        let blind = times
            .iter()
            .filter(|t| density.edge != Edge::Diggle && rhythm.seen_from(**t) < Edge::LEAST_MASS);
        let blind = blind.count();
        let untimed = timed.untimed;
        let warnings = timed.warnings.into_iter().chain(density.warning(&extent));
        let warnings = warnings.chain((blind > 0).then(|| {
            let message = format!(
                "At {blind} of {} times less than a twentieth of the kernel lies in the time that \
                 was watched; the density there is not known.",
                times.len()
            );
            Warning::with_value(WarningCode::Times, blind as f64, message)
        }));
        Ok(SpaceTimeSurface {
            warnings: warnings.collect(),
            grid,
            times,
            values,
            kernel: density.kernel,
            bandwidth: density.bandwidth,
            time_kernel: self.time_kernel,
            days: self.days,
            prospective: self.prospective,
            edge: density.edge,
            window: self.window,
            untimed,
        })
    }

    fn rhythm(&self) -> Result<Rhythm> {
        if !(self.days.is_finite() && self.days > 0.0) {
            return Err(Error::parameter(
                "days",
                self.days,
                "a positive number of days",
            ));
        }
        self.when.check()?;
        if let Some((since, until)) = self.window.filter(|(since, until)| since >= until) {
            return Err(Error::parameter(
                "until",
                until,
                format!("a time after the beginning, {since}"),
            ));
        }
        Ok(Rhythm {
            kernel: self.time_kernel,
            days: self.days,
            prospective: self.prospective,
            window: self.window,
        })
    }
}
