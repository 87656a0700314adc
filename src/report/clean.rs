//! Text from outside, made safe to show.

use std::fmt::Write;

/// At most `most` characters of a text, with everything that could steer a terminal or turn the
/// order of reading made visible as `\u{…}`.
pub(super) fn visible(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most.saturating_mul(4)));
    for (seen, c) in text.chars().enumerate() {
        if seen == most {
            out.push('…');
            break;
        }
        if steers(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Control characters, line separators, marks and overrides of direction, invisible characters.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// The longest text from outside that a report shows.
const SHOWN: usize = 160;

/// A text from outside as content or quoted attribute value of an HTML element.
pub(super) fn html(text: &str) -> String {
    escaped(&visible(text, SHOWN))
}

/// A text of this crate as content or quoted attribute value of an HTML element.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => out.push_str("&#96;"),
            _ => out.push(c),
        }
    }
    out
}

/// JSON text that can stand in a `script` element: nothing in it can end that element.
pub(super) fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out
}

/// A text as Markdown that shows it as it is, also in a cell of a table.
pub(super) fn markdown(text: &str) -> String {
    let mut out = String::new();
    for c in visible(text, usize::MAX).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal_or_the_reading_order() {
        let shown = visible("a\u{1b}[31mb\u{202e}c\nd\u{2028}e\u{0}f\u{85}g", 80);
        assert_eq!(
            shown,
            "a\\u{1b}[31mb\\u{202e}c\\u{a}d\\u{2028}e\\u{0}f\\u{85}g"
        );
        assert_eq!(visible(&"é".repeat(50), 3), "ééé…");
        assert_eq!(visible("Ça va, Øst, 東京", 80), "Ça va, Øst, 東京");
    }

    #[test]
    fn json_cannot_end_its_element() {
        let text = serde_json::to_string("</script><!-- & \u{2028}").unwrap();
        let safe = json(&text);
        assert!(!safe.contains(['<', '>', '&', '\u{2028}']));
        assert_eq!(
            serde_json::from_str::<String>(&safe).unwrap(),
            "</script><!-- & \u{2028}"
        );
    }

    #[test]
    fn markdown_cells_stay_cells() {
        assert_eq!(markdown("a|b\n<i>*c*"), "a\\|b\\\\u{a}&lt;i&gt;\\*c\\*");
    }
}
