//! Why a neighbourhood is or is not a hotspot, in one sentence.

use super::language::Language;

/// What the sentence about one neighbourhood says.
///
/// It answers two questions that are kept apart: is the area's own rate high for its people, and
/// do high values cluster around it?
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Reason {
    /// Hotspot class, from −3 to 3.
    pub class: i8,
    /// q-value of Gi*; NaN when it is not defined.
    pub gi_q: f64,
    /// Incidents.
    pub count: i64,
    /// Rate and its interval; NaN without population.
    pub rate: (f64, f64, f64),
    /// Rate divided by that of the rest of the city; NaN without population.
    pub ratio: f64,
    /// q-value of that ratio; NaN without population.
    pub ratio_q: f64,
    /// People the rate is given for.
    pub per: f64,
    /// Whether the count may not be shown.
    pub withheld: bool,
}

impl Reason {
    /// The sentence in one language.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::Dutch if self.withheld => {
                "Niet getoond: te weinig meldingen om te publiceren, hier of in een gebied waaruit dit \
                 af te leiden zou zijn."
                    .to_owned()
            }
            Language::English if self.withheld => {
                "Not shown: too few reports to publish, here or in an area from which this one could \
                 be worked out."
                    .to_owned()
            }
            Language::Dutch => self.dutch(),
            Language::English => self.english(),
        }
    }

    fn english(&self) -> String {
        let n = |v: f64| number(v, ".");
        let q = if self.gi_q.is_nan() {
            "not tested".to_owned()
        } else {
            q_value(self.gi_q, ".")
        };
        let around = match (self.class, self.gi_q.is_nan()) {
            (2.., _) => format!("Hotspot: high values gather here and around it ({q})"),
            (1, _) => format!("Weak sign of a hotspot: high values may gather around it ({q})"),
            (..=-2, _) => format!("Coldspot: low values gather here and around it ({q})"),
            (-1, _) => format!("Weak sign of a coldspot: low values may gather around it ({q})"),
            (0, true) => "Not tested for clustering".to_owned(),
            (0, false) => format!("No hotspot: high values do not gather around it ({q})"),
        };
        if self.rate.0.is_nan() {
            return format!(
                "{around}; no population is published, so {} incidents give no rate.",
                self.count
            );
        }
        let own = format!(
            "its own rate of {} per {} (95 % interval {} to {})",
            n(self.rate.0),
            n(self.per),
            n(self.rate.1),
            n(self.rate.2)
        );
        let compared = match self.standing() {
            Standing::Higher => format!(
                "is {} times that of the rest of the city ({})",
                n(self.ratio),
                q_value(self.ratio_q, ".")
            ),
            Standing::Lower => format!(
                "is lower, {} times that of the rest of the city ({})",
                n(self.ratio),
                q_value(self.ratio_q, ".")
            ),
            Standing::Same => "does not clearly differ from the rest of the city".to_owned(),
        };
        format!("{around}; {own} {compared}.")
    }

    fn dutch(&self) -> String {
        let n = |v: f64| number(v, ",");
        let q = if self.gi_q.is_nan() {
            "niet getoetst".to_owned()
        } else {
            q_value(self.gi_q, ",")
        };
        let around = match (self.class, self.gi_q.is_nan()) {
            (2.., _) => format!("Hotspot: hoge waarden liggen hier en eromheen bijeen ({q})"),
            (1, _) => format!(
                "Zwakke aanwijzing voor een hotspot: mogelijk liggen hoge waarden eromheen bijeen ({q})"
            ),
            (..=-2, _) => format!("Coldspot: lage waarden liggen hier en eromheen bijeen ({q})"),
            (-1, _) => format!(
                "Zwakke aanwijzing voor een coldspot: mogelijk liggen lage waarden eromheen bijeen ({q})"
            ),
            (0, true) => "Niet getoetst op samenklontering".to_owned(),
            (0, false) => {
                format!("Geen hotspot: hoge waarden liggen er niet omheen bijeen ({q})")
            }
        };
        if self.rate.0.is_nan() {
            return format!(
                "{around}; er is geen bevolkingscijfer, dus {} meldingen geven geen verhoudingscijfer.",
                self.count
            );
        }
        let own = format!(
            "het eigen cijfer van {} per {} (95%-interval {} tot {})",
            n(self.rate.0),
            n(self.per),
            n(self.rate.1),
            n(self.rate.2)
        );
        let compared = match self.standing() {
            Standing::Higher => format!(
                "is {} keer dat van de rest van de stad ({})",
                n(self.ratio),
                q_value(self.ratio_q, ",")
            ),
            Standing::Lower => format!(
                "is lager, {} keer dat van de rest van de stad ({})",
                n(self.ratio),
                q_value(self.ratio_q, ",")
            ),
            Standing::Same => "wijkt niet duidelijk af van de rest van de stad".to_owned(),
        };
        format!("{around}; {own} {compared}.")
    }

    /// How the area's own rate stands to that of the rest of the city.
    fn standing(&self) -> Standing {
        if self.ratio_q.is_nan() || self.ratio_q > 0.05 || self.ratio.is_nan() {
            Standing::Same
        } else if self.ratio > 1.0 {
            Standing::Higher
        } else {
            Standing::Lower
        }
    }
}

enum Standing {
    Higher,
    Lower,
    Same,
}

fn q_value(q: f64, point: &str) -> String {
    if q < 0.001 {
        format!("q < 0{point}001")
    } else {
        format!("q = {q:.3}").replace('.', point)
    }
}

/// Three significant digits, without a fraction from 100 on.
fn number(value: f64, point: &str) -> String {
    let decimals = if value >= 99.95 {
        0
    } else if value >= 9.995 {
        1
    } else {
        2
    };
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    text.replace('.', point)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason() -> Reason {
        Reason {
            class: 3,
            gi_q: 0.0042,
            count: 41,
            rate: (12.34, 8.9, 16.7),
            ratio: 2.4,
            ratio_q: 1e-9,
            per: 1000.0,
            withheld: false,
        }
    }

    #[test]
    fn both_questions_are_answered_in_both_languages() {
        assert_eq!(
            reason().sentence(Language::English),
            "Hotspot: high values gather here and around it (q = 0.004); its own rate of 12.3 per \
             1000 (95 % interval 8.9 to 16.7) is 2.4 times that of the rest of the city (q < 0.001)."
        );
        assert!(reason().sentence(Language::Dutch).contains("12,3 per 1000"));
    }

    #[test]
    fn what_is_not_known_is_said() {
        let nan = f64::NAN;
        let unknown = Reason {
            class: 0,
            gi_q: nan,
            rate: (nan, nan, nan),
            ratio: nan,
            ratio_q: nan,
            ..reason()
        };
        let text = unknown.sentence(Language::English);
        assert!(
            text.contains("no population") && !text.contains("NaN"),
            "{text}"
        );
        let weak = Reason {
            class: 1,
            gi_q: 0.08,
            ..reason()
        };
        assert!(
            weak.sentence(Language::English)
                .starts_with("Weak sign of a hotspot")
        );
        let quiet = Reason {
            class: 0,
            gi_q: 0.8,
            ratio_q: 0.4,
            ..reason()
        };
        let text = quiet.sentence(Language::English);
        assert!(
            text.starts_with("No hotspot") && text.contains("does not clearly differ"),
            "{text}"
        );
    }
}
