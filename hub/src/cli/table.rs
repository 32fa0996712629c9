//! Columns for a terminal: as wide as what stands in them.

use std::io;

use super::say;

/// Prints a head and its rows.
pub(super) fn say_table<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> io::Result<()> {
    let head = head.map(str::to_owned);
    let rows: Vec<_> = [head]
        .into_iter()
        .chain(rows.into_iter().map(|row| row.map(printable)))
        .collect();
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for row in &rows {
        let cells = row.iter().zip(widths);
        let line: Vec<_> = cells
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        say(line.join("  ").trim_end())?;
    }
    Ok(())
}

/// Names come from devices and packs: nothing in them may steer the terminal.
fn printable(text: String) -> String {
    if text.chars().any(char::is_control) {
        return text.replace(char::is_control, "?");
    }
    text
}
