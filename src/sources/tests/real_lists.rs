use super::*;
#[test]
fn dump() {
    let t = std::time::Instant::now();
    let files: Vec<PathBuf> =
        ["sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"].iter().map(|f| shared("ofac").unwrap().join(f)).collect();
    let ofac = read(Format::OfacCsv, &dataset("ofac"), &files, None, &quiet).unwrap();
    let t1 = t.elapsed();
    let un = read(Format::UnXml, &dataset("un"), &[shared("un/UN_consolidated.xml").unwrap()], None, &quiet).unwrap();
    let t2 = t.elapsed();
    let files: Vec<PathBuf> = ["32014R0269", "32014R0833", "32006R0765", "32017R1509"]
        .iter()
        .map(|f| shared("eu").unwrap().join(format!("{f}.csv")))
        .collect();
    let eu = read(Format::Mapped, &dataset("eu"), &files, Some(&bundled()), &quiet).unwrap();
    println!("times {t1:?} {t2:?} {:?}", t.elapsed());
    let mut out = String::new();
    for (n, b) in [("ofac", &ofac), ("un", &un), ("eu", &eu)] {
        println!(
            "{n}: read {} records {} quarantined {} warnings {}",
            b.read,
            b.records.len(),
            b.quarantined.len(),
            b.warnings.len()
        );
        let mut kinds = std::collections::BTreeMap::new();
        for r in &b.records {
            for i in &r.identifiers {
                *kinds.entry(i.kind.as_str()).or_insert(0) += 1;
            }
        }
        println!("  {kinds:?}");
        let s = |f: &dyn Fn(&crate::model::Record) -> usize| b.records.iter().map(f).sum::<usize>();
        println!(
            "  names {} weak {} births {} countries {} addr {} rel {} linked {} gender {} remarks {}",
            s(&|r| r.names.len()),
            s(&|r| r.names.iter().filter(|n| n.quality == crate::model::NameQuality::Weak).count()),
            s(&|r| r.birth_dates.len()),
            s(&|r| r.countries.len()),
            s(&|r| r.addresses.len()),
            s(&|r| r.relations.len()),
            s(&|r| r.relations.iter().filter(|n| n.record.is_some()).count()),
            s(&|r| r.gender.is_some() as usize),
            s(&|r| r.remarks.len())
        );
        for q in b.quarantined.iter().take(20) {
            println!("  Q {q:?}");
        }
        for r in &b.records {
            out.push_str(&serde_json::to_string(r).unwrap());
            out.push('\n');
        }
        let mut w = String::new();
        for x in &b.warnings {
            w.push_str(&format!("{}\t{}\n", x.place, x.text));
        }
        std::fs::write(format!("/tmp/src_{n}_warn.tsv"), w).unwrap();
    }
    std::fs::write("/tmp/src_records.jsonl", out).unwrap();
}
