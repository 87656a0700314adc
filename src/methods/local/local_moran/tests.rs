use proptest::prelude::*;

use super::*;
use crate::methods::local::Quadrant;
use crate::stats::Correction;
use crate::weights::Adjacency;

fn golden() -> (Vec<f64>, Vec<f64>, Vec<f64>, Vec<f64>) {
    let file = include_str!("../../../../data/golden/lattice8.json");
    let golden: serde_json::Value = serde_json::from_str(file).unwrap();
    let floats = |name: &str| -> Vec<f64> {
        let number = |v: &serde_json::Value| v.as_f64().or_else(|| v.as_str()?.parse().ok());
        let all = golden[name].as_array().unwrap();
        all.iter().map(|v| number(v).unwrap()).collect()
    };
    (
        floats("y"),
        floats("local_moran_I"),
        floats("local_moran_E"),
        floats("local_moran_V"),
    )
}

fn queen(rows: usize, cols: usize) -> Weights {
    Weights::lattice(rows, cols, 1, Adjacency::Queen).unwrap()
}

fn close(got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len());
    for (i, (g, w)) in got.iter().zip(want).enumerate() {
        assert!(
            (g - w).abs() <= tolerance * w.abs().max(1.0),
            "{i}: {g} {w}"
        );
    }
}

#[test]
fn the_lattice_holds_to_the_last_digits() {
    let (y, statistic, expected, variance) = golden();
    let total = LocalMoran::new()
        .inference(Inference::Analytic)
        .randomisation(Randomisation::Total);
    let weights = queen(8, 8).row_standardise();
    for offset in [0.0, 1e8] {
        let shifted: Vec<f64> = y.iter().map(|v| v + offset).collect();
        let found = total.run(&shifted, &weights).unwrap();
        close(&found.statistic, &statistic, 1e-12);
        close(&found.expected, &expected, 1e-12);
        close(&found.variance, &variance, 1e-12);
    }
    let sample = total.scaling(Scaling::Sample).run(&y, &weights).unwrap();
    let scaled: Vec<f64> = statistic.iter().map(|v| v * 63.0 / 64.0).collect();
    close(&sample.statistic, &scaled, 1e-12);
    let scaled: Vec<f64> = expected.iter().map(|v| v * 63.0 / 64.0).collect();
    close(&sample.expected, &scaled, 1e-12);
    let squared = (63.0f64 / 64.0).powi(2);
    let scaled: Vec<f64> = variance.iter().map(|v| v * squared).collect();
    close(&sample.variance, &scaled, 1e-12);
}

/// Mean and variance over all values, the unit's own included, by dealing out every arrangement
/// of five values.
#[test]
fn total_moments_equal_full_enumeration() {
    let lists = vec![vec![1, 2], vec![0], vec![0, 3], vec![2, 4], vec![3]];
    let weights = Weights::from_neighbours(lists).unwrap();
    let method = LocalMoran::new()
        .inference(Inference::Analytic)
        .randomisation(Randomisation::Total);
    let x = [3.0, 1.0, 4.0, 1.5, 9.0];
    let mut all: Vec<Vec<f64>> = vec![Vec::new(); 5];
    let mut order = [0, 1, 2, 3, 4];
    arrangements(&mut order, 0, &mut |o| {
        let found = method.run(&o.map(|i| x[i]), &weights).unwrap();
        for (all, statistic) in all.iter_mut().zip(found.statistic) {
            all.push(statistic);
        }
    });
    let found = method.run(&x, &weights).unwrap();
    for (i, all) in all.iter().enumerate() {
        let moments = Moments::of(all);
        assert!((found.expected[i] - moments.mean).abs() < 1e-12, "{i}");
        let variance = moments.population_variance();
        assert!(
            (found.variance[i] - variance).abs() < 1e-12 * variance,
            "{i}"
        );
    }
}

#[test]
fn conditional_moments_equal_enumeration_around_the_own_value() {
    let lists = vec![vec![1, 2], vec![0], vec![0, 3], vec![2, 4], vec![3]];
    let weights = Weights::from_neighbours(lists).unwrap().row_standardise();
    let x = [3.0, 1.0, 4.0, 1.5, 9.0];
    for scaling in [Scaling::Population, Scaling::Sample] {
        let method = LocalMoran::new()
            .inference(Inference::Analytic)
            .scaling(scaling);
        let mut all: Vec<Vec<f64>> = vec![Vec::new(); 5];
        let mut order = [0, 1, 2, 3, 4];
        arrangements(&mut order, 0, &mut |o| {
            let found = method.run(&o.map(|i| x[i]), &weights).unwrap();
            for i in (0..5).filter(|&i| o[i] == i) {
                all[i].push(found.statistic[i]);
            }
        });
        let found = method.run(&x, &weights).unwrap();
        for (i, all) in all.iter().enumerate() {
            let moments = Moments::of(all);
            let variance = moments.population_variance();
            assert!((found.expected[i] - moments.mean).abs() < 1e-12, "{i}");
            assert!((found.variance[i] - variance).abs() < 1e-12, "{i}");
        }
    }
}

fn arrangements(order: &mut [usize; 5], from: usize, visit: &mut impl FnMut([usize; 5])) {
    if from == order.len() {
        visit(*order);
        return;
    }
    for i in from..order.len() {
        order.swap(from, i);
        arrangements(order, from + 1, visit);
        order.swap(from, i);
    }
}

#[test]
fn quadrants_follow_the_signs_where_significant() {
    let mut values = vec![1.0; 144];
    for row in 4..8 {
        for col in 4..8 {
            values[row * 12 + col] = 6.0;
        }
    }
    values[5 * 12 + 5] = 0.0;
    let moran = LocalMoran::new().correction(Correction::None);
    let found = moran.run(&values, &queen(12, 12)).unwrap();
    assert_eq!(found.inference, Inference::Exact);
    assert_eq!(found.quadrant[6 * 12 + 6], Quadrant::HighHigh);
    assert_eq!(found.quadrant[5 * 12 + 5], Quadrant::LowHigh);
    assert!(found.z[5 * 12 + 5] < -3.0 && found.p_less[5 * 12 + 5] < 1e-4);
    // The smallest value beside the square: not unlike enough.
    assert_eq!(found.quadrant[0], Quadrant::NotSignificant);
}

#[test]
fn one_variable_with_itself_is_the_plain_statistic() {
    let (y, ..) = golden();
    let weights = queen(8, 8);
    let workers = Workers::new(2).unwrap();
    let plain = LocalMoran::new().run(&y, &weights).unwrap();
    let both = LocalMoran::new()
        .run_between(&y, &y, &weights, &workers)
        .unwrap();
    assert_eq!(plain, both);
    let mut missing = y.clone();
    missing[3] = f64::NAN;
    let found = LocalMoran::new()
        .run_between(&y, &missing, &weights, &workers)
        .unwrap();
    assert!(found.p[3].is_nan() && found.tests == 63);
}

/// Every arrangement of the other values around a unit, by walking over subsets.
fn enumerated(values: &[i64], weights: &Weights, unit: usize) -> (f64, f64) {
    let n = values.len();
    let mean = values.iter().sum::<i64>() as f64 / n as f64;
    let k = weights.neighbours(unit).len();
    let observed: i64 = weights
        .neighbours(unit)
        .iter()
        .map(|&j| values[j as usize])
        .sum();
    let (mut all, mut less, mut greater) = (0u32, 0u32, 0u32);
    for pattern in 0u32..1 << n {
        if pattern >> unit & 1 == 1 || pattern.count_ones() as usize != k {
            continue;
        }
        let sum: i64 = (0..n)
            .filter(|j| pattern >> j & 1 == 1)
            .map(|j| values[j])
            .sum();
        let sign = if (values[unit] as f64) < mean { -1 } else { 1 };
        all += 1;
        less += u32::from(sign * sum <= sign * observed);
        greater += u32::from(sign * sum >= sign * observed);
    }
    (
        f64::from(less) / f64::from(all),
        f64::from(greater) / f64::from(all),
    )
}

proptest! {
    /// Small maps, any graph, any degree: exact p-values equal full enumeration.
    #[test]
    fn exact_equals_enumeration(
        values in prop::collection::vec(0i64..6, 9),
        edges in prop::collection::vec((0u32..9, 0u32..9), 4..30),
    ) {
        prop_assume!(values.iter().any(|&v| v != values[0]));
        let mut lists = vec![Vec::new(); 9];
        for (a, b) in edges {
            if a != b {
                lists[a as usize].push(b);
            }
        }
        let weights = Weights::from_neighbours(lists).unwrap();
        let floats: Vec<f64> = values.iter().map(|&v| v as f64).collect();
        let found = LocalMoran::new().run(&floats, &weights.row_standardise()).unwrap();
        prop_assert_eq!(found.inference, Inference::Exact);
        for i in 0..9 {
            if found.p[i].is_nan() {
                continue;
            }
            let (less, greater) = enumerated(&values, &weights, i);
            prop_assert!((found.p_less[i] / less - 1.0).abs() < 1e-12, "{} {}", found.p_less[i], less);
            prop_assert!((found.p_greater[i] / greater - 1.0).abs() < 1e-12);
        }
    }
}
