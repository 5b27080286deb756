//! Lists of any size of names that could be real: words of real names, recombined, and one in twelve invented.

use std::collections::BTreeMap;
use std::path::PathBuf;

use exonym::model::{EntityId, Kind, NameQuality, Record, RecordName};

use super::Numbers;

/// Of a hundred words so many are invented.
const INVENTED: usize = 8;

/// A script of generated names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Letters {
    Latin,
    Cyrillic,
    Hangul,
}

/// Syllables of invented words.
const LATIN: [&str; 32] = [
    "ba", "ko", "li", "mar", "ten", "vo", "sha", "ri", "gor", "na", "pel", "du", "ki", "san", "jo", "ver", "ta", "mi",
    "lo", "hyun", "bek", "zu", "fen", "ga", "ros", "ya", "ched", "ol", "im", "un", "ar", "eth",
];
const CYRILLIC: [&str; 24] = [
    "ба", "ко", "ли", "мар", "тен", "во", "ша", "ри", "гор", "на", "пел", "ду", "ки", "сан", "жо", "вер", "та", "ми",
    "ло", "чен", "бек", "зу", "яр", "ев",
];
const HANGUL: [&str; 32] = [
    "가", "나", "도", "람", "마", "보", "서", "안", "주", "천", "태", "하", "현", "은", "정", "영", "수", "미", "진",
    "호", "경", "동", "리", "무", "석", "용", "철", "학", "광", "선", "희", "춘",
];

/// Words of real names of one script and kind by their place in the name, and the shapes of those names.
#[derive(Default)]
struct Source {
    names: Vec<Vec<String>>,
    /// The first words, those between, the last ones.
    words: [Vec<String>; 3],
}

impl Source {
    fn add(&mut self, name: &str) {
        let words: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
        for (place, word) in words.iter().enumerate() {
            self.words[place_of(place, words.len())].push(word.clone());
        }
        if !words.is_empty() {
            self.names.push(words);
        }
    }
}

fn place_of(place: usize, count: usize) -> usize {
    match place {
        0 => 0,
        _ if place + 1 == count => 2,
        _ => 1,
    }
}

/// Makes records.
pub struct Recombiner {
    sources: BTreeMap<(Letters, bool), Source>,
    numbers: Numbers,
    serial: usize,
    /// Real names to be planted before the made ones, and asked for.
    pub planted: Vec<(Letters, String)>,
    /// True if the words are those of the training data beside the project.
    pub is_real: bool,
}

/// The training data beside the project: file, script of either column, true for organisations.
const FILES: [(&str, [Letters; 2], bool); 5] = [
    ("wd-ko.tsv", [Letters::Hangul, Letters::Latin], false),
    ("wd-ru-full.tsv", [Letters::Cyrillic, Letters::Latin], false),
    ("ko-ru.tsv", [Letters::Hangul, Letters::Cyrillic], false),
    ("ru-ko.tsv", [Letters::Cyrillic, Letters::Hangul], false),
    ("ko-org-en.tsv", [Letters::Hangul, Letters::Latin], true),
];

impl Recombiner {
    /// Reads `../shared/train` where it is; else takes the words of the bundled list, and says so.
    pub fn new(seed: u64) -> Recombiner {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/train");
        let mut made = Recombiner {
            sources: BTreeMap::new(),
            numbers: Numbers::new(seed),
            serial: 0,
            planted: Vec::new(),
            is_real: true,
        };
        for (file, letters, organization) in FILES {
            let Ok(text) = std::fs::read_to_string(folder.join(file)) else {
                made.is_real = false;
                break;
            };
            for (number, line) in text.lines().enumerate() {
                for (column, letters) in line.split('\t').zip(letters) {
                    made.sources.entry((letters, organization)).or_default().add(column);
                    if !organization && number % 25 == 0 {
                        made.planted.push((letters, column.to_owned()));
                    }
                }
            }
        }
        if !made.is_real {
            eprintln!("SKIPPED: no {}: names are made of the words of the bundled list", folder.display());
            made.sources.clear();
            made.planted.clear();
            for (letters, from, to) in
                [(Letters::Latin, 'A', 'z'), (Letters::Cyrillic, 'А', 'я'), (Letters::Hangul, '가', '힣')]
            {
                for (kind, text) in super::queries(from, to) {
                    made.sources.entry((letters, kind != Kind::Person)).or_default().add(&text);
                    made.planted.push((letters, text));
                }
            }
        }
        made
    }

    /// Records with the planted names, one each.
    pub fn planted_records(&mut self) -> Vec<(Record, EntityId)> {
        let planted = self.planted.clone();
        planted.into_iter().map(|(_, text)| self.record(Kind::Unknown, vec![text])).collect()
    }

    /// The next record: of ten, six have one name, three have two and one has three.
    pub fn next(&mut self) -> (Record, EntityId) {
        let kind = if self.numbers.below(4) == 0 { Kind::Organization } else { Kind::Person };
        let names = match self.numbers.below(10) {
            0..6 => 1,
            6..9 => 2,
            _ => 3,
        };
        let names = (0..names).map(|_| {
            let letters = match self.numbers.below(20) {
                0..11 => Letters::Latin,
                11..16 => Letters::Cyrillic,
                _ => Letters::Hangul,
            };
            self.name(letters, kind == Kind::Organization)
        });
        let names = names.collect();
        self.record(kind, names)
    }

    /// A name in the shape of a real one, of the words of others.
    pub fn name(&mut self, letters: Letters, organization: bool) -> String {
        let key = (letters, organization);
        let key = if self.sources.contains_key(&key) { key } else { (letters, false) };
        let Some(source) = self.sources.get(&key).filter(|source| !source.names.is_empty()) else {
            return invented(letters, &mut self.numbers);
        };
        let shape = &source.names[self.numbers.below(source.names.len())];
        let words = shape.iter().enumerate().map(|(place, _)| {
            let words = &source.words[place_of(place, shape.len())];
            match self.numbers.below(100) < INVENTED {
                true => invented(letters, &mut self.numbers),
                false => words[self.numbers.below(words.len())].clone(),
            }
        });
        let words: Vec<String> = words.collect();
        words.join(" ")
    }

    fn record(&mut self, kind: Kind, names: Vec<String>) -> (Record, EntityId) {
        let id = format!("made:{:09}", self.serial).parse().expect("a dataset, a colon and a number");
        self.serial += 1;
        let mut record = Record::new(id, kind, "");
        let name = |text| RecordName { text, quality: NameQuality::Strong, language: String::new() };
        record.names = names.into_iter().map(name).collect();
        if self.numbers.below(2) == 0 {
            record.countries = vec![["KP", "KR", "RU", "CN", "PA", "SG"][self.numbers.below(6)].to_owned()];
        }
        let entity = EntityId::mint(&record.id, 0);
        (record, entity)
    }
}

fn invented(letters: Letters, numbers: &mut Numbers) -> String {
    let syllables: &[&str] = match letters {
        Letters::Latin => &LATIN,
        Letters::Cyrillic => &CYRILLIC,
        Letters::Hangul => &HANGUL,
    };
    (0..2 + numbers.below(3)).map(|_| syllables[numbers.below(syllables.len())]).collect()
}
