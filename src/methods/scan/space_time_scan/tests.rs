use rand::RngExt;

use super::*;
use crate::methods::scan::ScanCluster;
use crate::random::stream;

fn serial() -> Workers {
    Workers::new(1).unwrap()
}

/// Places at random and counts with a busy corner in steps 5 to 7.
fn map(units: usize, steps: usize, seed: u64) -> (Array2<f64>, Vec<f64>, Vec<f64>, Vec<f64>) {
    let mut random = stream(seed, 1);
    let x: Vec<f64> = (0..units)
        .map(|_| random.random_range(0.0..900.0))
        .collect();
    let y: Vec<f64> = (0..units)
        .map(|_| random.random_range(0.0..900.0))
        .collect();
    let people: Vec<f64> = (0..units)
        .map(|_| random.random_range(50.0..200.0))
        .collect();
    let counts = Array2::from_shape_fn((units, steps), |(unit, step)| {
        let busy = x[unit] < 450.0 && y[unit] < 450.0 && (5..8).contains(&step);
        let most = if busy { 7 } else { 2 };
        (0..most).filter(|_| random.random::<f64>() < 0.5).count() as f64
    });
    (counts, people, x, y)
}

fn term(x: f64, y: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x * (x / y).ln() }
}

/// The greatest ratio by the definition, over discs and pairs of steps.
fn plain(
    counts: &Array2<f64>,
    expected: &Array2<f64>,
    people: &[f64],
    (x, y): (&[f64], &[f64]),
    prospective: bool,
) -> f64 {
    let (units, steps) = counts.dim();
    let (total, all) = (counts.sum(), people.iter().sum::<f64>());
    let mut most = 0.0f64;
    for i in 0..units {
        let reach = |j: usize| (x[j] - x[i]).powi(2) + (y[j] - y[i]).powi(2);
        for k in 0..units {
            let within: Vec<usize> = (0..units).filter(|j| reach(*j) <= reach(k)).collect();
            if within.iter().map(|j| people[*j]).sum::<f64>() > 0.5 * all {
                continue;
            }
            for last in if prospective { steps - 1 } else { 0 }..steps {
                for first in 0..=last {
                    if last + 1 - first > steps / 2 {
                        continue;
                    }
                    let inside = |table: &Array2<f64>| -> f64 {
                        let rows = within.iter();
                        rows.map(|j| (first..=last).map(|t| table[[*j, t]]).sum::<f64>())
                            .sum()
                    };
                    let (c, e) = (inside(counts), inside(expected));
                    if c > e + 1e-9 && c >= 2.0 {
                        most = most.max(term(c, e) + term(total - c, total - e));
                    }
                }
            }
        }
    }
    most
}

#[test]
fn the_greatest_ratio_is_that_of_all_cylinders() {
    for (seed, prospective) in [(1, false), (2, true), (3, false)] {
        let (counts, people, x, y) = map(14, 10, seed);
        let total = counts.sum();
        let all: f64 = people.iter().sum();
        let scan = SpaceTimeScan::new().prospective(prospective).replicates(0);
        let poisson = scan.clone().model(ScanModel::Poisson);
        let found = poisson
            .run_with(&counts, Some(&people), (&x, &y), &serial())
            .unwrap();
        let expected =
            Array2::from_shape_fn((14, 10), |(unit, _)| total * people[unit] / all / 10.0);
        let want = plain(&counts, &expected, &people, (&x, &y), prospective);
        let got = found.clusters[0].log_likelihood_ratio;
        assert!((got - want).abs() < 1e-9, "{got} {want}");
        // Expected counts per unit and step give the same.
        let each = expected.as_slice().unwrap();
        let again = poisson
            .run_with(&counts, Some(each), (&x, &y), &serial())
            .unwrap();
        assert_eq!(again.clusters[0].members, found.clusters[0].members);
        assert!((again.clusters[0].log_likelihood_ratio - want).abs() < 1e-9);

        let found = scan.run_with(&counts, None, (&x, &y), &serial()).unwrap();
        let of_unit: Vec<f64> = counts.rows().into_iter().map(|r| r.sum()).collect();
        let of_step: Vec<f64> = counts.columns().into_iter().map(|c| c.sum()).collect();
        let expected = Array2::from_shape_fn((14, 10), |(unit, step)| {
            of_unit[unit] * of_step[step] / total
        });
        let want = plain(&counts, &expected, &of_unit, (&x, &y), prospective);
        let got = found.clusters[0].log_likelihood_ratio;
        assert!((got - want).abs() < 1e-9, "{got} {want}");
    }
}

#[test]
fn a_busy_corner_is_found_when_it_is_busy() {
    let (counts, people, x, y) = map(80, 16, 5);
    let busy: Vec<usize> = (0..80).filter(|i| x[*i] < 450.0 && y[*i] < 450.0).collect();
    let models = [
        ScanModel::SpaceTimePermutation,
        ScanModel::Poisson,
        ScanModel::Auto,
    ];
    for model in models {
        let scan = SpaceTimeScan::new().model(model).replicates(199);
        let found = scan.run(&counts, Some(&people), &x, &y).unwrap();
        let first = &found.clusters[0];
        assert_eq!((first.first_step, first.last_step), (5, 7), "{model:?}");
        let both = first.members.iter().filter(|m| busy.contains(m)).count();
        let either = first.members.len() + busy.len() - both;
        assert!(
            both as f64 / either as f64 > 0.6,
            "{model:?} {both} of {either}"
        );
        assert!(first.p < 0.02, "{model:?} {}", first.p);
        let inside = |c: &ScanCluster| -> f64 {
            let of = |m: &usize| {
                (c.first_step..=c.last_step)
                    .map(|t| counts[[*m, t]])
                    .sum::<f64>()
            };
            c.members.iter().map(of).sum()
        };
        assert!(
            found
                .clusters
                .iter()
                .all(|c| c.observed as f64 == inside(c))
        );
    }
}

#[test]
fn labels_in_space_and_time_are_cases_among_people() {
    let (counts, _, x, y) = map(30, 10, 8);
    let people = vec![6.0; 300];
    let scan = SpaceTimeScan::new()
        .model(ScanModel::Bernoulli)
        .replicates(99);
    let found = scan.run(&counts, Some(&people), &x, &y).unwrap();
    let first = &found.clusters[0];
    let steps = first.last_step + 1 - first.first_step;
    let expected = counts.sum() / 1800.0 * 6.0 * (steps * first.members.len()) as f64;
    assert!((first.expected - expected).abs() < 1e-9);
    assert_eq!(first.p, 0.01);
}

#[test]
fn looks_before_count_when_said() {
    let (counts, _, x, y) = map(25, 12, 3);
    let recent = SpaceTimeScan::new()
        .prospective(true)
        .days_between_looks(7.0);
    let now = recent.run(&counts, None, &x, &y).unwrap();
    assert!(
        now.clusters
            .iter()
            .all(|c| c.last_step == 11 && c.recurrence_interval == 7.0 / c.p)
    );
    let often = recent
        .clone()
        .looking_since(6)
        .run(&counts, None, &x, &y)
        .unwrap();
    for (a, b) in now.simulated.iter().zip(&often.simulated) {
        assert!(b >= a);
    }
    assert!(often.simulated.iter().sum::<f64>() > now.simulated.iter().sum::<f64>());
    assert!(
        often
            .clusters
            .iter()
            .all(|c| c.recurrence_interval.is_nan())
    );
    assert!(now.windows < often.windows * 12);
}

#[test]
fn same_bytes_for_any_number_of_threads() {
    let (counts, people, x, y) = map(40, 12, 2);
    for model in [ScanModel::SpaceTimePermutation, ScanModel::NegativeBinomial] {
        let scan = SpaceTimeScan::new().model(model).replicates(99).seed(4);
        let run = |threads| {
            let workers = Workers::new(threads).unwrap();
            let found = scan
                .run_with(&counts, Some(&people), (&x, &y), &workers)
                .unwrap();
            format!("{found:?}")
        };
        assert_eq!(run(1), run(2));
        assert_eq!(run(1), run(3));
    }
}

/// First and last steps of windows of at most half of four steps.
#[test]
fn windows_begin_and_end_at_any_step_or_last_until_now() {
    let scan = SpaceTimeScan::new();
    let all = [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (3, 3)];
    let spans = scan.spans(4).unwrap();
    assert_eq!(
        (&spans.seen[..], &spans.simulated[..]),
        (&all[..], &all[..])
    );
    assert_eq!(spans.days, None);
    let recent = scan.clone().prospective(true).days_between_looks(7.0);
    let spans = recent.spans(4).unwrap();
    assert_eq!(
        (&spans.seen[..], &spans.simulated[..]),
        (&all[5..], &all[5..])
    );
    assert_eq!(spans.days, Some(7.0));
    let spans = recent.clone().looking_since(2).spans(4).unwrap();
    assert_eq!(
        (&spans.seen[..], &spans.simulated[..]),
        (&all[5..], &all[3..])
    );
    assert_eq!(spans.days, None);
    let spans = recent.looking_since(3).spans(4).unwrap();
    assert_eq!(spans.simulated, all[5..]);
    for (share, windows) in [(1.0, 4 + 3 + 2 + 1), (0.74, 7), (0.75, 9), (0.01, 4)] {
        let spans = scan.clone().max_time_share(share).spans(4).unwrap();
        assert_eq!(spans.seen.len(), windows);
    }
    assert_eq!(scan.spans(2).unwrap().seen, [(0, 0), (1, 1)]);
}

#[test]
fn what_makes_no_sense_in_time_is_refused() {
    let (counts, people, x, y) = map(5, 6, 2);
    let wrong = [
        SpaceTimeScan::new().max_time_share(0.0),
        SpaceTimeScan::new().max_time_share(1.1),
        SpaceTimeScan::new().max_time_share(f64::NAN),
        SpaceTimeScan::new().days_between_looks(0.0),
        SpaceTimeScan::new().days_between_looks(f64::INFINITY),
        SpaceTimeScan::new().looking_since(2),
        SpaceTimeScan::new().prospective(true).looking_since(6),
    ];
    for scan in wrong {
        let error = scan.run(&counts, None, &x, &y).unwrap_err();
        assert!(matches!(error, Error::Parameter { .. }));
    }
    let poisson = SpaceTimeScan::new().model(ScanModel::Poisson);
    let error = poisson.run(&counts, None, &x, &y).unwrap_err();
    assert!(matches!(
        error,
        Error::Parameter {
            name: "population",
            ..
        }
    ));
    let error = poisson
        .run(&counts, Some(&people[..4]), &x, &y)
        .unwrap_err();
    assert_eq!(error.fault(), Some(Fault::LengthMismatch));
    let one = Array2::ones((5, 1));
    let error = SpaceTimeScan::new().run(&one, None, &x, &y).unwrap_err();
    assert_eq!(error.fault(), Some(Fault::NoRows));
}
