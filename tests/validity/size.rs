//! How often is something found where nothing is?

use brandpunt::methods::local::{GiStar, Inference, JoinCount, LocalMoran};
use brandpunt::{WarningCode, Workers};

use crate::maps::{Layout, cells, overdispersed, poisson, source, tracts, uneven_cells};
use crate::table::{Row, band, share_of};

/// Incidents expected in an average window.
const WINDOWS: [f64; 4] = [0.45, 1.8, 9.0, 45.0];
const LEVEL: f64 = 0.05;

/// What a run says of one map: whether anything is called a hotspot, and the warnings.
type Verdict = (bool, Vec<WarningCode>);

fn gi(inference: Inference, layout: &Layout, counts: &[f64]) -> Verdict {
    let serial = Workers::new(1).unwrap();
    let found = GiStar::new()
        .inference(inference)
        .exposure(layout.exposure.clone())
        .run_with(counts, &layout.weights, &serial)
        .unwrap();
    let alarm = found.q.iter().any(|q| *q <= LEVEL);
    (alarm, found.warnings.iter().map(|w| w.code).collect())
}

fn moran(layout: &Layout, counts: &[f64]) -> bool {
    let serial = Workers::new(1).unwrap();
    let found = LocalMoran::new()
        .run_with(counts, &layout.weights, &serial)
        .unwrap();
    found.q.iter().any(|q| *q <= LEVEL)
}

fn joins(layout: &Layout, counts: &[f64]) -> bool {
    let serial = Workers::new(1).unwrap();
    let mean = counts.iter().sum::<f64>() / counts.len() as f64;
    let marks: Vec<f64> = counts
        .iter()
        .map(|&c| f64::from(u8::from(c > mean)))
        .collect();
    let found = JoinCount::new()
        .run_with(&marks, &layout.weights, &serial)
        .unwrap();
    found.q.iter().any(|q| *q <= LEVEL)
}

pub(crate) fn rows(maps: usize) -> Vec<Row> {
    let limit = LEVEL + band(LEVEL, maps);
    let mut rows = Vec::new();
    let layouts: Vec<Layout> = [Some(cells()), tracts()].into_iter().flatten().collect();
    for (series, layout) in (1..).zip(&layouts) {
        for around in WINDOWS {
            let means = layout.level(around);
            let map = |number| poisson(&means, &mut source(series, number));
            let mut row = |method: &str, share| {
                let what = format!("{method}, {}, {around} per window", layout.name);
                rows.push(Row::at_most(what, share, limit));
            };
            row(
                "Gi* exact",
                share_of(maps, |i| gi(Inference::Exact, layout, &map(i)).0),
            );
            row(
                "local Moran exact",
                share_of(maps, |i| moran(layout, &map(i))),
            );
            row(
                "local join count exact",
                share_of(maps, |i| joins(layout, &map(i))),
            );
            let unwarned = share_of(maps, |i| {
                let (_, warnings) = gi(Inference::Analytic, layout, &map(i));
                !warnings.contains(&WarningCode::NormalApproximation)
            });
            if around < 45.0 {
                let what = format!(
                    "Gi* analytic without its warning, {}, {around}",
                    layout.name
                );
                rows.push(Row::at_most(what, unwarned, 0.0));
            }
        }
    }
    // Incidents in proportion to people who live unevenly.
    let layouts: Vec<Layout> = [Some(uneven_cells()), tracts()]
        .into_iter()
        .flatten()
        .collect();
    for (series, layout) in (10..).zip(&layouts) {
        for around in WINDOWS {
            let means = layout.means(around);
            for inference in [Inference::Exposure, Inference::ExposureOverdispersed] {
                let share = share_of(maps, |number| {
                    let counts = poisson(&means, &mut source(series, number));
                    gi(inference, layout, &counts).0
                });
                let method = inference.name();
                let what = format!("Gi* {method}, {}, {around} per window", layout.name);
                rows.push(Row::at_most(what, share, limit));
            }
        }
    }
    rows
}

/// Counts that come in series: variance twice and five times the mean.
pub(crate) fn overdispersed_rows(maps: usize) -> Vec<Row> {
    let limit = LEVEL + band(LEVEL, maps);
    let mut rows = Vec::new();
    let layout = cells();
    let uneven = uneven_cells();
    for (series, ratio) in [(20, 2.0), (21, 5.0)] {
        for around in WINDOWS {
            let means = layout.level(around);
            let share = share_of(maps, |number| {
                let counts = overdispersed(&means, ratio, &mut source(series, number));
                gi(Inference::Exact, &layout, &counts).0
            });
            let what = format!("Gi* exact, variance {ratio} x mean, {around} per window");
            rows.push(Row::at_most(what, share, limit));

            let means = uneven.means(around);
            let map = |number| overdispersed(&means, ratio, &mut source(series + 10, number));
            let share = share_of(maps, |number| {
                gi(Inference::ExposureOverdispersed, &uneven, &map(number)).0
            });
            let what =
                format!("Gi* exposure_overdispersed, variance {ratio} x mean, {around} per window");
            rows.push(Row::at_most(what, share, limit));
            // The binomial does not hold here, so it must not alarm in silence.
            let silent = share_of(maps, |number| {
                let (alarm, warnings) = gi(Inference::Exposure, &uneven, &map(number));
                alarm && !warnings.contains(&WarningCode::Overdispersion)
            });
            let what = format!("Gi* exposure alarms unwarned, variance {ratio} x mean, {around}");
            rows.push(Row::at_most(what, silent, limit));
        }
    }
    rows
}
