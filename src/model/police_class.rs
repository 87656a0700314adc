//! The classes in which the Dutch police count.

/// Keys and titles of the nuisance tables 47021NED and 47024NED.
const NUISANCE: [(&str, &str); 9] = [
    ("0.0.0", "Totaal registraties overlast"),
    ("E33", "Overlast door verward persoon"),
    ("E35", "Melding overlast jeugd"),
    ("E38", "Overlast i.v.m. alcohol/drugs"),
    ("E41", "Overlast zwervers"),
    ("F010", "Openbare dronkenschap"),
    ("M061", "Geluidshinder horeca"),
    ("M062", "Geluidshinder evenement"),
    ("M22", "Geluidshinder overig"),
];

/// The key that stands for all classes together.
const TOTAL: &str = "0.0.0";

/// A class of a table of registered counts, such as `E35` or `1.1.1`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct PoliceClass {
    /// The key without padding; the title where the table gives no key that is known.
    pub key: String,
    /// The title, where it is known.
    pub title: Option<String>,
}

impl PoliceClass {
    /// The class that a field of a table names by key, by title or by both (`1.1.1 Diefstal`).
    #[must_use]
    pub fn named(field: &str) -> Self {
        let field = field.trim();
        let known = NUISANCE
            .iter()
            .find(|(key, title)| *key == field || title.eq_ignore_ascii_case(field));
        if let Some((key, title)) = known {
            return Self {
                key: (*key).to_owned(),
                title: Some((*title).to_owned()),
            };
        }
        let lower = field.to_lowercase();
        if lower.starts_with("totaal misdrijven") || lower == "misdrijven, totaal" {
            return Self {
                key: TOTAL.to_owned(),
                title: Some(field.to_owned()),
            };
        }
        match field.split_once(' ') {
            Some((key, title)) if numbers(key).is_some() => Self {
                key: key.to_owned(),
                title: Some(title.trim().to_owned()),
            },
            _ => Self {
                key: field.to_owned(),
                title: None,
            },
        }
    }

    /// Whether it is the sum of all other classes.
    #[must_use]
    pub fn is_total(&self) -> bool {
        self.key == TOTAL
    }

    /// Whether it sums up other classes: the total, or a heading such as `1.1.0`.
    #[must_use]
    pub fn is_sum(&self) -> bool {
        numbers(&self.key).is_some_and(|n| n.last() == Some(&0))
    }

    /// Whether `other` is counted in this class too.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        if self.key == other.key {
            return false;
        }
        if self.is_total() {
            return true;
        }
        let (Some(own), Some(other)) = (numbers(&self.key), numbers(&other.key)) else {
            return false;
        };
        let depth = own.iter().take_while(|n| **n > 0).count();
        depth > 0 && depth < own.len() && own[..depth] == other[..depth]
    }
}

/// The three numbers of a crime class such as `1.1.1`.
fn numbers(key: &str) -> Option<[u32; 3]> {
    let mut parts = key.split('.');
    let mut next = || {
        let part = parts.next()?;
        part.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| part.parse().ok())?
    };
    let out = [next()?, next()?, next()?];
    parts.next().is_none().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_keys_are_one() {
        for field in ["E35   ", "Melding overlast jeugd", "melding overlast Jeugd"] {
            assert_eq!(PoliceClass::named(field).key, "E35", "{field}");
        }
        let total = PoliceClass::named("Misdrijven, totaal");
        assert!(total.is_total() && total.is_sum());
        let crime = PoliceClass::named("1.1.1 Diefstal/inbraak woning");
        assert_eq!(crime.key, "1.1.1");
        assert_eq!(crime.title.as_deref(), Some("Diefstal/inbraak woning"));
        assert_eq!(PoliceClass::named("Iets anders").title, None);
    }

    #[test]
    fn headings_hold_what_is_under_them() {
        let class = PoliceClass::named;
        assert!(class("0.0.0").holds(&class("E35")));
        assert!(class("1.0.0").holds(&class("1.1.1")));
        assert!(class("1.1.0").holds(&class("1.1.2")));
        assert!(!class("1.1.0").holds(&class("1.2.1")));
        assert!(!class("1.1.1").holds(&class("1.1.1")));
        assert!(!class("1.1.1").holds(&class("1.1.2")));
        assert!(!class("E35").holds(&class("E38")));
        assert!(class("1.2.0").is_sum() && !class("1.2.3").is_sum() && !class("E35").is_sum());
    }
}
