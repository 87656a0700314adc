//! How numbers are written in Dutch and in English.

use crate::analysis::Language;

/// What stands where a number is not defined.
pub(super) const NONE: &str = "–";

/// Writes numbers in one language, with one number of decimals for all rates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers {
    language: Language,
    rate_decimals: usize,
}

impl Numbers {
    /// For rates of about the size of `typical`: three significant digits, at most four decimals.
    pub(super) fn new(language: Language, typical: f64) -> Self {
        let rate_decimals = if typical.is_finite() && typical > 0.0 {
            (2.0 - typical.log10().floor()).clamp(0.0, 4.0) as usize
        } else {
            1
        };
        Self {
            language,
            rate_decimals,
        }
    }

    /// A number with so many decimals; a dash for NaN and infinity.
    pub(super) fn fixed(self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return NONE.to_owned();
        }
        let plain = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let (group, point) = match self.language {
            Language::Dutch => ('.', ','),
            Language::English => (',', '.'),
        };
        let mut out = String::new();
        if value < 0.0 && plain.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
            out.push('−');
        }
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i) % 3 == 0 {
                out.push(group);
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push(point);
            out.push_str(fraction);
        }
        out
    }

    /// A whole number.
    pub(super) fn whole(self, value: i64) -> String {
        self.fixed(value as f64, 0)
    }

    /// People: whole where they are whole.
    pub(super) fn people(self, value: f64) -> String {
        self.fixed(value, usize::from(value.fract().abs() > 0.05))
    }

    /// A rate; from a hundred on with at most one decimal, from a thousand on with none.
    pub(super) fn rate(self, value: f64) -> String {
        let most = match value {
            1000.0.. => 0,
            100.0.. => 1,
            _ => self.rate_decimals,
        };
        self.fixed(value, self.rate_decimals.min(most))
    }

    /// The interval of a rate, `None` when it is not defined.
    pub(super) fn rate_interval(self, low: f64, high: f64) -> Option<String> {
        self.interval(low, high, Self::rate)
    }

    /// The same for a narrow column: `1.0–2.0`.
    pub(super) fn rate_range(self, low: f64, high: f64) -> Option<String> {
        if low.is_finite() && high.is_finite() {
            return Some(format!("{}–{}", self.rate(low), self.rate(high)));
        }
        self.rate_interval(low, high)
    }

    /// A ratio such as `1.83×`.
    pub(super) fn ratio(self, value: f64) -> String {
        if !value.is_finite() {
            return NONE.to_owned();
        }
        format!("{}×", self.fixed(value, if value < 9.995 { 2 } else { 1 }))
    }

    /// A probability: three decimals, never rounded to zero.
    pub(super) fn probability(self, value: f64) -> String {
        if value.is_finite() && value < 0.001 {
            format!("<{}", self.fixed(0.001, 3))
        } else {
            self.fixed(value, 3)
        }
    }

    /// A ratio of change as a percentage with its sign; from a tenfold on as a multiple.
    pub(super) fn change(self, ratio: f64) -> String {
        if !ratio.is_finite() {
            return NONE.to_owned();
        }
        if ratio >= 10.0 {
            return format!("×{}", self.fixed(ratio, 0));
        }
        self.percent(ratio, 0)
    }

    /// A change of each year, which is small: with a decimal.
    pub(super) fn yearly(self, ratio: f64) -> String {
        if !ratio.is_finite() {
            return NONE.to_owned();
        }
        self.percent(ratio, 1)
    }

    fn percent(self, ratio: f64, decimals: i32) -> String {
        let unit = 10_f64.powi(decimals);
        let percent = ((ratio - 1.0) * 100.0 * unit).round() / unit;
        let sign = if percent > 0.0 { "+" } else { "" };
        format!("{sign}{}%", self.fixed(percent, decimals as usize))
    }

    /// The interval of a change.
    pub(super) fn change_interval(self, low: f64, high: f64) -> Option<String> {
        self.interval(low, high, Self::change)
    }

    /// So many significant digits.
    pub(super) fn significant(self, value: f64, digits: i32) -> String {
        if value == 0.0 || !value.is_finite() {
            return self.fixed(value, 0);
        }
        let decimals = (f64::from(digits) - 1.0 - value.abs().log10().floor()).clamp(0.0, 9.0);
        self.fixed(value, decimals as usize)
    }

    /// As few decimals as the value needs, at most four.
    pub(super) fn trimmed(self, value: f64) -> String {
        let decimals = (0..4)
            .find(|&d| {
                let unit = 10_f64.powi(d);
                ((value * unit).round() / unit - value).abs() < 1e-9
            })
            .unwrap_or(4);
        self.fixed(value, decimals as usize)
    }

    fn interval(self, low: f64, high: f64, write: impl Fn(Self, f64) -> String) -> Option<String> {
        match (low.is_finite(), high.is_finite()) {
            (true, true) => {
                let to = match self.language {
                    Language::Dutch => "tot",
                    Language::English => "to",
                };
                Some(format!("{} {to} {}", write(self, low), write(self, high)))
            }
            (true, false) if high == f64::INFINITY => Some(format!("≥ {}", write(self, low))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dutch_and_english_differ_in_point_and_comma() {
        let dutch = Numbers::new(Language::Dutch, 12.0);
        let english = Numbers::new(Language::English, 12.0);
        assert_eq!(dutch.fixed(1_234_567.891, 2), "1.234.567,89");
        assert_eq!(english.fixed(1_234_567.891, 2), "1,234,567.89");
        assert_eq!(dutch.whole(-999), "−999");
        assert_eq!(english.rate(12.34), "12.3");
        assert_eq!(Numbers::new(Language::Dutch, 5.0).rate(1_444.94), "1.445");
        assert_eq!(dutch.rate_interval(1.04, 2.0).unwrap(), "1,0 tot 2,0");
    }

    #[test]
    fn no_number_is_ever_nan_or_infinite() {
        let numbers = Numbers::new(Language::English, f64::NAN);
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for shown in [
                numbers.fixed(value, 2),
                numbers.rate(value),
                numbers.ratio(value),
                numbers.probability(value),
                numbers.change(value),
                numbers.significant(value, 2),
            ] {
                assert_eq!(shown, NONE);
            }
        }
        assert_eq!(numbers.rate_interval(f64::NAN, 1.0), None);
        assert_eq!(numbers.rate_interval(2.0, f64::INFINITY).unwrap(), "≥ 2.0");
    }

    #[test]
    fn small_probabilities_and_changes_stay_readable() {
        let numbers = Numbers::new(Language::English, 1.0);
        assert_eq!(numbers.probability(1e-300), "<0.001");
        assert_eq!(numbers.probability(0.0421), "0.042");
        assert_eq!(numbers.change(0.8), "−20%");
        assert_eq!(numbers.change(1.001), "0%");
        assert_eq!(numbers.change(0.999), "0%");
        assert_eq!(numbers.change(1.125), "+13%");
        assert_eq!(numbers.change(25.0), "×25");
        assert_eq!(numbers.fixed(-0.001, 2), "0.00");
        assert_eq!(numbers.significant(0.001_234, 2), "0.0012");
        assert_eq!(numbers.trimmed(0.05), "0.05");
        assert_eq!(numbers.trimmed(1000.0), "1,000");
    }
}
