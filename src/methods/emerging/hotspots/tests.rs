//! Planted histories, and cubes of pure chance.

use ndarray::Array2;
use rand::RngExt;

use super::*;
use crate::methods::emerging::Pool;
use crate::methods::local::Inference;
use crate::random::{Stream, stream};
use crate::weights::Adjacency;

const SIDE: usize = 8;
const STEPS: usize = 10;

/// A Poisson count, by counting uniform draws until their product is small.
fn poisson(mean: f64, random: &mut Stream) -> f64 {
    let (mut count, mut product) = (0.0, random.random::<f64>());
    while product > (-mean).exp() {
        count += 1.0;
        product *= random.random::<f64>();
    }
    count
}

fn cube(mean: impl Fn(usize, usize) -> f64, seed: u64) -> SpaceTimeCube {
    let mut random = stream(seed, 0);
    let values = Array2::from_shape_fn((SIDE * SIDE, STEPS), |(unit, step)| {
        poisson(mean(unit, step), &mut random)
    });
    SpaceTimeCube::from_values(values).unwrap()
}

fn lattice() -> Weights {
    Weights::lattice(SIDE, SIDE, 1, Adjacency::Queen).unwrap()
}

fn run(method: &EmergingHotspots, cube: &SpaceTimeCube) -> EmergingTable {
    method
        .run_with(cube, &lattice(), &Workers::new(1).unwrap())
        .unwrap()
}

/// Whether a unit is one of the nine around the middle.
fn middle(unit: usize) -> bool {
    (3..6).contains(&(unit / SIDE)) && (3..6).contains(&(unit % SIDE))
}

const CENTRE: usize = 4 * SIDE + 4;

#[test]
fn planted_histories_get_their_names() {
    let named = |hot: &dyn Fn(usize) -> f64| {
        let cube = cube(|unit, step| if middle(unit) { hot(step) } else { 2.0 }, 11);
        let method = EmergingHotspots::new().statistic(SpaceTimeGiStar::new().look_back(0));
        run(&method, &cube).category[CENTRE].unwrap()
    };
    assert_eq!(
        named(&|step| if step == 9 { 20.0 } else { 1.0 }),
        Category::NewHot
    );
    assert_eq!(
        named(&|step| if step >= 7 { 20.0 } else { 1.5 }),
        Category::ConsecutiveHot
    );
    assert_eq!(
        named(&|step| if step == 2 || step == 9 { 20.0 } else { 1.5 }),
        Category::SporadicHot
    );
    assert_eq!(named(&|step| 15.0 + step as f64), Category::IntensifyingHot);
    assert_eq!(named(&|step| 24.0 - step as f64), Category::DiminishingHot);
    assert_eq!(
        named(&|step| if step < 9 { 15.0 } else { 2.0 }),
        Category::HistoricalHot
    );
    assert_eq!(named(&|_| 2.0), Category::NoPattern);
}

#[test]
fn columns_agree_with_each_other() {
    let cube = cube(
        |unit, step| if middle(unit) && step > 4 { 9.0 } else { 2.0 },
        12,
    );
    let found = run(&EmergingHotspots::new(), &cube);
    let table = &found.statistics;
    for unit in 0..cube.units() {
        for step in 0..STEPS {
            let (z, q) = (table.z[[unit, step]], table.q[[unit, step]]);
            let want = if q > 0.05 {
                0
            } else if z > 0.0 {
                1
            } else {
                -1
            };
            assert_eq!(found.sign[[unit, step]], want);
        }
        let row = found.sign.row(unit);
        assert_eq!(
            found.hot_steps[unit],
            row.iter().filter(|s| **s == 1).count()
        );
        assert_eq!(
            found.cold_steps[unit],
            row.iter().filter(|s| **s == -1).count()
        );
        assert_eq!(found.last_z[unit], table.z[[unit, STEPS - 1]]);
        let z = MannKendall::new().run(&table.z.row(unit).to_vec()).unwrap();
        let counts = MannKendall::new()
            .run(&cube.values().row(unit).to_vec())
            .unwrap();
        assert_eq!((found.trend[unit].s, found.trend[unit].p), (z.s, z.p));
        assert_eq!(found.value_trend[unit].slope, counts.slope);
    }
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
}

#[test]
fn units_without_a_last_value_have_no_category() {
    let mut values = cube(|unit, _| if middle(unit) { 12.0 } else { 2.0 }, 13)
        .values()
        .clone();
    values.row_mut(0).fill(f64::NAN);
    values[[CENTRE, STEPS - 1]] = f64::NAN;
    values[[CENTRE - 1, 3]] = f64::NAN;
    let cube = SpaceTimeCube::from_values(values).unwrap();
    let found = run(&EmergingHotspots::new(), &cube);
    assert_eq!((found.category[0], found.category[CENTRE]), (None, None));
    assert_eq!(found.reason[0], "The last step is not tested.");
    assert!(found.trend[0].p.is_nan() && found.last_z[0].is_nan());
    // Hot at all nine steps that are known.
    assert_eq!(found.hot_steps[CENTRE - 1], 9);
    assert!(
        found.reason[CENTRE - 1].contains("9 of 9"),
        "{}",
        found.reason[CENTRE - 1]
    );
}

#[test]
fn few_and_partial_steps_are_warned_of() {
    let codes = |cube: &SpaceTimeCube, method: EmergingHotspots| -> Vec<WarningCode> {
        let found = run(&method, cube);
        found.warnings.iter().map(|w| w.code).collect()
    };
    let mut random = stream(14, 0);
    let short = Array2::from_shape_fn((SIDE * SIDE, 4), |_| poisson(3.0, &mut random));
    let short = SpaceTimeCube::from_values(short).unwrap();
    assert_eq!(
        codes(&short, EmergingHotspots::new()),
        [WarningCode::FewSteps]
    );
    let back = SpaceTimeGiStar::new().look_back(4);
    assert_eq!(
        codes(&short, EmergingHotspots::new().statistic(back)).len(),
        2
    );
    let times = crate::model::Times::from_utc_seconds(
        vec![0, 25_000_000, 40_000_000],
        crate::model::Zone::utc(),
    );
    let partial = crate::methods::emerging::SpaceTimeBins::new(crate::model::Step::Month)
        .run_labels(&[0, 1, 2], &times, SIDE * SIDE)
        .unwrap();
    assert_eq!(
        codes(&partial, EmergingHotspots::new()),
        [WarningCode::PartialSteps]
    );
    for (level, fine) in [(0.0, false), (0.999, true), (1.0, false), (f64::NAN, false)] {
        let method = EmergingHotspots::new().level(level);
        let found = method.run_with(&partial, &lattice(), &Workers::new(1).unwrap());
        assert_eq!(found.is_ok(), fine, "{level}");
    }
    let values = |steps: usize, partial: usize, look_back: usize| -> Vec<Option<f64>> {
        let marks = (0..steps).map(|step| step < partial).collect();
        let cube = SpaceTimeCube::from_values(Array2::ones((4, steps))).unwrap();
        let warnings = cube_warnings(&cube.with_partial(marks).unwrap(), look_back);
        warnings.iter().map(|w| w.value).collect()
    };
    assert_eq!(values(10, 0, 9), []);
    assert_eq!(values(9, 0, 8), [Some(9.0)]);
    assert_eq!(values(10, 0, 10), [Some(10.0)]);
    assert_eq!(values(10, 1, 3), [Some(1.0)]);
    assert_eq!(values(5, 2, 7), [Some(5.0), Some(7.0), Some(2.0)]);
}

/// How many of `cubes` cubes of pure chance hold any category, how many of their units do, and
/// how many trends there are.
fn alarms(method: &EmergingHotspots, mean: f64, cubes: usize) -> [usize; 4] {
    let weights = lattice();
    let found = Workers::new(0)
        .unwrap()
        .map(cubes, |number| {
            let cube = cube(|_, _| mean, 1_000 + number as u64);
            let table = method
                .run_with(&cube, &weights, &Workers::new(1).unwrap())
                .unwrap();
            let named = table
                .category
                .iter()
                .filter(|c| **c != Some(Category::NoPattern))
                .count();
            let trends = |column: &[TrendTest]| column.iter().filter(|t| t.p <= 0.05).count();
            [
                usize::from(named > 0),
                named,
                trends(&table.trend),
                trends(&table.value_trend),
            ]
        })
        .unwrap();
    found
        .iter()
        .fold([0; 4], |all, one| std::array::from_fn(|i| all[i] + one[i]))
}

/// The greatest number of hits among `n` that a probability of 5 % allows, four standard errors
/// above its mean.
fn at_most(n: usize) -> f64 {
    let n = n as f64;
    0.05 * n + 4.0 * (0.05 * 0.95 * n).sqrt()
}

#[test]
fn pure_chance_gets_no_name() {
    let cubes = 60;
    for (mean, pool) in [(0.3, Pool::Cube), (3.0, Pool::Cube), (3.0, Pool::Window)] {
        let statistic = SpaceTimeGiStar::new()
            .pool(pool)
            .inference(Inference::Exact);
        let [any, named, _, _] = alarms(&EmergingHotspots::new().statistic(statistic), mean, cubes);
        assert!(
            (any as f64) <= at_most(cubes),
            "{mean} {pool:?}: {any} of {cubes} cubes"
        );
        assert!(
            (named as f64) <= at_most(cubes * SIDE * SIDE),
            "{mean} {pool:?}: {named}"
        );
    }
}

#[test]
fn trends_of_independent_steps_have_the_size_of_the_test() {
    let cubes = 60;
    let method = EmergingHotspots::new().statistic(
        SpaceTimeGiStar::new()
            .look_back(0)
            .inference(Inference::Analytic),
    );
    let [_, _, trends, value_trends] = alarms(&method, 30.0, cubes);
    let units = (cubes * SIDE * SIDE) as f64;
    // Units of one cube share neighbours, so the band around 5 % is that of a ninth of them.
    for found in [trends, value_trends] {
        let share = found as f64 / units;
        let band = 4.0 * (0.05 * 0.95 / (units / 9.0)).sqrt();
        assert!((share - 0.05).abs() <= band, "{share} {band}");
    }
    // Windows that look back overlap; the plain test then finds trends too often.
    let back = EmergingHotspots::new().statistic(
        SpaceTimeGiStar::new()
            .look_back(2)
            .inference(Inference::Analytic),
    );
    let [_, _, trends, _] = alarms(&back, 30.0, cubes);
    assert!(trends as f64 / units > 0.07, "{}", trends as f64 / units);
}

/// Hot at every step, up to the very level: what it is called is the trend's word.
#[test]
fn a_lasting_hotspot_is_named_by_its_trend() {
    let method = EmergingHotspots::new();
    let named = |z: &[f64], q: f64| {
        let history = method.unit(z, &vec![q; z.len()], z).unwrap();
        assert_eq!(
            history.count(Sign::Hot),
            if q > method.level { 0 } else { z.len() }
        );
        history.named.unwrap().category
    };
    let rising: Vec<f64> = (0..12).map(|t| 3.0 + 0.1 * f64::from(t)).collect();
    let falling: Vec<f64> = rising.iter().rev().copied().collect();
    let neither: Vec<f64> = (0..12).map(|t| f64::from(3 + t % 2)).collect();
    let nor: Vec<f64> = neither.iter().rev().copied().collect();
    for q in [0.01, method.level] {
        assert_eq!(named(&rising, q), Category::IntensifyingHot);
        assert_eq!(named(&falling, q), Category::DiminishingHot);
        assert_eq!(named(&neither, q), Category::PersistentHot);
        assert_eq!(named(&nor, q), Category::PersistentHot);
    }
    assert_eq!(named(&falling, 0.06), Category::NoPattern);
}
