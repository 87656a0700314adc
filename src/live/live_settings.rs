//! How a window is watched.

use super::alarm::Usual;
use super::live_window::LiveWindow;
use crate::error::{Error, Result};
use crate::methods::density::Kernel;
use crate::model::Neighbourhoods;
use crate::parallel::Workers;

/// How long the window is, how its density is made, and what would be unusual.
///
/// # Alarms
/// An area is in alarm when it has at least as many incidents as the least number that comes about
/// with a chance of at most `rate / m`, for m areas of which something usual is known. At any one
/// moment, areas where nothing changed then raise an alarm somewhere with a chance of at most
/// `rate`. Over a longer time the chance is greater: looks a window apart are as good as independent,
/// so count on `rate` false alarms per length of the window.
///
/// With [`expected`](Self::expected) the chance is the exact upper tail of a Poisson distribution.
/// With [`reference`](Self::reference) it also knows that the reference was counted: given the
/// incidents of both, those in the window are binomial. Both take incidents as independent; where
/// they come in series there are more false alarms.
///
/// ```
/// use brandpunt::live::LiveSettings;
/// use brandpunt::synthetic::SyntheticCity;
/// use brandpunt::Workers;
///
/// # fn main() -> brandpunt::Result<()> {
/// let areas = SyntheticCity::new(100).seed(2).neighbourhoods(20).build()?.neighbourhoods;
/// let workers = Workers::new(1)?;
/// let week = 7 * 86_400;
/// let now = 1_700_000_000;
/// let mut window = LiveSettings::new(week)
///     .reference(vec![52; 20], 52 * week)
///     .open(&areas, now, &workers)?;
/// let middle = areas.bounds();
/// let (x, y) = ((middle.min_x + middle.max_x) / 2.0, (middle.min_y + middle.max_y) / 2.0);
/// for ago in 0..9 {
///     window.insert(x, y, now - 600 * ago)?;
/// }
/// let view = window.publish(&workers)?;
/// assert_eq!(view.alert.iter().filter(|a| **a).count(), 1);
/// window.advance(now + week)?;
/// assert_eq!(window.len(), 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LiveSettings {
    pub(super) length: i64,
    pub(super) bandwidth: f64,
    pub(super) cell_size: f64,
    pub(super) kernel: Kernel,
    pub(super) usual: Option<Usual>,
    pub(super) rate: f64,
}

impl LiveSettings {
    /// A window of so many seconds, with a quartic kernel of 300 m on cells of 100 m.
    #[must_use]
    pub fn new(seconds: i64) -> Self {
        Self {
            length: seconds,
            bandwidth: 300.0,
            cell_size: 100.0,
            kernel: Kernel::Quartic,
            usual: None,
            rate: 0.05,
        }
    }

    /// Sets the bandwidth of the density in metres.
    #[must_use]
    pub fn bandwidth(mut self, metres: f64) -> Self {
        self.bandwidth = metres;
        self
    }

    /// Sets the side of the cells in metres, for density and Gi*.
    #[must_use]
    pub fn cell_size(mut self, metres: f64) -> Self {
        self.cell_size = metres;
        self
    }

    /// Sets the kernel.
    #[must_use]
    pub fn kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Sets how many incidents each area has in a window when nothing is going on; NaN where that
    /// is not known.
    #[must_use]
    pub fn expected(mut self, per_window: Vec<f64>) -> Self {
        self.usual = Some(Usual::Expected(per_window));
        self
    }

    /// Sets what each area had in a reference period of so many seconds.
    #[must_use]
    pub fn reference(mut self, counts: Vec<i64>, seconds: i64) -> Self {
        self.usual = Some(Usual::Counted {
            counts,
            windows: seconds as f64 / self.length as f64,
        });
        self
    }

    /// Sets how often there is a false alarm anywhere at one moment, at most (0.05 at first).
    #[must_use]
    pub fn false_alarm_rate(mut self, rate: f64) -> Self {
        self.rate = rate;
        self
    }

    /// Length of the window in seconds.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.length
    }

    /// Opens an empty window that ends at `now`, in seconds since 1970 (UTC).
    ///
    /// # Errors
    /// [`Error::Parameter`] for a length, bandwidth, cell size or rate that is none;
    /// [`Error::Crs`] for degrees; [`Fault::LengthMismatch`](crate::Fault::LengthMismatch) and
    /// [`Fault::NumberOutOfRange`](crate::Fault::NumberOutOfRange) for usual counts that do not fit the areas;
    /// [`Error::TooLarge`]; [`Error::Cancelled`].
    pub fn open(self, areas: &Neighbourhoods, now: i64, workers: &Workers) -> Result<LiveWindow> {
        self.check()?;
        LiveWindow::new(self, areas, now, workers)
    }

    fn check(&self) -> Result<()> {
        const LONGEST: i64 = 1 << 40;
        if !(1..=LONGEST).contains(&self.length) {
            return Err(Error::parameter(
                "length",
                self.length,
                "a positive number of seconds",
            ));
        }
        if !(self.rate > 0.0 && self.rate < 1.0) {
            return Err(Error::parameter(
                "false_alarm_rate",
                self.rate,
                "a number between 0 and 1",
            ));
        }
        match self.usual {
            Some(Usual::Counted { windows, .. }) if !(windows.is_finite() && windows > 0.0) => {
                Err(Error::parameter(
                    "reference",
                    windows * self.length as f64,
                    "a positive number of seconds",
                ))
            }
            _ => Ok(()),
        }
    }
}
