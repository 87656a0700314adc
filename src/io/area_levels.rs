//! Areas of several levels in one file, and the year of their division.

use std::collections::BTreeMap;

use crate::error::{Error, Fault, Result, quoted};
use crate::model::{AreaCode, AreaLevel, Detected};

/// Which areas are kept, by position, when codes of several levels stand side by side: those of
/// the level asked for, else of the finest. `None` when nothing has to go.
pub(super) fn kept<T: AsRef<str>>(
    codes: &[T],
    wanted: Option<AreaLevel>,
    detected: &mut Vec<Detected>,
) -> Result<Option<Vec<usize>>> {
    let levels: Vec<Option<AreaLevel>> = codes
        .iter()
        .map(|code| code.as_ref().parse::<AreaCode>().ok().map(|c| c.level()))
        .collect();
    let mut counts: BTreeMap<AreaLevel, usize> = BTreeMap::new();
    for level in levels.iter().flatten() {
        *counts.entry(*level).or_default() += 1;
    }
    let all_known = levels.iter().all(Option::is_some);
    let Some(level) = wanted.or_else(|| counts.keys().next_back().copied()) else {
        return Ok(None);
    };
    if wanted.is_none() && (!all_known || counts.len() < 2) {
        return Ok(None);
    }
    let names: Vec<String> = counts.iter().map(|(l, n)| format!("{n} of {l}")).collect();
    let names = names.join(", ");
    if !counts.contains_key(&level) {
        return Err(Error::parameter(
            "level",
            level,
            format!("a level of the file, which has areas: {names}"),
        ));
    }
    detected.push(Detected::new(
        "level",
        level.code(),
        format!("areas: {names}"),
    ));
    Ok(Some(
        (0..codes.len())
            .filter(|&i| levels[i] == Some(level))
            .collect(),
    ))
}

/// The year of the division by a column such as `jrstatcode` (`2024BU00340101`) or `jaar`: the one
/// given, which the column must not contradict, else the one that all rows have.
pub(super) fn vintage(
    given: Option<i16>,
    column: Option<(&str, Vec<std::borrow::Cow<'_, str>>)>,
    detected: &mut Vec<Detected>,
) -> Result<Option<i16>> {
    let Some((name, values)) = column else {
        return Ok(given);
    };
    let mut years = values.iter().map(|value| {
        let (year, rest) = value.trim().split_at_checked(4)?;
        let year: i16 = year.parse().ok()?;
        let ends = !rest.starts_with(|c: char| c.is_ascii_digit());
        ((1990..2100).contains(&year) && ends).then_some(year)
    });
    let first = years.next().flatten();
    let found = first.filter(|_| years.all(|year| year == first));
    match (given, found) {
        (Some(given), Some(found)) if given != found => Err(Error::input(
            Fault::VintageMismatch,
            format!(
                "the areas are said to be of {given}, but column `{}` says {found}",
                quoted(name)
            ),
        )),
        (None, Some(found)) => {
            detected.push(Detected::new(
                "vintage",
                found.to_string(),
                format!("column `{}`", quoted(name)),
            ));
            Ok(Some(found))
        }
        _ => Ok(given),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finest_level_is_kept_and_told() {
        let codes = ["NL00", "GM0034", "WK003401", "BU00340101", "BU00340102"];
        let mut detected = Vec::new();
        assert_eq!(kept(&codes, None, &mut detected).unwrap(), Some(vec![3, 4]));
        assert!(
            detected[0]
                .evidence
                .contains("1 of district, 2 of neighbourhood")
        );
        let district = kept(&codes, Some(AreaLevel::District), &mut detected);
        assert_eq!(district.unwrap(), Some(vec![2]));
        assert_eq!(kept(&codes[3..], None, &mut detected).unwrap(), None);
        assert_eq!(
            kept(&["0101", "GM0034"], None, &mut detected).unwrap(),
            None
        );
        assert!(kept(&codes[3..], Some(AreaLevel::District), &mut detected).is_err());
    }

    #[test]
    fn a_year_holds_for_all_rows_or_not_at_all() {
        let of = |given, values: &[&'static str]| {
            let column = values.iter().map(|v| (*v).into()).collect();
            vintage(given, Some(("jrstatcode", column)), &mut Vec::new())
        };
        assert_eq!(
            of(None, &["2024BU00340101", "2024BU00340102"]).unwrap(),
            Some(2024)
        );
        assert_eq!(of(None, &["2024", "2023"]).unwrap(), None);
        assert_eq!(of(None, &["20240101"]).unwrap(), None);
        assert_eq!(of(Some(2022), &["x"]).unwrap(), Some(2022));
        assert_eq!(
            of(Some(2022), &["2024"]).unwrap_err().fault(),
            Some(Fault::VintageMismatch)
        );
    }
}
