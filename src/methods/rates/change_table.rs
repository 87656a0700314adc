//! What is known about changes.

use super::target::TargetStatus;

/// What can be said about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeStatus {
    /// The rate is lower, after correction for the number of areas.
    Lower,
    /// The rate is higher, after correction for the number of areas.
    Higher,
    /// Too little difference to tell from chance.
    NoClearChange,
    /// No incidents at all, or people not known in one of the periods.
    CannotTell,
}

impl ChangeStatus {
    /// The status in words: `lower`, `higher`, `no clear change`, `cannot tell`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Higher => "higher",
            Self::NoClearChange => "no clear change",
            Self::CannotTell => "cannot tell",
        }
    }
}

/// Changes in input order; NaN where one is not defined.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct ChangeTable {
    /// Rate now, per so many people; NaN where people are not known in one of the periods.
    pub rate: Vec<f64>,
    /// Rate then.
    pub baseline_rate: Vec<f64>,
    /// Rate now divided by rate then.
    pub ratio: Vec<f64>,
    /// Lower end of its interval.
    pub low: Vec<f64>,
    /// Upper end of its interval; infinite when nothing happened then.
    pub high: Vec<f64>,
    /// Two-sided p-value of no change, exact given the total.
    pub p: Vec<f64>,
    /// The same after correction for the number of areas.
    pub q: Vec<f64>,
    /// Two-sided p-value of the E-test.
    pub p_e_test: Vec<f64>,
    /// Rate now minus rate then, per so many people.
    pub difference: Vec<f64>,
    /// Lower end of its interval.
    pub difference_low: Vec<f64>,
    /// Upper end of its interval.
    pub difference_high: Vec<f64>,
    /// Part of the change of the count that comes from the change of the rate.
    pub from_rate: Vec<f64>,
    /// Part of it that comes from the change of the population.
    pub from_population: Vec<f64>,
    /// What can be said.
    pub status: Vec<ChangeStatus>,
    /// The same for counts in series, if asked for.
    pub quasi: Option<QuasiChange>,
    /// How far from the target, if there is one.
    pub target: Option<Vec<TargetStatus>>,
}

impl ChangeTable {
    /// Leaves out all that is known of one row.
    pub(crate) fn leave_out(&mut self, i: usize) {
        for column in [
            &mut self.rate,
            &mut self.baseline_rate,
            &mut self.ratio,
            &mut self.low,
            &mut self.high,
            &mut self.p,
            &mut self.q,
            &mut self.p_e_test,
            &mut self.difference,
            &mut self.difference_low,
            &mut self.difference_high,
            &mut self.from_rate,
            &mut self.from_population,
        ] {
            column[i] = f64::NAN;
        }
        self.status[i] = ChangeStatus::CannotTell;
        (self.quasi, self.target) = (None, None);
    }
}

/// Changes of counts that vary more than independent incidents, in input order.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct QuasiChange {
    /// Variance divided by mean that was used, at least 1.
    pub overdispersion: Vec<f64>,
    /// Lower end of the interval of the ratio.
    pub low: Vec<f64>,
    /// Upper end of the interval of the ratio.
    pub high: Vec<f64>,
    /// Two-sided p-value of no change.
    pub p: Vec<f64>,
    /// The same after correction for the number of areas.
    pub q: Vec<f64>,
    /// What can be said.
    pub status: Vec<ChangeStatus>,
}
