//! Are p-values what they claim where nothing is?

use brandpunt::Workers;
use brandpunt::methods::local::{GiStar, Inference, LocalGeary, LocalMoran, Losh};
use rand::RngExt;

use crate::maps::{Layout, cells, poisson, source};
use crate::table::{Row, band};

/// A unit in the middle, whose p-value is followed over many maps.
const UNIT: usize = 10 * 20 + 10;

/// The p-value of the unit on a map.
type P<'a> = &'a (dyn Fn(&[f64]) -> f64 + Sync);

pub(crate) fn rows(maps: usize) -> Vec<Row> {
    let maps = 5 * maps / 2;
    let layout = cells();
    let workers = Workers::new(0).unwrap();
    let mut rows = Vec::new();
    let methods: [(&str, P<'_>); 4] = [
        ("Gi*, 999 permutations", &|x| gi(&layout, permuted(), x)),
        ("local Moran, 999 permutations", &|x| {
            let method = LocalMoran::new().inference(permuted());
            let serial = Workers::new(1).unwrap();
            method.run_with(x, &layout.weights, &serial).unwrap().p[UNIT]
        }),
        ("local Geary, 999 permutations", &|x| {
            let method = LocalGeary::new().inference(permuted());
            let serial = Workers::new(1).unwrap();
            method.run_with(&[x], &layout.weights, &serial).unwrap().p[UNIT]
        }),
        ("Gi*, analytic, normal values", &|x| {
            gi(&layout, Inference::Analytic, x)
        }),
    ];
    for (series, (name, p)) in (60..).zip(methods) {
        let found = workers
            .map(maps, |number| p(&normal(&mut source(series, number))))
            .unwrap();
        let what = format!("{name}: Kolmogorov-Smirnov against uniform");
        rows.push(Row::at_least(what, kolmogorov_smirnov(found), 1e-4));
    }
    // Counts: no level may be exceeded more often than it says.
    for (series, mean) in (70..).zip([0.05, 1.0, 5.0]) {
        let found = workers
            .map(maps, |number| {
                let counts = poisson(&vec![mean; 400], &mut source(series, number));
                gi(&layout, Inference::Exact, &counts)
            })
            .unwrap();
        let excess = (1..=100).map(|i| {
            let level = f64::from(i) / 100.0;
            let share = found.iter().filter(|p| **p <= level).count() as f64 / maps as f64;
            share - level - band(level, maps)
        });
        let worst = excess.fold(f64::NEG_INFINITY, f64::max);
        let what = format!("Gi* exact, counts of mean {mean}: worst excess over a level");
        rows.push(Row::at_most(what, worst, 0.0));
    }
    rows.push(losh_size(maps, &layout));
    rows
}

/// LOSH draws residuals that share values with each other, so its p is only nearly exact.
fn losh_size(maps: usize, layout: &Layout) -> Row {
    let workers = Workers::new(0).unwrap();
    let method = Losh::new().inference(permuted());
    let found = workers
        .map(maps, |number| {
            let serial = Workers::new(1).unwrap();
            let values = normal(&mut source(80, number));
            method
                .run_with(&values, &layout.weights, &serial)
                .unwrap()
                .p[UNIT]
        })
        .unwrap();
    let share = found.iter().filter(|p| **p <= 0.05).count() as f64 / maps as f64;
    Row::at_most("LOSH, 999 permutations: p at most 0.05", share, 0.08)
}

const fn permuted() -> Inference {
    Inference::Permutation { replicates: 999 }
}

fn gi(layout: &Layout, inference: Inference, values: &[f64]) -> f64 {
    let serial = Workers::new(1).unwrap();
    let method = GiStar::new().inference(inference);
    method.run_with(values, &layout.weights, &serial).unwrap().p[UNIT]
}

/// Independent normal values, by the method of Box and Muller.
fn normal(random: &mut impl rand::Rng) -> Vec<f64> {
    (0..400)
        .map(|_| {
            let (u, v): (f64, f64) = (random.random(), random.random());
            (-2.0 * (1.0 - u).ln()).sqrt() * (std::f64::consts::TAU * v).cos()
        })
        .collect()
}

/// Chance of a larger distance from the uniform distribution.
pub(crate) fn kolmogorov_smirnov(mut p: Vec<f64>) -> f64 {
    p.sort_by(f64::total_cmp);
    let n = p.len() as f64;
    let distance = p
        .iter()
        .enumerate()
        .map(|(i, &p)| (p - i as f64 / n).max((i as f64 + 1.0) / n - p))
        .fold(0.0, f64::max);
    let t = (n.sqrt() + 0.12 + 0.11 / n.sqrt()) * distance;
    let terms = (1..101).map(|k| {
        let k = f64::from(k);
        (if k % 2.0 == 0.0 { -2.0 } else { 2.0 }) * (-2.0 * k * k * t * t).exp()
    });
    terms.sum::<f64>().clamp(0.0, 1.0)
}
