//! The checks of `build.rs`, on tables that break them.

use std::collections::BTreeMap;

use crate::tables as tsv;
use crate::translit::pattern;

#[path = "../../tables/check.rs"]
mod check;

const HEAD: &str = "# name: x\n# title: X\n# source: a book\n# status: custom\n# reads: Cyrl\n# writes: Latn\n";
const COLUMNS: &str = "from\tleft\tright\tto\tstatus\tnote\n";

fn complaint(file: &str, samples: &str) -> Option<String> {
    let mut tables = BTreeMap::new();
    for (name, text) in [("x.tsv", file), ("x.samples.tsv", samples)] {
        let path = format!("src/translit/data/{name}");
        if !text.is_empty() {
            let table = tsv::Tsv::parse(&path, text).expect("a table");
            tables.insert(path, table);
        }
    }
    check::schemes(&tables).err().map(|error| error.to_string().replace("src/translit/data/", ""))
}

#[test]
fn a_table_that_breaks_a_rule_is_told_where() {
    let samples = "input\texpected\tsource\nа\ta\ta book\n";
    let rows = |rows: &str| complaint(&format!("{HEAD}{COLUMNS}{rows}"), samples);
    assert_eq!(rows("а\t\t\ta\n"), None);
    assert_eq!(rows("а\t\t\ta\nа\t\t\to\n").as_deref(), Some("x.tsv:9: another row reads \"а\" in the same place"));
    assert_eq!(rows("а\t\t\tа\n").as_deref(), Some("x.tsv:8: \"а\" in \"а\" is not of the target script"));
    assert_eq!(rows("и\u{306}\t\t\ti\n").as_deref(), Some("x.tsv:8: \"и\u{306}\" is not in normal form C"));
    assert_eq!(rows("а\t{no}\t\ta\n").as_deref(), Some("x.tsv:8: there is no class \"no\""));
    assert_eq!(rows("а\t[бв\t\ta\n").as_deref(), Some("x.tsv:8: the set in \"[бв\" has no end"));
    assert_eq!(rows("\tб\t\ta\n").as_deref(), Some("x.tsv:8: a row reads at least one symbol"));
    assert_eq!(rows("а\t\t\ta\talso\n").as_deref(), Some("x.tsv:8: no row prefers a spelling to \"a\""));
    assert_eq!(
        rows("а\t\t\ta\tnever\n").as_deref(),
        Some("x.tsv:8: the status \"never\" is neither empty nor \"also\"")
    );
    let whole = format!("{HEAD}{COLUMNS}а\t\t\ta\n");
    assert_eq!(complaint(&whole, "").as_deref(), Some("x.tsv:1: the scheme has no samples beside it"));
    let untitled = whole.replace("# title: X\n", "");
    assert_eq!(complaint(&untitled, samples).as_deref(), Some("x.tsv:1: the header has no \"title\""));
    let unread = whole.replace("Cyrl", "Grek");
    assert!(complaint(&unread, samples).is_some_and(|error| error.contains("the script \"Grek\" is none of")));
    let bare = "input\texpected\tsource\nа\ta\n";
    let told = complaint(&whole, bare);
    assert_eq!(told.as_deref(), Some("x.samples.tsv:2: a sample has an input, what is expected and a source"));
}
