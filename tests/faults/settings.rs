//! Settings that make no sense, take too much, or must change nothing.

use brandpunt::analysis::HotspotAnalysis;
use brandpunt::methods::density::KernelDensity;
use brandpunt::methods::emerging::SpaceTimeBins;
use brandpunt::methods::local::{GiStar, Inference};
use brandpunt::weights::{Adjacency, Nearest, Weights};
use brandpunt::{
    Bounds, Crs, Error, Grid, Incidents, Step, Theme, Times, WarningCode, Workers, Zone,
};

use super::locations::warned;
use super::{refusal, scattered, tiles};

#[test]
fn fault_24_bandwidths_that_make_no_sense() {
    let incidents = scattered(200, 3, 2);
    for metres in [0.0, -300.0, f64::NAN, f64::INFINITY] {
        let density = KernelDensity::new(metres).cell_size(100.0).run(&incidents);
        assert!(refusal(density).1.contains("bandwidth"), "{metres}");
        let analysis = HotspotAnalysis::new(Theme::all()).bandwidth(metres);
        assert!(
            refusal(analysis.run(&incidents, &tiles(3, 2)))
                .1
                .contains("bandwidth"),
            "{metres}"
        );
    }
    for (metres, cell) in [(60.0, 100.0), (30_000.0, 1_000.0)] {
        let surface = KernelDensity::new(metres)
            .cell_size(cell)
            .run(&incidents)
            .unwrap();
        warned(surface.warnings(), WarningCode::Bandwidth);
    }
    let surface = KernelDensity::new(500.0)
        .cell_size(100.0)
        .run(&incidents)
        .unwrap();
    assert!(surface.warnings().is_empty(), "{:?}", surface.warnings());
}

/// What an input costs too much is refused with its size, the limit and a remedy.
fn too_large<T>(result: brandpunt::Result<T>) -> (u128, u128) {
    match result {
        Err(Error::TooLarge {
            needed,
            limit,
            remedy,
            ..
        }) => {
            assert!(!remedy.is_empty());
            assert!(needed > limit, "{needed} is not above {limit}");
            (needed, limit)
        }
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("this should have been refused"),
    }
}

#[test]
fn fault_25_cells_without_number() {
    let incidents = scattered(200, 3, 2);
    let metres = Bounds::new(140_000.0, 480_000.0, 150_000.0, 490_000.0);
    // A tenth of a square metre each, a hundred kilometres around: 10^12 cells.
    let wide = Bounds::new(100_000.0, 400_000.0, 200_000.0, 500_000.0);
    too_large(Grid::covering(wide, 0.1, Crs::RD_NEW));
    too_large(
        KernelDensity::new(300.0)
            .cell_size(0.01)
            .extent(metres)
            .run(&incidents),
    );
    too_large(KernelDensity::new(300.0).cell_size(1e-300).run(&incidents));
    too_large(KernelDensity::new(1e8).cell_size(100.0).run(&incidents));
    let (_, limit) = too_large(
        KernelDensity::new(300.0)
            .cell_size(1.0)
            .most_bytes(1 << 20)
            .run(&incidents),
    );
    assert_eq!(limit, 1 << 20);
    let fine = HotspotAnalysis::new(Theme::all()).cell_size(1e-3);
    too_large(fine.run(&incidents, &tiles(3, 2)));
    // The remedy is one: cells of the size it names are taken.
    let text = refusal(Grid::covering(wide, 0.1, Crs::RD_NEW)).1;
    assert!(text.contains("100 m"), "{text}");
    assert!(Grid::covering(wide, 100.0, Crs::RD_NEW).is_ok());
}

#[test]
fn fault_26_numbers_of_pairs_beyond_32_bits() {
    let most = usize::MAX;
    too_large(Weights::lattice(most, most, 1, Adjacency::Queen));
    too_large(Weights::lattice(most, most, most, Adjacency::Queen));
    too_large(Weights::lattice(1 << 20, 1 << 20, 1, Adjacency::Rook));
    too_large(Weights::lattice(
        1 << 12,
        1 << 12,
        1 << 12,
        Adjacency::Queen,
    ));
    // 10^5 points with 99,999 neighbours each.
    let x: Vec<f64> = (0..100_000).map(f64::from).collect();
    let y = vec![0.0; x.len()];
    too_large(Nearest::new(99_999).build(&x, &y));
    too_large(Weights::distance_band(&x, &y, 1e6));
    let few = Weights::lattice(300, 300, 1, Adjacency::Queen).unwrap();
    too_large(few.over_time(10_000_000, 1));
    let day = 86_400;
    let times = Times::from_utc_seconds(vec![0, 40_000 * day], Zone::utc());
    too_large(SpaceTimeBins::new(Step::Week).run_labels(&[0, 1], &times, 1 << 24));
    let far = Incidents::builder(vec![-9e8, 9e8], vec![-9e8, 9e8], Crs::PLANAR)
        .build()
        .unwrap();
    too_large(KernelDensity::new(300.0).cell_size(10.0).run(&far));
}

#[test]
fn fault_37_threads_that_are_none_or_too_many() {
    let cores = std::thread::available_parallelism().unwrap().get();
    assert_eq!(Workers::new(0).unwrap().threads(), cores);
    let most = (4 * cores).max(16);
    assert_eq!(Workers::new(most).unwrap().threads(), most);
    for absurd in [most + 1, 1_000_000, usize::MAX] {
        let text = refusal(Workers::new(absurd)).1;
        assert!(
            text.contains("n_jobs") && text.contains(&most.to_string()),
            "{text}"
        );
    }
}

#[test]
fn fault_41_results_that_depend_on_the_number_of_threads() {
    let (incidents, hoods) = (scattered(3_000, 4, 4), tiles(4, 4));
    let weights = Weights::queen(&hoods).unwrap().include_self();
    let values: Vec<f64> = (0..16).map(|i| f64::from(i * i % 11)).collect();
    let replicates = 5_000;
    let made = |threads: usize| {
        let workers = Workers::new(threads).unwrap();
        let surface = KernelDensity::new(400.0)
            .cell_size(50.0)
            .run_with(&incidents, &workers)
            .unwrap();
        let gi = GiStar::new()
            .inference(Inference::Permutation { replicates })
            .seed(17)
            .run_with(&values, &weights, &workers)
            .unwrap();
        let result = HotspotAnalysis::new(Theme::all())
            .run_with(&incidents, &hoods, &workers)
            .unwrap();
        let bits = |column: &[f64]| column.iter().map(|v| v.to_bits()).collect::<Vec<u64>>();
        let density = surface.values().as_slice().map(bits).unwrap();
        let columns = result
            .neighbourhoods
            .float_columns()
            .map(|(_, column)| bits(column));
        (density, bits(&gi.p), columns)
    };
    let one = made(1);
    for threads in [2, 3, 7, 16] {
        assert!(made(threads) == one, "{threads} threads");
    }
}
