//! The statistic beside its definition.

use rand::RngExt;

use super::*;
use crate::random::stream;
use crate::weights::Adjacency;

fn counts(units: usize, steps: usize, seed: u64) -> Array2<f64> {
    let mut random = stream(seed, 0);
    Array2::from_shape_fn((units, steps), |_| f64::from(random.random_range(0u8..6)))
}

fn lattice(side: usize) -> Weights {
    Weights::lattice(side, side, 1, Adjacency::Queen).unwrap()
}

/// z by the definition, over the steps `pool` of the table.
fn by_definition(
    values: &Array2<f64>,
    weights: &Weights,
    look_back: usize,
    (c, t): (usize, usize),
    pool: std::ops::RangeInclusive<usize>,
) -> f64 {
    let all: Vec<f64> = pool.flat_map(|s| values.column(s).to_vec()).collect();
    let n = all.len() as f64;
    let mean = all.iter().sum::<f64>() / n;
    let deviation = (all.iter().map(|v| v * v).sum::<f64>() / n - mean * mean).sqrt();
    let (mut sum, mut w) = (0.0, 0.0);
    for d in 0..values.nrows() {
        if d == c || weights.neighbours(c).contains(&(d as u32)) {
            for s in t.saturating_sub(look_back)..=t {
                sum += values[[d, s]];
                w += 1.0;
            }
        }
    }
    (sum - mean * w) / (deviation * ((n * w - w * w) / (n - 1.0)).sqrt())
}

#[test]
fn z_is_that_of_the_definition() {
    let (values, weights) = (counts(25, 6, 1), lattice(5));
    let workers = Workers::new(2).unwrap();
    for look_back in 0..3 {
        for pool in [Pool::Cube, Pool::Window] {
            let found = SpaceTimeGiStar::new()
                .look_back(look_back)
                .pool(pool)
                .inference(Inference::Analytic)
                .run_with(&values, &weights, &workers)
                .unwrap();
            for c in 0..25 {
                for t in 0..6usize {
                    let steps = match pool {
                        Pool::Cube => 0..=5,
                        Pool::Window => t.saturating_sub(look_back)..=t,
                    };
                    let want = by_definition(&values, &weights, look_back, (c, t), steps);
                    let got = found.z[[c, t]];
                    assert!((got - want).abs() < 1e-9, "{look_back} {pool:?} {c} {t}");
                }
            }
            assert_eq!(found.tests, 150);
        }
    }
}

#[test]
fn a_window_of_one_step_is_that_steps_map() {
    let (values, weights) = (counts(36, 4, 2), lattice(6));
    let workers = Workers::new(1).unwrap();
    let found = SpaceTimeGiStar::new()
        .look_back(0)
        .pool(Pool::Window)
        .run_with(&values, &weights, &workers)
        .unwrap();
    let mut all = Vec::new();
    for step in 0..4 {
        let map = GiStar::new()
            .run_with(
                &values.column(step).to_vec(),
                &weights.include_self(),
                &workers,
            )
            .unwrap();
        assert_eq!(found.z.column(step).to_vec(), map.z);
        assert_eq!(found.p.column(step).to_vec(), map.p);
        all.push(map.p);
    }
    // Corrected over all steps together.
    let by_unit: Vec<f64> = (0..36)
        .flat_map(|u| all.iter().map(move |p| p[u]))
        .collect();
    let q = Correction::Fdr.apply(&by_unit);
    assert_eq!(found.q.iter().copied().collect::<Vec<_>>(), q);
}

#[test]
fn later_steps_do_not_change_earlier_windows() {
    let weights = lattice(5);
    let workers = Workers::new(1).unwrap();
    let long = counts(25, 6, 3);
    let mut other = long.clone();
    other.column_mut(5).fill(40.0);
    let run = |values: &Array2<f64>| {
        SpaceTimeGiStar::new()
            .pool(Pool::Window)
            .run_with(values, &weights, &workers)
            .unwrap()
    };
    let (a, b) = (run(&long), run(&other));
    for step in 0..5 {
        assert_eq!(a.z.column(step), b.z.column(step));
        assert_eq!(a.p.column(step), b.p.column(step));
    }
}

#[test]
fn missing_values_are_no_tests() {
    let mut values = counts(25, 5, 4);
    values.row_mut(7).fill(f64::NAN);
    values[[3, 2]] = f64::NAN;
    let workers = Workers::new(1).unwrap();
    for pool in [Pool::Cube, Pool::Window] {
        let found = SpaceTimeGiStar::new()
            .pool(pool)
            .run_with(&values, &lattice(5), &workers)
            .unwrap();
        assert_eq!(found.tests, 25 * 5 - 6);
        assert!(found.q[[7, 4]].is_nan() && found.z[[3, 2]].is_nan());
        assert!(!found.q[[3, 3]].is_nan());
    }
}

#[test]
fn exposures_change_what_is_expected() {
    let values = Array2::from_shape_fn((25, 4), |(unit, _)| if unit == 12 { 8.0 } else { 2.0 });
    let people = Array2::from_shape_fn((25, 4), |(unit, _)| if unit == 12 { 800.0 } else { 200.0 });
    let workers = Workers::new(1).unwrap();
    let exposed = SpaceTimeGiStar::new()
        .inference(Inference::Exposure)
        .exposure(people)
        .run_with(&values, &lattice(5), &workers)
        .unwrap();
    assert!(exposed.z.iter().all(|z| z.abs() < 1e-9));
    let error = SpaceTimeGiStar::new()
        .inference(Inference::Exposure)
        .exposure(Array2::ones((25, 3)))
        .run_with(&values, &lattice(5), &workers)
        .unwrap_err();
    assert_eq!(error.fault(), Some(Fault::LengthMismatch));
}

#[test]
fn pools_have_names_and_a_cube_without_steps_is_refused() {
    for (name, pool) in [("cube", Pool::Cube), ("window", Pool::Window)] {
        assert_eq!(Pool::named(name).unwrap(), pool);
    }
    assert!(Pool::named("step").is_err());
    let found = SpaceTimeGiStar::new().run_with(
        &Array2::zeros((9, 0)),
        &lattice(3),
        &Workers::new(1).unwrap(),
    );
    assert_eq!(found.unwrap_err().fault(), Some(Fault::NoRows));
    let error = SpaceTimeGiStar::new()
        .exposure(Array2::ones((24, 4)))
        .run_with(
            &Array2::ones((25, 4)),
            &lattice(5),
            &Workers::new(1).unwrap(),
        );
    assert_eq!(error.unwrap_err().fault(), Some(Fault::LengthMismatch));
}

/// Windows have the exposures of their steps, and say once what each would say.
#[test]
fn windows_are_warned_of_once() {
    let values = counts(25, 4, 6);
    let people = Array2::from_shape_fn((25, 4), |(unit, step)| (100 + unit + 7 * step) as f64);
    let run = |values: Array2<f64>, people: Array2<f64>, pool| {
        SpaceTimeGiStar::new()
            .inference(Inference::Exposure)
            .look_back(0)
            .pool(pool)
            .exposure(people)
            .run_with(&values, &lattice(5), &Workers::new(1).unwrap())
            .unwrap()
    };
    let found = run(values.clone(), people.clone(), Pool::Window);
    for step in 0..4 {
        let columns = step..=step;
        let one =
            |table: &Array2<f64>| table.slice_axis(Axis(1), columns.clone().into()).to_owned();
        let alone = run(one(&values), one(&people), Pool::Cube);
        assert_eq!(found.z.column(step), alone.z.column(0));
        assert_eq!(found.p.column(step), alone.p.column(0));
    }
    let mut codes: Vec<_> = found.warnings.iter().map(|w| w.code).collect();
    let all = codes.len();
    codes.dedup();
    assert_eq!(codes.len(), all);
}

#[test]
fn threads_change_nothing() {
    let (values, weights) = (counts(49, 7, 5), lattice(7));
    let one = SpaceTimeGiStar::new()
        .run_with(&values, &weights, &Workers::new(1).unwrap())
        .unwrap();
    let three = SpaceTimeGiStar::new()
        .run_with(&values, &weights, &Workers::new(3).unwrap())
        .unwrap();
    assert_eq!(one, three);
    let misfit = SpaceTimeGiStar::new().run_with(&values, &lattice(3), &Workers::new(1).unwrap());
    assert_eq!(misfit.unwrap_err().fault(), Some(Fault::LengthMismatch));
}
