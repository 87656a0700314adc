use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;

use super::*;
use crate::analysis::HotspotAnalysis;
use crate::index::count;
use crate::methods::density::{Kernel, KernelDensity};
use crate::model::{Theme, Zone};
use crate::synthetic::SyntheticCity;

const HOUR: i64 = 3_600;
const BEGIN: i64 = 1_700_000_000;

fn areas() -> Neighbourhoods {
    let city = SyntheticCity::new(50).seed(9).neighbourhoods(12).build();
    city.unwrap().neighbourhoods
}

fn one() -> Workers {
    Workers::new(1).unwrap()
}

fn settings(kernel: Kernel) -> LiveSettings {
    LiveSettings::new(24 * HOUR)
        .kernel(kernel)
        .bandwidth(300.0)
        .cell_size(150.0)
        .expected(vec![0.4; 12])
}

/// What is done to a window; places are shares of the map and a bit beyond.
#[derive(Debug, Clone)]
enum Step {
    Insert(f64, f64, i64),
    Remove(usize),
    Advance(i64),
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Few places, so that many incidents share one, and some round ones.
    let place = prop_oneof![
        (0u8..12).prop_map(|k| f64::from(k) / 10.0 - 0.05),
        -0.1f64..1.1
    ];
    let step = prop_oneof![
        8 => (place.clone(), place, 0..30 * HOUR).prop_map(|(x, y, ago)| Step::Insert(x, y, ago)),
        3 => any::<usize>().prop_map(Step::Remove),
        2 => (0..9 * HOUR).prop_map(Step::Advance),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..120)
}

/// A window and what it should hold, kept in the plainest way.
struct Trial {
    areas: Neighbourhoods,
    window: LiveWindow,
    held: Vec<(u64, f64, f64, i64)>,
}

impl Trial {
    fn new(kernel: Kernel) -> Self {
        let areas = areas();
        let window = settings(kernel).open(&areas, BEGIN, &one()).unwrap();
        Self {
            areas,
            window,
            held: Vec::new(),
        }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Insert(x, y, ago) => {
                let b = self.areas.bounds();
                let x = (b.min_x + x * b.width()).round();
                let y = (b.min_y + y * b.height()).round();
                let second = self.window.now() - ago;
                let ticket = self.window.insert(x, y, second);
                assert_eq!(ticket.is_ok(), ago < 24 * HOUR);
                self.held.extend(ticket.ok().map(|t| (t, x, y, second)));
            }
            Step::Remove(which) => {
                let at = which % (self.held.len() + 1);
                let known = at < self.held.len();
                let ticket = if known {
                    self.held.remove(at).0
                } else {
                    1 << 40
                };
                assert_eq!(self.window.remove(ticket), known);
                assert!(!self.window.remove(ticket));
            }
            Step::Advance(by) => {
                let before = self.held.len();
                let now = self.window.now() + by;
                let left = self.window.advance(now).unwrap();
                self.held.retain(|(.., second)| *second > now - 24 * HOUR);
                assert_eq!(left as usize, before - self.held.len());
            }
            Step::Restart => {
                let snapshot = self.window.snapshot();
                self.window = snapshot.restore(&self.areas, &one()).unwrap();
                assert_eq!(self.window.snapshot(), snapshot);
            }
        }
    }

    fn incidents(&self) -> Option<Incidents> {
        let column = |of: fn(&(u64, f64, f64, i64)) -> f64| self.held.iter().map(of).collect();
        let seconds = self.held.iter().map(|h| h.3).collect();
        Incidents::builder(column(|h| h.1), column(|h| h.2), self.areas.crs())
            .time(Times::from_utc_seconds(seconds, Zone::amsterdam()))
            .build()
            .ok()
    }

    /// The window against the batch, and against a window filled afresh.
    fn compare(&mut self, kernel: Kernel) {
        let view = self.window.publish(&one()).unwrap();
        let mut fresh = settings(kernel)
            .open(&self.areas, self.window.now(), &one())
            .unwrap();
        for &(_, x, y, second) in self.held.iter().rev() {
            fresh.insert(x, y, second).unwrap();
        }
        let mut again = (*fresh.publish(&one()).unwrap()).clone();
        again.changes = view.changes;
        // NaN differs from itself; the words do not.
        assert_eq!(format!("{again:?}"), format!("{:?}", *view));
        let Some(incidents) = self.incidents() else {
            assert!(view.surface.values().iter().all(|v| *v == 0.0));
            return;
        };
        let counts = count(&incidents, &self.areas, None, &one()).unwrap();
        assert_eq!(counts.totals(), view.count);
        assert_eq!(counts.outside()[0], view.outside);
        let density = KernelDensity::new(300.0)
            .cell_size(150.0)
            .kernel(kernel)
            .extent(self.areas.bounds())
            .run(&incidents)
            .unwrap();
        let bound = 1e-9 * density.peak();
        for (a, b) in view.surface.values().iter().zip(density.values()) {
            assert!((a - b).abs() <= bound, "{a} {b}");
        }
        let batch = HotspotAnalysis::new(Theme::all())
            .cell_size(150.0)
            .run(&incidents, &self.areas)
            .unwrap();
        let cells = batch.cells.unwrap();
        assert_eq!((&cells.row, &cells.col), (&view.cells.row, &view.cells.col));
        assert_eq!(cells.count, view.cells.count);
        assert_eq!(cells.hotspot_class, view.cells.hotspot_class);
        assert_eq!(
            format!("{:?}", cells.gi_q),
            format!("{:?}", view.cells.gi_q)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_sequence_of_changes_leaves_what_the_batch_gives(
        steps in steps(),
        kernel in prop::sample::select(Kernel::ALL.to_vec()),
    ) {
        let mut trial = Trial::new(kernel);
        for (k, step) in steps.iter().enumerate() {
            trial.take(step);
            if k % 40 == 20 {
                trial.compare(kernel);
            }
        }
        trial.compare(kernel);
    }
}

#[test]
fn an_emptied_window_is_as_new() {
    let mut trial = Trial::new(Kernel::Gaussian);
    for k in 0..500 {
        trial.take(&Step::Insert(0.001 * f64::from(k), 0.5, 10));
    }
    trial.window.advance(BEGIN + 24 * HOUR).unwrap();
    let view = trial.window.publish(&one()).unwrap();
    assert!(trial.window.is_empty());
    assert!(view.surface.values().iter().all(|v| *v == 0.0));
    assert!(view.count.iter().chain(&view.cells.count).all(|c| *c == 0));
}

#[test]
fn what_cannot_be_held_is_told_with_its_reason() {
    let areas = areas();
    let b = areas.bounds();
    let (x, y) = (b.min_x + 10.0, b.min_y + 10.0);
    let mut window = settings(Kernel::Quartic)
        .open(&areas, BEGIN, &one())
        .unwrap();
    let text = |e: Error| e.to_string();
    assert!(text(window.insert(x, y, BEGIN + 1).unwrap_err()).contains("date_in_future"));
    assert!(text(window.insert(x, y, BEGIN - 24 * HOUR).unwrap_err()).contains("outside_window"));
    assert!(text(window.insert(f64::NAN, y, BEGIN).unwrap_err()).contains("non_finite"));
    assert!(window.advance(BEGIN - 1).is_err());
    let seconds = vec![BEGIN, BEGIN + 5, Times::UNKNOWN, BEGIN - 30 * HOUR];
    let incidents = Incidents::builder(vec![x; 4], vec![y; 4], areas.crs())
        .time(Times::from_utc_seconds(seconds, Zone::amsterdam()))
        .build()
        .unwrap();
    let arrived = window.insert_all(&incidents).unwrap();
    assert_eq!(arrived.tickets, [Some(0), None, None, None]);
    let reasons: Vec<_> = arrived
        .rejected
        .listed()
        .iter()
        .map(|r| (r.row, r.reason))
        .collect();
    assert_eq!(
        reasons,
        [
            (1, RejectReason::DateInFuture),
            (2, RejectReason::OutsideWindow),
            (3, RejectReason::OutsideWindow)
        ]
    );
}

#[test]
fn a_snapshot_is_of_its_areas_and_whole() {
    let mut trial = Trial::new(Kernel::Quartic);
    for k in 0..20 {
        trial.take(&Step::Insert(0.05 * f64::from(k), 0.4, 5));
    }
    let snapshot = trial.window.snapshot();
    let others = SyntheticCity::new(50).seed(10).neighbourhoods(12).build();
    let error = snapshot.restore(&others.unwrap().neighbourhoods, &one());
    assert_eq!(error.unwrap_err().fault(), Some(Fault::AreaMismatch));
    let broken = [
        LiveSnapshot {
            ticket: vec![0; 20],
            ..snapshot.clone()
        },
        LiveSnapshot {
            next: 3,
            ..snapshot.clone()
        },
        LiveSnapshot {
            x: vec![1.0; 19],
            ..snapshot.clone()
        },
        LiveSnapshot {
            x: vec![f64::NAN; 20],
            ..snapshot.clone()
        },
    ];
    for broken in broken {
        let error = broken.restore(&trial.areas, &one()).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::Damaged));
    }
    let other = LiveSnapshot {
        layout: 0,
        ..snapshot
    };
    let error = other.restore(&trial.areas, &one()).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::PartMismatch));
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let areas = areas();
    let refused = |settings: LiveSettings| settings.open(&areas, BEGIN, &one()).is_err();
    assert!(refused(LiveSettings::new(0)));
    assert!(refused(LiveSettings::new(HOUR).bandwidth(0.0)));
    assert!(refused(LiveSettings::new(HOUR).cell_size(-1.0)));
    assert!(refused(LiveSettings::new(HOUR).cell_size(1e-3)));
    assert!(refused(LiveSettings::new(HOUR).false_alarm_rate(1.0)));
    assert!(refused(LiveSettings::new(HOUR).expected(vec![1.0; 3])));
    assert!(refused(LiveSettings::new(HOUR).reference(vec![1; 12], 0)));
}

/// Readers see whole pictures, and never an older one after a newer one.
#[test]
fn many_read_while_one_writes() {
    let mut trial = Trial::new(Kernel::Quartic);
    let done = AtomicBool::new(false);
    let readers: Vec<LiveReader> = (0..3).map(|_| trial.window.reader()).collect();
    std::thread::scope(|scope| {
        for reader in readers {
            let done = &done;
            scope.spawn(move || {
                let mut last = 0;
                while !done.load(Ordering::Acquire) {
                    let view = reader.view();
                    assert!(view.changes >= last);
                    last = view.changes;
                    let counted: i64 = view.count.iter().sum();
                    assert_eq!(counted + view.outside, view.incidents as i64);
                    assert_eq!(view.cells.count.iter().sum::<i64>(), counted);
                }
                assert_eq!(reader.view().changes, 60);
            });
        }
        for k in 0..60 {
            trial.take(&Step::Insert(0.016 * f64::from(k), 0.3, 5));
            trial.window.publish(&one()).unwrap();
        }
        done.store(true, Ordering::Release);
    });
}
