//! Tables of aligned columns.

/// Columns of a terminal.
pub const WIDTH: usize = 80;
/// A column narrower than this says nothing.
const LEAST_ROOM: usize = 8;

/// Which side a column is flush with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Rows under a heading, each column as wide as its widest cell, two spaces between. A column whose cells are all empty is left out.
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub fn new(columns: &[(&str, Align)]) -> Self {
        Self {
            columns: columns
                .iter()
                .map(|(name, align)| ((*name).to_owned(), *align))
                .collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row, a cell a column.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The lines, each with its newline, none with spaces at its end.
    pub fn text(&self) -> String {
        let cells = |column: usize| self.rows.iter().filter_map(move |row| row.get(column));
        let shown: Vec<(usize, usize, Align)> = (0..self.columns.len())
            .filter(|&column| cells(column).any(|cell| !cell.is_empty()))
            .map(|column| {
                let (heading, align) = &self.columns[column];
                let widest = cells(column).map(|cell| cell.chars().count()).max().unwrap_or(0);
                (column, widest.max(heading.chars().count()), *align)
            })
            .collect();
        let line = |cell: &dyn Fn(usize) -> String| {
            let mut line = String::new();
            for &(column, width, align) in &shown {
                let cell = cell(column);
                let space = " ".repeat(width.saturating_sub(cell.chars().count()));
                if !line.is_empty() || column != shown[0].0 {
                    line.push_str("  ");
                }
                match align {
                    Align::Left => line.extend([cell, space]),
                    Align::Right => line.extend([space, cell]),
                }
            }
            line.truncate(line.trim_end().len());
            line + "\n"
        };
        let mut text = line(&|column| self.columns[column].0.clone());
        for row in &self.rows {
            text += &line(&|column| row.get(column).cloned().unwrap_or_default());
        }
        text
    }

    /// The same with the last column cut to what `width` leaves it, and left out where that is next to nothing.
    pub fn text_within(mut self, width: usize) -> String {
        let last = self.columns.len().saturating_sub(1);
        let cells: Vec<String> = self
            .rows
            .iter_mut()
            .map(|row| row.get_mut(last).map(std::mem::take).unwrap_or_default())
            .collect();
        let used = self.text().lines().map(|line| line.chars().count()).max();
        let room = width.saturating_sub(used.unwrap_or(0) + 2);
        if room >= LEAST_ROOM {
            for (row, cell) in self.rows.iter_mut().zip(cells) {
                if let Some(place) = row.get_mut(last) {
                    *place = fit(&cell, room);
                }
            }
        }
        self.text()
    }
}

/// A text of at most `width` characters, its end cut and marked if it is longer. Control characters would move the cursor: they go.
pub fn fit(text: &str, width: usize) -> String {
    let text: String = text
        .chars()
        .map(|char| if char.is_control() { ' ' } else { char })
        .collect();
    if text.chars().count() <= width {
        return text;
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The text in lines of at most `width` characters, broken between words.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.len() - 1;
        let used = lines[line].chars().count();
        if used > 0 && used + 1 + word.chars().count() > width {
            lines.push(fit(word, width));
        } else {
            let space = if used > 0 { " " } else { "" };
            let word = fit(word, width - used - space.len());
            lines[line].extend([space, word.as_str()]);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_empty_ones_left_out() {
        let mut table = Table::new(&[("KIND", Align::Left), ("NOTE", Align::Left), ("KM", Align::Right)]);
        table.row(["running".to_owned(), String::new(), "9.80".to_owned()]);
        table.row(["hiking".to_owned(), String::new(), "12.00".to_owned()]);
        insta::assert_snapshot!(table.text(), @r"
        KIND        KM
        running   9.80
        hiking   12.00
        ");
    }

    #[test]
    fn the_last_column_gets_what_is_left() {
        let table = || {
            let mut table = Table::new(&[("KIND", Align::Left), ("NOTES", Align::Left)]);
            table.row(["running".to_owned(), "along the river".to_owned()]);
            table
        };
        insta::assert_snapshot!(table().text_within(18), @r"
        KIND     NOTES
        running  along th…
        ");
        insta::assert_snapshot!(table().text_within(16), @r"
        KIND
        running
        ");
    }

    #[test]
    fn long_texts_are_cut_and_nothing_moves_the_cursor() {
        assert_eq!(fit("Morning run", 11), "Morning run");
        assert_eq!(fit("Morning run", 9), "Morning…");
        assert_eq!(fit("a\x1b[2Jb\n", 9), "a [2Jb ");
        assert_eq!(wrap("five teleport, two late", 11), ["five", "teleport,", "two late"]);
        assert_eq!(wrap("unbreakable word", 6), ["unbre…", "word"]);
    }
}
