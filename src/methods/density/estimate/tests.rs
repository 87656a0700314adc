use proptest::prelude::*;

use super::*;

mod laws;

fn incidents(points: &[(f64, f64)]) -> Incidents {
    let (x, y) = points.iter().copied().unzip();
    Incidents::builder(x, y, Crs::PLANAR).build().unwrap()
}

fn cloud(n: usize, seed: u64, side: f64) -> Vec<(f64, f64)> {
    use rand::RngExt;
    let mut random = crate::random::stream(seed, 0);
    (0..n)
        .map(|_| {
            let corner = |r: f64| (r * side * 4.0).round() / 4.0;
            (
                143_000.0 + corner(random.random()),
                486_000.0 + corner(random.random()),
            )
        })
        .collect()
}

fn golden() -> serde_json::Value {
    serde_json::from_str(include_str!("../../../../data/golden/kde45.json")).unwrap()
}

fn pairs(value: &serde_json::Value) -> Vec<(f64, f64)> {
    let list = value.as_array().unwrap().iter();
    list.map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap()))
        .collect()
}

#[test]
fn direct_summation_equals_the_golden_surface() {
    let golden = golden();
    let incidents = incidents(&pairs(&golden["points"]));
    let cells = pairs(&golden["cells"]);
    for (kernel, name) in [
        (Kernel::Quartic, "quartic"),
        (Kernel::Epanechnikov, "epanechnikov"),
        (Kernel::Gaussian, "gaussian"),
    ] {
        let density = KernelDensity::new(300.0).kernel(kernel);
        let got = density.at(&incidents, &cells).unwrap();
        let surface = density
            .cell_size(100.0)
            .extent(Bounds::new(121_000.0, 487_000.0, 121_999.0, 487_999.0))
            .run(&incidents)
            .unwrap();
        let peak = surface.peak();
        let want = golden[name].as_array().unwrap();
        assert_eq!(want.len(), 100);
        for ((g, w), &(x, y)) in got.iter().zip(want).zip(&cells) {
            let w = 1e6
                * w.as_f64()
                    .unwrap_or_else(|| w.as_str().unwrap().parse().unwrap());
            assert!((g - w).abs() <= 1e-13 * w.abs(), "{name} {g} {w}");
            assert!(
                (surface.at(x, y) - w).abs() <= 1e-12 * peak,
                "{name} {x} {y}"
            );
        }
    }
}

/// Every way of filling a raster equals direct summation, to the stated bound.
#[test]
fn all_ways_equal_direct_summation() {
    let mut points = cloud(400, 1, 3000.0);
    points.extend(vec![(144_000.0, 487_000.0); 300]);
    let incidents = incidents(&points);
    for kernel in Kernel::ALL {
        for (bandwidth, cell) in [(300.0, 25.0), (300.0, 100.0), (1000.0, 10.0), (50.0, 60.0)] {
            if kernel == Kernel::Gaussian && cell < 25.0 {
                continue;
            }
            let density = KernelDensity::new(bandwidth).kernel(kernel).cell_size(cell);
            let surface = density.run(&incidents).unwrap();
            let grid = surface.grid();
            let picked: Vec<(usize, usize)> = (0..150)
                .map(|k| ((k * 7919) % grid.rows(), (k * 104_729) % grid.cols()))
                .collect();
            let centres: Vec<_> = picked.iter().map(|&(r, c)| grid.centre(r, c)).collect();
            let want = density.at(&incidents, &centres).unwrap();
            let bound = 1e-12 * surface.peak();
            for (&at, w) in picked.iter().zip(want) {
                let got = surface.values()[at];
                // Of the uniform kernel, a cell centre may lie on the very edge.
                let edge = kernel == Kernel::Uniform
                    && (got - w).abs() < 1.01e6 * kernel.peak() / (bandwidth * bandwidth);
                assert!(
                    (got - w).abs() <= bound || edge,
                    "{} {bandwidth} {cell} {got} {w}",
                    kernel.name()
                );
                assert!(got >= 0.0);
                if w == 0.0 && !edge {
                    assert_eq!(got, 0.0, "nothing reaches here");
                }
            }
        }
    }
}

#[test]
fn mass_is_conserved() {
    let incidents = incidents(&cloud(500, 2, 2000.0));
    for kernel in Kernel::ALL {
        let density = KernelDensity::new(300.0).kernel(kernel).cell_size(15.0);
        let surface = density.run(&incidents).unwrap();
        let total = surface.values().sum() * 15.0 * 15.0 / 1e6;
        // The Gaussian surface ends four bandwidths from the outermost incident; the raster sum of
        // the kernels with an edge (uniform) or a point (triangular) is the least exact.
        assert!(
            (total / 500.0 - 1.0).abs() < 1e-3,
            "{} {total}",
            kernel.name()
        );
    }
}

#[test]
fn same_bytes_for_any_number_of_threads() {
    let incidents = incidents(&cloud(2000, 3, 3000.0));
    for kernel in Kernel::ALL {
        let density = KernelDensity::new(200.0).kernel(kernel).cell_size(20.0);
        let run = |t| {
            density
                .run_with(&incidents, &Workers::new(t).unwrap())
                .unwrap()
        };
        assert!(
            [2, 3, 7].into_iter().all(|t| run(t) == run(1)),
            "{}",
            kernel.name()
        );
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let some = incidents(&cloud(10, 4, 100.0));
    for bandwidth in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = KernelDensity::new(bandwidth)
            .cell_size(10.0)
            .run(&some)
            .unwrap_err();
        assert!(matches!(
            error,
            Error::Parameter {
                name: "bandwidth",
                ..
            }
        ));
    }
    let huge = Bounds::new(0.0, 0.0, 1e6, 1e6);
    let error = KernelDensity::new(300.0)
        .cell_size(25.0)
        .extent(huge)
        .run(&some)
        .unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    let degrees = Incidents::builder(vec![5.2], vec![52.3], Crs::WGS84)
        .build()
        .unwrap();
    assert!(matches!(
        KernelDensity::new(300.0).run(&degrees),
        Err(Error::Crs { .. })
    ));
    let small = KernelDensity::new(20.0).cell_size(50.0).run(&some).unwrap();
    assert_eq!(small.warnings()[0].code, WarningCode::Bandwidth);
    let stopped = Workers::new(1).unwrap();
    stopped.job().stop();
    assert!(matches!(
        KernelDensity::new(300.0).run_with(&some, &stopped),
        Err(Error::Cancelled)
    ));
}

fn square(x: f64, y: f64, side: f64) -> StudyArea {
    use geo_types::{MultiPolygon, Rect, coord};
    let corners = (coord! { x: x, y: y }, coord! { x: x + side, y: y + side });
    let square = Rect::new(corners.0, corners.1).to_polygon();
    let codes = vec!["square".to_owned()];
    let shapes = vec![MultiPolygon::new(vec![square])];
    let hoods =
        crate::model::Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap();
    StudyArea::new(&hoods, &Workers::new(1).unwrap()).unwrap()
}

fn unit_square() -> StudyArea {
    square(0.0, 0.0, 1.0)
}

const FOUR: [(f64, f64); 4] = [(0.05, 0.05), (0.5, 0.5), (0.52, 0.47), (0.95, 0.3)];

#[test]
fn corrections_equal_the_golden_ones() {
    let file = include_str!("../../../../data/golden/definitions_golden.json");
    let golden: serde_json::Value = serde_json::from_str(file).unwrap();
    let area = Arc::new(unit_square());
    for edge in Edge::ALL {
        let density = KernelDensity::new(0.1)
            .kernel(Kernel::Gaussian)
            .cell_size(0.04)
            .within(Arc::clone(&area))
            .edge(edge);
        let want = 1e6 * golden["kde_edge"][edge.name()].as_f64().unwrap();
        let at = density
            .at(&incidents(&FOUR), &[(0.1, 0.1), (1.1, 0.5)])
            .unwrap();
        assert!(
            (at[0] / want - 1.0).abs() < 1e-12,
            "{} {}",
            edge.name(),
            at[0]
        );
        assert!(at[1].is_nan(), "outside the study area");
        let surface = density.run(&incidents(&FOUR)).unwrap();
        assert!((surface.at(0.1, 0.1) / want - 1.0).abs() < 1e-12);
        assert!(surface.at(1.01, 0.5).is_nan() && surface.edge() == edge);
    }
}

#[test]
fn diggle_keeps_the_number_and_uniform_keeps_a_constant() {
    let area = Arc::new(unit_square());
    let mut points = cloud(60, 9, 1.0);
    for (x, y) in &mut points {
        (*x, *y) = (*x - 143_000.0, *y - 486_000.0);
    }
    points.extend([(0.003, 0.5), (0.01, 0.01), (0.5, 0.999)]);
    points.retain(|&(x, y)| area.contains(x, y));
    for kernel in [Kernel::Quartic, Kernel::Triweight, Kernel::Gaussian] {
        let h = if kernel == Kernel::Gaussian {
            0.08
        } else {
            0.25
        };
        let density = KernelDensity::new(h)
            .kernel(kernel)
            .within(Arc::clone(&area));
        let cell = 1.0 / 1024.0;
        let fine = density.clone().edge(Edge::Diggle).cell_size(cell);
        let surface = fine.run(&incidents(&points)).unwrap();
        let seen = surface.values().iter().filter(|v| !v.is_nan());
        let total = sum(seen.copied()) * cell * cell / 1e6;
        let error = total / points.len() as f64 - 1.0;
        assert!(error.abs() < 1e-6, "{} {error}", kernel.name());

        // A lattice of incidents is as near to a constant density as there is.
        let lattice: Vec<_> = (0..128 * 128)
            .map(|k| {
                let at = |v: i32| (f64::from(v) + 0.5) / 128.0;
                (at(k / 128), at(k % 128))
            })
            .collect();
        let even = density.edge(Edge::Uniform).cell_size(1.0 / 32.0);
        let even = even.run(&incidents(&lattice)).unwrap();
        let seen = even.values().iter().filter(|v| !v.is_nan());
        assert_eq!(seen.clone().count(), 1024);
        for v in seen {
            assert!(
                (v / (1e6 * 128.0 * 128.0) - 1.0).abs() < 2e-3,
                "{} {v}",
                kernel.name()
            );
        }
    }
}

#[test]
fn corrections_need_a_study_area_and_leave_out_what_lies_beyond() {
    let area = Arc::new(unit_square());
    let some = incidents(&[(0.5, 0.5), (1.2, 0.5)]);
    let density = KernelDensity::new(0.3).cell_size(0.1);
    let error = density.clone().edge(Edge::Diggle).run(&some).unwrap_err();
    assert!(error.to_string().contains("within"), "{error}");
    let masked = density.clone().within(Arc::clone(&area));
    let beyond = incidents(&[(0.5, 0.5)]);
    for edge in [Edge::Uniform, Edge::Diggle] {
        let method = masked.clone().edge(edge);
        let surface = method.run(&some).unwrap();
        assert_eq!(surface.warnings()[0].code, WarningCode::OutsideAllAreas);
        assert_eq!(surface.warnings()[0].value, Some(1.0));
        let alone = method.run(&beyond).unwrap();
        assert!(alone.warnings().is_empty());
        assert_eq!(
            format!("{:?}", surface.values()),
            format!("{:?}", alone.values())
        );
        assert_eq!(surface.values().iter().filter(|v| !v.is_nan()).count(), 100);
    }
    let plain = masked.run(&some).unwrap();
    assert!(
        plain.at(0.95, 0.5) > 0.0,
        "without a correction, the incident beyond counts"
    );
    let corrected = masked.edge(Edge::Uniform).run(&some).unwrap();
    assert!((corrected + plain).is_err());
    let lonely = density.within(area).edge(Edge::Diggle);
    let rd = Incidents::builder(vec![143_000.0], vec![486_000.0], Crs::RD_NEW)
        .build()
        .unwrap();
    assert_eq!(
        lonely.run(&rd).unwrap_err().fault(),
        Some(Fault::CrsMismatch)
    );
}

#[test]
fn several_bandwidths_are_each_on_its_own() {
    let some = incidents(&cloud(500, 8, 2_000.0));
    let workers = Workers::new(2).unwrap();
    let area = Arc::new(square(143_200.0, 486_200.0, 1_500.0));
    let bandwidths = [90.0, 400.0, 30.0];
    for kernel in Kernel::ALL {
        for edge in Edge::ALL {
            let density = KernelDensity::new(1.0)
                .cell_size(25.0)
                .kernel(kernel)
                .within(area.clone())
                .edge(edge);
            let got = density.run_each(&bandwidths, &some, &workers).unwrap();
            for (surface, h) in got.iter().zip(bandwidths) {
                let mut alone = density.clone();
                alone.bandwidth = h;
                let alone = alone.run(&some).unwrap();
                let bound = 1e-12 * alone.peak();
                let same =
                    |(a, b): (&f64, &f64)| (a - b).abs() <= bound || (a.is_nan() && b.is_nan());
                assert!(
                    surface.values().iter().zip(alone.values()).all(same),
                    "{}",
                    kernel.name()
                );
                assert_eq!(
                    (surface.bandwidth(), surface.warnings()),
                    (h, alone.warnings())
                );
            }
        }
    }
    let nothing = KernelDensity::new(1.0)
        .run_each(&[], &some, &workers)
        .unwrap();
    assert!(nothing.is_empty());
    let wrong = KernelDensity::new(1.0).run_each(&[100.0, -1.0], &some, &workers);
    assert!(matches!(
        wrong,
        Err(Error::Parameter {
            name: "bandwidth",
            ..
        })
    ));
}

#[test]
fn the_widest_of_bandwidths_are_flat_and_take_no_memory() {
    let mut points = cloud(60, 3, 800.0);
    points.extend([
        (143_400.0, 489_000.0),
        (143_400.0, 400_000.0),
        (90_000.0, 486_400.0),
    ]);
    let some = incidents(&points);
    for kernel in Kernel::ALL {
        for bandwidth in [1_500.0, 90_000.0, 1e12] {
            let density = KernelDensity::new(bandwidth)
                .cell_size(40.0)
                .kernel(kernel)
                .extent(Bounds::new(143_000.0, 486_000.0, 143_799.0, 486_799.0));
            let surface = density.run(&some).unwrap();
            let grid = surface.grid();
            let centres: Vec<_> = (0..grid.len())
                .map(|i| grid.centre(i / grid.cols(), i % grid.cols()))
                .collect();
            let want = density.at(&some, &centres).unwrap();
            for (got, want) in surface.values().iter().zip(want) {
                let apart = (got - want).abs() / surface.peak();
                assert!(apart < 1e-11, "{} {bandwidth} {apart}", kernel.name());
            }
        }
    }
}

#[test]
fn progress_grows_to_one_whatever_the_way() {
    use std::sync::{Arc, Mutex};

    use crate::job::Job;
    use crate::methods::density::{Adaptive, BandwidthSelection, Selector};

    let some = incidents(&cloud(1_500, 4, 2_000.0));
    let steps = |run: &dyn Fn(&Workers)| {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ear = Arc::clone(&heard);
        let job = Job::new().on_progress(move |p| ear.lock().unwrap().push(p.done));
        run(&Workers::for_job(3, job).unwrap());
        let heard = std::mem::take(&mut *heard.lock().unwrap());
        assert!(heard.is_sorted(), "{heard:?}");
        assert!((heard[heard.len() - 1] - 1.0).abs() < 1e-12, "{heard:?}");
        heard.len()
    };
    let plain = KernelDensity::new(300.0).cell_size(10.0);
    let inside = || plain.clone().within(square(-100.0, -100.0, 1_500.0));
    for density in [
        plain.clone(),
        plain.clone().kernel(Kernel::Gaussian),
        inside(),
        inside().edge(Edge::Diggle).cell_size(50.0),
        inside().edge(Edge::Uniform).cell_size(50.0),
    ] {
        let told = steps(&|workers| drop(density.run_with(&some, workers).unwrap()));
        assert!(told > 4, "{told}");
        let each = [100.0, 200.0, 300.0];
        let told = steps(&|workers| drop(density.run_each(&each, &some, workers).unwrap()));
        assert!(told > 12, "{told}");
    }
    let adaptive = plain.adaptive(Adaptive::Nearest { k: 9 });
    assert!(steps(&|workers| drop(adaptive.run_with(&some, workers).unwrap())) > 4);
    for selector in [Selector::Lscv, Selector::Diggle] {
        let selection = BandwidthSelection::new(selector).candidates(vec![40.0, 60.0, 90.0]);
        assert!(steps(&|workers| drop(selection.run_with(&some, workers).unwrap())) > 2);
    }
}
