//! Do intervals of changes hold the true change as often as they say, for counts that are
//! independent or come in series?

use brandpunt::Workers;
use brandpunt::methods::rates::{Change, ChangeTable, series_dispersion};
use rand::RngExt;

use crate::maps::source;
use crate::table::{Row, band};

/// Means of either period.
const MEANS: [f64; 9] = [0.05, 0.3, 1.0, 2.5, 6.0, 15.0, 30.0, 60.0, 150.0];

/// People now and then.
const PEOPLE: [(f64, f64); 2] = [(1.0, 1.0), (4.0, 1.0)];

/// Counts less likely than this are left out, and taken for not covered.
const RARE: f64 = 1e-7;

pub(crate) fn rows(maps: usize) -> Vec<Row> {
    // Sums over all pairs of counts take long for large means and for counts in series.
    let (means, some, ratios) = if maps < 1_000 {
        (&MEANS[..6], vec![0.05, 1.0, 6.0], vec![3.0])
    } else {
        (
            &MEANS[..],
            vec![0.05, 1.0, 6.0, 30.0, 150.0],
            vec![1.5, 3.0, 10.0],
        )
    };
    let last = |means: &[f64]| means[means.len() - 1];
    let mut rows = vec![Row::at_least(
        format!("difference of two rates, means 0.05 to {}", last(means)),
        least(means, 1.0, |found, i, truth| {
            found.difference_low[i] <= truth.difference
                && truth.difference <= found.difference_high[i]
        }),
        0.95,
    )];
    for ratio in ratios {
        rows.push(Row::at_least(
            format!(
                "ratio, in series, variance {ratio} x mean, means 0.05 to {}",
                last(&some)
            ),
            least(&some, ratio, in_the_wider_interval),
            0.95,
        ));
    }
    // What the documentation of the method says, of an estimate from that many months and areas.
    for (ratio, months, areas, what) in [
        (4.0, 24, 1, 0.95),
        (4.0, 12, 5, 0.95),
        (8.0, 12, 5, 0.94),
        (4.0, 12, 1, 0.92),
    ] {
        let pooled = Estimate {
            ratio,
            months,
            areas,
        };
        rows.push(Row::at_least(
            format!("the same, {ratio} x mean, from {months} months of {areas} areas"),
            least_estimated(means, pooled, maps),
            what - band(what, maps),
        ));
    }
    rows
}

/// What is true of a pair of means.
struct Truth {
    ratio: f64,
    difference: f64,
}

impl Truth {
    fn of(now: (f64, f64), then: (f64, f64)) -> Self {
        let (rate, before) = (now.0 / now.1, then.0 / then.1);
        Self {
            ratio: rate / before,
            difference: rate - before,
        }
    }
}

/// An interval that is not defined claims nothing.
fn in_the_wider_interval(found: &ChangeTable, i: usize, truth: &Truth) -> bool {
    let quasi = found.quasi.as_ref().unwrap();
    quasi.low[i].is_nan() || (quasi.low[i] <= truth.ratio && truth.ratio <= quasi.high[i])
}

/// The chance of each count whose variance is so many times its mean: Poisson for one, else
/// negative binomial.
fn masses(mean: f64, ratio: f64) -> Vec<(i64, f64)> {
    let size = mean / (ratio - 1.0);
    let mut mass = if ratio > 1.0 {
        ratio.powf(-size)
    } else {
        (-mean).exp()
    };
    let mut out = Vec::new();
    for k in 0_i32.. {
        if mass > RARE {
            out.push((i64::from(k), mass));
        } else if f64::from(k) > mean {
            break;
        }
        let k = f64::from(k);
        mass *= if ratio > 1.0 {
            (k + size) / (k + 1.0) * (1.0 - 1.0 / ratio)
        } else {
            mean / (k + 1.0)
        };
    }
    out
}

/// Least coverage over all pairs of means, summed over all pairs of counts.
fn least(means: &[f64], ratio: f64, held: fn(&ChangeTable, usize, &Truth) -> bool) -> f64 {
    let settings = settings(means);
    let coverage = |s: usize| {
        let ((mean1, n1), (mean2, n2)) = settings[s];
        let (now, then) = (masses(mean1, ratio), masses(mean2, ratio));
        let pairs = || now.iter().flat_map(|a| then.iter().map(move |b| (a, b)));
        let (one, other): (Vec<i64>, Vec<i64>) = pairs().map(|(a, b)| (a.0, b.0)).unzip();
        let n = one.len();
        let found = Change::new()
            .per(1.0)
            .overdispersion(vec![ratio; n])
            .run(&one, &vec![n1; n], &other, &vec![n2; n])
            .unwrap();
        let truth = Truth::of((mean1, n1), (mean2, n2));
        let each = pairs()
            .enumerate()
            .filter(|(i, _)| held(&found, *i, &truth));
        each.map(|(_, (a, b))| a.1 * b.1).sum::<f64>()
    };
    smallest(settings.len(), coverage)
}

fn settings(means: &[f64]) -> Vec<((f64, f64), (f64, f64))> {
    let pairs = means
        .iter()
        .flat_map(|a| means.iter().map(move |b| (*a, *b)));
    pairs
        .flat_map(|(a, b)| PEOPLE.map(|(n1, n2)| ((a, n1), (b, n2))))
        .collect()
}

fn smallest(settings: usize, coverage: impl Fn(usize) -> f64 + Sync + Send) -> f64 {
    let all = Workers::new(0).unwrap().map(settings, coverage).unwrap();
    all.into_iter().fold(f64::INFINITY, f64::min)
}

/// A variance over mean that is estimated from the months before, of like areas.
#[derive(Clone, Copy)]
struct Estimate {
    ratio: f64,
    months: usize,
    areas: usize,
}

/// Least coverage over all pairs of means. The year before is the last of the months.
fn least_estimated(means: &[f64], estimate: Estimate, maps: usize) -> f64 {
    let Estimate {
        ratio,
        months,
        areas,
    } = estimate;
    let pairs: Vec<(f64, f64)> = means
        .iter()
        .flat_map(|a| means.iter().map(move |b| (*a, *b)))
        .collect();
    let coverage = |s: usize| {
        let (mean1, mean2) = pairs[s];
        let (year, month) = (Draws::of(mean1, ratio), Draws::of(mean2 / 12.0, ratio));
        let mut random = source(83, s);
        let mut one = Vec::with_capacity(maps);
        let (mut other, mut ratios, mut freedom) = (one.clone(), vec![], vec![]);
        for _ in 0..maps {
            let series: Vec<i64> = (0..months * areas)
                .map(|_| month.one(random.random()))
                .collect();
            let groups = vec![0; areas];
            ratios.push(series_dispersion(&series, months, Some(&groups)).unwrap()[0]);
            let counted = series
                .chunks(months)
                .filter(|c| c.iter().any(|k| *k > 0))
                .count();
            freedom.push(((months - 1) * counted.max(1)) as f64);
            one.push(year.one(random.random()));
            other.push(series[months - 12..months].iter().sum());
        }
        let found = Change::new()
            .overdispersion(ratios)
            .overdispersion_freedom(freedom)
            .run(&one, &vec![1.0; maps], &other, &vec![1.0; maps])
            .unwrap();
        let truth = Truth::of((mean1, 1.0), (mean2, 1.0));
        let held = (0..maps).filter(|i| in_the_wider_interval(&found, *i, &truth));
        held.count() as f64 / maps as f64
    };
    smallest(pairs.len(), coverage)
}

/// Draws from a distribution of counts by its cumulative chances.
struct Draws {
    up_to: Vec<f64>,
    first: i64,
}

impl Draws {
    fn of(mean: f64, ratio: f64) -> Self {
        let masses = masses(mean, ratio);
        let mut sum = 0.0;
        let add = |(_, mass): &(i64, f64)| {
            sum += mass;
            sum
        };
        Self {
            up_to: masses.iter().map(add).collect(),
            first: masses[0].0,
        }
    }

    fn one(&self, uniform: f64) -> i64 {
        let at = self.up_to.partition_point(|sum| *sum < uniform);
        self.first + at.min(self.up_to.len() - 1) as i64
    }
}
