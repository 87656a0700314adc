use proptest::prelude::*;

use super::*;
use crate::Error;
use crate::error::Fault;
use crate::methods::local::Alternative;
use crate::methods::local::orders::{orders, share, six};
use crate::model::WarningCode;
use crate::stats::{Correction, Dispersion, beta_binomial_tails, binomial_tails, dispersion_test};

fn golden(file: &str) -> serde_json::Value {
    let path = format!("{}/data/golden/{file}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn floats(value: &serde_json::Value) -> Vec<f64> {
    let number = |v: &serde_json::Value| v.as_f64().or_else(|| v.as_str()?.parse().ok()).unwrap();
    value.as_array().unwrap().iter().map(number).collect()
}

const X: [f64; 6] = [2.0, 3.0, 3.2, 5.0, 8.0, 7.0];

fn six_points() -> Weights {
    let at = [
        (10.0, 10.0),
        (20.0, 10.0),
        (40.0, 10.0),
        (15.0, 20.0),
        (30.0, 20.0),
        (30.0, 30.0),
    ];
    within(&at, 15.0, |_| 1.0)
}

fn within(at: &[(f64, f64)], band: f64, weight: impl Fn(f64) -> f64) -> Weights {
    let (mut start, mut neighbour, mut value) = (vec![0], Vec::new(), Vec::new());
    for (i, a) in at.iter().enumerate() {
        for (j, b) in at.iter().enumerate() {
            let d = f64::hypot(a.0 - b.0, a.1 - b.1);
            if i != j && d <= band {
                neighbour.push(j as u32);
                value.push(weight(d));
            }
        }
        start.push(neighbour.len());
    }
    Weights::from_csr(&start, &neighbour, &value).unwrap()
}

fn queen(rows: usize, cols: usize) -> Weights {
    let lists = (0..rows * cols)
        .map(|k| {
            let (r, c) = (k / cols, k % cols);
            let mut list = Vec::new();
            for i in r.saturating_sub(1)..=(r + 1).min(rows - 1) {
                for j in c.saturating_sub(1)..=(c + 1).min(cols - 1) {
                    if (i, j) != (r, c) {
                        list.push((i * cols + j) as u32);
                    }
                }
            }
            list
        })
        .collect();
    Weights::from_neighbours(lists).unwrap()
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
fn the_six_point_example_holds() {
    let golden = golden("definitions_golden");
    let analytic = GiStar::new().inference(Inference::Analytic);
    let star = six_points().include_self();
    let gi = analytic.run(&X, &star).unwrap();
    close(&gi.z, &floats(&golden["gi_star_binary"]), 1e-9);
    close(&gi.p, &floats(&golden["gi_star_p_two_sided"]), 1e-9);
    let scaled = analytic.run(&X, &star.row_standardise()).unwrap();
    close(&scaled.z, &gi.z, 1e-14);
    let without = Gi::new()
        .inference(Inference::Analytic)
        .run(&X, &six_points())
        .unwrap();
    close(&without.z, &floats(&golden["gi_binary"]), 1e-9);
    let at = [
        (10.0, 10.0),
        (20.0, 10.0),
        (40.0, 10.0),
        (15.0, 20.0),
        (30.0, 20.0),
        (30.0, 30.0),
    ];
    // 1 − d/15 with weight one on the unit itself.
    let mut triangular = within(&at, 15.0, |d| 1.0 - d / 15.0).to_csr();
    let mut rows: Vec<Vec<(u32, f64)>> = (0..6).map(|i| vec![(i, 1.0)]).collect();
    for (i, row) in rows.iter_mut().enumerate() {
        for k in triangular.0[i]..triangular.0[i + 1] {
            row.push((triangular.1[k], triangular.2[k]));
        }
    }
    triangular = (vec![0], Vec::new(), Vec::new());
    for row in rows {
        for (j, w) in row {
            triangular.1.push(j);
            triangular.2.push(w);
        }
        triangular.0.push(triangular.1.len());
    }
    let weights = Weights::from_csr(&triangular.0, &triangular.1, &triangular.2).unwrap();
    let gi = analytic.run(&X, &weights).unwrap();
    close(&gi.z, &floats(&golden["gi_star_triangular_b15"]), 1e-9);
}

#[test]
fn sums_and_their_moments_are_by_their_formulas() {
    let plain = within(
        &[
            (0.0, 0.0),
            (1.0, 0.0),
            (3.0, 0.0),
            (4.0, 1.0),
            (9.0, 9.0),
            (3.0, 2.0),
        ],
        4.0,
        |d| 1.0 / d,
    );
    let (n, analytic) = (6.0, GiStar::new().inference(Inference::Analytic));
    for (weights, star) in [
        (plain.clone().include_self(), true),
        (plain.clone(), false),
        (plain.include_self(), false),
    ] {
        let found = if star {
            analytic.run(&X, &weights).unwrap()
        } else {
            Gi::new()
                .inference(Inference::Analytic)
                .run(&X, &weights)
                .unwrap()
        };
        for i in 0..6 {
            let row: Vec<(usize, f64)> = weights
                .neighbours(i)
                .iter()
                .map(|&j| j as usize)
                .zip(weights.weights(i))
                .collect();
            let row: Vec<(usize, f64)> = row.into_iter().filter(|(j, _)| star || *j != i).collect();
            let of = |f: &dyn Fn(usize, f64) -> f64| row.iter().map(|&(j, w)| f(j, w)).sum::<f64>();
            let drawn: Vec<f64> = (0..6).filter(|&j| star || j != i).map(|j| X[j]).collect();
            let units = if star { n } else { n - 1.0 };
            let mean = drawn.iter().sum::<f64>() / units;
            let spread = drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / units;
            let (total, squares) = (of(&|_, w| w), of(&|_, w| w * w));
            let variance = spread * (units * squares - total * total) / (units - 1.0);
            assert!(
                (found.statistic[i] - of(&|j, w| w * X[j])).abs() < 1e-12,
                "{i}"
            );
            assert!((found.expected[i] - mean * total).abs() < 1e-12, "{i}");
            assert!((found.variance[i] - variance).abs() < 1e-12, "{i}");
        }
    }
}

#[test]
fn the_exact_distribution_of_the_example_holds() {
    // The example's values times ten are whole.
    let values: Vec<f64> = X.iter().map(|v| (v * 10.0).round()).collect();
    let gi = GiStar::new()
        .run(&values, &six_points().include_self())
        .unwrap();
    assert_eq!(gi.inference, Inference::Exact);
    for (i, row) in golden("definitions_golden")["gi_star_exact_conditional"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
    {
        let want = floats(row);
        assert!((gi.p_greater[i] - want[2]).abs() < 1e-12, "{i}");
        assert!((gi.p_less[i] - want[3]).abs() < 1e-12, "{i}");
    }
}

#[test]
fn the_lattice_holds_to_the_last_digits() {
    let golden = golden("lattice8");
    let y = floats(&golden["y"]);
    let analytic = GiStar::new().inference(Inference::Analytic);
    let star = queen(8, 8).include_self();
    close(
        &analytic.run(&y, &star).unwrap().z,
        &floats(&golden["gi_star_z_binary"]),
        1e-12,
    );
    let shifted: Vec<f64> = y.iter().map(|v| v + 1e8).collect();
    close(
        &analytic.run(&shifted, &star).unwrap().z,
        &floats(&golden["gi_star_z_binary"]),
        1e-12,
    );
    let without = Gi::new()
        .inference(Inference::Analytic)
        .run(&y, &queen(8, 8))
        .unwrap();
    close(&without.z, &floats(&golden["gi_z_binary"]), 1e-12);
}

#[test]
fn the_grid_of_getis_and_ord_holds() {
    let folder = format!(
        "{}/../shared/reference/getis_ord_1996",
        env!("CARGO_MANIFEST_DIR")
    );
    let Ok(text) = std::fs::read_to_string(format!("{folder}/go_xyz.csv")) else {
        println!("SKIPPED: no ../shared/reference/getis_ord_1996");
        return;
    };
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(1)
        .map(|l| {
            l.split(',')
                .filter_map(|v| v.trim_matches('"').parse().ok())
                .collect()
        })
        .collect();
    let at: Vec<(f64, f64)> = rows
        .iter()
        .map(|r| (r[r.len() - 3], r[r.len() - 2]))
        .collect();
    let values: Vec<f64> = rows.iter().map(|r| r[r.len() - 1]).collect();
    let expected: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(format!("{folder}/expected.json")).unwrap())
            .unwrap();
    let cell = expected["cell_index_1based"].as_u64().unwrap() as usize - 1;
    let bands = expected["binary_weights_distance_band_exclusive_self"]
        .as_object()
        .unwrap();
    for (name, want) in bands {
        let band: f64 = name.trim_start_matches("Gi_z_d").parse().unwrap();
        let gi = Gi::new().inference(Inference::Analytic);
        let z = gi.run(&values, &within(&at, band, |_| 1.0)).unwrap().z[cell];
        assert!((z - want.as_f64().unwrap()).abs() < 5e-7, "{name}: {z}");
    }
    let star = GiStar::new().inference(Inference::Analytic);
    let z = star
        .run(&values, &within(&at, 30.0, |_| 1.0).include_self())
        .unwrap()
        .z[cell];
    assert!(
        (z - expected["Gi_star_z_d30_include_self"].as_f64().unwrap()).abs() < 5e-6,
        "{z}"
    );
}

#[test]
fn exact_agrees_with_a_long_simulation() {
    let y = floats(&golden("lattice8")["y"]);
    let star = queen(8, 8).include_self();
    let exact = GiStar::new().run(&y, &star).unwrap();
    let replicates = 9_999;
    let simulated = GiStar::new()
        .inference(Inference::Permutation { replicates })
        .run(&y, &star)
        .unwrap();
    for i in 0..64 {
        let p = exact.p_greater[i];
        let band = 5.0 * (p * (1.0 - p) / replicates as f64).sqrt() + 2e-4;
        assert!((p - simulated.p_greater[i]).abs() < band, "{i} {p}");
    }
    assert!(
        simulated
            .warnings
            .iter()
            .all(|w| w.code != WarningCode::PResolutionInsufficient)
    );
}

#[test]
fn too_few_replicates_are_said() {
    let y = floats(&golden("lattice8")["y"]);
    let star = queen(8, 8).include_self();
    let few = GiStar::new().inference(Inference::Permutation { replicates: 99 });
    let warnings = few.run(&y, &star).unwrap().warnings;
    assert!(
        warnings
            .iter()
            .any(|w| w.code == WarningCode::PResolutionInsufficient)
    );
    // 64 tests at 5 %: 2/(R + 1) must reach 0.05/64, so R = 2,559, and half of that on one side.
    let said = |gi: GiStar, replicates: usize| {
        let gi = gi.inference(Inference::Permutation { replicates });
        let mut warnings = gi.run(&y, &star).unwrap().warnings.into_iter();
        warnings.find(|w| w.code == WarningCode::PResolutionInsufficient)
    };
    let short = said(GiStar::new(), 2_558).unwrap();
    assert!(
        short.message.contains("at least 2559 replicates"),
        "{}",
        short.message
    );
    assert_eq!(short.value, Some(2.0 / 2_559.0));
    assert!(said(GiStar::new(), 2_559).is_none());
    let above = || GiStar::new().alternative(Alternative::Greater);
    assert!(said(above(), 1_278).is_some() && said(above(), 1_279).is_none());
    assert!(said(GiStar::new().correction(Correction::None), 9).is_none());
}

#[test]
fn where_the_normal_curve_does_not_hold_is_said() {
    // Sums of a mean of 45/8 around 8, 5 and 3 neighbours: 45, just enough, and less.
    let mut values = [6.0; 64];
    (0..24).for_each(|i| values[(i * 5) % 64] = 5.0);
    let said = |factor: f64, weights: &Weights| {
        let values = values.map(|v| v * factor);
        let gi = Gi::new().inference(Inference::Analytic);
        let mut warnings = gi.run(&values, weights).unwrap().warnings.into_iter();
        warnings.find(|w| w.code == WarningCode::NormalApproximation)
    };
    let edge = said(1.0, &queen(8, 8)).unwrap();
    assert!(edge.message.contains("28 of 64 units"), "{}", edge.message);
    assert!((edge.value.unwrap() - 3.0 * 45.0 / 8.0).abs() < 1e-12);
    let all = said(0.5, &queen(8, 8).row_standardise()).unwrap();
    assert!(all.message.contains("64 of 64 units"), "{}", all.message);
    // Enough incidents, but no more than seven neighbours; then eight.
    let ring = |reach: u32| {
        let around = |i: u32| (1..=reach).flat_map(move |d| [(i + d) % 64, (i + 64 - d) % 64]);
        let mut lists: Vec<Vec<u32>> = (0..64).map(|i| around(i).collect()).collect();
        if reach == 4 {
            lists.iter_mut().skip(1).for_each(|list| list.truncate(8));
            lists[0].pop();
        }
        Weights::from_neighbours(lists).unwrap()
    };
    let one = said(100.0, &ring(4)).unwrap();
    assert!(one.message.contains("1 of 64 units"), "{}", one.message);
    assert!(said(100.0, &ring(5)).is_none());
}

#[test]
fn what_cannot_be_exact_falls_back_and_says_so() {
    let gi = GiStar::new().run(&X, &six_points().include_self()).unwrap();
    assert!(matches!(gi.inference, Inference::Sequential { .. }));
    assert!(
        gi.warnings
            .iter()
            .any(|w| w.code == WarningCode::ExactFellBack)
    );
}

#[test]
fn constant_missing_and_lonely_units_have_no_p() {
    let weights = queen(3, 3).include_self();
    let flat = GiStar::new().run(&[4.0; 9], &weights).unwrap();
    assert!(flat.p.iter().all(|p| p.is_nan()) && flat.hotspot_class.iter().all(|&c| c == 0));
    assert!(
        flat.warnings
            .iter()
            .any(|w| w.code == WarningCode::ZeroVariance)
    );

    let mut values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
    values[4] = f64::NAN;
    let gi = GiStar::new().run(&values, &weights).unwrap();
    assert!(gi.z[4].is_nan() && gi.p[4].is_nan() && !gi.p[0].is_nan());
    assert_eq!(gi.tests, 8);

    let lonely =
        Weights::from_neighbours(vec![vec![1], vec![0], vec![], vec![4], vec![3]]).unwrap();
    let gi = GiStar::new()
        .run(&[1.0, 5.0, 9.0, 2.0, 2.0], &lonely.include_self())
        .unwrap();
    assert!(gi.z[2] > 1.0 && gi.p[2].is_nan());
    assert_eq!(gi.tests, 4);
    assert!(
        GiStar::new()
            .run(&[1.0, 5.0, 9.0, 2.0, 2.0], &lonely)
            .is_err()
    );
}

#[test]
fn a_map_with_missing_values_is_the_map_of_the_others() {
    let weight = |i: usize, j: usize| ((i * 7 + j * 3) % 5) as f64;
    let map = |units: &[usize]| {
        let (mut start, mut neighbour, mut value) = (vec![0], Vec::new(), Vec::new());
        for &i in units {
            for (at, &j) in units.iter().enumerate() {
                if weight(i, j) > 0.0 || i == j {
                    neighbour.push(at as u32);
                    value.push(if i == j { 1.0 } else { weight(i, j) });
                }
            }
            start.push(neighbour.len());
        }
        Weights::from_csr(&start, &neighbour, &value).unwrap()
    };
    let values = [3.0, f64::NAN, 1.0, 4.0, 1.5, f64::NAN, 9.0, 2.0];
    let known = [0, 2, 3, 4, 6, 7];
    let alone: Vec<f64> = known.iter().map(|&i| values[i]).collect();
    for inference in [
        Inference::Analytic,
        Inference::Permutation { replicates: 99 },
    ] {
        let gi = GiStar::new().inference(inference);
        let all = gi.run(&values, &map(&[0, 1, 2, 3, 4, 5, 6, 7])).unwrap();
        let some = gi.run(&alone, &map(&known)).unwrap();
        assert_eq!(all.tests, some.tests);
        for (of_all, of_some) in [
            (&all.statistic, &some.statistic),
            (&all.z, &some.z),
            (&all.p, &some.p),
            (&all.q, &some.q),
        ] {
            let kept: Vec<f64> = known.iter().map(|&i| of_all[i]).collect();
            assert_eq!(format!("{kept:?}"), format!("{of_some:?}"));
            assert!(of_all[1].is_nan() && of_all[5].is_nan());
        }
    }
}

#[test]
fn unequal_weights_are_not_exact_and_simulated_as_they_are() {
    let values = [3.0, 7.0, 1.0, 4.0, 12.0, 5.0];
    let weights = six();
    let fallen = Gi::new().run(&values, &weights).unwrap();
    assert!(matches!(fallen.inference, Inference::Sequential { .. }));
    let mut said = fallen.warnings.iter();
    let said = said.find(|w| w.code == WarningCode::ExactFellBack).unwrap();
    assert!(said.message.contains("weights within a row differ"));
    let many = Gi::new().inference(Inference::Permutation { replicates: 9_999 });
    let many = many.run(&values, &weights).unwrap();
    for i in 0..6 {
        let want = share(i, many.statistic[i], |k| values[k]);
        assert!((many.p_greater[i] - want).abs() < 0.03, "{i}");
    }
    assert_eq!(orders().len(), 120);
}

#[test]
fn the_scale_of_a_row_may_be_tiny_or_huge() {
    let y: Vec<f64> = (0..64).map(|i| f64::from(i * i % 11)).collect();
    let star = queen(8, 8).include_self();
    let analytic = GiStar::new().inference(Inference::Analytic);
    let plain = analytic.run(&y, &star).unwrap();
    let flat = |w: &Warning| w.code == WarningCode::ZeroVariance;
    assert!(!plain.warnings.iter().any(flat));
    let (start, neighbour, value) = star.to_csr();
    for scale in [1e-9, 1e9] {
        let value: Vec<f64> = value.iter().map(|w| w * scale).collect();
        let scaled = Weights::from_csr(&start, &neighbour, &value).unwrap();
        close(&analytic.run(&y, &scaled).unwrap().z, &plain.z, 1e-12);
    }
    let pair = Weights::from_neighbours(vec![vec![1], vec![0]]).unwrap();
    let said = analytic.run(&[1.0, 2.0], &pair.include_self()).unwrap();
    assert!(said.warnings.iter().any(flat));
}

#[test]
fn exposure_needs_series_to_widen_and_people_to_compare() {
    let path = Weights::from_neighbours(vec![vec![1], vec![0], vec![1]]).unwrap();
    let run = |counts: &[f64], people: [f64; 3], inference| {
        let gi = Gi::new().inference(inference).exposure(people.to_vec());
        gi.run(counts, &path).unwrap()
    };
    // More varied than the mean of all maps, and no more than chance makes of it.
    let (counts, people) = ([4.0, 13.0, 7.0], [2.0, 3.0, 3.0]);
    let Dispersion { ratio, p } = dispersion_test(&counts, &people);
    assert!(ratio > 1.0 && p > 0.05, "{ratio} {p}");
    let found = run(&counts, people, Inference::ExposureOverdispersed);
    assert_eq!(found.inference, Inference::Exposure);
    let varied = |w: &Warning| w.code == WarningCode::Overdispersion;
    assert!(!found.warnings.iter().any(varied));
    // Nobody around, everybody around, or nothing anywhere: no statistic.
    let expected = |counts: &[f64], people| run(counts, people, Inference::Exposure).expected;
    let found = expected(&[2.0, 0.0, 3.0], [4.0, 0.0, 1.0]);
    assert!(found[0].is_nan() && found[2].is_nan() && (found[1] - 4.0).abs() < 1e-12);
    assert!(expected(&[0.0, 3.0, 0.0], [0.0, 4.0, 0.0])[0].is_nan());
    assert!(expected(&[0.0; 3], [1.0; 3]).iter().all(|e| e.is_nan()));
}

#[test]
fn islands_are_counted() {
    let said = |lists: Vec<Vec<u32>>| {
        let weights = Weights::from_neighbours(lists).unwrap().include_self();
        let found = GiStar::new().run(&[1.0, 5.0, 9.0, 2.0], &weights).unwrap();
        let mut warnings = found.warnings.into_iter();
        warnings.find(|w| w.code == WarningCode::Islands)
    };
    let one = said(vec![vec![1], vec![0, 2], vec![1], vec![]]).unwrap();
    assert!(one.message.starts_with("1 unit has") && one.value == Some(1.0));
    let two = said(vec![vec![1], vec![0], vec![], vec![]]).unwrap();
    assert!(two.message.starts_with("2 units have") && two.value == Some(2.0));
    assert!(said(vec![vec![1], vec![0, 2], vec![1, 3], vec![2]]).is_none());
}

#[test]
fn exposure_is_the_binomial_share() {
    let counts = [2.0, 0.0, 7.0, 1.0];
    let weights = Weights::from_neighbours(vec![vec![1], vec![0], vec![3], vec![2]])
        .unwrap()
        .include_self();
    let gi = GiStar::new()
        .inference(Inference::Exposure)
        .exposure(vec![10.0, 20.0, 30.0, 40.0])
        .run(&counts, &weights)
        .unwrap();
    let (less, greater) = binomial_tails(8, 10, 0.7);
    assert!((gi.p_greater[2] - greater).abs() < 1e-15 && (gi.p_less[2] - less).abs() < 1e-15);
    assert!((gi.expected[0] - 3.0).abs() < 1e-12);
    let missing = GiStar::new()
        .inference(Inference::Exposure)
        .run(&counts, &weights);
    assert!(matches!(
        missing,
        Err(Error::Parameter {
            name: "exposure",
            ..
        })
    ));
}

#[test]
fn exposure_with_series_is_beta_binomial() {
    let counts = [9.0, 0.0, 14.0, 1.0, 0.0, 6.0];
    let people = [10.0, 20.0, 30.0, 40.0, 25.0, 35.0];
    let path = Weights::from_neighbours(vec![
        vec![1],
        vec![0, 2],
        vec![1, 3],
        vec![2, 4],
        vec![3, 5],
        vec![4],
    ])
    .unwrap();
    let Dispersion { ratio, p } = dispersion_test(&counts, &people);
    assert!(ratio > 1.0 && p < 0.05, "{ratio} {p}");
    let precision = (30.0 - ratio) / (ratio - 1.0);
    for star in [true, false] {
        let found = if star {
            GiStar::new()
                .inference(Inference::ExposureOverdispersed)
                .exposure(people.to_vec())
                .run(&counts, &path.clone().include_self())
        } else {
            Gi::new()
                .inference(Inference::ExposureOverdispersed)
                .exposure(people.to_vec())
                .run(&counts, &path)
        };
        let found = found.unwrap();
        assert_eq!(found.inference, Inference::ExposureOverdispersed);
        let around = |of: &[f64; 6]| of[1] + of[3] + if star { of[2] } else { 0.0 };
        let (count, share) = (around(&counts), around(&people) / 160.0);
        let (less, greater) = beta_binomial_tails(
            count as u64,
            30,
            precision * share,
            precision * (1.0 - share),
        );
        assert!(
            (found.p_less[2] - less).abs() < 1e-12 && (found.p_greater[2] - greater).abs() < 1e-12
        );
        assert_eq!(found.statistic[2], count);
        assert!((found.expected[2] - 30.0 * share).abs() < 1e-12);
        let variance = 30.0 * share * (1.0 - share) * ratio;
        assert!((found.variance[2] - variance).abs() < 1e-10);
        let said = found
            .warnings
            .iter()
            .find(|w| w.code == WarningCode::Overdispersion);
        assert!(said.unwrap().message.contains("was used") && said.unwrap().value == Some(ratio));
    }
    // The binomial is used when asked for, and said to find too much.
    let plain = |counts: &[f64], inference| {
        let gi = Gi::new().inference(inference).exposure(people.to_vec());
        gi.run(counts, &path).unwrap()
    };
    let found = plain(&counts, Inference::Exposure);
    let (less, _) = binomial_tails(1, 30, 60.0 / 160.0);
    assert!((found.p_less[2] - less).abs() < 1e-15 && found.inference == Inference::Exposure);
    let said = found
        .warnings
        .iter()
        .find(|w| w.code == WarningCode::Overdispersion);
    assert!(said.unwrap().message.contains("finds too much"));
    // Without series there is one null only, and nothing to say.
    let even = [2.0, 4.0, 6.0, 8.0, 5.0, 7.0];
    let found = plain(&even, Inference::ExposureOverdispersed);
    assert_eq!(found.inference, Inference::Exposure);
    assert!(
        found
            .warnings
            .iter()
            .all(|w| w.code != WarningCode::Overdispersion)
    );
}

#[test]
fn exposure_is_asked_for_where_there_is_a_value() {
    let path = Weights::from_neighbours(vec![vec![1], vec![0, 2], vec![1]]).unwrap();
    let run = |counts: [f64; 3], people: Vec<f64>, weights: &Weights| {
        let gi = Gi::new().inference(Inference::Exposure).exposure(people);
        gi.run(&counts, weights)
    };
    let fault = |counts, people| run(counts, people, &path).unwrap_err().fault();
    let unknown = f64::NAN;
    for people in [
        vec![1.0, -1.0, 2.0],
        vec![1.0, unknown, 2.0],
        vec![1.0, f64::INFINITY, 2.0],
        vec![1.0, 2.0],
    ] {
        assert_eq!(fault([1.0, 2.0, 3.0], people), Some(Fault::MissingExposure));
    }
    assert_eq!(
        fault([1.0, 2.5, 3.0], vec![1.0; 3]),
        Some(Fault::NotAnInteger)
    );
    assert_eq!(
        fault([1.0, -2.0, 3.0], vec![1.0; 3]),
        Some(Fault::NotAnInteger)
    );
    // A unit without a value needs no exposure, and no people are no fault.
    let found = run([unknown, 2.0, 3.0], vec![unknown, 1.0, 2.0], &path).unwrap();
    assert!((found.p_less[2] - binomial_tails(2, 5, 1.0 / 3.0).0).abs() < 1e-15);
    assert!(run([1.0, 2.0, 0.0], vec![1.0, 2.0, 0.0], &path).is_ok());
    let unequal = Weights::from_csr(&[0, 1, 3, 4], &[1, 0, 2, 1], &[1.0, 2.0, 3.0, 1.0]).unwrap();
    assert!(run([1.0, 2.0, 3.0], vec![1.0; 3], &unequal).is_err());
    // One weight for all but the unit itself: counted once or refused.
    let star = |own: f64| {
        let weights = Weights::from_csr(&[0, 2, 4], &[0, 1, 0, 1], &[own, 1.0, 1.0, own]).unwrap();
        let gi = GiStar::new()
            .inference(Inference::Exposure)
            .exposure(vec![1.0; 2]);
        gi.run(&[1.0, 2.0], &weights)
    };
    assert!(star(2.0).is_err() && star(1.0).is_ok());
}

#[test]
fn same_bytes_for_any_number_of_threads() {
    let y: Vec<f64> = (0..400).map(|i| f64::from(i * i % 11)).collect();
    let weights = queen(20, 20).include_self();
    for inference in [Inference::Exact, Inference::Permutation { replicates: 199 }] {
        let run = |threads| {
            let workers = Workers::new(threads).unwrap();
            GiStar::new()
                .inference(inference)
                .run_with(&y, &weights, &workers)
                .unwrap()
        };
        assert!([2, 3, 7].into_iter().all(|t| run(t) == run(1)));
    }
}

proptest! {
    #[test]
    fn z_ignores_the_scale_of_rows_and_values(
        y in prop::collection::vec(0u8..20, 25),
        scale in 0.01f64..100.0,
        shift in -1e3f64..1e3,
    ) {
        prop_assume!(y.iter().any(|&v| v != y[0]));
        let y: Vec<f64> = y.into_iter().map(f64::from).collect();
        let weights = queen(5, 5).include_self();
        let analytic = GiStar::new().inference(Inference::Analytic);
        let plain = analytic.run(&y, &weights).unwrap();
        let moved: Vec<f64> = y.iter().map(|v| v * scale + shift).collect();
        let other = analytic.run(&moved, &weights.row_standardise()).unwrap();
        for (a, b) in plain.z.iter().zip(&other.z) {
            prop_assert!((a - b).abs() < 1e-9 * a.abs().max(1.0), "{} {}", a, b);
        }
    }
}
