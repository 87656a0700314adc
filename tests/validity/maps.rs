//! Maps whose truth is known.

use brandpunt::weights::{Adjacency, Weights};
use rand::{Rng, RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Where the units lie: their neighbours (each its own) and their exposures.
pub(crate) struct Layout {
    pub(crate) name: &'static str,
    pub(crate) weights: Weights,
    pub(crate) exposure: Vec<f64>,
}

/// 20 by 20 cells of equal exposure; neighbours touch.
pub(crate) fn cells() -> Layout {
    let lattice = Weights::lattice(20, 20, 1, Adjacency::Queen).unwrap();
    Layout {
        name: "20 x 20 cells",
        weights: lattice.include_self(),
        exposure: vec![1.0; 400],
    }
}

/// The same cells with very uneven exposures.
pub(crate) fn uneven_cells() -> Layout {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
    let exposure = (0..400).map(|_| 0.02 + random.random::<f64>().powi(3));
    Layout {
        name: "20 x 20 uneven cells",
        exposure: exposure.collect(),
        ..cells()
    }
}

/// 281 census tracts of upstate New York with their populations and their eight nearest tracts.
pub(crate) fn tracts() -> Option<Layout> {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/reference/satscan_ny_leukemia"
    );
    let Ok(text) = std::fs::read_to_string(format!("{folder}/nydf.csv")) else {
        println!("SKIPPED: the tracts of New York, no {folder}");
        return None;
    };
    let mut lines = text.lines();
    let header: Vec<&str> = lines
        .next()?
        .split(',')
        .map(|h| h.trim_matches('"'))
        .collect();
    let column = |name: &str| header.iter().position(|h| *h == name);
    let (x, y, people) = (column("x")?, column("y")?, column("population")?);
    let rows: Vec<Vec<f64>> = lines
        .map(|l| {
            l.split(',')
                .map(|v| v.trim_matches('"').parse().unwrap_or(f64::NAN))
                .collect()
        })
        .collect();
    let of = |at: usize| -> Vec<f64> { rows.iter().map(|r| r[at]).collect() };
    let weights = Weights::nearest(&of(x), &of(y), 8).unwrap();
    Some(Layout {
        name: "281 tracts",
        weights: weights.include_self(),
        exposure: of(people),
    })
}

impl Layout {
    pub(crate) fn units(&self) -> usize {
        self.exposure.len()
    }

    /// Units in an average window.
    fn window(&self) -> f64 {
        self.weights.pairs() as f64 / self.units() as f64
    }

    /// Means of units so that an average window expects `around`, in proportion to exposure.
    pub(crate) fn means(&self, around: f64) -> Vec<f64> {
        let people: f64 = self.exposure.iter().sum();
        let total = around / self.window() * self.units() as f64;
        self.exposure.iter().map(|e| total * e / people).collect()
    }

    /// Means that are the same for all units.
    pub(crate) fn level(&self, around: f64) -> Vec<f64> {
        vec![around / self.window(); self.units()]
    }
}

/// The source of map number `number` of a series.
pub(crate) fn source(series: u64, number: usize) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(series << 32 ^ number as u64)
}

/// Independent Poisson counts.
pub(crate) fn poisson(means: &[f64], random: &mut impl Rng) -> Vec<f64> {
    means
        .iter()
        .map(|&mean| one_poisson(mean, random))
        .collect()
}

/// Independent negative-binomial counts whose variance is `ratio` times the mean: a Poisson number
/// of series of reports, each of a logarithmic number.
pub(crate) fn overdispersed(means: &[f64], ratio: f64, random: &mut impl Rng) -> Vec<f64> {
    let share = 1.0 - 1.0 / ratio;
    means
        .iter()
        .map(|&mean| {
            let series = one_poisson(mean * ratio.ln() / (ratio - 1.0), random);
            (0..series as usize)
                .map(|_| logarithmic(share, random))
                .sum()
        })
        .collect()
}

/// Poisson by inversion, in parts small enough for the first mass to be positive.
fn one_poisson(mean: f64, random: &mut impl Rng) -> f64 {
    if mean > 500.0 {
        return one_poisson(0.5 * mean, random) + one_poisson(0.5 * mean, random);
    }
    let mut left: f64 = random.random();
    let (mut k, mut mass) = (0.0, (-mean).exp());
    while left > mass && k < 5_000.0 {
        left -= mass;
        k += 1.0;
        mass *= mean / k;
    }
    k
}

/// Logarithmic by inversion.
fn logarithmic(share: f64, random: &mut impl Rng) -> f64 {
    let mut left: f64 = random.random();
    let (mut k, mut mass) = (1.0, -share / (1.0 - share).ln());
    while left > mass && k < 5_000.0 {
        left -= mass;
        k += 1.0;
        mass *= share * (k - 1.0) / k;
    }
    k
}
