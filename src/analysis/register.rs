//! A baseline that a register has counted.

use std::sync::Arc;

use super::configuration::HotspotAnalysis;
use super::located::Located;
use super::people::People;
use super::provenance::Provenance;
use super::selection::{Selection, per_area};
use crate::error::{Error, Fault, Result};
use crate::model::{
    AreaNumbers, Crosswalk, Incidents, Neighbourhoods, Period, RegisteredCounts, Warning,
    WarningCode,
};

/// Counts of a register, and how they get to the areas of the analysis.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Register {
    counts: Option<Arc<RegisteredCounts>>,
    crosswalk: Option<Arc<Crosswalk>>,
}

/// The baseline per area, in the order of the areas.
pub(super) struct Baseline {
    /// Whole reports; 0 where the number is not known.
    pub(super) counts: Vec<i64>,
    /// Where the register has no number.
    pub(super) unknown: Vec<bool>,
    pub(super) warnings: Vec<Warning>,
}

impl HotspotAnalysis {
    /// Takes the counts of the baseline year from a register, such as the police tables, instead of
    /// from the reports, which may then begin later. The theme chooses the classes.
    ///
    /// Areas for which the register has no number have no change, and are left out of the change of
    /// the city. What the register and the reports do not record alike looks like a change; the
    /// result says so.
    #[must_use]
    pub fn baseline_counts(mut self, counts: impl Into<Arc<RegisteredCounts>>) -> Self {
        self.register.counts = Some(counts.into());
        self
    }

    /// Carries the counts of the baseline over from another area division. Without it, counts that
    /// are known to be of another division than the areas are refused.
    ///
    /// What is carried over is a fraction; it is brought to whole reports with the same total.
    #[must_use]
    pub fn crosswalk(mut self, crosswalk: impl Into<Arc<Crosswalk>>) -> Self {
        self.register.crosswalk = Some(crosswalk.into());
        self
    }

    /// The baseline from the register, if one was given.
    pub(super) fn registered(&self, areas: &Neighbourhoods) -> Result<Option<Baseline>> {
        match (
            &self.register.counts,
            &self.register.crosswalk,
            self.baseline,
        ) {
            (None, None, _) => Ok(None),
            (None, Some(_), _) => Err(Error::parameter(
                "crosswalk",
                "given",
                "counts of a register for the baseline, which it carries over",
            )),
            (Some(_), _, None) => Err(Error::parameter(
                "baseline",
                "missing",
                "the year of which the register gives the counts",
            )),
            (Some(counts), crosswalk, Some(year)) => {
                let numbers = counts.counts(&self.theme, Some(&year.to_string()))?;
                let numbers = match crosswalk {
                    Some(crosswalk) => crosswalk.carry(&numbers)?,
                    None => numbers,
                };
                Ok(Some(Baseline::of(&numbers.for_areas(areas)?, year)))
            }
        }
    }

    /// The reports of the baseline per area, by the register or by the reports themselves, with what
    /// must be known about them.
    pub(super) fn counted_then(
        &self,
        located: &Located<'_>,
        selection: &Selection,
        wanted: bool,
    ) -> Result<(Option<Vec<i64>>, Vec<Warning>)> {
        if let Some(registered) = self.registered(&located.areas)? {
            return Ok((Some(registered.counts), registered.warnings));
        }
        if let (true, Some(year)) = (wanted, self.baseline) {
            reaches(located.incidents, year)?;
        }
        let reported = wanted.then(|| per_area(located, &selection.then).0);
        Ok((reported, Vec::new()))
    }

    /// The people of the baseline per area; NaN where the register has no number, because a count
    /// that is not known has no rate.
    pub(super) fn people_then(&self, areas: &Neighbourhoods, year: Option<i16>) -> Result<People> {
        let mut people = People::of(areas, self.exposure_kind(), year);
        if let Some(registered) = self.registered(areas)? {
            for (people, unknown) in people.values.iter_mut().zip(registered.unknown) {
                *people = if unknown { f64::NAN } else { *people };
            }
        }
        Ok(people)
    }

    /// What any reader must know of a baseline from a register; it tells no number.
    pub(super) fn about_register(&self) -> Vec<Warning> {
        let (Some(_), Some(year)) = (&self.register.counts, self.baseline) else {
            return Vec::new();
        };
        let mut out = vec![Warning::new(
            WarningCode::Input,
            format!(
                "The counts of {year} are those of a register, not of the reports that are analysed. \
                 What the two do not record alike looks like a change."
            ),
        )];
        if let Some(crosswalk) = &self.register.crosswalk {
            out.push(Warning::new(
                WarningCode::AreaVintage,
                format!(
                    "The counts of {year} were carried over from the area division of {} to that of \
                     {} by {}. They are estimates, brought to whole reports with the same total; \
                     intervals of changes do not know of this.",
                    crosswalk.from_vintage(),
                    crosswalk.to_vintage(),
                    crosswalk.basis()
                ),
            ));
        }
        out
    }

    /// Says where the baseline comes from.
    pub(super) fn account_register(&self, provenance: &mut Provenance) {
        let Some(counts) = &self.register.counts else {
            return;
        };
        let division = counts.vintage().map_or_else(
            || "of an area division that is not known".to_owned(),
            |year| format!("of the area division of {year}"),
        );
        provenance.push("baseline_source", format!("register, {division}"));
        if let Some(crosswalk) = &self.register.crosswalk {
            let (from, to) = (crosswalk.from_vintage(), crosswalk.to_vintage());
            let basis = crosswalk.basis();
            provenance.push("baseline_crosswalk", format!("{from} to {to} by {basis}"));
        }
    }

    /// Whether the baseline comes from a register.
    pub(super) fn has_register(&self) -> bool {
        self.register.counts.is_some()
    }
}

impl Baseline {
    fn of(numbers: &AreaNumbers, year: i16) -> Self {
        let values = numbers.values();
        let unknown: Vec<bool> = values.iter().map(|v| v.is_nan()).collect();
        let mut warnings = numbers.warnings().to_vec();
        let counts = whole(values);
        let missing = unknown.iter().filter(|u| **u).count();
        if missing > 0 {
            warnings.push(Warning::with_value(
                WarningCode::Input,
                missing as f64,
                format!(
                    "For {missing} of {} neighbourhoods the register has no number for {year}: \
                     whether they changed cannot be told, and the city is compared without them.",
                    unknown.len()
                ),
            ));
        }
        Self {
            counts,
            unknown,
            warnings,
        }
    }
}

/// Whole numbers less than one away from the given ones, with their total to the nearest whole
/// number: the largest remainders are rounded up, the first of equal ones first. NaN is 0.
fn whole(values: &[f64]) -> Vec<i64> {
    let known = |v: &f64| if v.is_nan() { 0.0 } else { *v };
    let total = crate::stats::sum(values.iter().map(known)).round() as i64;
    let mut out: Vec<i64> = values.iter().map(|v| known(v).floor() as i64).collect();
    let left = total - out.iter().sum::<i64>();
    let rest = |i: usize| known(&values[i]) - known(&values[i]).floor();
    let mut order: Vec<usize> = (0..values.len()).filter(|&i| rest(i) > 0.0).collect();
    order.sort_by(|&a, &b| rest(b).total_cmp(&rest(a)).then(a.cmp(&b)));
    for &i in order.iter().take(usize::try_from(left).unwrap_or(0)) {
        out[i] += 1;
    }
    out
}

/// A warning for periods of different lengths, whose counts are compared as they are.
pub(super) fn unequal(period: Option<&Period>, baseline: Option<&Period>) -> Option<Warning> {
    let (now, then) = (period?.years(), baseline?.years());
    let times = now / then;
    // Leap years differ by a day.
    (times - 1.0).abs().gt(&0.01).then(|| {
        Warning::with_value(
            WarningCode::Input,
            times,
            format!(
                "The period is {times:.2} times as long as the baseline, and counts are compared as \
                 they are; choose a period of one year to compare years."
            ),
        )
    })
}

/// Refuses a baseline before the first report of the file or after the last, of whatever kind: that none
/// was made then is not known, and a rate of 0 would make every change a rise without limit.
fn reaches(incidents: &Incidents, year: i16) -> Result<()> {
    let times = incidents.require_times()?;
    let baseline = Period::year(year, times.zone())?;
    let Some((first, last)) = times.range() else {
        return Ok(());
    };
    if baseline.start <= last && first < baseline.end {
        return Ok(());
    }
    let day = |second| times.zone().local(second).date();
    Err(Error::input(
        Fault::NoRows,
        format!(
            "the reports run from {} to {}, so what was reported in the baseline {year} is not known; \
             choose a year among these, or give the counts of a register for it",
            day(first),
            day(last)
        ),
    ))
}

#[cfg(test)]
mod tests;
