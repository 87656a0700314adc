//! Do the tests hold their level on maps of pure chance?
//!
//! Maps of 20 by 20 cells with independent Poisson counts hold no hotspot, so any is a false
//! alarm. With control of the false discovery rate at 5 %, at most 5 % of such maps may show one.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use brandpunt::WarningCode;
use brandpunt::Workers;
use brandpunt::methods::local::{Geary, GeneralG, GiStar, Inference, Moran};
use brandpunt::weights::{Adjacency, Weights};
use rand::distr::Distribution;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Mean incidents per cell.
const MEANS: [f64; 8] = [0.05, 0.1, 0.3, 1.0, 3.0, 10.0, 25.0, 50.0];
const MAPS_PER_MEAN: usize = 250;

/// Poisson counts by inversion, enough for means up to 50.
struct Poisson(f64);

impl Distribution<f64> for Poisson {
    fn sample<R: rand::Rng + ?Sized>(&self, random: &mut R) -> f64 {
        let mut left: f64 = random.random();
        let (mut k, mut mass) = (0.0, (-self.0).exp());
        while left > mass && k < 1000.0 {
            left -= mass;
            k += 1.0;
            mass *= self.0 / k;
        }
        k
    }
}

fn map(mean: f64, number: u64) -> Vec<f64> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(mean.to_bits() ^ (number << 1));
    (0..400)
        .map(|_| Poisson(mean).sample(&mut random))
        .collect()
}

fn lattice() -> Weights {
    Weights::lattice(20, 20, 1, Adjacency::Queen)
        .unwrap()
        .include_self()
}

/// The band of four standard errors around a share of 5 % in `maps` maps.
fn bound(maps: usize) -> f64 {
    0.05 + 4.0 * (0.05 * 0.95 / maps as f64).sqrt()
}

#[test]
fn exact_inference_holds_its_level_on_pure_chance() {
    let workers = Workers::new(0).unwrap();
    let weights = lattice();
    let mut all = 0;
    for mean in MEANS {
        let alarms: usize = workers
            .map(MAPS_PER_MEAN, |number| {
                let values = map(mean, number as u64);
                let serial = Workers::new(1).unwrap();
                let gi = GiStar::new().run_with(&values, &weights, &serial).unwrap();
                assert_eq!(gi.inference, Inference::Exact);
                usize::from(gi.q.iter().any(|q| *q <= 0.05))
            })
            .unwrap()
            .iter()
            .sum();
        let share = alarms as f64 / MAPS_PER_MEAN as f64;
        assert!(
            share <= bound(MAPS_PER_MEAN),
            "mean {mean}: {share} of the maps alarm"
        );
        all += alarms;
    }
    let maps = MEANS.len() * MAPS_PER_MEAN;
    assert_eq!(maps, 2_000);
    let share = all as f64 / maps as f64;
    assert!(share <= bound(maps), "{share} of {maps} maps alarm");
    // A test that never alarms would hold any level; a planted hotspot must be seen.
    let mut planted = map(1.0, 1);
    for row in 9..12 {
        for col in 9..12 {
            planted[row * 20 + col] += 6.0;
        }
    }
    let gi = GiStar::new().run(&planted, &weights).unwrap();
    assert_eq!(gi.hotspot_class[10 * 20 + 10], 3);
}

#[test]
fn the_normal_approximation_warns_where_it_does_not_hold() {
    let weights = lattice();
    let analytic = GiStar::new().inference(Inference::Analytic);
    for mean in MEANS {
        let gi = analytic.run(&map(mean, 7), &weights).unwrap();
        let warned = gi
            .warnings
            .iter()
            .any(|w| w.code == WarningCode::NormalApproximation);
        // Corner windows hold four cells, so even 45 expected in nine leaves fewer there.
        assert!(warned, "mean {mean}");
    }
    let torus_like = Weights::lattice(20, 20, 3, Adjacency::Queen)
        .unwrap()
        .include_self();
    let gi = analytic.run(&map(25.0, 7), &torus_like).unwrap();
    assert!(
        gi.warnings
            .iter()
            .all(|w| w.code != WarningCode::NormalApproximation)
    );
}

#[test]
fn exposure_inference_holds_its_level_with_uneven_populations() {
    let weights = lattice();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
    let exposure: Vec<f64> = (0..400)
        .map(|_| 20.0 + 3000.0 * random.random::<f64>().powi(3))
        .collect();
    let workers = Workers::new(0).unwrap();
    let maps = 300;
    let alarms: usize = workers
        .map(maps, |number| {
            let mut random = Xoshiro256PlusPlus::seed_from_u64(1000 + number as u64);
            let values: Vec<f64> = exposure
                .iter()
                .map(|e| Poisson(e * 2e-3).sample(&mut random))
                .collect();
            let serial = Workers::new(1).unwrap();
            let gi = GiStar::new()
                .inference(Inference::Exposure)
                .exposure(exposure.clone())
                .run_with(&values, &weights, &serial)
                .unwrap();
            usize::from(gi.q.iter().any(|q| *q <= 0.05))
        })
        .unwrap()
        .iter()
        .sum();
    let share = alarms as f64 / maps as f64;
    assert!(share <= bound(maps), "{share} of {maps} maps alarm");
}

/// Statistics of a whole map, by permutation: each is an exact test, so on maps without order one
/// in twenty is rejected at most.
#[test]
fn statistics_of_a_whole_map_hold_their_level_on_pure_chance() {
    const MAPS: u64 = 1_000;
    let workers = Workers::new(0).unwrap();
    let weights = Weights::lattice(10, 10, 1, Adjacency::Queen).unwrap();
    for mean in [0.3, 3.0] {
        let mut alarms = [0.0; 3];
        for number in 0..MAPS {
            let values = &map(mean, number)[..100];
            let found = [
                Moran::new()
                    .replicates(199)
                    .seed(number)
                    .run_with(values, &weights, &workers),
                Geary::new()
                    .replicates(199)
                    .seed(number)
                    .run_with(values, &weights, &workers),
                GeneralG::new()
                    .replicates(199)
                    .seed(number)
                    .run_with(values, &weights, &workers),
            ];
            for (alarms, found) in alarms.iter_mut().zip(found) {
                *alarms += f64::from(u8::from(found.unwrap().p <= 0.05));
            }
        }
        for alarms in alarms {
            let share = alarms / MAPS as f64;
            assert!(share <= bound(MAPS as usize), "{mean} {share}");
            assert!(share >= 0.01, "{mean} {share}");
        }
    }
}
