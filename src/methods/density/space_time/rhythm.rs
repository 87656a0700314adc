//! How an incident spreads in time, and how much of that was watched.

use super::super::along::{along, mass_upto};
use super::super::kernel::Kernel;

/// Seconds in a day.
pub(super) const DAY: f64 = 86_400.0;

/// The kernel in time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rhythm {
    pub(super) kernel: Kernel,
    /// Bandwidth in days.
    pub(super) days: f64,
    /// Whether an incident counts only from its own time on.
    pub(super) prospective: bool,
    /// First second that was watched and first that was not any more.
    pub(super) window: Option<(i64, i64)>,
}

impl Rhythm {
    /// From one time to another, in bandwidths.
    fn between(&self, from: i64, to: i64) -> f64 {
        // Differences of whole seconds are exact; far-apart ones are far beyond any kernel.
        to.saturating_sub(from) as f64 / (DAY * self.days)
    }

    /// What an incident adds at a time, per day.
    pub(super) fn value(&self, incident: i64, time: i64) -> f64 {
        let v = self.between(incident, time);
        match self.prospective {
            false => along(self.kernel, v) / self.days,
            true if v < 0.0 => 0.0,
            true => 2.0 * along(self.kernel, v) / self.days,
        }
    }

    /// The seconds at which incidents can add something at a time, first and last.
    pub(super) fn in_reach(&self, time: i64) -> (i64, i64) {
        let reach = (self.kernel.reach() * self.days * DAY).ceil() as i64;
        let last = if self.prospective {
            time
        } else {
            time.saturating_add(reach)
        };
        (time.saturating_sub(reach), last)
    }

    /// The share of the kernel around a time from which incidents were watched.
    pub(super) fn seen_from(&self, time: i64) -> f64 {
        self.window.map_or(1.0, |(since, until)| {
            let mass = |at: i64| mass_upto(self.kernel, self.between(time, at));
            if self.prospective {
                let half = (mass(until).min(0.5) - mass(since)).max(0.0);
                2.0 * half
            } else {
                mass(until) - mass(since)
            }
        })
    }

    /// The share of an incident's kernel that lies in the window.
    pub(super) fn own_share(&self, incident: i64) -> f64 {
        self.window.map_or(1.0, |(since, until)| {
            let mass = |at: i64| mass_upto(self.kernel, self.between(incident, at));
            if self.prospective {
                2.0 * (mass(until) - 0.5).max(0.0)
            } else {
                mass(until) - mass(since)
            }
        })
    }
}
