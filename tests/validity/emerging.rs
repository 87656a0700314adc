//! How often is a pattern in time found where nothing is?

use brandpunt::Workers;
use brandpunt::methods::emerging::{
    Category, EmergingHotspots, MannKendall, SpaceTimeCube, TrendNull,
};
use brandpunt::weights::{Adjacency, Weights};
use ndarray::Array2;
use rand::RngExt;

use crate::maps::{poisson, source};
use crate::table::{Row, band, share_of};

const LEVEL: f64 = 0.05;
const STEPS: usize = 12;

pub(crate) fn rows(maps: usize) -> Vec<Row> {
    let cubes = maps / 4;
    let weights = Weights::lattice(12, 12, 1, Adjacency::Queen).unwrap();
    let mut rows = Vec::new();
    for (series, mean) in (90..).zip([0.1, 1.0, 5.0]) {
        let share = share_of(cubes, |number| {
            let counts = poisson(&vec![mean; 144 * STEPS], &mut source(series, number));
            let counts = Array2::from_shape_vec((144, STEPS), counts).unwrap();
            let cube = SpaceTimeCube::from_values(counts).unwrap();
            let serial = Workers::new(1).unwrap();
            let found = EmergingHotspots::new()
                .run_with(&cube, &weights, &serial)
                .unwrap();
            let named = |c: &Option<Category>| c.is_some_and(|c| c != Category::NoPattern);
            found.category.iter().any(named)
        });
        let what = format!("cubes of counts of mean {mean} with any category but none");
        rows.push(Row::at_most(what, share, LEVEL + band(LEVEL, cubes)));
    }
    let tests = 5 * maps;
    for (series, steps) in (95..).zip([8, 12, 40]) {
        for null in [TrendNull::Automatic, TrendNull::Normal] {
            let share = share_of(tests, |number| {
                let mut random = source(series, number);
                let values: Vec<f64> = (0..steps).map(|_| random.random()).collect();
                MannKendall::new().null(null).run(&values).unwrap().p <= LEVEL
            });
            let what = format!("Mann-Kendall, {null:?}, {steps} independent steps: p at most 0.05");
            // The corrected normal tail of short series is a little too light.
            let most = if null == TrendNull::Normal {
                0.055
            } else {
                LEVEL
            };
            rows.push(Row::at_most(what, share, most + band(most, tests)));
        }
    }
    rows
}
