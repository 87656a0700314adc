//! A map ready for a statistic of all of it.

use super::global_statistic::{Assumption, GlobalStatistic, Islands, Settings};
use super::links::Links;
use super::shuffled::shuffled;
use crate::error::Result;
use crate::methods::local::defined::Defined;
use crate::methods::local::drawn::Tails;
use crate::model::{Warning, WarningCode};
use crate::parallel::Workers;
use crate::stats::{Moments, normal_upper_tail, sum};
use crate::weights::Weights;

/// The units that belong to the map, their values and their links.
pub(super) struct Whole<'a> {
    pub(super) defined: Defined<'a>,
    /// Their values less the mean.
    pub(super) z: Vec<f64>,
    pub(super) moments: Moments,
    pub(super) links: Links,
    islands: usize,
    left_out: bool,
}

impl<'a> Whole<'a> {
    /// The units that have a value and, if islands are left out, a neighbour.
    pub(super) fn of(values: &'a [f64], weights: &'a Weights, islands: Islands) -> Result<Self> {
        let mut defined = Defined::of(values, weights)?;
        let mut links = Links::of(&defined.weights);
        let alone: Vec<usize> = (0..defined.values.len())
            .filter(|&k| links.around[k] == 0.0)
            .map(|k| defined.position(k))
            .collect();
        let left_out = islands == Islands::LeftOut;
        if left_out && !alone.is_empty() {
            let linked = |i: usize| !values[i].is_nan() && alone.binary_search(&i).is_err();
            defined = Defined::where_known(values, weights, linked)?;
            links = Links::of(&defined.weights);
        }
        let moments = Moments::of(&defined.values);
        let z = moments.deviations(&defined.values);
        Ok(Self {
            z,
            defined,
            moments,
            links,
            islands: alone.len(),
            left_out,
        })
    }

    /// The number of units.
    pub(super) fn n(&self) -> f64 {
        self.defined.values.len() as f64
    }

    /// `n Σ z⁴ / (Σ z²)²`.
    pub(super) fn kurtosis(&self) -> f64 {
        let fourth = sum(self.z.iter().map(|v| v.powi(4)));
        self.n() * fourth / (self.moments.squares * self.moments.squares)
    }

    /// Why nothing can be said, if so.
    pub(super) fn nothing(&self) -> Option<Warning> {
        if self.links.s0 == 0.0 {
            let message = "No unit with a value has a neighbour with one, so nothing is compared.";
            return Some(Warning::new(WarningCode::Islands, message));
        }
        self.defined
            .values
            .iter()
            .all(|v| *v == self.defined.values[0])
            .then(|| {
                let message = "All values are equal, so there is no difference to compare.";
                Warning::new(WarningCode::ZeroVariance, message)
            })
    }

    /// The tails of a sum over the values less their mean, when these are shuffled.
    pub(super) fn shuffled(
        &self,
        sum: impl Fn(&[f64]) -> f64 + Sync + Send,
        tie: f64,
        settings: &Settings,
        workers: &Workers,
    ) -> Result<Tails> {
        shuffled(
            &self.z,
            sum,
            tie,
            settings.replicates,
            settings.seed,
            workers,
        )
    }

    /// The result when nothing can be said.
    pub(super) fn undefined(&self, why: Warning) -> GlobalStatistic {
        let nan = f64::NAN;
        let moments = Null {
            expected: nan,
            deviation: nan,
            randomisation: nan,
            normality: nan,
        };
        let mut out = self.result(
            nan,
            moments,
            Assumption::Randomisation,
            Tails::default(),
            &Settings {
                replicates: 0,
                ..Settings::default()
            },
        );
        out.warnings = vec![why];
        out
    }

    /// The result from a statistic, its moments and its tails.
    pub(super) fn result(
        &self,
        statistic: f64,
        null: Null,
        assumption: Assumption,
        tails: Tails,
        settings: &Settings,
    ) -> GlobalStatistic {
        let variance = match assumption {
            Assumption::Randomisation => null.randomisation,
            Assumption::Normality => null.normality,
        };
        let z = null.deviation / variance.sqrt();
        let judged = |less: f64, greater: f64| {
            if less.is_nan() {
                less
            } else {
                settings.alternative.p(less, greater)
            }
        };
        GlobalStatistic {
            statistic,
            expected: null.expected,
            variance,
            z,
            p_normal: judged(normal_upper_tail(-z), normal_upper_tail(z)),
            z_randomisation: null.deviation / null.randomisation.sqrt(),
            z_normality: null.deviation / null.normality.sqrt(),
            p: judged(tails.less, tails.greater),
            p_greater: tails.greater,
            p_less: tails.less,
            replicates: settings.replicates,
            n: self.defined.values.len(),
            islands: self.islands,
            warnings: self.warnings(variance),
        }
    }

    fn warnings(&self, variance: f64) -> Vec<Warning> {
        let mut out = Vec::new();
        if self.islands > 0 {
            let fate = if self.left_out {
                "were left out"
            } else {
                "count in mean and spread only"
            };
            out.push(Warning::with_value(
                WarningCode::Islands,
                self.islands as f64,
                format!("Units without neighbours {fate}: {}.", self.islands),
            ));
        }
        if variance.is_nan() {
            out.push(Warning::with_value(
                WarningCode::ZeroVariance,
                self.n(),
                "The statistic hardly varies when values are shuffled, or fewer than 4 units have \
                 a value, so there is no z.",
            ));
        }
        out
    }
}

/// What a statistic is like when place does not matter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Null {
    pub(super) expected: f64,
    /// How far the observed statistic is from it.
    pub(super) deviation: f64,
    /// Variances; NaN where there is none.
    pub(super) randomisation: f64,
    pub(super) normality: f64,
}

/// A variance that is a difference of terms of size `scale`; NaN when only rounding is left of
/// it, as for neighbours that are everybody.
pub(super) fn proper(variance: f64, scale: f64) -> f64 {
    if variance > 1e-12 * scale {
        variance
    } else {
        f64::NAN
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods::local::{Alternative, Geary, GeneralG, Moran};
    use crate::weights::Adjacency;

    #[test]
    fn a_variance_is_more_than_the_rounding_of_its_terms() {
        assert_eq!(proper(1e-11, 1.0), 1e-11);
        assert_eq!(proper(1e-7, 1e4), 1e-7);
        assert!(proper(1e-13, 1.0).is_nan() && proper(1e-9, 1e4).is_nan());
        assert!(proper(0.0, 0.0).is_nan());
    }

    #[test]
    fn the_normal_p_is_of_the_side_asked_for() {
        let weights = Weights::lattice(4, 4, 1, Adjacency::Rook).unwrap();
        let values: Vec<f64> = (0..16).map(|i| f64::from(i * i % 11)).collect();
        let of = |alternative| {
            let found = Moran::new().alternative(alternative).run(&values, &weights);
            found.unwrap()
        };
        let (less, greater) = (of(Alternative::Less), of(Alternative::Greater));
        assert!((less.p_normal - normal_upper_tail(-less.z)).abs() < 1e-15);
        assert!((greater.p_normal - normal_upper_tail(greater.z)).abs() < 1e-15);
        assert!((less.p_normal + greater.p_normal - 1.0).abs() < 1e-12 && less.z != 0.0);
    }

    /// Each statistic of the whole map, of values from 0 up.
    fn each(values: &[f64], weights: &Weights) -> [GlobalStatistic; 3] {
        [
            Moran::new().replicates(199).run(values, weights).unwrap(),
            Geary::new().replicates(199).run(values, weights).unwrap(),
            GeneralG::new()
                .replicates(199)
                .run(values, weights)
                .unwrap(),
        ]
    }

    #[test]
    fn what_ties_does_not_depend_on_the_unit_of_the_values() {
        let weights = Weights::lattice(4, 4, 1, Adjacency::Rook).unwrap();
        let values: Vec<f64> = (0..16).map(|i| f64::from(i * i % 11)).collect();
        let of = |unit: f64| {
            let values: Vec<f64> = values.iter().map(|v| v * unit).collect();
            let others: Vec<f64> = values.iter().rev().copied().collect();
            let moran = Moran::new().replicates(199);
            let between = moran.run_between(&values, &others, &weights).unwrap();
            let each = each(&values, &weights).into_iter().chain([between]);
            each.map(|s| [s.p_less, s.p_greater, s.z].map(f64::to_bits))
                .collect::<Vec<_>>()
        };
        let one = of(1.0);
        assert!(one.iter().flatten().all(|v| f64::from_bits(*v).abs() < 9.0));
        assert_eq!(of(2f64.powi(-40)), one);
        assert_eq!(of(2f64.powi(40)), one);
    }

    #[test]
    fn four_units_have_the_variance_of_all_orders_and_three_have_none() {
        let (values, n) = ([1.0, 2.0, 5.0, 11.0], 4);
        let weights = Weights::lattice(1, n, 1, Adjacency::Rook).unwrap();
        let mut orders = Vec::new();
        for code in 0..n.pow(4) {
            let order = [code % n, code / n % n, code / n / n % n, code / n / n / n];
            if (0..n).all(|i| order.contains(&i)) {
                orders.push(each(&order.map(|i| values[i]), &weights));
            }
        }
        assert_eq!(orders.len(), 24);
        for which in 0..3 {
            let all: Vec<f64> = orders.iter().map(|o| o[which].statistic).collect();
            let moments = Moments::of(&all);
            let found = &orders[0][which];
            assert!((found.expected - moments.mean).abs() < 1e-12, "{which}");
            assert!(
                (found.variance - moments.squares / 24.0).abs() < 1e-12,
                "{which}"
            );
        }
        let weights = Weights::lattice(1, 3, 1, Adjacency::Rook).unwrap();
        for found in each(&values[..3], &weights) {
            assert!(found.statistic.is_finite() && found.variance.is_nan() && found.z.is_nan());
            assert_eq!(found.warnings.len(), 1);
        }
    }

    #[test]
    fn where_nothing_can_be_said_no_replicate_was_drawn() {
        let weights = Weights::lattice(3, 3, 1, Adjacency::Rook).unwrap();
        let same = [2.0; 9];
        for found in [
            Moran::new().run(&same, &weights).unwrap(),
            Geary::new().run(&same, &weights).unwrap(),
            GeneralG::new().run(&[0.0; 9], &weights).unwrap(),
        ] {
            assert!(found.statistic.is_nan() && found.p.is_nan() && found.p_normal.is_nan());
            assert_eq!((found.replicates, found.warnings.len()), (0, 1));
        }
    }
}
