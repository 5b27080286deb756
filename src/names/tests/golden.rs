use crate::names::*;
#[test]
fn show() {
    for line in std::fs::read_to_string("/tmp/gen/show.txt").unwrap().lines() {
        let (text, kind) = line.split_once('\t').unwrap_or((line, "unknown"));
        let hints = Hints { kind: kind.parse().unwrap(), ..Hints::default() };
        println!("{text}  [{kind}]");
        for name in analyse(text, &hints).readings {
            let parts: Vec<String> = name.parts.iter().map(|p| format!("{}/{}{}", p.form, p.role.as_str(), p.concept.map_or(String::new(), |c| format!("/{c}")))).collect();
            println!("    {:.2} {} {}", name.weight, name.kind, parts.join("  "));
        }
    }
}
