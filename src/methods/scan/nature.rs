//! What chance is taken to be for one map.

use super::cells::Cells;
use super::chance::{Chance, Spread};
use super::likelihood::Likelihood;
use super::model::ScanModel;
use crate::model::{Warning, WarningCode};
use crate::stats::{GuideTable, beta_binomial_tails, binomial_tails, poisson_tails};

/// Level at which counts are taken to vary more than independent cases would.
const OVERDISPERSED: f64 = 0.05;

/// The model that was chosen, with what it takes.
pub(super) struct Nature {
    asked: ScanModel,
    pub(super) model: ScanModel,
    pub(super) likelihood: Likelihood,
    /// Of each cell.
    pub(super) measures: Vec<f64>,
    spread: Option<Spread>,
    pub(super) dispersion: f64,
    pub(super) dispersion_p: f64,
}

impl Nature {
    pub(super) fn of(asked: ScanModel, cells: &Cells) -> Self {
        let cases = f64::from(cells.cases);
        let all: f64 = cells.shares.iter().sum();
        let mut out = Self {
            asked,
            model: asked,
            likelihood: Likelihood::Poisson { cases },
            measures: Vec::new(),
            spread: None,
            dispersion: f64::NAN,
            dispersion_p: f64::NAN,
        };
        match asked {
            ScanModel::Bernoulli => {
                out.likelihood = Likelihood::Bernoulli { cases, people: all };
                out.measures.clone_from(&cells.shares);
            }
            ScanModel::SpaceTimePermutation => {
                let at = |step: usize| cells.counts[step..].iter().step_by(cells.steps);
                let of_step: Vec<f64> = (0..cells.steps)
                    .map(|step| at(step).map(|c| f64::from(*c)).sum())
                    .collect();
                for unit in &cells.people {
                    let expected = of_step.iter().map(|step| unit * step / cases);
                    out.measures.extend(expected);
                }
            }
            ScanModel::Auto | ScanModel::Poisson | ScanModel::NegativeBinomial => {
                out.measures = cells.shares.iter().map(|s| cases * s / all).collect();
                let spread = Spread::new(out.measures.clone(), cells.steps);
                (out.dispersion, out.dispersion_p) = spread.of(&cells.counts);
                out.spread = Some(spread);
                if asked == ScanModel::Auto {
                    out.model = if out.varies() {
                        ScanModel::NegativeBinomial
                    } else {
                        ScanModel::Poisson
                    };
                }
            }
        }
        out
    }

    /// People of the units, of whom a window may hold a share.
    pub(super) fn people(&self, cells: &Cells) -> Vec<f64> {
        if self.model == ScanModel::SpaceTimePermutation {
            // The share of a window is that of its cases.
            return cells.people.clone();
        }
        let units = cells.shares.chunks(cells.steps);
        units.map(|unit| unit.iter().sum()).collect()
    }

    /// Of a count in one unit of a map without time, `P(X > c) + ½ P(X = c)` and
    /// `P(X < c) + ½ P(X = c)` by chance.
    pub(super) fn mid_p(&self, unit: usize, count: u32) -> (f64, f64) {
        let measure = self.measures[unit];
        let cases = self.likelihood.cases();
        let (less, greater) = match self.model {
            ScanModel::Bernoulli => {
                let rate = cases / self.likelihood.whole();
                binomial_tails(count.into(), measure as u64, rate)
            }
            ScanModel::NegativeBinomial if self.dispersion > 1.0 => {
                let (here, all) = (self.precision(cases) * measure / cases, cases as u64);
                beta_binomial_tails(count.into(), all, here, self.precision(cases) - here)
            }
            _ => poisson_tails(count.into(), measure),
        };
        (0.5 * (1.0 + greater - less), 0.5 * (1.0 + less - greater))
    }

    /// Negative binomials of one ratio have, given their total, this precision.
    fn precision(&self, cases: f64) -> f64 {
        ((cases - self.dispersion) / (self.dispersion - 1.0)).max(1e-6)
    }

    fn varies(&self) -> bool {
        self.dispersion_p <= OVERDISPERSED && self.dispersion > 1.0
    }

    /// How much maps vary, where ratios are divided by that.
    pub(super) fn spread(&self) -> Option<&Spread> {
        let series = self.model == ScanModel::NegativeBinomial;
        self.spread.as_ref().filter(|_| series)
    }

    /// By what ratios are divided to compare maps that vary differently.
    pub(super) fn divisor(&self) -> f64 {
        match self.model {
            ScanModel::NegativeBinomial => self.dispersion.max(1.0),
            _ => 1.0,
        }
    }

    pub(super) fn chance(&self, cells: &Cells) -> Chance {
        let cases = cells.cases;
        match self.model {
            ScanModel::Bernoulli => Chance::Labels {
                people: cells.shares.iter().map(|p| *p as u64).collect(),
                cases: u64::from(cases),
            },
            ScanModel::SpaceTimePermutation => {
                let each = cells.counts.iter().enumerate();
                let (unit, time) = each
                    .flat_map(|(cell, count)| {
                        let place = ((cell / cells.steps) as u32, (cell % cells.steps) as u32);
                        std::iter::repeat_n(place, *count as usize)
                    })
                    .unzip();
                Chance::Times {
                    unit,
                    time,
                    steps: cells.steps,
                }
            }
            ScanModel::NegativeBinomial if self.dispersion > 1.0 => Chance::Series {
                cells: GuideTable::new(&cells.shares),
                cases,
                precision: self.precision(f64::from(cases)),
            },
            _ => Chance::Multinomial {
                cells: GuideTable::new(&cells.shares),
                cases,
            },
        }
    }

    pub(super) fn warning(&self) -> Option<Warning> {
        if !self.varies() {
            return None;
        }
        let said = format!(
            "Counts vary {:.1} times as much between units as independent cases would (p = {:.2e})",
            self.dispersion, self.dispersion_p
        );
        let message = if self.model == ScanModel::NegativeBinomial {
            let why = if self.asked == ScanModel::Auto {
                "so"
            } else {
                "and"
            };
            format!(
                "{said}, {why} clusters were compared with maps of reports that come in series as \
                 much as that. True clusters add to the ratio and make this cautious."
            )
        } else {
            format!(
                "{said}. Maps of independent cases then make too much of what is found; use the \
                 model auto or negative_binomial."
            )
        };
        Some(Warning::with_value(
            WarningCode::Overdispersion,
            self.dispersion,
            message,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods::scan::cells::Given;

    fn varying(model: ScanModel) -> Nature {
        Nature {
            asked: ScanModel::Auto,
            model,
            likelihood: Likelihood::Poisson { cases: 100.0 },
            measures: vec![10.0; 10],
            spread: None,
            dispersion: 2.5,
            dispersion_p: 0.01,
        }
    }

    /// A beta-binomial count of n varies (n + precision) / (1 + precision) times as much as a
    /// binomial one.
    #[test]
    fn the_precision_makes_counts_vary_as_much() {
        let nature = varying(ScanModel::NegativeBinomial);
        let precision = nature.precision(100.0);
        assert!(((100.0 + precision) / (1.0 + precision) - 2.5).abs() < 1e-12);
        let (less, greater) = beta_binomial_tails(13, 100, 0.1 * precision, 0.9 * precision);
        let (above, below) = nature.mid_p(0, 13);
        assert!((above - 0.5 * (1.0 + greater - less)).abs() < 1e-12);
        assert!((above + below - 1.0).abs() < 1e-12);
        let (by_chance, _) = varying(ScanModel::Poisson).mid_p(0, 13);
        assert!(
            above > by_chance,
            "more often by chance than an independent count"
        );
    }

    #[test]
    fn the_warning_says_what_was_done_about_it() {
        let said = |model| varying(model).warning().unwrap().message;
        assert!(said(ScanModel::NegativeBinomial).contains("so clusters were compared"));
        assert!(said(ScanModel::Poisson).contains("use the model auto"));
        let asked = Nature {
            asked: ScanModel::NegativeBinomial,
            ..varying(ScanModel::NegativeBinomial)
        };
        let warning = asked.warning().unwrap();
        assert!(warning.message.contains("and clusters were compared"));
        assert_eq!(warning.value, Some(2.5));
        for (dispersion, dispersion_p, varies) in
            [(2.5, 0.05, true), (2.5, 0.051, false), (1.0, 0.01, false)]
        {
            let nature = Nature {
                dispersion,
                dispersion_p,
                ..varying(ScanModel::Poisson)
            };
            assert_eq!(nature.warning().is_some(), varies);
        }
    }

    /// Of three people half are cases: none, one, two and three with 1, 3, 3 and 1 of eight.
    #[test]
    fn half_of_what_is_as_many_counts_on_either_side() {
        let labels = Nature {
            likelihood: Likelihood::Bernoulli {
                cases: 10.0,
                people: 20.0,
            },
            measures: vec![7.0, 3.0],
            ..varying(ScanModel::Bernoulli)
        };
        let (above, below) = labels.mid_p(1, 1);
        assert!((above - 5.5 / 8.0).abs() < 1e-12 && (below - 2.5 / 8.0).abs() < 1e-12);
    }

    /// Counts that vary no more than independent ones, or just as much, are taken for such.
    #[test]
    fn chance_is_that_of_the_model() {
        use ScanModel::{Bernoulli, NegativeBinomial, Poisson, SpaceTimePermutation};
        let cells = |model| {
            let given = match model {
                SpaceTimePermutation => Given::Nothing,
                _ => Given::PerUnit(&[9.0, 8.0]),
            };
            let at = (&[0.0, 1.0][..], &[0.0; 2][..]);
            Cells::of(&[5.0, 2.0, 1.0, 4.0], 2, given, at, model).unwrap()
        };
        for (model, dispersion, name) in [
            (Poisson, 2.5, "Multinomial"),
            (Bernoulli, 2.5, "Labels"),
            (SpaceTimePermutation, 2.5, "Times"),
            (NegativeBinomial, 2.5, "Series"),
            (NegativeBinomial, 1.0, "Multinomial"),
            (NegativeBinomial, 0.8, "Multinomial"),
        ] {
            let nature = Nature {
                dispersion,
                ..varying(model)
            };
            let chance = format!("{:?}", nature.chance(&cells(model)));
            assert!(chance.starts_with(name), "{model:?} {dispersion}: {chance}");
            if name == "Multinomial" {
                assert_eq!(nature.mid_p(0, 13), varying(Poisson).mid_p(0, 13));
            }
            // People at both steps, or cases.
            let people = nature.people(&cells(model));
            let cases = model == SpaceTimePermutation;
            assert_eq!(people, if cases { [7.0, 5.0] } else { [18.0, 16.0] });
        }
    }

    #[test]
    fn ratios_are_divided_where_reports_come_in_series() {
        use ScanModel::{NegativeBinomial, Poisson};
        for (model, dispersion, divisor) in [
            (Poisson, 2.5, 1.0),
            (NegativeBinomial, 2.5, 2.5),
            (NegativeBinomial, 0.8, 1.0),
        ] {
            let nature = Nature {
                dispersion,
                ..varying(model)
            };
            assert_eq!(nature.divisor(), divisor);
        }
    }
}
