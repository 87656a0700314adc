//! The reports of each address in the order of their time.

use crate::model::{Times, Zone};

pub(super) const DAY: f64 = 86_400.0;

/// One address with its reports.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Visits {
    /// Positions of all reports, ascending.
    pub(super) reports: Vec<u32>,
    /// What the clocks showed, in seconds, with the position, in this order; unknown times are not
    /// here.
    pub(super) timed: Vec<(i64, u32)>,
}

impl Visits {
    /// Reports by address, most reports first, then in the order of the first report.
    pub(super) fn by_address(labels: &[u32], clock: Option<&[i64]>) -> Vec<Self> {
        let mut order: Vec<u32> = (0u32..).take(labels.len()).collect();
        order.sort_by_key(|i| labels[*i as usize]);
        let alike = order.chunk_by(|a, b| labels[*a as usize] == labels[*b as usize]);
        let mut all: Vec<Self> = alike
            .map(|reports| {
                let known = clock.into_iter().flat_map(|clock| {
                    let times = reports.iter().map(|i| (clock[*i as usize], *i));
                    times.filter(|(time, _)| *time != Times::UNKNOWN)
                });
                let mut timed: Vec<(i64, u32)> = known.collect();
                timed.sort_unstable();
                let reports = reports.to_vec();
                Self { reports, timed }
            })
            .collect();
        all.sort_by_key(|v| {
            (
                std::cmp::Reverse(v.reports.len()),
                v.reports.first().copied(),
            )
        });
        all
    }

    /// Seconds between successive reports.
    pub(super) fn gaps(&self) -> Vec<i64> {
        self.timed.windows(2).map(|w| w[1].0 - w[0].0).collect()
    }
}

/// What the clocks of a zone showed at an instant, in seconds; a week later at the same hour is
/// then seven days later, whatever the season does to the clocks.
pub(super) fn on_the_clock(zone: &Zone, second: i64) -> i64 {
    if second == Times::UNKNOWN {
        return second;
    }
    second + i64::from(zone.local(second).offset().seconds())
}
