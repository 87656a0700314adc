//! The codes of Dutch areas, and what lies in what.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Fault, Result, coded, quoted};

coded! {
    /// The level of an area, from the whole country down.
    AreaLevel {
        /// The country, `NL00` or `NL01`.
        Country = "country",
        /// A municipality (*gemeente*), such as `GM0034`.
        Municipality = "municipality",
        /// A district (*wijk*), such as `WK003466`.
        District = "district",
        /// A neighbourhood (*buurt*), such as `BU00346601`.
        Neighbourhood = "neighbourhood",
    }
}

impl AreaLevel {
    /// The level with this code.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other word.
    pub fn named(name: &str) -> Result<Self> {
        Self::from_code(name).ok_or_else(|| {
            Error::parameter(
                "level",
                name,
                "country, municipality, district or neighbourhood",
            )
        })
    }
}

/// A code of Statistics Netherlands for a country, municipality, district or neighbourhood.
///
/// | level | pattern | example |
/// |---|---|---|
/// | country | `NL00`, `NL01` | `NL00` |
/// | municipality | `GM` and 4 digits | `GM0034` |
/// | district | `WK`, 4 digits, 2 digits or letters | `WK003466` |
/// | neighbourhood | `BU`, 4 digits, 4 digits or letters | `BU00346601`, `BU0363AA01` |
///
/// The blanks that open data pad their keys with are not part of a code. A code alone does not
/// tell an area: divisions change from year to year, and a code may come back for other ground.
///
/// ```
/// use brandpunt::{AreaCode, AreaLevel};
///
/// # fn main() -> brandpunt::Result<()> {
/// let code: AreaCode = "BU00346601  ".parse()?;
/// assert_eq!(code.as_str(), "BU00346601");
/// assert_eq!(code.level(), AreaLevel::Neighbourhood);
/// assert_eq!(code.parent().unwrap().as_str(), "WK003466");
/// assert_eq!(code.at(AreaLevel::Municipality).unwrap().as_str(), "GM0034");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaCode {
    text: String,
    level: AreaLevel,
}

impl AreaCode {
    /// The level of a text, if it is a code.
    fn level_of(text: &str) -> Option<AreaLevel> {
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let signs = |s: &str| {
            s.bytes()
                .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        };
        let (kind, rest) = text.split_at_checked(2)?;
        let (municipality, below) = rest.split_at_checked(4).unwrap_or((rest, ""));
        let fits = |length| below.len() == length && digits(municipality) && signs(below);
        match (kind, rest.len()) {
            ("NL", 2) if matches!(rest, "00" | "01") => Some(AreaLevel::Country),
            ("GM", 4) if fits(0) => Some(AreaLevel::Municipality),
            ("WK", 6) if fits(2) => Some(AreaLevel::District),
            ("BU", 8) if fits(4) => Some(AreaLevel::Neighbourhood),
            _ => None,
        }
    }

    /// The code without padding.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its level.
    #[must_use]
    pub fn level(&self) -> AreaLevel {
        self.level
    }

    /// The area that this one lies in by its code, one level up; `None` for the country.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (level, kind, length) = match self.level {
            AreaLevel::Country => return None,
            AreaLevel::Municipality => (AreaLevel::Country, "NL", 0),
            AreaLevel::District => (AreaLevel::Municipality, "GM", 4),
            AreaLevel::Neighbourhood => (AreaLevel::District, "WK", 6),
        };
        let text = match level {
            AreaLevel::Country => "NL00".to_owned(),
            _ => format!("{kind}{}", self.text.get(2..2 + length)?),
        };
        Some(Self { text, level })
    }

    /// The area of a level that this one lies in or is; `None` for a finer level.
    #[must_use]
    pub fn at(&self, level: AreaLevel) -> Option<Self> {
        let mut code = self.clone();
        while code.level > level {
            code = code.parent()?;
        }
        (code.level == level).then_some(code)
    }
}

impl FromStr for AreaCode {
    type Err = Error;

    /// Reads a code; padding is dropped.
    fn from_str(text: &str) -> Result<Self> {
        let trimmed = text.trim();
        match Self::level_of(trimmed) {
            Some(level) => Ok(Self {
                text: trimmed.to_owned(),
                level,
            }),
            None => Err(Error::input(
                Fault::InvalidAreaCode,
                format!(
                    "`{}` is no area code; NL00, GM and 4 digits, WK and 6 signs, or BU and 8 \
                     signs, such as BU00346601, are",
                    quoted(text)
                ),
            )),
        }
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(text: &str) -> AreaCode {
        text.parse().unwrap()
    }

    #[test]
    fn padding_goes_and_letters_stay() {
        assert_eq!(code("GM0034    ").as_str(), "GM0034");
        assert_eq!(code("BU0363AA01").level(), AreaLevel::Neighbourhood);
        assert_eq!(code("BU0363AA01").parent(), Some(code("WK0363AA")));
        assert_eq!(code("WK003466  ").parent(), Some(code("GM0034")));
        assert_eq!(code("GM0034").parent(), Some(code("NL00")));
        assert_eq!(code("NL01").parent(), None);
        assert_eq!(code("GM0034").at(AreaLevel::Neighbourhood), None);
        assert_eq!(
            code("GM0034").at(AreaLevel::Municipality),
            Some(code("GM0034"))
        );
    }

    #[test]
    fn what_only_looks_like_a_code_is_refused() {
        for text in [
            "",
            "BU",
            "BU0034660",
            "BU003466011",
            "bu00346601",
            "BU003466a1",
            "BUAB346601",
            "WK00346é",
            "GM00 4",
            "NL02",
            "PV24",
            "0034",
        ] {
            let error = text.parse::<AreaCode>().unwrap_err();
            assert_eq!(error.fault(), Some(Fault::InvalidAreaCode), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_code_or_an_error(text in "\\PC{0,12}") {
            if let Ok(code) = text.parse::<AreaCode>() {
                prop_assert_eq!(code.as_str(), text.trim());
            }
        }

        #[test]
        fn everything_lies_in_the_country(text in "BU[0-9]{4}[0-9A-Z]{4} {0,2}") {
            let code: AreaCode = text.parse().unwrap();
            let country = code.at(AreaLevel::Country).unwrap();
            prop_assert_eq!(country.as_str(), "NL00");
            let district = code.at(AreaLevel::District).unwrap();
            prop_assert!(code.as_str()[2..].starts_with(&district.as_str()[2..]));
        }
    }
}
