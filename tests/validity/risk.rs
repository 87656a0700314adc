//! How often is risk called uneven where it is the same everywhere?

use std::sync::Arc;

use brandpunt::index::StudyArea;
use brandpunt::methods::density::{Adaptive, RelativeRisk, RiskSurface, Tolerance};
use brandpunt::{Crs, Incidents, Neighbourhoods, WarningCode, Workers};
use geo_types::{MultiPolygon, Rect, coord};
use rand::{Rng, RngExt};

use crate::maps::source;
use crate::table::{Row, band, share_of};
use crate::uniformity::kolmogorov_smirnov;

const LEVEL: f64 = 0.05;
/// Side of the study area in metres.
const SIDE: f64 = 1000.0;

fn square() -> Arc<StudyArea> {
    let corner = coord! { x: SIDE, y: SIDE };
    let shape = Rect::new(coord! { x: 0.0, y: 0.0 }, corner).to_polygon();
    let code = || vec!["square".to_owned()];
    let shapes = vec![MultiPolygon::new(vec![shape])];
    let hoods = Neighbourhoods::new(code(), code(), shapes, Crs::PLANAR).unwrap();
    Arc::new(StudyArea::new(&hoods, &Workers::new(1).unwrap()).unwrap())
}

/// Places of which one half lies anywhere and one half on a hill.
fn places(n: usize, random: &mut impl Rng) -> (Vec<f64>, Vec<f64>) {
    let one = |random: &mut dyn FnMut() -> f64| {
        if random() < 0.5 {
            (SIDE * random(), SIDE * random())
        } else {
            let mut hill = || SIDE * 0.5 * (random() + random());
            (hill(), hill())
        }
    };
    let mut draw = || random.random::<f64>();
    (0..n).map(|_| one(&mut draw)).unzip()
}

fn set(n: usize, random: &mut impl Rng) -> Incidents {
    let (x, y) = places(n, random);
    Incidents::builder(x, y, Crs::PLANAR).build().unwrap()
}

/// Places with one to a hundred people each, and cases that happen to any of them.
fn people(n1: usize, n2: usize, random: &mut impl Rng) -> (Incidents, Incidents) {
    let (x, y) = places(n2, random);
    let weights: Vec<f64> = (0..n2)
        .map(|_| 100.0f64.powf(random.random()).round())
        .collect();
    let homes: Vec<usize> = (0..n2)
        .flat_map(|i| std::iter::repeat_n(i, weights[i] as usize))
        .collect();
    let drawn: Vec<usize> = (0..n1)
        .map(|_| homes[random.random_range(0..homes.len())])
        .collect();
    let at = |column: &[f64]| drawn.iter().map(|&i| column[i]).collect();
    let cases = Incidents::builder(at(&x), at(&y), Crs::PLANAR).build();
    let controls = Incidents::builder(x, y, Crs::PLANAR).weight(weights);
    (cases.unwrap(), controls.build().unwrap())
}

fn alarm(found: &RiskSurface) -> bool {
    found.q.iter().any(|q| *q <= LEVEL)
}

fn warned(found: &RiskSurface) -> bool {
    let mut codes = found.warnings.iter().map(|w| w.code);
    codes.any(|code| code == WarningCode::NormalApproximation)
}

pub(crate) fn rows(maps: usize) -> Vec<Row> {
    let area = square();
    let method = RelativeRisk::new(250.0).cell_size(50.0).within(area);
    let simulated = |number: usize| {
        let tolerance = Tolerance::MonteCarlo { replicates: 199 };
        method.clone().tolerance(tolerance).seed(number as u64)
    };
    let abramson = Adaptive::Abramson {
        pilot: 250.0,
        trim: 5.0,
    };
    let run = |method: &RelativeRisk, (cases, controls): &(Incidents, Incidents)| {
        let serial = Workers::new(1).unwrap();
        method.run_with(cases, controls, &serial).unwrap()
    };
    let sets = |series: u64, number: usize, (n1, n2): (usize, usize)| {
        let mut random = source(series, number);
        (set(n1, &mut random), set(n2, &mut random))
    };
    let limit = LEVEL + band(LEVEL, maps);
    let workers = Workers::new(0).unwrap();
    let mut rows = Vec::new();
    for (series, sizes) in (120..).zip([(50, 100), (100, 300), (1500, 1500)]) {
        let both = |number| sets(series, number, sizes);
        let of = format!("{} cases, {} controls", sizes.0, sizes.1);
        let adaptive = method.clone().adaptive(abramson);
        for (name, method) in [("asymptotic", &method), ("asymptotic, adaptive", &adaptive)] {
            let judged = workers.map(maps, |number| {
                let found = run(method, &both(number));
                (alarm(&found), warned(&found))
            });
            let judged = judged.unwrap();
            let share = |of: &dyn Fn(bool, bool) -> bool| {
                judged.iter().filter(|(a, w)| of(*a, *w)).count() as f64 / maps as f64
            };
            let unwarned = share(&|alarm, warned| alarm && !warned);
            let what = format!("{name}, unwarned, {of}");
            rows.push(Row::at_most(what, unwarned, limit));
            if sizes.0 > 1000 && name == "asymptotic" {
                let silent = share(&|_, warned| !warned);
                rows.push(Row::at_least(format!("no warning, {of}"), silent, 0.5));
            }
        }
        if sizes.0 > 1000 {
            continue;
        }
        let alarms = workers.map(maps, |number| {
            let found = run(&simulated(number), &both(number));
            let most = found.p_max.as_ref().unwrap().iter().any(|p| *p <= LEVEL);
            (alarm(&found), most)
        });
        let alarms = alarms.unwrap();
        let share = |alarms: usize| alarms as f64 / maps as f64;
        let cells = share(alarms.iter().filter(|a| a.0).count());
        rows.push(Row::at_most(format!("Monte Carlo, {of}"), cells, limit));
        let most = share(alarms.iter().filter(|a| a.1).count());
        rows.push(Row::at_most(
            format!("Monte Carlo, p_max, {of}"),
            most,
            limit,
        ));
    }
    let share = share_of(maps, |number| {
        let both = people(100, 400, &mut source(125, number));
        alarm(&run(&simulated(number), &both))
    });
    rows.push(Row::at_most(
        "Monte Carlo, 100 cases among people",
        share,
        limit,
    ));
    // A cell in the middle, followed over many maps.
    let mut uniform = |name: &str, p: &(dyn Fn(usize) -> f64 + Sync)| {
        let found = workers.map(5 * maps / 2, p).unwrap();
        let what = format!("{name}: Kolmogorov-Smirnov against uniform");
        rows.push(Row::at_least(what, kolmogorov_smirnov(found), 1e-4));
    };
    uniform("Monte Carlo, 100 cases, 200 controls", &|number| {
        run(&simulated(number), &sets(126, number, (100, 200))).p[(10, 10)]
    });
    // The approximation leaves out a term that is small where the bandwidth is.
    let narrow = RelativeRisk::new(150.0).cell_size(50.0).within(square());
    uniform("asymptotic, 1500 cases, 1500 controls", &|number| {
        run(&narrow, &sets(127, number, (1500, 1500))).p[(10, 10)]
    });
    uniform("asymptotic, 1500 cases among people", &|number| {
        let both = people(1500, 1000, &mut source(128, number));
        run(&narrow, &both).p[(10, 10)]
    });
    rows
}
