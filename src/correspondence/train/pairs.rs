use std::fs;
use std::io;
use std::path::Path;

/// Pairs of names to learn from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// What they were read from: file, number of rows, BLAKE3 digest.
    pub sources: Vec<String>,
    /// The pairs; either side may be of either script.
    pub rows: Vec<(String, String)>,
}

/// Reads pairs: files with two names in the first two columns, separated by tabs.
pub fn read_pairs(files: &[&Path]) -> io::Result<Pairs> {
    let mut pairs = Pairs::default();
    for file in files {
        let text = fs::read_to_string(file)?;
        let before = pairs.rows.len();
        for line in text.lines() {
            let mut cells = line.split('\t');
            if let (Some(left), Some(right)) = (cells.next(), cells.next()) {
                pairs.rows.push((left.to_owned(), right.to_owned()));
            }
        }
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let digest = blake3::hash(text.as_bytes()).to_hex();
        pairs.sources.push(format!("{name}, {} pairs, blake3 {}", pairs.rows.len() - before, &digest[..16]));
    }
    Ok(pairs)
}

impl Pairs {
    /// These pairs and others.
    pub fn and(mut self, others: Pairs) -> Pairs {
        self.sources.extend(others.sources);
        self.rows.extend(others.rows);
        self
    }
}
