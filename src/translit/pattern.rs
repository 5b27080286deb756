//! How the cells of a scheme's table are read: symbols, and patterns of the symbols around them.
//!
//! `build.rs` includes this file to check every cell, so it uses nothing of the crate.
//!
//! | written | means |
//! |---|---|
//! | `а` | this letter, in lower case |
//! | `ㄱ` `ㅏ` `-ㄱ` | in tables of Hangul letters: initial, vowel, final |
//! | `U+F914` | a character that normal forms would change |
//! | `#` | no letter: the edge of a word |
//! | `.` | any letter |
//! | `[аеё]` `[^аеё]` | one of these, none of these |
//! | `{vowel}` | one of a class |
//! | `^` `~` `\|` | seams of a name: after the family name, between its words, inside a word; in a set `^` is not first |

use std::collections::BTreeMap;

/// The edge of a word, in patterns.
pub const EDGE: char = '#';
/// The seam after a family name; written as a space.
pub const SURNAME: char = '\u{FDD0}';
/// The seam between words of a given name; written as a space.
pub const WORD: char = '\u{FDD1}';
/// The seam inside a word over which no sound changes; not written.
pub const JOINT: char = '\u{FDD2}';

/// Classes of symbols by name.
pub type Classes = BTreeMap<String, Vec<char>>;

/// One place of a pattern: the symbols it accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    members: Box<[char]>,
    negated: bool,
}

impl Item {
    fn new(mut members: Vec<char>, negated: bool) -> Item {
        members.sort_unstable();
        members.dedup();
        Item { members: members.into(), negated }
    }

    /// Whether the item names this very symbol.
    pub fn names(&self, symbol: char) -> bool {
        // Most items are a handful of letters: a walk beats a search.
        if self.members.len() <= 8 {
            self.members.contains(&symbol)
        } else {
            self.members.binary_search(&symbol).is_ok()
        }
    }

    /// Whether the item accepts a symbol; what is no letter counts as [`EDGE`].
    pub fn accepts(&self, symbol: char) -> bool {
        let named = self.names(symbol) || (!is_letter(symbol) && self.names(EDGE));
        named != self.negated
    }
}

/// Whether a symbol belongs to a word.
pub fn is_letter(symbol: char) -> bool {
    // The commonest letters first: the general test is a search in a table.
    matches!(symbol, 'а'..='я' | '\u{1100}'..='\u{11FF}' | '가'..='힣' | 'a'..='z') || symbol.is_alphabetic()
}

/// The symbols of a `from` or `to` cell.
pub fn symbols(cell: &str) -> Result<Vec<char>, String> {
    let mut symbols = Vec::new();
    let mut rest = cell;
    while let Some((symbol, length)) = symbol(rest)? {
        symbols.push(symbol);
        rest = &rest[length..];
    }
    Ok(symbols)
}

/// The items of a `left` or `right` cell, in reading order.
pub fn context(cell: &str, classes: &Classes) -> Result<Vec<Item>, String> {
    let mut items = Vec::new();
    let mut rest = cell;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '.' => {
                items.push(Item::new(vec![EDGE], true));
                1
            }
            '[' => {
                let end = rest.find(']').ok_or_else(|| format!("the set in \"{cell}\" has no end"))?;
                let inner = &rest[1..end];
                let (inner, negated) = match inner.strip_prefix('^') {
                    Some(rest) => (rest, true),
                    None => (inner, false),
                };
                items.push(Item::new(members(inner, classes)?, negated));
                end + 1
            }
            '{' => {
                let end = rest.find('}').ok_or_else(|| format!("the class in \"{cell}\" has no end"))?;
                items.push(Item::new(class(&rest[1..end], classes)?, false));
                end + 1
            }
            _ => {
                let Some((symbol, length)) = symbol(rest)? else { break };
                items.push(Item::new(vec![symbol], false));
                length
            }
        };
        rest = &rest[length..];
    }
    Ok(items)
}

/// The members of a class or set: symbols and names of other classes; spaces between them mean nothing.
pub fn members(list: &str, classes: &Classes) -> Result<Vec<char>, String> {
    let mut members = Vec::new();
    let mut rest = list.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first == '{' {
            let end = rest.find('}').ok_or_else(|| format!("the class in \"{list}\" has no end"))?;
            members.extend(class(&rest[1..end], classes)?);
            end + 1
        } else {
            let Some((symbol, length)) = symbol(rest)? else { break };
            members.push(symbol);
            length
        };
        rest = rest[length..].trim_start();
    }
    Ok(members)
}

fn class(name: &str, classes: &Classes) -> Result<Vec<char>, String> {
    classes.get(name).cloned().ok_or_else(|| format!("there is no class \"{name}\""))
}

/// The first symbol of a cell and how many bytes it takes.
fn symbol(cell: &str) -> Result<Option<(char, usize)>, String> {
    let mut chars = cell.chars();
    let Some(first) = chars.next() else { return Ok(None) };
    Ok(Some(match first {
        '^' => (SURNAME, 1),
        '~' => (WORD, 1),
        '|' => (JOINT, 1),
        '-' => match chars.next().and_then(final_jamo) {
            Some(jamo) => (jamo, 4),
            None => ('-', 1),
        },
        'U' if cell.starts_with("U+") => {
            let digits: String = cell[2..].chars().take_while(char::is_ascii_hexdigit).collect();
            let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
            (code.ok_or_else(|| format!("\"{cell}\" is no code point"))?, 2 + digits.len())
        }
        _ => (jamo(first).unwrap_or(first), first.len_utf8()),
    }))
}

/// The initials as they are written alone, in the order of their conjoining forms.
pub const INITIALS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
/// The finals as they are written alone, in the order of their conjoining forms.
pub const FINALS: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

/// The conjoining initial or vowel of a letter written alone.
pub fn jamo(letter: char) -> Option<char> {
    match letter {
        'ㅏ'..='ㅣ' => char::from_u32(0x1161 + (letter as u32 - 'ㅏ' as u32)),
        _ => place(INITIALS, letter).and_then(|place| char::from_u32(0x1100 + place)),
    }
}

/// The conjoining final of a letter written alone.
pub fn final_jamo(letter: char) -> Option<char> {
    place(FINALS, letter).and_then(|place| char::from_u32(0x11A8 + place))
}

fn place(letters: &str, letter: char) -> Option<u32> {
    letters.chars().position(|other| other == letter).map(|place| place as u32)
}
