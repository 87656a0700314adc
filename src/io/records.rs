//! Delimited text to records and fields, without copying.
//!
//! A quote opens a quoted field only as the field's first byte; inside, two quotes stand for one
//! and line ends are text. Everywhere else a quote is an ordinary character. A quote that is never
//! closed is an ordinary character too, so that one stray quote costs one row and not the rest of
//! the file.

use std::borrow::Cow;
use std::ops::Range;

/// Longest field that is accepted.
pub(super) const LONGEST_FIELD: usize = 1 << 20;

/// A field of a record, by position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    start: usize,
    end: usize,
    quoted: bool,
}

/// How records and fields are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Splitter {
    pub(super) delimiter: u8,
    /// `\n`, or `\r` in files that have no `\n` at all.
    newline: u8,
    /// From this byte on no quote is ever closed.
    literal_from: usize,
}

/// A record's bytes without the line end, and where the next one starts.
struct Bounds {
    end: usize,
    next: usize,
    /// The record holds a quote that is never closed.
    unclosed: bool,
}

impl Splitter {
    pub(super) fn new(text: &[u8], delimiter: u8) -> Self {
        let newline = if memchr::memchr(b'\n', text).is_none() {
            b'\r'
        } else {
            b'\n'
        };
        Self {
            delimiter,
            newline,
            literal_from: text.len(),
        }
    }

    /// The end of the record that starts at `start`.
    fn record(&self, text: &[u8], start: usize) -> Bounds {
        let mut at = start;
        loop {
            let rest = text.get(at..).unwrap_or_default();
            let hit = if at >= self.literal_from {
                memchr::memchr(self.newline, rest)
            } else {
                memchr::memchr2(self.newline, b'"', rest)
            };
            let Some(offset) = hit else {
                return Bounds {
                    end: text.len(),
                    next: text.len(),
                    unclosed: false,
                };
            };
            let found = at + offset;
            if text[found] == self.newline {
                return Bounds {
                    end: found,
                    next: found + 1,
                    unclosed: false,
                };
            }
            if found != start && text[found - 1] != self.delimiter {
                at = found + 1;
                continue;
            }
            let Some(close) = closing_quote(text, found + 1) else {
                let end = memchr::memchr(self.newline, &text[found..])
                    .map_or(text.len(), |offset| found + offset);
                return Bounds {
                    end,
                    next: (end + 1).min(text.len()),
                    unclosed: true,
                };
            };
            at = close + 1;
        }
    }

    /// Where the last record ends that is whole, when more text is to come.
    ///
    /// A quote that is not closed may be closed in what comes, unless its field would be too long.
    pub(super) fn whole_until(&self, text: &[u8]) -> usize {
        if memchr::memchr(b'"', text).is_none() {
            return memchr::memrchr(self.newline, text).map_or(0, |at| at + 1);
        }
        let mut at = 0;
        loop {
            let found = self.record(text, at);
            let may_be_closed = found.unclosed && text.len() - at <= 2 * LONGEST_FIELD;
            if found.end == text.len() || may_be_closed {
                return at;
            }
            at = found.next;
        }
    }

    /// Cuts `text[start..]` into ranges of about `size` bytes that end where records end, and
    /// remembers from where on quotes are never closed.
    pub(super) fn pieces(&mut self, text: &[u8], start: usize, size: usize) -> Vec<Range<usize>> {
        let mut out = Vec::with_capacity((text.len() - start.min(text.len())) / size.max(1) + 1);
        let mut from = start;
        let quotes = memchr::memchr(b'"', text.get(start..).unwrap_or_default()).is_some();
        if !quotes {
            self.literal_from = start;
        }
        while from < text.len() {
            let wanted = from.saturating_add(size);
            let mut next = if quotes {
                from
            } else {
                wanted.min(text.len().saturating_sub(1)).max(from)
            };
            while next < text.len() {
                let record = self.record(text, next);
                if record.unclosed && self.literal_from == text.len() {
                    self.literal_from = record.end;
                }
                next = record.next;
                if next >= wanted {
                    break;
                }
            }
            out.push(from..next);
            from = next;
        }
        out
    }

    /// Hands each record of a piece to `f` with its range and whether it holds a quote that is
    /// never closed; empty lines are passed over.
    pub(super) fn each_record(
        &self,
        text: &[u8],
        piece: Range<usize>,
        mut f: impl FnMut(Record) -> bool,
    ) {
        let mut at = piece.start;
        while at < piece.end {
            let found = self.record(text, at);
            let mut end = found.end;
            if end > at && text[end - 1] == b'\r' {
                end -= 1;
            }
            let record = Record {
                start: at,
                end,
                unclosed: found.unclosed,
                last_line: found.end == text.len(),
            };
            if end > at && !f(record) {
                return;
            }
            at = found.next;
        }
    }

    /// The fields of a record.
    pub(super) fn fields(&self, text: &[u8], record: Record, out: &mut Vec<Field>) {
        out.clear();
        let mut at = record.start;
        loop {
            let quoted =
                at < record.end && text[at] == b'"' && at < self.literal_from && !record.unclosed;
            let search = if quoted {
                closing_quote(text, at + 1)
                    .map_or(at, |close| close + 1)
                    .min(record.end)
            } else {
                at
            };
            let end = memchr::memchr(self.delimiter, &text[search..record.end])
                .map_or(record.end, |offset| search + offset);
            out.push(Field {
                start: at,
                end,
                quoted,
            });
            if end == record.end {
                return;
            }
            at = end + 1;
        }
    }
}

/// One record, by position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) unclosed: bool,
    /// The text ends before a line end.
    pub(super) last_line: bool,
}

/// Position of the quote that closes a field whose text starts at `from`.
fn closing_quote(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let found = at + memchr::memchr(b'"', text.get(at..)?)?;
        if text.get(found + 1) != Some(&b'"') {
            return Some(found);
        }
        at = found + 2;
    }
}

impl Field {
    pub(super) fn len(&self) -> usize {
        self.end - self.start
    }

    /// The field's value.
    pub(super) fn value<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let raw = &text[self.start..self.end];
        if !self.quoted {
            return Cow::Borrowed(raw);
        }
        if let Some(inner) = raw.get(1..raw.len().saturating_sub(1))
            && raw.len() >= 2
            && raw[raw.len() - 1] == b'"'
            && memchr::memchr(b'"', inner).is_none()
        {
            return Cow::Borrowed(inner);
        }
        let mut out = Vec::with_capacity(raw.len());
        let mut inside = true;
        let mut at = 1;
        while let Some(&b) = raw.get(at) {
            if inside && b == b'"' {
                if raw.get(at + 1) == Some(&b'"') {
                    out.push(b'"');
                    at += 1;
                } else {
                    inside = false;
                }
            } else {
                out.push(b);
            }
            at += 1;
        }
        Cow::Owned(out)
    }
}

/// The first records of a text as values, for looking at.
pub(super) fn sample(
    splitter: &Splitter,
    text: &[u8],
    start: usize,
    most: usize,
) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    let mut fields = Vec::new();
    splitter.each_record(text, start..text.len(), |record| {
        splitter.fields(text, record, &mut fields);
        out.push(
            fields
                .iter()
                .map(|f| String::from_utf8_lossy(&f.value(text)).into_owned())
                .collect(),
        );
        out.len() < most
    });
    out
}

/// The delimiter that cuts the first records most evenly, with the reason.
pub(super) fn detect_delimiter(text: &[u8], known: impl Fn(&[String]) -> usize) -> (u8, String) {
    // Enough to see a pattern, and little enough to read five times.
    let start = text.get(..text.len().min(1 << 18)).unwrap_or_default();
    let mut best = (0, 0, 0);
    let mut answer = (b',', "no other delimiter fits".to_owned());
    for delimiter in [b';', b',', b'\t', b'|'] {
        let records = sample(&Splitter::new(start, delimiter), start, 0, 200);
        let Some((header, rows)) = records.split_first() else {
            continue;
        };
        if header.len() < 2 {
            continue;
        }
        let even = rows.iter().filter(|r| r.len() == header.len()).count();
        let score = (known(header), even, header.len());
        if score > best {
            best = score;
            answer = (
                delimiter,
                format!(
                    "{even} of the first {} rows have the {} fields of the header",
                    rows.len(),
                    header.len()
                ),
            );
        }
    }
    answer
}

/// Excel's first line `sep=;`, if it is there: the delimiter and where the header starts.
pub(super) fn declared_delimiter(text: &[u8]) -> Option<(u8, usize)> {
    let rest = text.strip_prefix(b"sep=")?;
    let delimiter = *rest.first()?;
    let end = match rest.get(1..3)? {
        [b'\r', b'\n'] => 7,
        [b'\n' | b'\r', _] => 6,
        _ => return None,
    };
    Some((delimiter, end))
}

/// A name for people.
pub(super) fn delimiter_name(delimiter: u8) -> String {
    match delimiter {
        b'\t' => "tab".to_owned(),
        other => char::from(other).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, size: usize) -> Vec<Vec<String>> {
        let text = text.as_bytes();
        let mut splitter = Splitter::new(text, b',');
        let mut out = Vec::new();
        for piece in splitter.pieces(text, 0, size) {
            splitter.each_record(text, piece, |record| {
                let mut fields = Vec::new();
                splitter.fields(text, record, &mut fields);
                out.push(
                    fields
                        .iter()
                        .map(|f| String::from_utf8_lossy(&f.value(text)).into_owned())
                        .collect(),
                );
                true
            });
        }
        out
    }

    #[test]
    fn pieces_of_any_size_give_the_same_records() {
        let text =
            "a,b\r\n1,\"x\n,y\"\n2,\"say \"\"no\"\"\"\n\n3,5\" pipe\n4,\"\"\n5,\"a\"b\"c\n6,last";
        let expected: Vec<Vec<&str>> = vec![
            vec!["a", "b"],
            vec!["1", "x\n,y"],
            vec!["2", "say \"no\""],
            vec!["3", "5\" pipe"],
            vec!["4", ""],
            vec!["5", "ab\"c"],
            vec!["6", "last"],
        ];
        for size in [1, 2, 3, 5, 8, 13, 1000] {
            assert_eq!(all(text, size), expected, "pieces of {size}");
        }
    }

    #[test]
    fn a_stray_quote_costs_one_row() {
        for size in [1, 4, 1000] {
            let records = all("a,b\n1,\"oops\n2,x\n3,y\n", size);
            assert_eq!(records.len(), 4, "{records:?}");
            assert_eq!(records[3], ["3", "y"]);
        }
    }

    #[test]
    fn old_mac_line_ends() {
        assert_eq!(all("a,b\r1,2\r", 1000), [["a", "b"], ["1", "2"]]);
    }
}
