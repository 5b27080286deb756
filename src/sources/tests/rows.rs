use proptest::prelude::*;

use super::super::input::MAX_VALUE_BYTES;
use super::super::rows::{Dialect, MAX_CELLS, Rows};

const CSV: Dialect = Dialect { delimiter: b',', quoted: true };

/// Lines with cells joined by "|", or what is wrong.
fn rows(text: &str) -> Vec<(u32, Result<String, String>)> {
    Rows::new(text, CSV).map(|row| (row.line, row.cells.map(|cells| cells.join("|")))).collect()
}

fn good(line: u32, cells: &str) -> (u32, Result<String, String>) {
    (line, Ok(cells.to_owned()))
}

#[test]
fn cells_lines_and_quotation_marks() {
    assert_eq!(rows("a,b\r\n\r\n\"c\"\"d\",\"e\nf\" \ng,"), [good(1, "a|b"), good(3, "c\"d|e\nf"), good(5, "g|")]);
    assert_eq!(rows(""), []);
    assert_eq!(rows("\"\""), [good(1, "")]);
}

#[test]
fn a_broken_row_swallows_none_behind_it() {
    let found = rows("1,\"ok\"\n2,\"never closed\n3,\"x\"\n4,bare \" mark\n5,\"a\"b\n6,z\n");
    let lines: Vec<(u32, bool)> = found.iter().map(|(line, cells)| (*line, cells.is_ok())).collect();
    assert_eq!(lines, [(1, true), (2, false), (3, true), (4, false), (5, false), (6, true)]);
    assert_eq!(found[3].1, Err("cell 2 has a quotation mark but does not begin with one".to_owned()));
    assert_eq!(found[4].1, Err("cell 2 has text behind its closing quotation mark".to_owned()));
    assert_eq!(rows("1,\"x"), [(1, Err("the quotation mark that opens cell 2 is never closed".to_owned()))]);
}

#[test]
fn limits_break_one_row_only() {
    let big = "x".repeat(10 << 20);
    let wide = ",".repeat(1_000_000);
    let found = rows(&format!("1,\"{big}\n{big}\"\n2,{wide}\n3,\0\n4,ok"));
    let expected = [
        (1, Err(format!("cell 2 has {} bytes, the limit is {MAX_VALUE_BYTES}", 2 * big.len() + 1))),
        (3, Err(format!("more than {MAX_CELLS} cells"))),
        (4, Err("cell 2 has a character U+0000".to_owned())),
        good(5, "4|ok"),
    ];
    assert_eq!(found, expected);
}

proptest! {
    #[test]
    fn what_another_writer_wrote_is_read_as_another_reader_reads_it(
        table in prop::collection::vec(prop::collection::vec("[a-c\",;\r\n 가Ж]{0,6}", 1..5), 0..6)
    ) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for row in &table {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let ours: Vec<Vec<String>> = Rows::new(&text, CSV)
            .map(|row| row.cells.unwrap().into_iter().map(|cell| cell.into_owned()).collect())
            .collect();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let theirs: Vec<Vec<String>> =
            reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        prop_assert_eq!(&ours, &theirs);
    }

    #[test]
    fn any_text_ends_and_its_lines_grow(text in "[a\",\r\n가]{0,80}") {
        let mut last = 0;
        for row in Rows::new(&text, CSV) {
            prop_assert!(row.line > last, "{:?}", row);
            last = row.line;
        }
        prop_assert!(last as usize <= text.len() + 1);
    }
}
