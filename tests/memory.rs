//! Settings that ask for more memory than any machine has are refused before any of it is taken.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

use std::fmt::Debug;

use brandpunt::analysis::{HotspotAnalysis, StabilityAnalysis};
use brandpunt::index::{NeighbourhoodIndex, count_labels};
use brandpunt::methods::clusters::NearestNeighbourHierarchy;
use brandpunt::methods::concentration::Concentration;
use brandpunt::methods::density::{KernelDensity, RelativeRisk, SpaceTimeDensity, Tolerance};
use brandpunt::methods::emerging::{HotspotComparison, SpaceTimeBins, SpaceUnits};
use brandpunt::methods::local::{GiStar, Inference, Moran};
use brandpunt::methods::near_repeat::{Knox, NearRepeat};
use brandpunt::methods::profile::Profile;
use brandpunt::methods::scan::SpatialScan;
use brandpunt::synthetic::SyntheticCity;
use brandpunt::weights::{Adjacency, Nearest, Weights};
use brandpunt::{Bounds, Crs, Error, Grid, Incidents, Result, Step, Theme, Times, Workers, Zone};

/// Refused for its size, which is told with the limit and what to do.
fn too_large<T: Debug>(what: &str, result: Result<T>) {
    match result.map(|_| ()) {
        Err(error @ Error::TooLarge { .. }) => {
            let Error::TooLarge {
                needed,
                limit,
                remedy,
                ..
            } = &error
            else {
                return;
            };
            assert!(needed > limit, "{what}: {error}");
            assert!(remedy.len() > 10, "{what}: {error}");
        }
        other => panic!("{what}: {other:?}"),
    }
}

/// Refused as a number that makes no sense, by the name of the option.
fn absurd<T: Debug>(name: &str, result: Result<T>) {
    match result.map(|_| ()) {
        Err(Error::Parameter {
            name: told,
            expected,
            ..
        }) => {
            assert_eq!(told, name);
            assert!(expected.contains("10000000"), "{name}: {expected}");
        }
        other => panic!("{name}: {other:?}"),
    }
}

fn piled(n: usize) -> Incidents {
    Incidents::builder(vec![5.0; n], vec![5.0; n], Crs::PLANAR)
        .time(Times::from_utc_seconds(vec![0; n], Zone::utc()))
        .build()
        .unwrap()
}

#[test]
fn tables_beyond_memory_are_refused() {
    let workers = Workers::new(1).unwrap();
    let city = SyntheticCity::new(300)
        .seed(1)
        .neighbourhoods(20)
        .build()
        .unwrap();
    let some = &city.incidents;
    // So many cells over the city.
    let bounds = city.neighbourhoods.bounds();
    let side = |cells: f64| (bounds.width() * bounds.height() / cells).sqrt();
    let metres = Bounds::new(140_000.0, 480_000.0, 150_000.0, 490_000.0);
    let wide = Bounds::new(100_000.0, 400_000.0, 200_000.0, 500_000.0);
    too_large("grid", Grid::covering(wide, 0.1, Crs::RD_NEW));
    too_large(
        "surface",
        KernelDensity::new(300.0)
            .cell_size(0.4)
            .extent(metres)
            .run(some),
    );
    too_large(
        "slices",
        SpaceTimeDensity::new(300.0, 30.0)
            .cell_size(25.0)
            .every(0.001)
            .run(some),
    );
    too_large(
        "risk",
        RelativeRisk::new(300.0)
            .cell_size(0.4)
            .extent(metres)
            .run(some, some),
    );
    // Cells that a grid allows, and that a cube of them does not.
    let cells = Grid::covering(bounds, side(1e9), some.crs()).unwrap();
    let units = SpaceUnits::Cells {
        grid: &cells,
        within: None,
    };
    too_large(
        "cube",
        SpaceTimeBins::new(Step::Week).run_with(some, units, &workers),
    );
    let index = NeighbourhoodIndex::build(&city.neighbourhoods).unwrap();
    let finest = Grid::covering(bounds, side(1.5e9), some.crs()).unwrap();
    too_large("labels", index.locate_cells(&finest, &workers));
    too_large("counts", count_labels(&[], None, Vec::new(), 1 << 40));
    let fine = HotspotAnalysis::new(Theme::all()).cell_size(side(1e8));
    too_large("cells", fine.run(some, &city.neighbourhoods));
    too_large(
        "lattice",
        Weights::lattice(1 << 15, 1 << 15, 9, Adjacency::Queen),
    );
    let x: Vec<f64> = (0..100_000).map(f64::from).collect();
    let y = vec![0.0; x.len()];
    too_large("band", Weights::distance_band(&x, &y, 1e6));
    too_large("nearest", Nearest::new(99_999).build(&x, &y));
    let small = Weights::lattice(300, 300, 1, Adjacency::Queen).unwrap();
    too_large("over time", small.over_time(100_000, 3));
    too_large(
        "order",
        Weights::lattice(1_000, 1_000, 60, Adjacency::Queen),
    );
    let people = vec![1.0; x.len()];
    too_large("windows", SpatialScan::new().run(&people, &people, &x, &y));
    let pile = piled(60_000);
    too_large("knox", Knox::new(100.0, 7.0).run(&pile));
    too_large(
        "near repeat",
        NearRepeat::new(&[0.0, 100.0], &[0.0, 7.0]).run(&pile),
    );
    let curves = Concentration::new().simulations(9_000_000);
    too_large("curves", curves.run(&vec![1.0; 200], None));
}

#[test]
fn replicates_beyond_reason_are_refused() {
    let workers = Workers::new(1).unwrap();
    let city = SyntheticCity::new(300)
        .seed(1)
        .neighbourhoods(20)
        .build()
        .unwrap();
    let (some, areas) = (&city.incidents, &city.neighbourhoods);
    let lattice = Weights::lattice(4, 5, 1, Adjacency::Queen).unwrap();
    let values: Vec<f64> = (0..20).map(f64::from).collect();
    for replicates in [10_000_001, usize::MAX] {
        for inference in [
            Inference::Permutation { replicates },
            Inference::Sequential { replicates },
        ] {
            let gi = GiStar::new().inference(inference);
            absurd(
                "permutations",
                gi.run_with(&values, &lattice.include_self(), &workers),
            );
        }
        absurd(
            "permutations",
            Moran::new()
                .replicates(replicates)
                .run_with(&values, &lattice, &workers),
        );
        absurd(
            "permutations",
            HotspotComparison::new()
                .replicates(replicates)
                .run_with(&[1; 20], &[1; 20], &workers),
        );
        absurd(
            "permutations",
            Profile::new().permutations(replicates).run(some, areas),
        );
        absurd(
            "permutations",
            Knox::new(100.0, 7.0).permutations(replicates).run(some),
        );
        let tolerance = Tolerance::MonteCarlo { replicates };
        absurd(
            "permutations",
            RelativeRisk::new(300.0)
                .tolerance(tolerance)
                .run(some, some),
        );
        absurd(
            "simulations",
            Concentration::new()
                .simulations(replicates)
                .run(&values, None),
        );
        let scan = SpatialScan::new().replicates(replicates);
        absurd("replicates", scan.run(&values, &values, &values, &values));
        let area = brandpunt::index::StudyArea::new(areas, &workers).unwrap();
        let clusters = NearestNeighbourHierarchy::new().replicates(replicates);
        absurd("replicates", clusters.run(some, &area));
        let stability =
            StabilityAnalysis::new(HotspotAnalysis::new(Theme::all())).resamples(replicates);
        absurd("resamples", stability.run(some, areas));
    }
}

/// The same in a process that cannot have three gigabytes: whoever took memory first would abort.
#[cfg(target_os = "linux")]
#[test]
fn nothing_is_taken_first() {
    let Ok(own) = std::env::current_exe() else {
        println!("SKIPPED: the test does not know where it is");
        return;
    };
    for test in [
        "tables_beyond_memory_are_refused",
        "replicates_beyond_reason_are_refused",
    ] {
        let child = std::process::Command::new("sh")
            .args([
                "-c",
                r#"ulimit -v 3145728 && exec "$0" --exact "$1" --test-threads 1"#,
            ])
            .arg(&own)
            .arg(test)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&child.stdout);
        assert!(
            child.status.success(),
            "{told}{}",
            String::from_utf8_lossy(&child.stderr)
        );
        assert!(told.contains("1 passed"), "{told}");
    }
}
