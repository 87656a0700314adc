//! A window between two processes.

use super::live_settings::LiveSettings;
use super::live_window::LiveWindow;
use crate::error::{Error, Fault, Result};
use crate::model::Neighbourhoods;
use crate::parallel::Workers;

/// The incidents and settings of a window, from which it comes back as it was, tickets included.
///
/// The areas are not part of it, only their
/// [`fingerprint`](crate::Neighbourhoods::fingerprint). With the feature `serde` it can be written
/// and read by a process of the same version.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LiveSnapshot {
    pub(super) layout: u16,
    pub(super) settings: LiveSettings,
    pub(super) areas: String,
    pub(super) now: i64,
    pub(super) next: u64,
    pub(super) changes: u64,
    /// By ticket.
    pub(super) ticket: Vec<u64>,
    pub(super) second: Vec<i64>,
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
}

impl LiveSnapshot {
    /// The layout of a snapshot; those of another one are refused.
    pub const LAYOUT: u16 = 1;

    /// The fingerprint of the areas.
    #[must_use]
    pub fn areas(&self) -> &str {
        &self.areas
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &LiveSettings {
        &self.settings
    }

    /// The end of the window, in seconds since 1970 (UTC).
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now
    }

    /// How many incidents it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ticket.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ticket.is_empty()
    }

    /// The window as it was.
    ///
    /// # Errors
    /// [`Fault::AreaMismatch`] for other areas, [`Fault::PartMismatch`] for another layout,
    /// [`Fault::Damaged`] for incidents that cannot have been in the window; and as
    /// [`LiveSettings::open`].
    pub fn restore(&self, areas: &Neighbourhoods, workers: &Workers) -> Result<LiveWindow> {
        if self.layout != Self::LAYOUT {
            return Err(Error::input(
                Fault::PartMismatch,
                "this snapshot was made by another version; fill a new window",
            ));
        }
        let mut window = self.settings.clone().open(areas, self.now, workers)?;
        if window.areas() != self.areas {
            return Err(Error::input(
                Fault::AreaMismatch,
                "this snapshot is of other areas; give those that the window was opened on",
            ));
        }
        let n = self.ticket.len();
        let whole = [self.second.len(), self.x.len(), self.y.len()] == [n; 3];
        let rising = self.ticket.windows(2).all(|pair| pair[0] < pair[1]);
        let known = self.ticket.last().is_none_or(|last| *last < self.next);
        if !(whole && rising && known) {
            return Err(damaged());
        }
        for (k, &ticket) in self.ticket.iter().enumerate() {
            let (x, y, second) = (self.x[k], self.y[k], self.second[k]);
            if window.flaw(x, y, second).is_some() {
                return Err(damaged());
            }
            window.hold(ticket, x, y, second);
        }
        window.go_on_from(self.next, self.changes);
        window.publish(workers)?;
        Ok(window)
    }
}

fn damaged() -> Error {
    Error::input(
        Fault::Damaged,
        "this snapshot holds what no window held; make it again",
    )
}
