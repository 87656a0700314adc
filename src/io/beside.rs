//! Numbers of two tables side by side.

use std::collections::BTreeMap;

use super::population::Population;
use crate::error::{Error, Fault, Result, quoted};
use crate::model::{Exposure, Warning, WarningCode, require_same_vintage};

/// Share of the rows that may be missing from the other table.
const MOST_MISSING: f64 = 0.05;

impl Population {
    /// These numbers with those of another table beside them, by code.
    ///
    /// A row that the other table lacks has no such number, and a warning says so; rows that only
    /// the other table has are left out.
    ///
    /// # Errors
    /// [`Fault::VintageMismatch`] when both divisions are known and differ;
    /// [`Fault::AreaMismatch`] when more than 5 % of the rows are not in the other table.
    pub fn beside(&self, other: &Self) -> Result<Self> {
        let said = require_same_vintage("the numbers", other.vintage(), self.vintage())?;
        let at: BTreeMap<&str, usize> = other.codes().iter().map(String::as_str).zip(0..).collect();
        let place: Vec<Option<usize>> = self
            .codes()
            .iter()
            .map(|code| at.get(code.as_str()).copied())
            .collect();
        let missing: Vec<&String> = self
            .codes()
            .iter()
            .zip(&place)
            .filter(|(_, p)| p.is_none())
            .map(|(code, _)| code)
            .collect();
        let what = format!(
            "{} of {} areas are not in the other table, such as `{}`",
            missing.len(),
            place.len(),
            quoted(missing.first().map_or("", |code| code.as_str()))
        );
        if missing.len() as f64 > MOST_MISSING * place.len() as f64 {
            let example = other.codes().first().map_or("", String::as_str);
            return Err(Error::input(
                Fault::AreaMismatch,
                format!(
                    "{what}; it has codes such as `{}`: name the column of the same codes",
                    quoted(example)
                ),
            ));
        }
        let mut warnings: Vec<Warning> = said.into_iter().collect();
        if !missing.is_empty() {
            warnings.push(Warning::with_value(
                WarningCode::Input,
                missing.len() as f64,
                format!("{what}; they have no number from it."),
            ));
        }
        let columns = other.exposures().iter().map(|exposure| {
            let values = place.iter().map(|p| p.and_then(|i| exposure.values[i]));
            Exposure::new(exposure.kind.clone(), exposure.year, values.collect())
        });
        Ok(self.with(columns.collect(), warnings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::PopulationReader;

    fn table(text: &str) -> Population {
        let reader = PopulationReader::new()
            .code("code")
            .exposure("n", None, "n");
        reader.read_bytes(text.as_bytes()).unwrap()
    }

    #[test]
    fn numbers_meet_by_code() {
        let many: Vec<String> = (0..30).map(|i| format!("A{i},{i}\n")).collect();
        let many = many.concat();
        let (one, all) = (
            table(&format!("code,n\nB,7\n{many}")),
            table(&format!("code,n\n{many}")),
        );
        let found = one.beside(&all).unwrap();
        assert_eq!(found.exposures()[1].values[0], None);
        assert_eq!(found.exposures()[1].values[30], Some(29.0));
        assert_eq!(found.exposures()[0], one.exposures()[0]);
        assert!(found.warnings().last().unwrap().message.contains("`B`"));
        let error = one.beside(&table("code,n\nx,1\n")).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::AreaMismatch));
    }
}
