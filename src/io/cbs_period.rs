//! Periods as Statistics Netherlands writes them.

use crate::model::Step;

/// A calendar period in a column of periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CbsPeriod {
    pub(super) step: Step,
    pub(super) year: i16,
    /// The month it begins in.
    pub(super) month: i8,
    /// A star marks numbers that may still change.
    pub(super) provisional: bool,
}

const MONTHS: [[&str; 3]; 12] = [
    ["januari", "january", "jan"],
    ["februari", "february", "feb"],
    ["maart", "march", "mrt"],
    ["april", "april", "apr"],
    ["mei", "may", "mei"],
    ["juni", "june", "jun"],
    ["juli", "july", "jul"],
    ["augustus", "august", "aug"],
    ["september", "september", "sep"],
    ["oktober", "october", "okt"],
    ["november", "november", "nov"],
    ["december", "december", "dec"],
];

impl CbsPeriod {
    /// Reads a key such as `2021MM03`, `2021KW01` or `2021JJ00`, or a label such as `2021`,
    /// `2021-03`, `2021 maart*` or `2021 1e kwartaal`; `None` for anything else.
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let bare = text.trim_end_matches('*').trim_end();
        let (year, rest) = bare.split_at_checked(4)?;
        let year: i16 = year
            .bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| year.parse().ok())??;
        let (step, month) = within_year(rest)?;
        ((1900..2200).contains(&year) && (1..=12).contains(&month)).then_some(Self {
            step,
            year,
            month,
            provisional: bare.len() < text.len(),
        })
    }
}

fn within_year(rest: &str) -> Option<(Step, i8)> {
    if rest.is_empty() || rest == "JJ00" {
        return Some((Step::Year, 1));
    }
    let two = |text: &str| {
        (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse::<i8>().ok())?
    };
    if let Some(month) = rest.strip_prefix("MM").or(rest.strip_prefix('-')) {
        return Some((Step::Month, two(month)?));
    }
    if let Some(quarter) = rest.strip_prefix("KW") {
        return Some((Step::Quarter, first_month(two(quarter)?)?));
    }
    let word = rest.trim().to_lowercase();
    if let Some(at) = MONTHS
        .iter()
        .position(|names| names.contains(&word.as_str()))
    {
        return Some((Step::Month, i8::try_from(at + 1).ok()?));
    }
    let quarter = word
        .strip_suffix("kwartaal")
        .or(word.strip_suffix("quarter"))?;
    let digit: i8 = quarter.get(..1)?.parse().ok()?;
    let ending = quarter.get(1..)?.trim();
    matches!(ending, "" | "e" | "st" | "nd" | "rd" | "th")
        .then(|| first_month(digit))?
        .map(|month| (Step::Quarter, month))
}

fn first_month(quarter: i8) -> Option<i8> {
    (1..=4).contains(&quarter).then(|| 3 * quarter - 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_labels_are_one() {
        for (text, step, month, provisional) in [
            ("2021MM03", Step::Month, 3, false),
            ("2021MM03  ", Step::Month, 3, false),
            ("2021-03", Step::Month, 3, false),
            ("2021 maart", Step::Month, 3, false),
            ("2021 March*", Step::Month, 3, true),
            ("2021KW02", Step::Quarter, 4, false),
            ("2021 2e kwartaal*", Step::Quarter, 4, true),
            ("2021 2nd quarter", Step::Quarter, 4, false),
            ("2021JJ00", Step::Year, 1, false),
            ("2021", Step::Year, 1, false),
            ("2021**", Step::Year, 1, true),
        ] {
            let expected = CbsPeriod {
                step,
                year: 2021,
                month,
                provisional,
            };
            assert_eq!(CbsPeriod::of(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_periods() {
        for text in [
            "",
            "202",
            "2021MM13",
            "2021MM3",
            "2021KW05",
            "2021HJ01",
            "2021JJ01",
            "20211",
            "2021 herfst",
            "maart 2021",
            "2021 é",
            "9999",
            "+021",
        ] {
            assert_eq!(CbsPeriod::of(text), None, "{text}");
        }
    }
}
