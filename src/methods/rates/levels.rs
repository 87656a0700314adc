//! The same comparison for areas, groups of areas and the whole city.

use std::collections::BTreeMap;

use super::change::Change;
use super::change_table::ChangeTable;
use crate::error::{Error, Fault, Result};
use crate::stats::sum;

/// Changes of areas, of groups of them and of all together.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ChangeLevels {
    /// The areas, in input order.
    pub areas: ChangeTable,
    /// The groups, in ascending order of their number; none if none were given.
    pub groups: ChangeGroups,
    /// All areas together: one row.
    pub city: ChangeGroups,
}

/// Areas added up, with the change of the sums.
///
/// Only areas whose people are known in both periods are in the sums, so that a rate has the same
/// areas above and below its line.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct ChangeGroups {
    /// The number of the group; 0 for the city.
    pub group: Vec<u32>,
    /// Areas in the sums.
    pub areas: Vec<u64>,
    /// Areas that are not, because their people are not known.
    pub left_out: Vec<u64>,
    /// Incidents now.
    pub count: Vec<i64>,
    /// People now.
    pub population: Vec<f64>,
    /// Incidents then.
    pub baseline_count: Vec<i64>,
    /// People then.
    pub baseline_population: Vec<f64>,
    /// The change of the sums; q is corrected for the groups.
    pub change: ChangeTable,
}

#[derive(Debug, Default)]
struct Sums {
    areas: u64,
    left_out: u64,
    count: i64,
    baseline_count: i64,
    population: Vec<f64>,
    baseline_population: Vec<f64>,
    weighted: Vec<f64>,
    freedom: Vec<f64>,
}

impl Change {
    /// As [`run`](Self::run), with groups of areas (districts) and the city from the same call.
    ///
    /// `groups` has a number per area. Each level has its own correction for the number of tests.
    /// A group's overdispersion is the mean of that of its areas, weighted by their incidents in
    /// both periods, as if areas were independent; its degrees of freedom likewise, which is on the
    /// safe side. The split into parts is that of the sums: people
    /// who move to a quieter area change the rate of the city.
    ///
    /// # Errors
    /// As [`run`](Self::run); [`Fault::LengthMismatch`] for groups of another number of areas,
    /// [`Fault::NumberOutOfRange`] when counts add up to more than 10¹².
    pub fn run_levels(
        &self,
        counts: &[i64],
        exposure: &[f64],
        baseline_counts: &[i64],
        baseline_exposure: &[f64],
        groups: Option<&[u32]>,
    ) -> Result<ChangeLevels> {
        let areas = self.run(counts, exposure, baseline_counts, baseline_exposure)?;
        if let Some(groups) = groups
            && groups.len() != counts.len()
        {
            return Err(Error::input(
                Fault::LengthMismatch,
                format!("{} groups for {} areas", groups.len(), counts.len()),
            ));
        }
        let mut by_group: BTreeMap<u32, Sums> = BTreeMap::new();
        let mut city = Sums::default();
        for i in 0..counts.len() {
            let area = Area {
                now: (counts[i], exposure[i]),
                then: (baseline_counts[i], baseline_exposure[i]),
                overdispersion: self.overdispersion.as_ref().map(|o| o[i]),
                freedom: self.freedom.as_ref().map(|f| f[i]),
            };
            city.add(&area);
            if let Some(groups) = groups {
                by_group.entry(groups[i]).or_default().add(&area);
            }
        }
        Ok(ChangeLevels {
            areas,
            groups: self.of_sums(by_group)?,
            city: self.of_sums(BTreeMap::from([(0, city)]))?,
        })
    }

    fn of_sums(&self, sums: BTreeMap<u32, Sums>) -> Result<ChangeGroups> {
        let mut out = ChangeGroups::default();
        let mut overdispersion = Vec::with_capacity(sums.len());
        let mut freedom = Vec::with_capacity(sums.len());
        for (group, sums) in sums {
            out.group.push(group);
            out.areas.push(sums.areas);
            out.left_out.push(sums.left_out);
            out.count.push(sums.count);
            out.baseline_count.push(sums.baseline_count);
            out.population.push(sum(sums.population.iter().copied()));
            out.baseline_population
                .push(sum(sums.baseline_population.iter().copied()));
            let incidents = (sums.count + sums.baseline_count) as f64;
            overdispersion.push(sum(sums.weighted.iter().copied()) / incidents);
            freedom.push(sum(sums.freedom.iter().copied()) / incidents);
        }
        let mut method = self.clone();
        if self.overdispersion.is_some() {
            method = method.overdispersion(overdispersion);
        }
        if self.freedom.is_some() {
            method = method.overdispersion_freedom(freedom);
        }
        out.change = method.run(
            &out.count,
            &out.population,
            &out.baseline_count,
            &out.baseline_population,
        )?;
        Ok(out)
    }
}

struct Area {
    now: (i64, f64),
    then: (i64, f64),
    overdispersion: Option<f64>,
    freedom: Option<f64>,
}

impl Sums {
    fn add(&mut self, area: &Area) {
        let (now, then) = (area.now, area.then);
        if !(now.1 > 0.0 && then.1 > 0.0) {
            self.left_out += 1;
            return;
        }
        self.areas += 1;
        // A sum at the end of the numbers is refused as a count.
        self.count = self.count.saturating_add(now.0);
        self.baseline_count = self.baseline_count.saturating_add(then.0);
        self.population.push(now.1);
        self.baseline_population.push(then.1);
        let incidents = (now.0 + then.0) as f64;
        if let Some(ratio) = area.overdispersion
            && incidents > 0.0
        {
            // NaN must not count as 1.
            let ratio = if ratio < 1.0 { 1.0 } else { ratio };
            self.weighted.push(ratio * incidents);
            self.freedom.extend(area.freedom.map(|f| f * incidents));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: [i64; 4] = [12, 3, 40, 9];
    const PEOPLE: [f64; 4] = [1_000.0, 400.0, 2_000.0, f64::NAN];
    const BEFORE: [i64; 4] = [20, 2, 60, 7];
    const THEN: [f64; 4] = [900.0, 500.0, 1_800.0, 300.0];

    #[test]
    fn levels_are_the_comparison_of_sums() {
        let change = Change::new();
        let found = change
            .run_levels(&COUNTS, &PEOPLE, &BEFORE, &THEN, Some(&[7, 2, 7, 2]))
            .unwrap();
        // NaN differs from itself, its text does not.
        let alone = change.run(&COUNTS, &PEOPLE, &BEFORE, &THEN).unwrap();
        assert_eq!(format!("{:?}", found.areas), format!("{alone:?}"));
        assert_eq!(found.groups.group, [2, 7]);
        assert_eq!(found.groups.left_out, [1, 0]);
        let by_hand = change
            .run(&[3, 52], &[400.0, 3_000.0], &[2, 80], &[500.0, 2_700.0])
            .unwrap();
        assert_eq!(found.groups.change, by_hand);
        let city = change.run(&[55], &[3_400.0], &[82], &[3_200.0]).unwrap();
        assert_eq!(found.city.change, city);
        assert_eq!((found.city.areas[0], found.city.left_out[0]), (3, 1));
        assert_eq!(city.q, city.p);
    }

    #[test]
    fn overdispersion_of_a_group_is_weighted_by_incidents() {
        let change = Change::new().overdispersion(vec![2.0, 0.5, 4.0, 9.0]);
        let found = change
            .run_levels(&COUNTS, &PEOPLE, &BEFORE, &THEN, None)
            .unwrap();
        assert!(found.groups.group.is_empty());
        let quasi = found.city.change.quasi.unwrap();
        let want = (2.0 * 32.0 + 1.0 * 5.0 + 4.0 * 100.0) / 137.0;
        assert!((quasi.overdispersion[0] - want).abs() < 1e-14);
        assert!(quasi.low[0] < found.city.change.low[0]);
        assert!(quasi.high[0] > found.city.change.high[0]);
    }

    #[test]
    fn freedom_of_a_group_is_weighted_by_incidents_too() {
        let change = Change::new().overdispersion(vec![2.0, 2.0, 2.0, 9.0]);
        let each = change.overdispersion_freedom(vec![11.0, 40.0, 5.0, 3.0]);
        let found = each.run_levels(&COUNTS, &PEOPLE, &BEFORE, &THEN, None);
        let want = (11.0 * 32.0 + 40.0 * 5.0 + 5.0 * 100.0) / 137.0;
        let one = Change::new().overdispersion(vec![2.0]);
        let one = one.overdispersion_freedom(vec![want]);
        let by_hand = one.run(&[55], &[3_400.0], &[82], &[3_200.0]).unwrap();
        assert_eq!(found.unwrap().city.change, by_hand);
    }

    #[test]
    fn areas_without_incidents_do_not_spoil_the_overdispersion() {
        let change = Change::new().overdispersion(vec![2.0, f64::NAN]);
        let found = change.run_levels(&[12, 0], &[9.0; 2], &[20, 0], &[9.0; 2], None);
        let quasi = found.unwrap().city.change.quasi.unwrap();
        assert_eq!(quasi.overdispersion, [2.0]);
    }

    #[test]
    fn areas_of_nobody_are_left_out() {
        for (now, then) in [(0.0, 500.0), (500.0, 0.0), (f64::NAN, 500.0), (0.0, 0.0)] {
            let found = Change::new()
                .run_levels(&[12, 3], &[900.0, now], &[20, 2], &[950.0, then], None)
                .unwrap();
            assert_eq!((found.city.areas[0], found.city.left_out[0]), (1, 1));
            assert_eq!((found.city.count[0], found.city.population[0]), (12, 900.0));
        }
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let change = Change::new();
        let run = |groups: &[u32]| change.run_levels(&[1], &[1.0], &[1], &[1.0], Some(groups));
        assert!(run(&[1, 2]).is_err());
        let big = [600_000_000_000; 2];
        assert!(
            change
                .run_levels(&big, &[1.0; 2], &[1; 2], &[1.0; 2], None)
                .is_err()
        );
        let empty = change.run_levels(&[], &[], &[], &[], None).unwrap();
        assert_eq!(empty.city.change.status[0].name(), "cannot tell");
    }
}
