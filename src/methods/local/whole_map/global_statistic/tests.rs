use proptest::prelude::*;

use super::super::links::Links;
use super::*;
use crate::methods::local::orders::orders;
use crate::methods::local::{Geary, GeneralG, Moran};
use crate::model::WarningCode;
use crate::parallel::Workers;
use crate::stats::{Moments, normal_upper_tail};
use crate::weights::{Adjacency, Weights};

/// Weights of one direction only, of both, and of different size.
fn uneven() -> Weights {
    Weights::from_csr(
        &[0, 2, 3, 5, 7, 8],
        &[1, 2, 0, 0, 3, 2, 4, 1],
        &[0.5, 2.0, 1.5, 0.3, 1.0, 1.0, 4.0, 0.7],
    )
    .unwrap()
}

fn even() -> Weights {
    let lists = vec![vec![1, 2], vec![0], vec![0, 3], vec![2, 4], vec![3]];
    Weights::from_neighbours(lists).unwrap().row_standardise()
}

/// Every digit, also of what is not a number.
fn bytes(found: &GlobalStatistic) -> String {
    format!("{found:?}")
}

type Run<'a> = &'a dyn Fn(&[f64], &Weights) -> GlobalStatistic;

const X: [f64; 5] = [3.0, 1.0, 4.0, 1.5, 9.0];

/// Mean and variance over all orders are those that the result names, and its tails are shares of
/// all orders.
fn agrees_with_enumeration(run: impl Fn(&[f64; 5]) -> GlobalStatistic) {
    let all: Vec<f64> = orders()
        .iter()
        .map(|o| run(&o.map(|i| X[i])).statistic)
        .collect();
    assert_eq!(all.len(), 120);
    let moments = Moments::of(&all);
    let got = run(&X);
    let close = |a: f64, b: f64| assert!((a - b).abs() <= 1e-12 * b.abs().max(1e-3), "{a} {b}");
    close(got.expected, moments.mean);
    close(got.variance, moments.population_variance());
    let z = (got.statistic - moments.mean) / moments.population_variance().sqrt();
    assert!((got.z - z).abs() < 1e-10, "{} {z}", got.z);
    assert_eq!(got.z, got.z_randomisation);
    let share =
        |reached: &dyn Fn(f64) -> bool| all.iter().filter(|s| reached(**s)).count() as f64 / 120.0;
    let tie = 1e-12 * got.statistic.abs();
    let greater = share(&|s| s >= got.statistic - tie);
    let less = share(&|s| s <= got.statistic + tie);
    // Four and a half standard errors of a share.
    let band = 4.5 * (0.25 / got.replicates as f64).sqrt();
    assert!((got.p_greater - greater).abs() < band, "{got:?} {greater}");
    assert!((got.p_less - less).abs() < band, "{got:?} {less}");
    assert_eq!(got.p, (2.0 * got.p_less.min(got.p_greater)).min(1.0));
}

#[test]
fn moments_equal_full_enumeration() {
    for w in [
        even(),
        uneven(),
        Weights::lattice(1, 5, 1, Adjacency::Rook).unwrap(),
    ] {
        agrees_with_enumeration(|x| Moran::new().run(x, &w).unwrap());
        agrees_with_enumeration(|x| Geary::new().run(x, &w).unwrap());
        agrees_with_enumeration(|x| GeneralG::new().run(x, &w).unwrap());
    }
}

#[test]
fn moments_between_two_columns_equal_full_enumeration() {
    let other = [2.0, 7.0, 1.0, 8.0, 2.5];
    for w in [even(), uneven()] {
        agrees_with_enumeration(|x| Moran::new().run_between(&other, x, &w).unwrap());
    }
    let same = Moran::new().run_between(&X, &X, &even()).unwrap();
    let own = Moran::new().run(&X, &even()).unwrap();
    assert!((same.statistic - own.statistic).abs() < 1e-14);
}

/// Getis & Ord's formula as it is in print, with their coefficients B.
#[test]
fn the_variance_of_g_is_the_printed_formula() {
    let x: Vec<f64> = (0..30).map(|i| f64::from(i * i % 17 + i % 5)).collect();
    let w = Weights::lattice(5, 6, 1, Adjacency::Queen).unwrap();
    let (n, l) = (30.0f64, Links::of(&w));
    let (s0, s1, s2) = (l.s0 * l.s0, l.s1, l.s2);
    let m = |k: i32| x.iter().map(|v| v.powi(k)).sum::<f64>();
    let b = [
        (n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0,
        -((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0),
        -(2.0 * n * s1 - (n + 3.0) * s2 + 6.0 * s0),
        4.0 * (n - 1.0) * s1 - 2.0 * (n + 1.0) * s2 + 8.0 * s0,
        s1 - s2 + s0,
    ];
    let above = b[0] * m(2).powi(2)
        + b[1] * m(4)
        + b[2] * m(1).powi(2) * m(2)
        + b[3] * m(1) * m(3)
        + b[4] * m(1).powi(4);
    let below = (m(1).powi(2) - m(2)).powi(2) * n * (n - 1.0) * (n - 2.0) * (n - 3.0);
    let got = GeneralG::new().replicates(0).run(&x, &w).unwrap();
    let printed = above / below - got.expected.powi(2);
    assert!(
        (got.variance / printed - 1.0).abs() < 1e-10,
        "{} {printed}",
        got.variance
    );
    assert!(got.z_normality.is_nan() && got.p.is_nan() && got.p_greater.is_nan());
}

/// Independent normal values have the variance that normality says, within what 40,000 maps show.
#[test]
fn variances_under_normality_are_those_of_normal_values() {
    use rand::RngExt;
    const MAPS: usize = 40_000;
    let w = uneven();
    let mut random = crate::random::stream(11, 0);
    let mut draw = || {
        let (radius, angle): (f64, f64) = (random.random(), random.random());
        (-2.0 * (1.0 - radius).ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
    };
    let (moran, geary) = (
        Moran::new().replicates(0).assumption(Assumption::Normality),
        Geary::new().replicates(0).assumption(Assumption::Normality),
    );
    let workers = Workers::new(1).unwrap();
    let (mut i, mut c) = (Vec::new(), Vec::new());
    let mut variances = (0.0, 0.0);
    for _ in 0..MAPS {
        let x: [f64; 5] = std::array::from_fn(|_| draw());
        let (a, b) = (
            moran.run_with(&x, &w, &workers).unwrap(),
            geary.run_with(&x, &w, &workers).unwrap(),
        );
        assert_eq!((a.z, b.z), (a.z_normality, b.z_normality));
        variances = (a.variance, b.variance);
        i.push(a.statistic);
        c.push(b.statistic);
    }
    for (name, simulated, variance, expected) in [
        ("I", Moments::of(&i), variances.0, -0.25),
        ("C", Moments::of(&c), variances.1, 1.0),
    ] {
        let ratio = simulated.sample_variance() / variance;
        assert!((ratio - 1.0).abs() < 0.03, "{name} {ratio}");
        let error = (variance / MAPS as f64).sqrt();
        assert!(
            (simulated.mean - expected).abs() < 4.5 * error,
            "{name} {}",
            simulated.mean
        );
    }
}

#[test]
fn missing_values_leave_the_map() {
    let w = Weights::lattice(4, 5, 1, Adjacency::Queen).unwrap();
    let mut x: Vec<f64> = (0..20).map(|i| f64::from(i * 7 % 11)).collect();
    x[6] = f64::NAN;
    let kept: Vec<usize> = (0..20).filter(|&i| i != 6).collect();
    let lists = kept
        .iter()
        .map(|&i| {
            let others = w.neighbours(i).iter().filter(|&&j| j != 6);
            others.map(|&j| if j > 6 { j - 1 } else { j }).collect()
        })
        .collect();
    let smaller = Weights::from_neighbours(lists).unwrap();
    let values: Vec<f64> = kept.iter().map(|&i| x[i]).collect();
    assert_eq!(
        Moran::new().run(&x, &w).unwrap(),
        Moran::new().run(&values, &smaller).unwrap()
    );
    assert_eq!(
        Geary::new().run(&x, &w).unwrap(),
        Geary::new().run(&values, &smaller).unwrap()
    );
    let y: Vec<f64> = (0..20).map(|i| f64::from(i * 3 % 7)).collect();
    let there: Vec<f64> = kept.iter().map(|&i| y[i]).collect();
    for (a, b) in [
        (
            Moran::new().run_between(&x, &y, &w),
            Moran::new().run_between(&values, &there, &smaller),
        ),
        (
            Moran::new().run_between(&y, &x, &w),
            Moran::new().run_between(&there, &values, &smaller),
        ),
    ] {
        assert_eq!(bytes(&a.unwrap()), bytes(&b.unwrap()));
    }
}

#[test]
fn islands_are_counted_or_left_out() {
    let lists = vec![vec![1], vec![0, 2], vec![1, 3], vec![2], vec![], vec![]];
    let w = Weights::from_neighbours(lists).unwrap();
    let x = [1.0, 2.0, 4.0, 3.0, 7.0, 8.0];
    let counted = Moran::new().run(&x, &w).unwrap();
    assert_eq!((counted.n, counted.islands), (6, 2));
    assert_eq!(counted.expected, -0.2);
    assert_eq!(counted.warnings[0].value, Some(2.0));
    let without = Moran::new().islands(Islands::LeftOut).run(&x, &w).unwrap();
    assert_eq!((without.n, without.islands), (4, 2));
    let street = Weights::lattice(1, 4, 1, Adjacency::Rook).unwrap();
    let only = Moran::new().run(&x[..4], &street).unwrap();
    assert_eq!(
        (without.statistic, without.z, without.p),
        (only.statistic, only.z, only.p)
    );
    assert!(only.warnings.is_empty());
}

#[test]
fn what_cannot_be_said_is_not_a_number() {
    let street = Weights::lattice(1, 6, 1, Adjacency::Rook).unwrap();
    let nobody = Weights::from_neighbours(vec![vec![]; 6]).unwrap();
    let x = [0.1, 0.2, 0.3, 0.7, 0.5, 0.6];
    let runs: [Run<'_>; 4] = [
        &|x, w| Moran::new().run(x, w).unwrap(),
        &|x, w| Geary::new().run(x, w).unwrap(),
        &|x, w| GeneralG::new().run(x, w).unwrap(),
        &|x, w| Moran::new().run_between(x, x, w).unwrap(),
    ];
    for run in runs {
        for (values, w, code) in [
            (&[0.1; 6], &street, WarningCode::ZeroVariance),
            (&x, &nobody, WarningCode::Islands),
            (&[f64::NAN; 6], &street, WarningCode::Islands),
        ] {
            let got = run(values, w);
            let numbers = [
                got.statistic,
                got.expected,
                got.variance,
                got.z,
                got.p_normal,
                got.p,
                got.p_greater,
                got.p_less,
            ];
            assert!(numbers.iter().all(|v| v.is_nan()), "{got:?}");
            assert_eq!(got.warnings[0].code, code);
        }
        // Three units have a statistic but no moments under randomisation.
        let three = run(
            &x[..3],
            &Weights::lattice(1, 3, 1, Adjacency::Rook).unwrap(),
        );
        assert!(three.statistic.is_finite() && three.p.is_finite());
    }
}

/// Where everybody is a neighbour of everybody, I and C are the same in every order.
#[test]
fn everybody_next_to_everybody_has_no_z() {
    for n in [4usize, 9, 40] {
        let lists = (0..n as u32)
            .map(|i| (0..n as u32).filter(|&j| j != i).collect())
            .collect();
        let w = Weights::from_neighbours(lists).unwrap();
        let x: Vec<f64> = (0..n).map(|i| ((i * i) % 13) as f64 + 0.1).collect();
        for w in [w.row_standardise(), w] {
            for got in [
                Moran::new().run(&x, &w).unwrap(),
                Geary::new().run(&x, &w).unwrap(),
                GeneralG::new().run(&x, &w).unwrap(),
            ] {
                assert!(
                    (got.statistic / got.expected - 1.0).abs() < 1e-12,
                    "{got:?}"
                );
                assert!(got.z.is_nan() && got.p_normal.is_nan(), "{got:?}");
                assert_eq!(got.p, 1.0, "{got:?}");
                assert!(
                    got.warnings
                        .iter()
                        .any(|w| w.code == WarningCode::ZeroVariance)
                );
            }
        }
    }
}

#[test]
fn the_general_g_is_for_values_from_zero_up() {
    let street = Weights::lattice(1, 5, 1, Adjacency::Rook).unwrap();
    let error = GeneralG::new()
        .run(&[1.0, f64::NAN, 2.0, -3.0, 4.0], &street)
        .unwrap_err();
    assert_eq!(error.fault(), Some(crate::Fault::Negative));
    assert!(error.to_string().contains("unit 3"), "{error}");
    let one = GeneralG::new()
        .run(&[0.0, 0.0, 5.0, 0.0, 0.0], &street)
        .unwrap();
    assert!(one.statistic.is_nan() && one.warnings[0].code == WarningCode::ZeroVariance);
}

#[test]
fn an_offset_costs_no_digits() {
    let w = Weights::lattice(6, 6, 1, Adjacency::Queen).unwrap();
    let x: Vec<f64> = (0..36).map(|i| f64::from(i * 5 % 13)).collect();
    let far: Vec<f64> = x.iter().map(|v| v + 1e9).collect();
    for (near, there) in [
        (
            Moran::new().run(&x, &w).unwrap(),
            Moran::new().run(&far, &w).unwrap(),
        ),
        (
            Geary::new().run(&x, &w).unwrap(),
            Geary::new().run(&far, &w).unwrap(),
        ),
    ] {
        assert!((near.z - there.z).abs() < 1e-9, "{} {}", near.z, there.z);
        assert_eq!(
            (near.p_less, near.p_greater),
            (there.p_less, there.p_greater)
        );
    }
    // With a large offset G turns on what its units' numbers of neighbours do: a linear sum.
    let g = GeneralG::new().run(&far, &w).unwrap();
    let links = Links::of(&w);
    let centre = Moments::of(&x);
    let linear: f64 = links
        .around
        .iter()
        .zip(&x)
        .map(|(d, v)| d * (v - centre.mean))
        .sum();
    let spread = (Moments::of(&links.around).squares * centre.squares / 35.0).sqrt();
    assert!(
        (g.z - linear / spread).abs() < 1e-7,
        "{} {}",
        g.z,
        linear / spread
    );
}

#[test]
fn options_choose_what_they_name() {
    let w = Weights::lattice(4, 4, 1, Adjacency::Queen).unwrap();
    let x: Vec<f64> = (0..16).map(f64::from).collect();
    let run = |a| Moran::new().alternative(a).seed(4).run(&x, &w).unwrap();
    let (two, greater, less) = (
        run(Alternative::TwoSided),
        run(Alternative::Greater),
        run(Alternative::Less),
    );
    assert_eq!((greater.p, less.p), (two.p_greater, two.p_less));
    assert_eq!(greater.p_normal, normal_upper_tail(two.z));
    assert!((two.p_normal - 2.0 * greater.p_normal).abs() < 1e-15);
    assert!(greater.p < 0.01 && less.p > 0.99);
    let normal = Moran::new()
        .assumption(Assumption::Normality)
        .run(&x, &w)
        .unwrap();
    assert_eq!((normal.z, normal.z_randomisation), (two.z_normality, two.z));
    assert_ne!(normal.z, two.z);
    let between = Moran::new()
        .assumption(Assumption::Normality)
        .run_between(&x, &x, &w);
    assert!(matches!(
        between,
        Err(Error::Parameter {
            name: "assumption",
            ..
        })
    ));
    assert!(Assumption::named("normal").is_err() && Islands::named("dropped").is_err());
}

#[test]
fn same_bytes_for_any_number_of_threads() {
    let w = Weights::lattice(7, 9, 1, Adjacency::Queen).unwrap();
    let x: Vec<f64> = (0..63).map(|i| f64::from(i * 31 % 17)).collect();
    let run = |threads| {
        let workers = Workers::new(threads).unwrap();
        [
            Moran::new().run_with(&x, &w, &workers).unwrap(),
            Geary::new().run_with(&x, &w, &workers).unwrap(),
            GeneralG::new().run_with(&x, &w, &workers).unwrap(),
            Moran::new().run_between_with(&x, &x, &w, &workers).unwrap(),
        ]
        .map(|found| bytes(&found))
    };
    assert!([2, 3, 7].into_iter().all(|t| run(t) == run(1)));
}

proptest! {
    /// Neither the scale of values and weights nor, for I and C, an offset or the sign matters.
    #[test]
    fn scale_and_sign_do_not_matter(
        x in proptest::collection::vec(0.0..9.0f64, 12),
        scale in 0.01..50.0f64,
        heavier in 0.1..9.0f64,
    ) {
        let w = Weights::lattice(3, 4, 1, Adjacency::Rook).unwrap();
        let (start, neighbour, value) = w.to_csr();
        let value: Vec<f64> = value.iter().map(|v| v * heavier).collect();
        let heavy = Weights::from_csr(&start, &neighbour, &value).unwrap();
        let scaled: Vec<f64> = x.iter().map(|v| v * scale).collect();
        let turned: Vec<f64> = x.iter().map(|v| 3.0 - v * scale).collect();
        let near = |a: &GlobalStatistic, b: &GlobalStatistic| {
            (a.z - b.z).abs() < 1e-8 && (a.p_normal - b.p_normal).abs() < 1e-8
        };
        let i = |x: &[f64], w: &Weights| Moran::new().replicates(0).run(x, w).unwrap();
        let c = |x: &[f64], w: &Weights| Geary::new().replicates(0).run(x, w).unwrap();
        let g = |x: &[f64], w: &Weights| GeneralG::new().replicates(0).run(x, w).unwrap();
        for (values, weights) in [(&scaled, &heavy), (&turned, &heavy)] {
            prop_assert!(near(&i(&x, &w), &i(values, weights)));
            prop_assert!(near(&c(&x, &w), &c(values, weights)));
        }
        prop_assert!(near(&g(&x, &w), &g(&scaled, &heavy)));
    }
}
