//! Texts that are safe to print: short, without controls, and without numbers as long as a line.

/// Characters of a value from outside that are shown.
const VALUE: usize = 80;

/// Characters of what an error says beside its code or its parameter.
const DETAIL: usize = 260;

/// Digits that a number is written out with; a double needs 17.
const DIGITS: usize = 24;

/// A value from outside, shortened to 80 characters and with control characters escaped.
#[must_use]
pub(crate) fn quoted(value: &str) -> String {
    let mut out = String::with_capacity(value.len().min(VALUE) + 8);
    let mut left = VALUE;
    for c in value.chars() {
        let shown = escaped(c);
        let width = shown.chars().count();
        if width > left {
            out.push('…');
            break;
        }
        left -= width;
        out.push_str(&shown);
    }
    out
}

/// A number as a value of a parameter, and anything else as [`quoted`].
pub(super) fn value(given: &str) -> String {
    quoted(&plain_numbers(given))
}

/// What an error says beside its code.
pub(super) fn detail(text: &str) -> String {
    within(text, DETAIL)
}

/// A text with control characters escaped and long numbers by their power of ten; of one that is
/// still too long the beginning and the end, where the finding and the remedy are.
pub(super) fn within(text: &str, most: usize) -> String {
    let shown: String = plain_numbers(text).chars().map(escaped).collect();
    let length = shown.chars().count();
    if length <= most {
        return shown;
    }
    let tail = most / 2;
    let first: String = shown.chars().take(most - tail - 3).collect();
    let last: String = shown.chars().skip(length - tail).collect();
    format!("{first} … {last}")
}

fn escaped(c: char) -> String {
    let steers = c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if steers {
        c.escape_unicode().collect()
    } else {
        c.into()
    }
}

/// Numbers of more digits than anyone reads in the notation of powers of ten; what stands between
/// backticks is a value from outside and stays.
fn plain_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (k, part) in text.split('`').enumerate() {
        if k > 0 {
            out.push('`');
        }
        if k % 2 == 1 {
            out.push_str(part);
            continue;
        }
        let mut rest = part;
        while let Some(from) = rest.find(|c: char| c.is_ascii_digit()) {
            let number = &rest[from..];
            let end = number
                .find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap_or(number.len());
            let (digits, after) = number.split_at(end);
            out.push_str(&rest[..from]);
            match digits.parse::<f64>() {
                Ok(value) if digits.len() > DIGITS => out.extend([format!("{value:e}")]),
                _ => out.push_str(digits),
            }
            rest = after;
        }
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, Fault};

    #[test]
    fn values_escape_controls_and_stay_short() {
        let shown = quoted(&format!("a\u{1b}[31m{}", "A".repeat(200_000)));
        assert!(shown.starts_with("a\\u{1b}[31m"));
        for hostile in ["A", "\u{1b}", "\u{202e}", "\u{2028}é"] {
            let shown = quoted(&hostile.repeat(1_000));
            assert!(shown.chars().count() <= VALUE + 1, "{shown}");
            assert!(!shown.chars().any(char::is_control), "{shown}");
        }
        assert_eq!(quoted("Stedenwijk"), "Stedenwijk");
    }

    #[test]
    fn long_numbers_are_written_by_their_power_of_ten() {
        let error = Error::parameter("bandwidth", 1e-300, "more than 0");
        assert_eq!(
            error.to_string(),
            "parameter `bandwidth` is 1e-300; expected more than 0"
        );
        let error = Error::parameter("bandwidth", -1e200, "more than 0");
        assert_eq!(
            error.to_string(),
            "parameter `bandwidth` is -1e200; expected more than 0"
        );
        assert_eq!(
            detail(&format!("at ({}, 0.25)", 5e-324)),
            "at (5e-324, 0.25)"
        );
        assert_eq!(
            detail("at 155000.125 of 9007199254740993."),
            "at 155000.125 of 9007199254740993."
        );
        let code = format!("`{}`", "0".repeat(40));
        assert_eq!(detail(&code), code);
    }

    #[test]
    fn every_error_is_short_whatever_it_is_made_of() {
        let long = ["0.", "`", "\u{1b}[2J", "kolom, ", "\u{202e}é"].map(|s| s.repeat(4_000));
        for text in &long {
            for error in [
                Error::input(Fault::CoordinatesOutOfCrsRange, text),
                Error::crs(text),
                Error::disclosure(text),
                Error::internal(text),
                Error::parameter("on_bad_rows", text, text),
                Error::too_large(
                    "a list of close pairs of incidents",
                    u128::MAX,
                    u128::MAX,
                    text,
                ),
                Error::file(text.as_ref(), std::io::Error::other("refused")),
            ] {
                let shown = error.to_string();
                assert!(
                    shown.chars().count() <= 300,
                    "{} of {shown}",
                    shown.chars().count()
                );
                assert!(!shown.chars().any(char::is_control), "{shown:?}");
            }
        }
    }

    #[test]
    fn a_cut_text_keeps_its_beginning_and_its_remedy() {
        let names = vec!["`kolom`"; 100].join(", ");
        let shown = Error::input(
            Fault::MissingColumn,
            format!("no column for x; found {names}; name it by `x`"),
        );
        let shown = shown.to_string();
        assert!(
            shown.starts_with("missing_column: no column for x; found"),
            "{shown}"
        );
        assert!(shown.ends_with("name it by `x`"), "{shown}");
    }
}
