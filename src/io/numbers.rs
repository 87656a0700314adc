//! Numbers as people write them: decimal point or comma, thousands or none.

use crate::error::{Error, Fault, Result};

/// What a field that should be a number turned out to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    Value(f64),
    /// NaN or infinite, or too large for a double.
    NonFinite,
    Missing,
    Bad,
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// No separator at all, or not a number.
    Plain,
    /// Can only be read with a decimal point.
    Point,
    /// Can only be read with a decimal comma.
    Comma,
    /// One point before exactly three digits: decimals or thousands.
    EitherPoint,
    /// One comma before exactly three digits: decimals or thousands.
    EitherComma,
}

fn shape(text: &[u8]) -> Shape {
    let mut points = 0u32;
    let mut commas = 0u32;
    let mut last = 0;
    let mut last_is_comma = false;
    for (i, &b) in text.iter().enumerate() {
        match b {
            b'.' => points += 1,
            b',' => commas += 1,
            b'0'..=b'9' | b'-' | b'+' => continue,
            b'e' | b'E' if points + commas > 0 => {
                // An exponent only ever follows decimals.
                return if last_is_comma {
                    Shape::Comma
                } else {
                    Shape::Point
                };
            }
            _ => return Shape::Plain,
        }
        last = i;
        last_is_comma = b == b',';
    }
    match (points, commas) {
        (_, 1) if points > 0 && last_is_comma => Shape::Comma,
        (1, _) if commas > 0 && !last_is_comma => Shape::Point,
        // Several of one kind can only be thousands, so the other is the decimal mark.
        (2.., 0) => Shape::Comma,
        (0, 2..) => Shape::Point,
        (1, 0) | (0, 1) => {
            let after = text.len() - last - 1;
            let whole = text.get(..last).unwrap_or_default();
            let digits = whole
                .strip_prefix(b"-")
                .or_else(|| whole.strip_prefix(b"+"))
                .unwrap_or(whole);
            let either = after == 3 && (1..=3).contains(&digits.len()) && digits[0] != b'0';
            match (either, points) {
                (true, 1) => Shape::EitherPoint,
                (true, _) => Shape::EitherComma,
                (false, 1) => Shape::Point,
                (false, _) => Shape::Comma,
            }
        }
        _ => Shape::Plain,
    }
}

/// Evidence from whole columns about the decimal mark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct DecimalEvidence {
    point: u64,
    comma: u64,
    either_point: u64,
    either_comma: u64,
    /// The row of the first number that can be read in two ways.
    first_either: Option<u64>,
}

impl DecimalEvidence {
    pub(super) fn add(&mut self, text: &[u8], row: u64) {
        match shape(text) {
            Shape::Plain => return,
            Shape::Point => self.point += 1,
            Shape::Comma => self.comma += 1,
            Shape::EitherPoint => self.either_point += 1,
            Shape::EitherComma => self.either_comma += 1,
        }
        if self.first_either.is_none() && self.either_point + self.either_comma > 0 {
            self.first_either = Some(row);
        }
    }

    /// Adds the evidence of a later piece whose rows start at `offset`.
    pub(super) fn merge(&mut self, other: &Self, offset: u64) {
        self.point += other.point;
        self.comma += other.comma;
        self.either_point += other.either_point;
        self.either_comma += other.either_comma;
        self.first_either = self
            .first_either
            .or(other.first_either.map(|row| row + offset));
    }

    /// The decimal mark, and why.
    ///
    /// `degrees` tells that no value can be a thousand or more, so that three decimals are
    /// decimals.
    pub(super) fn decide(&self, degrees: bool) -> Result<(u8, String)> {
        let ambiguous = |detail: String| {
            Err(Error::input(
                Fault::AmbiguousNumber,
                format!("{detail}; give decimal=\",\" or decimal=\".\""),
            ))
        };
        let row = self.first_either.unwrap_or(1);
        match (self.point, self.comma, self.either_point, self.either_comma) {
            (0, 0, 0, 0) => Ok((b'.', "no number has decimals".to_owned())),
            (p, c, _, _) if p > c => {
                Ok((b'.', format!("{p} numbers can only be read with a point")))
            }
            (p, c, _, _) if c > p => {
                Ok((b',', format!("{c} numbers can only be read with a comma")))
            }
            (0, 0, n, 0) if degrees => {
                Ok((b'.', format!("{n} numbers of degrees with three decimals")))
            }
            (0, 0, 0, n) if degrees => {
                Ok((b',', format!("{n} numbers of degrees with three decimals")))
            }
            (0, 0, n, 0) => ambiguous(format!(
                "{n} numbers such as the one in row {row} have a point before exactly three \
                 digits, which may be decimals or thousands"
            )),
            (0, 0, 0, n) => ambiguous(format!(
                "{n} numbers such as the one in row {row} have a comma before exactly three \
                 digits, which may be decimals or thousands"
            )),
            (p, c, _, _) => ambiguous(format!(
                "{p} numbers have a decimal point and {c} a decimal comma"
            )),
        }
    }
}

/// Reads a number with a given decimal mark; the other mark may group thousands.
pub(super) fn parse(text: &[u8], decimal: u8) -> Number {
    let text = text.trim_ascii();
    let mut marks = false;
    let mut plain = !text.is_empty();
    for &b in text {
        match b {
            b'0'..=b'9' | b'-' => {}
            b'.' if decimal == b'.' => {}
            b'.' | b',' => marks = true,
            _ => plain = false,
        }
    }
    let starts_as_number = text.first().is_some_and(u8::is_ascii_digit);
    if !(plain && starts_as_number) && is_missing(text) {
        return Number::Missing;
    }
    if !marks {
        return finish(text);
    }
    let group = if decimal == b'.' { b',' } else { b'.' };
    let (whole, fraction) = match memchr::memrchr(decimal, text) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    if fraction.is_some_and(|f| f.contains(&group)) || whole.contains(&decimal) {
        return Number::Bad;
    }
    let mut out = Vec::with_capacity(text.len());
    for (i, part) in whole.split(|b| *b == group).enumerate() {
        let digits = part.strip_prefix(b"-").unwrap_or(part);
        let fits = if i == 0 {
            !whole.contains(&group) || (1..=3).contains(&digits.len())
        } else {
            part.len() == 3 && part.iter().all(u8::is_ascii_digit)
        };
        if !fits {
            return Number::Bad;
        }
        out.extend_from_slice(part);
    }
    if let Some(fraction) = fraction {
        out.push(b'.');
        out.extend_from_slice(fraction);
    }
    finish(&out)
}

fn finish(text: &[u8]) -> Number {
    let Some(text) = std::str::from_utf8(text).ok() else {
        return Number::Bad;
    };
    match text.parse::<f64>() {
        Ok(v) if v.is_finite() => Number::Value(v),
        Ok(_) => Number::NonFinite,
        Err(_) => Number::Bad,
    }
}

/// Whether a field stands for no value: empty, a word for nothing, or the point that Statistics
/// Netherlands prints.
pub(super) fn is_missing(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    text.is_empty()
        || [&b"null"[..], b"none", b"na", b"n/a", b".", b"-", b"x"]
            .iter()
            .any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(texts: &[&str]) -> Result<u8> {
        let mut evidence = DecimalEvidence::default();
        for (row, text) in (1..).zip(texts) {
            evidence.add(text.as_bytes(), row);
        }
        evidence.decide(false).map(|(mark, _)| mark)
    }

    #[test]
    fn the_column_decides() {
        assert_eq!(decide(&["121.687", "121.687,5"]).unwrap(), b',');
        assert_eq!(decide(&["121.687", "121.6875"]).unwrap(), b'.');
        assert_eq!(decide(&["1.234.567"]).unwrap(), b',');
        assert_eq!(decide(&["0.123"]).unwrap(), b'.');
        assert_eq!(decide(&["121687.250"]).unwrap(), b'.');
        let error = decide(&["121687", "121.687"]).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::AmbiguousNumber));
        assert!(error.to_string().contains("row 2"), "{error}");
        assert!(decide(&["1.5", "1,5"]).is_err());
    }

    #[test]
    fn numbers_of_both_habits() {
        for (text, mark, expected) in [
            ("121.687,25", b',', Number::Value(121_687.25)),
            ("-1,5", b',', Number::Value(-1.5)),
            ("1,234.5", b'.', Number::Value(1234.5)),
            (" 4.5 ", b'.', Number::Value(4.5)),
            ("1e3", b'.', Number::Value(1000.0)),
            ("12.34,5", b',', Number::Bad),
            ("1,2,3", b',', Number::Bad),
            ("1,23.4", b'.', Number::Bad),
            ("1e999", b'.', Number::NonFinite),
            ("-inf", b'.', Number::NonFinite),
            ("NaN", b',', Number::NonFinite),
            ("", b'.', Number::Missing),
            (".", b'.', Number::Missing),
            ("#VERW!", b'.', Number::Bad),
        ] {
            assert_eq!(parse(text.as_bytes(), mark), expected, "{text}");
        }
    }
}
