//! How many people were there in a year, and who says so?

use super::configuration::HotspotAnalysis;
use crate::error::{Error, Fault, Result};
use crate::model::Neighbourhoods;

/// The people of a kind in a year, for every rate of that year alike: of the period, the baseline, a year in
/// between, a step, a resampled map.
///
/// They are of the year itself; else on the line between the years before and after that are known,
/// area by area, where one of the two takes the place of an unknown other; else of no stated year;
/// else of the nearest year.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct People {
    /// Per area; NaN where there is no number.
    pub(super) values: Vec<f64>,
    pub(super) from: PeopleFrom,
}

/// From which years numbers of people were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) enum PeopleFrom {
    /// There are none.
    Nowhere,
    /// Their year is not stated.
    NoYear,
    /// Of one year.
    Year(i16),
    /// On the line between two.
    Between(i16, i16),
}

impl People {
    /// The people of a kind; without a year, those of no stated year, else the latest.
    pub(super) fn of(areas: &Neighbourhoods, kind: &str, year: Option<i16>) -> Self {
        let known = areas.exposures().iter().filter(|e| e.kind == kind);
        let years = known.filter_map(|e| Some((e.year?, e)));
        let around = year.and_then(|year| {
            let before = years.clone().filter(|(own, _)| *own <= year);
            let after = years.filter(|(own, _)| *own >= year);
            let before = before.max_by_key(|(own, _)| *own)?;
            Some((year, before, after.min_by_key(|(own, _)| *own)?))
        });
        let Some((year, (from, before), (to, after))) = around else {
            return match areas.exposure(kind, year) {
                Some(exposure) => Self {
                    values: exposure.as_floats(),
                    from: exposure.year.map_or(PeopleFrom::NoYear, PeopleFrom::Year),
                },
                None => Self::nobody(areas),
            };
        };
        if from == to {
            return Self {
                values: before.as_floats(),
                from: PeopleFrom::Year(from),
            };
        }
        let share = f64::from(year - from) / f64::from(to - from);
        let pairs = before.as_floats().into_iter().zip(after.as_floats());
        let between = pairs.map(|(a, b)| match (a.is_nan(), b.is_nan()) {
            (false, false) => a + share * (b - a),
            (true, _) => b,
            (_, true) => a,
        });
        Self {
            values: between.collect(),
            from: PeopleFrom::Between(from, to),
        }
    }

    pub(super) fn nobody(areas: &Neighbourhoods) -> Self {
        Self {
            values: vec![f64::NAN; areas.len()],
            from: PeopleFrom::Nowhere,
        }
    }
}

impl PeopleFrom {
    /// As the account of a result tells it.
    pub(super) fn told(self) -> String {
        match self {
            Self::Nowhere => "none".to_owned(),
            Self::NoYear => "of no stated year".to_owned(),
            Self::Year(year) => year.to_string(),
            Self::Between(from, to) => format!("on the line from {from} to {to}"),
        }
    }
}

impl HotspotAnalysis {
    /// The people in the year of the period; only inhabitants may be missing.
    pub(super) fn people(&self, areas: &Neighbourhoods, year: Option<i16>) -> Result<People> {
        let kind = self.exposure_kind();
        let people = People::of(areas, kind, year);
        if people.from != PeopleFrom::Nowhere || kind == "inhabitants" {
            return Ok(people);
        }
        let known: Vec<String> = areas.exposures().iter().map(|e| e.kind.clone()).collect();
        Err(Error::input(
            Fault::MissingExposure,
            format!(
                "the areas have no `{}`; known are: {}. Add it, or choose one of these with exposure",
                crate::error::quoted(kind),
                if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                }
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Crs, Exposure};

    fn areas(known: &[(Option<i16>, [Option<f64>; 2])]) -> Neighbourhoods {
        let square = |x: f64| {
            let (low, high) = (geo::Coord { x, y: 0.0 }, geo::Coord { x: x + 1e3, y: 1e3 });
            geo::MultiPolygon(vec![geo::Rect::new(low, high).to_polygon()])
        };
        let codes = vec!["A".to_owned(), "B".to_owned()];
        let shapes = vec![square(0.0), square(1e3)];
        let mut out = Neighbourhoods::new(codes.clone(), codes, shapes, Crs::PLANAR).unwrap();
        for (year, values) in known {
            let exposure = Exposure::new("inhabitants", *year, values.to_vec());
            out = out.with_exposure(exposure).unwrap();
        }
        out
    }

    #[test]
    fn people_between_two_years_lie_on_a_line() {
        let areas = areas(&[
            (Some(2018), [Some(100.0), None]),
            (Some(2022), [Some(200.0), Some(40.0)]),
        ]);
        let in_year = |year| People::of(&areas, "inhabitants", Some(year));
        for (year, first, from) in [
            (2010, 100.0, PeopleFrom::Year(2018)),
            (2018, 100.0, PeopleFrom::Year(2018)),
            (2019, 125.0, PeopleFrom::Between(2018, 2022)),
            (2022, 200.0, PeopleFrom::Year(2022)),
            (2030, 200.0, PeopleFrom::Year(2022)),
        ] {
            let found = in_year(year);
            assert_eq!((found.values[0], found.from), (first, from), "{year}");
        }
        assert!(in_year(2018).values[1].is_nan(), "known, and not published");
        assert_eq!(in_year(2021).values[1], 40.0);
        let youths = People::of(&areas, "youths", Some(2020));
        assert_eq!(youths.from, PeopleFrom::Nowhere);
        assert!(youths.values.iter().all(|v| v.is_nan()));
    }

    #[test]
    fn numbers_of_no_stated_year_come_before_those_of_another_one() {
        let both = |value: f64| [Some(value), Some(value)];
        let areas = areas(&[
            (None, both(7.0)),
            (Some(2018), both(100.0)),
            (Some(2022), both(200.0)),
        ]);
        let first = |year| People::of(&areas, "inhabitants", year).values[0];
        assert_eq!(
            [None, Some(2017), Some(2018), Some(2020), Some(2023)].map(first),
            [7.0, 7.0, 100.0, 150.0, 7.0]
        );
    }
}
