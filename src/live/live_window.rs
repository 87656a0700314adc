//! The window itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::alarm::Alarm;
use super::kernel_sums::KernelSums;
use super::live_moment::{Ground, LiveMoment};
use super::live_settings::LiveSettings;
use super::live_snapshot::LiveSnapshot;
use super::live_view::{LiveReader, LiveView};
use crate::error::{Error, Fault, Result};
use crate::index::{NeighbourhoodIndex, require_same_crs};
use crate::methods::density::Footprint;
use crate::model::{Grid, Incidents, Neighbourhoods, PlaceRule, RejectReason, Rejections, Times};
use crate::parallel::Workers;

/// A window of time that slides along, with the incidents in it.
///
/// It holds the incidents of the last [`seconds`](LiveSettings::seconds) before
/// [`now`](Self::now), its end included. Only [`advance`](Self::advance) moves the end; an incident
/// of a later time or from before the window is refused with its reason, so that a wrong clock
/// cannot empty it.
///
/// After any sequence of changes its counts, density and classes are those of a window that was
/// filled afresh with the incidents it holds, byte for byte.
///
/// # Complexity
/// A change takes time in proportion to the cells in reach of the kernel, plus the logarithm of the
/// incidents held: microseconds. A [picture](Self::publish) takes one exact Gi* of the map. Memory:
/// some 100 bytes per incident and 30 per cell, and as many again per picture that someone holds.
///
/// Opened by [`LiveSettings::open`].
#[derive(Debug)]
pub struct LiveWindow {
    settings: Arc<LiveSettings>,
    ground: Arc<Ground>,
    now: i64,
    next: u64,
    changes: u64,
    held: BTreeMap<(i64, u64), (f64, f64)>,
    second_of: FxHashMap<u64, i64>,
    /// Incidents per area, and outside all.
    counts: Vec<i64>,
    /// Incidents in areas, per cell.
    cells: Vec<i64>,
    sums: KernelSums,
    alarm: Option<Arc<Alarm>>,
    latest: LiveReader,
}

/// What became of incidents that arrived together.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Arrivals {
    /// The ticket of each incident, `None` for one that was refused.
    pub tickets: Vec<Option<u64>>,
    /// Those that were refused, by their row, with the reason.
    pub rejected: Rejections,
}

impl LiveWindow {
    pub(super) fn new(
        settings: LiveSettings,
        areas: &Neighbourhoods,
        now: i64,
        workers: &Workers,
    ) -> Result<Self> {
        let grid = Grid::covering(areas.bounds(), settings.cell_size, areas.crs())?;
        let footprint = Footprint::new(settings.kernel, settings.bandwidth, &grid)?;
        let most = 1 << 27;
        if grid.len() > most {
            return Err(Error::too_large(
                "a window",
                grid.len() as u128 * 24,
                most as u128 * 24,
                "choose larger cells",
            ));
        }
        let index = NeighbourhoodIndex::build(areas)?;
        let inside = index.locate_cells(&grid, workers)?;
        let usual = settings.usual.clone();
        let alarm = usual.map(|usual| Alarm::new(usual, areas.len(), settings.rate));
        let ground = Ground {
            fingerprint: areas.fingerprint(),
            code: areas.codes().into(),
            rule: PlaceRule::of(areas.crs()),
            index,
            inside,
            grid,
        };
        let settings = Arc::new(settings);
        let sums = KernelSums::new(footprint, ground.grid.len());
        let counts = vec![0; areas.len() + 1];
        let cells = vec![0; ground.grid.len()];
        let ground = Arc::new(ground);
        let alarm = alarm.transpose()?.map(Arc::new);
        let first = LiveMoment {
            settings: Arc::clone(&settings),
            ground: Arc::clone(&ground),
            alarm: alarm.clone(),
            now,
            changes: 0,
            incidents: 0,
            counts: counts.clone(),
            cells: cells.clone(),
            sums: sums.clone(),
            latest: None,
        };
        let first = Arc::new(first.view(workers)?);
        Ok(Self {
            latest: LiveReader::new(first),
            settings,
            ground,
            now,
            next: 0,
            changes: 0,
            held: BTreeMap::new(),
            second_of: FxHashMap::default(),
            counts,
            cells,
            sums,
            alarm,
        })
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &LiveSettings {
        &self.settings
    }

    /// The fingerprint of the areas.
    #[must_use]
    pub fn areas(&self) -> &str {
        &self.ground.fingerprint
    }

    /// The end of the window, in seconds since 1970 (UTC).
    #[must_use]
    pub fn now(&self) -> i64 {
        self.now
    }

    /// The last moment before the window.
    #[must_use]
    pub fn start(&self) -> i64 {
        self.now.saturating_sub(self.settings.length)
    }

    /// How many incidents it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Incidents in each area.
    #[must_use]
    pub fn counts(&self) -> &[i64] {
        &self.counts[..self.counts.len() - 1]
    }

    /// Takes in an incident and gives the ticket by which it can be [removed](Self::remove).
    ///
    /// # Errors
    /// [`Fault::RejectedRow`] with the reason, for a place or time that cannot be used.
    pub fn insert(&mut self, x: f64, y: f64, utc_second: i64) -> Result<u64> {
        if let Some(reason) = self.flaw(x, y, utc_second) {
            return Err(Error::input(
                Fault::RejectedRow,
                format!(
                    "{reason} (`{}`); the window holds times after {} up to {}",
                    shown(reason, x, y, utc_second),
                    self.start(),
                    self.now
                ),
            ));
        }
        let ticket = self.next;
        self.next += 1;
        self.changes += 1;
        self.hold(ticket, x, y, utc_second);
        Ok(ticket)
    }

    /// Takes in incidents that arrive together; those that cannot be used are told.
    ///
    /// # Errors
    /// [`Fault::CrsMismatch`], [`Fault::MissingTime`].
    pub fn insert_all(&mut self, incidents: &Incidents) -> Result<Arrivals> {
        require_same_crs(incidents.crs(), self.ground.index.crs())?;
        let times = incidents.require_times()?;
        let places = incidents.x().iter().zip(incidents.y());
        let mut rejected = Rejections::default();
        let mut tickets = Vec::with_capacity(incidents.len());
        for ((&second, (&x, &y)), &row) in times.seconds().iter().zip(places).zip(incidents.rows())
        {
            let flaw = self.flaw(x, y, second);
            tickets.push(if let Some(reason) = flaw {
                rejected.push(u64::from(row), reason, &shown(reason, x, y, second));
                None
            } else {
                Some(self.insert(x, y, second)?)
            });
        }
        Ok(Arrivals { tickets, rejected })
    }

    /// Takes an incident out again; false when the window does not hold it (any more).
    pub fn remove(&mut self, ticket: u64) -> bool {
        let Some(&second) = self.second_of.get(&ticket) else {
            return false;
        };
        self.let_go(second, ticket);
        self.changes += 1;
        true
    }

    /// Moves the end of the window on, and gives how many incidents left it.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a moment before [`now`](Self::now).
    pub fn advance(&mut self, now: i64) -> Result<u64> {
        if now < self.now {
            return Err(Error::parameter(
                "now",
                now,
                format!("{} or later; a window does not go back", self.now),
            ));
        }
        self.now = now;
        self.changes += 1;
        let start = self.start();
        let mut left = 0;
        while let Some((&(second, ticket), _)) = self.held.first_key_value()
            && second <= start
        {
            self.let_go(second, ticket);
            left += 1;
        }
        Ok(left)
    }

    /// The window as it is now, to make a picture of while the window goes on.
    ///
    /// Takes a copy of the numbers of the map: some 40 bytes per cell.
    #[must_use]
    pub fn moment(&self) -> LiveMoment {
        LiveMoment {
            settings: Arc::clone(&self.settings),
            ground: Arc::clone(&self.ground),
            alarm: self.alarm.clone(),
            now: self.now,
            changes: self.changes,
            incidents: self.held.len() as u64,
            counts: self.counts.clone(),
            cells: self.cells.clone(),
            sums: self.sums.clone(),
            latest: Some(self.latest.clone()),
        }
    }

    /// Makes a picture of the window and shows it to all [readers](Self::reader).
    ///
    /// # Errors
    /// As [`LiveMoment::publish`].
    pub fn publish(&self, workers: &Workers) -> Result<Arc<LiveView>> {
        let latest = self.latest.view();
        if (latest.changes, latest.now) == (self.changes, self.now) {
            return Ok(latest);
        }
        self.moment().publish(workers)
    }

    /// A reader of the pictures; it can be copied and sent to other threads.
    #[must_use]
    pub fn reader(&self) -> LiveReader {
        self.latest.clone()
    }

    /// What is needed to have the window again.
    #[must_use]
    pub fn snapshot(&self) -> LiveSnapshot {
        let mut by_ticket: Vec<_> = self.held.iter().collect();
        by_ticket.sort_unstable_by_key(|((_, ticket), _)| *ticket);
        LiveSnapshot {
            layout: LiveSnapshot::LAYOUT,
            settings: (*self.settings).clone(),
            areas: self.ground.fingerprint.clone(),
            now: self.now,
            next: self.next,
            changes: self.changes,
            ticket: by_ticket.iter().map(|((_, ticket), _)| *ticket).collect(),
            second: by_ticket.iter().map(|((second, _), _)| *second).collect(),
            x: by_ticket.iter().map(|(_, (x, _))| *x).collect(),
            y: by_ticket.iter().map(|(_, (_, y))| *y).collect(),
        }
    }

    /// Why an incident cannot be held, `None` when it can.
    pub(super) fn flaw(&self, x: f64, y: f64, second: i64) -> Option<RejectReason> {
        let place = self.ground.rule.flaw(x, y);
        place.or(if second == Times::UNKNOWN || second <= self.start() {
            Some(RejectReason::OutsideWindow)
        } else if second > self.now {
            Some(RejectReason::DateInFuture)
        } else {
            None
        })
    }

    pub(super) fn hold(&mut self, ticket: u64, x: f64, y: f64, second: i64) {
        self.held.insert((second, ticket), (x, y));
        self.second_of.insert(ticket, second);
        self.count(x, y, 1);
        self.sums.add(x, y);
    }

    /// Takes up the numbers of an earlier window.
    pub(super) fn go_on_from(&mut self, next: u64, changes: u64) {
        self.next = next;
        self.changes = changes;
    }

    fn let_go(&mut self, second: i64, ticket: u64) {
        self.second_of.remove(&ticket);
        if let Some((x, y)) = self.held.remove(&(second, ticket)) {
            self.count(x, y, -1);
            self.sums.take_away(x, y);
        }
    }

    fn count(&mut self, x: f64, y: f64, change: i64) {
        let area = self.ground.index.locate(x, y);
        let outside = self.counts.len() - 1;
        self.counts[area.map_or(outside, |a| a as usize)] += change;
        let grid = &self.ground.grid;
        if area.is_some()
            && let Some((row, col)) = grid.cell_of(x, y)
        {
            self.cells[row * grid.cols() + col] += change;
        }
    }
}

fn shown(reason: RejectReason, x: f64, y: f64, second: i64) -> String {
    match reason {
        RejectReason::OutsideWindow | RejectReason::DateInFuture if second == Times::UNKNOWN => {
            "no time".to_owned()
        }
        RejectReason::OutsideWindow | RejectReason::DateInFuture => format!("second {second}"),
        _ => format!("{x}, {y}"),
    }
}

#[cfg(test)]
mod tests;
