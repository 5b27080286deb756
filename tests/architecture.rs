//! Holds the shape of the house: imports point down, files stay small, every room has a door.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the lowest floor up. A room may import rooms on lower floors, and from its own floor only the
/// ones that stand before it here where `ASIDE` allows it.
const FLOORS: [&[&str]; 11] = [
    &["model", "storage", "tables"],
    &["text"],
    &["translit", "correspondence"],
    &["names"],
    &["index", "registry"],
    // The search for words asks the scorer what words are worth, never the other way round.
    &["score", "retrieval"],
    &["resolver"],
    &["sources", "screening"],
    &["batch", "evaluation"],
    &["proto", "service"],
    &["config", "telemetry", "cli"],
];

/// Imports between rooms of one floor, as importer and imported.
const ASIDE: [(&str, &str); 6] = [
    ("retrieval", "score"),
    ("service", "proto"),
    ("cli", "config"),
    ("cli", "telemetry"),
    ("telemetry", "config"),
    ("text", "text"),
];

/// Imports that point up, each with its reason. Empty is what it should be.
const EXCUSED: [(&str, &str); 0] = [];

fn floor(room: &str) -> usize {
    FLOORS
        .iter()
        .position(|rooms| rooms.contains(&room))
        .unwrap_or_else(|| panic!("room {room} stands on no floor: add it to FLOORS"))
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn sources() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    files.sort();
    let mut sources = Vec::new();
    for file in files {
        let inner = file.strip_prefix(&src).unwrap().to_path_buf();
        if inner.components().count() > 1 {
            let room = inner.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
            sources.push((room, inner, fs::read_to_string(&file).unwrap()));
        }
    }
    assert!(sources.len() > 40, "the sources were not found");
    sources
}

/// The rooms that a source names after `crate::`, also inside braces: `use crate::{text, names::Name}`.
fn imports(source: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut rooms = Vec::new();
    for (at, _) in source.match_indices("crate::") {
        let rest = &source[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => {
                let list = &list[..list.find(";").unwrap_or(list.len())];
                let mut depth = 0;
                let mut start = true;
                for (place, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && c.is_alphabetic() => {
                            rooms.push(word(&list[place..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
            None => rooms.push(word(rest)),
        }
    }
    rooms.retain(|room| FLOORS.iter().any(|rooms| rooms.contains(&room.as_str())));
    rooms
}

#[test]
fn imports_point_down() {
    let mut wrong = Vec::new();
    for (room, file, source) in sources() {
        // Tests of a room may look at the rooms above: they build what they need.
        let source = source.split("#[cfg(test)]").next().unwrap_or_default();
        let is_test = file.components().any(|part| part.as_os_str().to_string_lossy().starts_with("tests"));
        for imported in imports(source) {
            let pair = (room.as_str(), imported.as_str());
            let down = floor(&imported) < floor(&room) || imported == room;
            if !down && !is_test && !ASIDE.contains(&pair) && !EXCUSED.contains(&pair) {
                wrong.push(format!("{}: {room} imports {imported}", file.display()));
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "imports that do not point down:\n{}", wrong.join("\n"));
}

#[test]
fn the_scanner_finds_imports() {
    let source = "use crate::text;\nuse crate::{names::{Name, PartRole}, model::Kind};\nlet x = crate::score::align();";
    assert_eq!(imports(source), ["text", "names", "model", "score"]);
}

#[test]
fn files_are_small() {
    let long: Vec<String> = sources()
        .into_iter()
        .filter(|(.., source)| source.lines().count() > 400)
        .map(|(_, file, source)| format!("{}: {} lines", file.display(), source.lines().count()))
        .collect();
    assert!(long.is_empty(), "a second noun hides in:\n{}", long.join("\n"));
}

#[test]
fn every_room_has_a_door_that_says_what_it_is() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for room in FLOORS.iter().flat_map(|rooms| rooms.iter()) {
        let door = fs::read_to_string(src.join(room).join("mod.rs")).unwrap_or_default();
        assert!(door.starts_with("//!"), "src/{room}/mod.rs does not begin with a paragraph about the room");
    }
}

#[test]
fn unsafe_code_is_in_one_file() {
    let with_unsafe: Vec<String> = sources()
        .into_iter()
        .filter(|(.., source)| {
            source.lines().any(|line| !line.trim_start().starts_with("//") && line.contains("unsafe {"))
        })
        .map(|(_, file, _)| file.display().to_string())
        .collect();
    assert!(with_unsafe.len() <= 1, "unsafe code outside of the memory map: {with_unsafe:?}");
}
