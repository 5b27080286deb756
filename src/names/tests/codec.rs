use proptest::prelude::*;

use crate::names::codec::{decode, encode};
use crate::names::{Hints, Name, NamePart, analyse};

/// What the bytes keep of a name.
fn kept(name: &Name) -> Name {
    let part = |part: &NamePart| NamePart { span: 0..0, ..part.clone() };
    let weight = (name.weight * 255.0).round().max(1.0) / 255.0;
    Name { kind: name.kind, weight, parts: name.parts.iter().map(part).collect() }
}

#[test]
fn names_survive_as_bytes() {
    let texts = ["조선철산무역총회사", "Путин В.В.", "KIM, Jong Un", "金正恩", "ООО «Мокран»", "M/V Ji Nam 5", "ψ Ltd"];
    for name in texts.iter().flat_map(|text| analyse(text, &Hints::default()).readings) {
        let mut bytes = Vec::new();
        let words: Vec<_> = name.parts.iter().skip(1).map(|part| part.symbols.clone()).collect();
        let mut place = |part: &NamePart| words.iter().position(|word| *word == part.symbols);
        encode(&name, &mut |_| None, &mut bytes);
        encode(&name, &mut place, &mut bytes);
        let mut rest = &bytes[..];
        assert_eq!(decode(&mut rest, &[]), Some(kept(&name)));
        let behind = rest;
        if name.parts.len() > 1 {
            assert_eq!(decode(&mut rest, &[]), None, "words are missing");
        }
        assert_eq!(rest, behind);
        assert_eq!(decode(&mut rest, &words), Some(kept(&name)));
        assert!(rest.is_empty());
    }
}

#[test]
fn a_name_takes_few_bytes() {
    let name = &analyse("조선철산무역총회사", &Hints::default()).readings[0];
    let mut bytes = Vec::new();
    encode(name, &mut |_| None, &mut bytes);
    assert!(bytes.len() <= 48, "{}", bytes.len());
    let others = bytes.len();
    bytes.clear();
    encode(name, &mut |_| Some(0), &mut bytes);
    assert!(bytes.len() <= 4 + 5 * name.parts.len() && bytes.len() < others * 2 / 3, "{}", bytes.len());
}

proptest! {
    #[test]
    fn any_bytes_are_a_name_or_none(bytes: Vec<u8>) {
        let mut rest = &bytes[..];
        let name = decode(&mut rest, &[]);
        prop_assert!(name.is_some() || rest.len() == bytes.len());
    }

    #[test]
    fn damage_is_an_answer_too(text in "[가-힣]{2,6}|[A-Z][a-z]{1,6} [A-Z][a-z]{1,8} (Trading|LLC)", at: usize, to: u8) {
        let mut bytes = Vec::new();
        for name in analyse(&text, &Hints::default()).readings {
            encode(&name, &mut |_| None, &mut bytes);
        }
        let at = at % bytes.len();
        bytes[at] = to;
        let mut rest = &bytes[..];
        while !rest.is_empty() && decode(&mut rest, &[]).is_some() {}
        let mut short = &bytes[..at];
        while !short.is_empty() && decode(&mut short, &[]).is_some() {}
    }
}
