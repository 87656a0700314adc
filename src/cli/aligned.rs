//! Rows of texts in columns of a terminal.

use unicode_width::UnicodeWidthStr;

/// Writes rows in columns as wide as their widest text; those in `left` begin at the left.
pub(super) fn write(rows: &[Vec<String>], left: &[usize], out: &mut String) {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |c: usize| rows.iter().map(|row| row[c].width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let mut line = String::new();
        for (c, cell) in row.iter().enumerate() {
            let gap = " ".repeat(widths[c].saturating_sub(cell.width()));
            if left.contains(&c) {
                line.push_str(cell);
                line.push_str(&gap);
            } else {
                line.push_str(&gap);
                line.push_str(cell);
            }
            line.push_str("  ");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}
