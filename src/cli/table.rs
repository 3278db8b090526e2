//! Results for people: named values, and rows under headings.

use unicode_width::UnicodeWidthStr;

use super::print::Out;

/// Writes named values, the values under each other.
pub(super) fn values(out: &Out, values: &[(&str, String)]) {
    let widest = values.iter().map(|(name, _)| name.width()).max().unwrap_or_default();
    for (name, value) in values {
        let blanks = " ".repeat(widest - name.width());
        out.line(format!("{name}{blanks}  {value}").trim_end());
    }
}

/// Writes rows under their headings.
pub(super) fn rows<const N: usize>(out: &Out, headings: [&str; N], rows: &[[String; N]]) {
    let mut widths = headings.map(UnicodeWidthStr::width);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    out.line(&line(&headings, &widths));
    for row in rows {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        out.line(&line(&cells, &widths));
    }
}

fn line(cells: &[&str], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        line.push_str(cell);
        line.push_str(&" ".repeat(width - cell.width() + 2));
    }
    line.truncate(line.trim_end().len());
    line
}
