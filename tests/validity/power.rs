//! How often is a hotspot found that was planted?

use brandpunt::Workers;
use brandpunt::methods::local::{Alternative, GiStar, Inference};

use crate::maps::{Layout, cells, poisson, source};
use crate::table::{Row, band};

const LEVEL: f64 = 0.05;
/// Mean per cell, relative risk in the planted 3 by 3 cells, and how often the window of its
/// centre is found by an exact test of windows (measured on 2,000 maps).
const FLOORS: [(f64, f64, f64); 6] = [
    (0.2, 3.0, 0.08),
    (0.2, 5.0, 0.50),
    (1.0, 2.0, 0.15),
    (1.0, 3.0, 0.80),
    (1.0, 5.0, 1.00),
    (5.0, 2.0, 0.97),
];
/// How far power may fall below its floor.
const SLACK: f64 = 0.03;

pub(crate) fn rows(maps: usize) -> Vec<Row> {
    let layout = cells();
    let workers = Workers::new(0).unwrap();
    let mut rows = Vec::new();
    for (series, (mean, risk, floor)) in (40..).zip(FLOORS) {
        for (name, inference) in [
            ("exact", Inference::Exact),
            ("exposure", Inference::Exposure),
        ] {
            let found = workers
                .map(maps, |number| {
                    once(&layout, mean, risk, inference, series, number)
                })
                .unwrap();
            let share = found.iter().filter(|f| f.centre).count() as f64 / maps as f64;
            let what = format!("Gi* {name}, mean {mean}, relative risk {risk}: centre found");
            let least = floor - SLACK - band(floor, maps);
            rows.push(Row::at_least(what, share, least));
            let alarms: usize = found.iter().map(|f| f.alarms).sum();
            let false_alarms: usize = found.iter().map(|f| f.outside).sum();
            let what = format!("Gi* {name}, mean {mean}, relative risk {risk}: outside 5 x 5");
            let outside = false_alarms as f64 / alarms.max(1) as f64;
            rows.push(Row::at_most(
                what,
                outside,
                LEVEL + band(LEVEL, alarms.max(1)),
            ));
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
