//! How often is a hotspot found that was planted?

use brandpunt::Workers;
use brandpunt::methods::local::{Alternative, GiStar, Inference};

use crate::maps::{Layout, cells, poisson, source};
use crate::table::{Row, band};

const LEVEL: f64 = 0.05;
/// Mean per cell, relative risk in the planted 3 by 3 cells, and how often the centre is found:
/// by the exact test of a window's share of all incidents, and by exact conditional permutation,
/// which does not know that counts are Poisson and finds somewhat less (both measured on 2,000
/// maps).
const FLOORS: [(f64, f64, f64, f64); 6] = [
    (0.2, 3.0, 0.08, 0.06),
    (0.2, 5.0, 0.50, 0.39),
    (1.0, 2.0, 0.15, 0.12),
    (1.0, 3.0, 0.80, 0.73),
    (1.0, 5.0, 1.00, 1.00),
    (5.0, 2.0, 0.97, 0.94),
];
/// Maps on which the floors were measured.
const MAPS: usize = 2_000;
/// How far power may fall below its floor.
const SLACK: f64 = 0.03;

pub(crate) fn rows(maps: usize) -> Vec<Row> {
    let layout = cells();
    let workers = Workers::new(0).unwrap();
    let mut rows = Vec::new();
    for (series, (mean, risk, window, conditional)) in (40..).zip(FLOORS) {
        for (name, inference, floor) in [
            ("exposure", Inference::Exposure, window),
            ("exact", Inference::Exact, conditional),
        ] {
            let found = workers
                .map(maps, |number| {
                    once(&layout, mean, risk, inference, series, number)
                })
                .unwrap();
            let share = found.iter().filter(|f| f.centre).count() as f64 / maps as f64;
            let what = format!("Gi* {name}, mean {mean}, relative risk {risk}: centre found");
            // Fewer maps than the floor was measured on are allowed their error as well.
            let error = if maps < MAPS { band(floor, maps) } else { 0.0 };
            let least = floor - SLACK - error;
            rows.push(Row::at_least(what, share, least));
            let shares = found.iter().map(Found::outside_share).sum::<f64>();
            let what =
                format!("Gi* {name}, mean {mean}, relative risk {risk}: share outside 5 x 5");
            rows.push(Row::at_most(what, shares / maps as f64, LEVEL));
        }
    }
    rows
}

struct Found {
    centre: bool,
    alarms: usize,
    /// Alarms beyond the cells whose windows meet the planted ones.
    outside: usize,
}

impl Found {
    /// The share of false discoveries of one map, none where nothing is found.
    fn outside_share(&self) -> f64 {
        self.outside as f64 / self.alarms.max(1) as f64
    }
}

fn once(
    layout: &Layout,
    mean: f64,
    risk: f64,
    inference: Inference,
    series: u64,
    number: usize,
) -> Found {
    let near = |cell: usize, reach: usize| {
        let (row, col) = (cell / 20, cell % 20);
        row.abs_diff(10) <= reach && col.abs_diff(10) <= reach
    };
    let means: Vec<f64> = (0..400)
        .map(|cell| if near(cell, 1) { risk * mean } else { mean })
        .collect();
    let counts = poisson(&means, &mut source(series, number));
    let serial = Workers::new(1).unwrap();
    let found = GiStar::new()
        .inference(inference)
        .alternative(Alternative::Greater)
        .exposure(layout.exposure.clone())
        .run_with(&counts, &layout.weights, &serial)
        .unwrap();
    let hot: Vec<usize> = (0..400).filter(|&i| found.q[i] <= LEVEL).collect();
    Found {
        centre: hot.contains(&(10 * 20 + 10)),
        alarms: hot.len(),
        outside: hot.iter().filter(|&&i| !near(i, 2)).count(),
    }
}
