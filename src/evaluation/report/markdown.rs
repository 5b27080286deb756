use std::fmt::Write as _;

/// A table in Markdown. The first column is aligned left, all others right.
pub struct Table {
    text: String,
    columns: usize,
}

impl Table {
    /// A table with a head.
    pub fn new(head: &[&str]) -> Table {
        let mut table = Table { text: String::new(), columns: head.len() };
        table.row(&head.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
        table.text += "|---|";
        (1..head.len()).for_each(|_| table.text += "---:|");
        table.text.push('\n');
        table
    }

    /// Adds a row; cells beyond the head are left out, missing ones are empty.
    pub fn row(&mut self, cells: &[String]) {
        self.text.push('|');
        for place in 0..self.columns {
            let cell = cells.get(place).map_or("", String::as_str);
            let _ = write!(self.text, " {} |", escape(cell));
        }
        self.text.push('\n');
    }

    /// The text, with an empty line after it.
    pub fn finish(self) -> String {
        self.text + "\n"
    }
}

/// Text of others inside a table: no cell ends early, and no markup begins.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '`' | '*' | '_' | '[' | ']' | '<' | '\\' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c if super::is_hidden(c) => escaped.push('\u{FFFD}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_in_their_columns() {
        let mut table = Table::new(&["task", "recall"]);
        table.row(&["a|b<c".to_owned(), "0.5".to_owned(), "too many".to_owned()]);
        table.row(&["d\ne".to_owned()]);
        assert_eq!(table.finish(), "| task | recall |\n|---|---:|\n| a\\|b\\<c | 0.5 |\n| d\u{FFFD}e |  |\n\n");
    }
}
