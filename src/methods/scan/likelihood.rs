//! How much better another rate inside a window explains the counts.

/// The likelihood of counts inside a window and outside, one rate in each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Likelihood {
    /// Cases fall independently. The measure of a window is its expected count; all expected
    /// counts add up to the cases.
    Poisson {
        /// All cases.
        cases: f64,
    },
    /// Some of the people are cases. The measure of a window is its people.
    Bernoulli {
        /// All cases.
        cases: f64,
        /// All people, cases included.
        people: f64,
    },
}

impl Likelihood {
    /// All cases.
    pub(super) fn cases(self) -> f64 {
        match self {
            Self::Poisson { cases } | Self::Bernoulli { cases, .. } => cases,
        }
    }

    /// The measure of everything.
    pub(super) fn whole(self) -> f64 {
        match self {
            Self::Poisson { cases } => cases,
            Self::Bernoulli { people, .. } => people,
        }
    }

    /// The count expected in a window at the rate of everything.
    pub(super) fn expected(self, measure: f64) -> f64 {
        measure * (self.cases() / self.whole())
    }

    /// The logarithm of the likelihood ratio of two rates against one, whichever is higher.
    ///
    /// Zero for a window that holds everything, or nothing.
    pub(super) fn log_ratio(self, count: f64, measure: f64) -> f64 {
        let rest = self.whole() - measure;
        if measure <= 0.0 || rest <= 0.0 {
            return 0.0;
        }
        let outside = self.cases() - count;
        let sum = match self {
            Self::Poisson { .. } => term(count, measure) + term(outside, rest),
            Self::Bernoulli { cases, people } => {
                let (rate, others) = (cases / people, 1.0 - cases / people);
                term(count, measure * rate)
                    + term(measure - count, measure * others)
                    + term(outside, rest * rate)
                    + term(rest - outside, rest * others)
            }
        };
        sum.max(0.0)
    }
}

/// `x ln(x/y)`, zero without x.
fn term(x: f64, y: f64) -> f64 {
    if x > 0.0 { x * (x / y).ln() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() < 5e-10, "{got} {want}");
    }

    #[test]
    fn ratios_are_those_of_the_definitions() {
        let poisson = Likelihood::Poisson { cases: 60.0 };
        close(poisson.log_ratio(12.0, 5.5), 3.265917534);
        close(poisson.log_ratio(60.0, 20.0), 65.916737320);
        assert_eq!(poisson.log_ratio(60.0, 60.0), 0.0);
        assert_eq!(poisson.log_ratio(59.0, 60.0), 0.0);
        assert_eq!(poisson.log_ratio(1.0, 0.0), 0.0);
        assert_eq!(poisson.log_ratio(5.5, 5.5), 0.0);
        let bernoulli = Likelihood::Bernoulli {
            cases: 60.0,
            people: 400.0,
        };
        close(bernoulli.log_ratio(12.0, 40.0), 3.286254838);
        close(bernoulli.expected(40.0), 6.0);
    }

    /// With next to no cases among very many people the two models are one.
    #[test]
    fn rare_cases_are_poisson() {
        let poisson = Likelihood::Poisson { cases: 60.0 };
        let people = 60.0e9;
        let bernoulli = Likelihood::Bernoulli {
            cases: 60.0,
            people,
        };
        let measure = people * 5.5 / 60.0;
        let apart = poisson.log_ratio(12.0, 5.5) - bernoulli.log_ratio(12.0, measure);
        assert!(apart.abs() < 1e-5, "{apart}");
    }
}
