//! XML as a stream of small trees, one a record, with nothing of XML that a list has no need of.
//!
//! No document type, no entity but the five that are predefined, no file or network is ever touched; depth,
//! attributes and the size of a record are bounded.

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::SourceError;
use super::input::{Input, MAX_VALUE_BYTES};

/// The deepest nesting of elements.
pub(super) const MAX_DEPTH: usize = 16;
/// The most attributes of an element.
pub(super) const MAX_ATTRIBUTES: usize = 64;
/// The most elements of one record.
pub(super) const MAX_ELEMENTS: usize = 100_000;

/// An element with its own text and its children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// The name, without a namespace's prefix.
    pub name: String,
    /// Its attributes, by name without a namespace's prefix, in order.
    pub attributes: Vec<(String, String)>,
    /// Its own text, all pieces joined.
    pub text: String,
    /// The elements in it, in order.
    pub children: Vec<Element>,
}

impl Element {
    /// The children of a name.
    pub(super) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of a name, trimmed; empty where there is none, and for "na", by which the UN says
    /// that there is none.
    pub(super) fn value<'e>(&'e self, name: &'e str) -> &'e str {
        match self.all(name).next().map_or("", |child| child.text.trim()) {
            "na" => "",
            text => text,
        }
    }
}

impl Element {
    /// The value of an attribute, trimmed; empty where there is none.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(attribute, _)| attribute == name).map_or("", |(_, value)| value.trim())
    }

    /// Every element below this one that has a name, in the order of the file.
    pub(super) fn every<'e>(&'e self, name: &str) -> Vec<&'e Element> {
        let mut found = Vec::new();
        let mut open: Vec<&Element> = self.children.iter().rev().collect();
        while let Some(element) = open.pop() {
            if element.name == name {
                found.push(element);
            }
            open.extend(element.children.iter().rev());
        }
        found
    }
}

/// A record as read, or why it cannot be taken.
pub(super) struct Found {
    /// The line it begins at, from 1.
    pub line: u32,
    /// Its tree, or what limit it breaks; then the tree as far as it was read.
    pub element: Result<Element, (String, Element)>,
    /// How many bytes of the file have been read.
    pub bytes: u64,
}

/// Reads every element of one of the names in `records` below the root `root`, and hands it to `each`.
pub(super) fn read(
    input: &Input,
    root: &str,
    records: &[&str],
    each: &mut dyn FnMut(Found),
) -> Result<(), SourceError> {
    let mut walk = Walk { reader: Reader::from_str(&input.text), input, counted: (0, 1) };
    let mut path: Vec<(String, u32)> = Vec::new();
    let mut open: Option<Open> = None;
    let mut seen_root = false;
    loop {
        let event = match walk.reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let at = walk.reader.error_position();
                return Err(walk.fault_at(at, format!("not well-formed XML: {error}")));
            }
        };
        match event {
            Event::Start(start) => {
                let element = walk.element(&start, path.len())?;
                let line = walk.line();
                match path.is_empty() {
                    true if seen_root || element.name != root => {
                        return Err(walk.fault(wrong_root(root, &element.name)));
                    }
                    true => seen_root = true,
                    false => {}
                }
                path.push((element.name.clone(), line));
                match &mut open {
                    Some(open) => open.push(element),
                    None if records.contains(&element.name.as_str()) => open = Some(Open::new(element, line)),
                    None => {}
                }
            }
            Event::Empty(start) => {
                let element = walk.element(&start, path.len())?;
                match &mut open {
                    _ if path.is_empty() && element.name != root => {
                        return Err(walk.fault(wrong_root(root, &element.name)));
                    }
                    Some(open) => {
                        open.push(element);
                        open.pop();
                    }
                    None => seen_root |= path.is_empty(),
                }
            }
            Event::End(_) => {
                path.pop();
                if let Some(mut record) = open.take() {
                    match record.pop() {
                        None => open = Some(record),
                        Some(element) => {
                            let element = record.fault.map_or(Ok(element.clone()), |fault| Err((fault, element)));
                            each(Found { line: record.line, element, bytes: walk.reader.buffer_position() });
                        }
                    }
                }
            }
            Event::Text(text) => walk.text(&text, &mut open)?,
            Event::CData(text) => walk.text(&text, &mut open)?,
            Event::GeneralRef(name) => {
                let resolved = match name.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    Ok(None) => resolve_xml_entity(&name).map(str::to_owned).ok_or_else(|| {
                        walk.fault(format!("entity &{}; is not one of lt, gt, amp, apos and quot", &*name))
                    })?,
                    Err(error) => return Err(walk.fault(format!("wrong character reference: {error}"))),
                };
                walk.text(&resolved, &mut open)?;
            }
            Event::DocType(_) => {
                return Err(walk.fault("a document type (<!DOCTYPE) is not accepted; remove it".into()));
            }
            Event::Decl(declaration) => {
                if let Some(Ok(encoding)) = declaration.encoding()
                    && !encoding.eq_ignore_ascii_case("utf-8")
                {
                    return Err(walk.fault(format!("encoding {encoding:?} is declared; save the file as UTF-8 first")));
                }
            }
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    match path.last() {
        Some((name, line)) => {
            let reason = format!("the file ends inside <{name}>, which begins at line {line}; fetch it again");
            Err(walk.fault(reason))
        }
        None if !seen_root => Err(walk.fault(wrong_root(root, ""))),
        None => Ok(()),
    }
}

fn wrong_root(expected: &str, found: &str) -> String {
    format!("the root element is <{found}>, <{expected}> was expected; is it another format?")
}

struct Walk<'i> {
    reader: Reader<&'i [u8]>,
    input: &'i Input,
    /// Up to which byte lines were counted, and the line there.
    counted: (usize, u32),
}

impl Walk<'_> {
    fn line(&mut self) -> u32 {
        let at = self.reader.buffer_position();
        self.line_at(at)
    }

    fn line_at(&mut self, at: u64) -> u32 {
        let at = usize::try_from(at).unwrap_or(usize::MAX).clamp(self.counted.0, self.input.text.len());
        let between = &self.input.text.as_bytes()[self.counted.0..at];
        self.counted = (at, self.counted.1 + between.iter().filter(|byte| **byte == b'\n').count() as u32);
        self.counted.1
    }

    fn fault(&mut self, reason: String) -> SourceError {
        let at = self.reader.buffer_position();
        self.fault_at(at, reason)
    }

    fn fault_at(&mut self, at: u64, reason: String) -> SourceError {
        let line = self.line_at(at);
        SourceError::Form { place: self.input.place(line), reason }
    }

    /// Checks an element's bounds and gives it with its attributes.
    fn element(&mut self, start: &BytesStart<'_>, depth: usize) -> Result<Element, SourceError> {
        if depth >= MAX_DEPTH {
            return Err(self.fault(format!("elements are nested deeper than {MAX_DEPTH}")));
        }
        let mut element = Element { name: String::from(start.local_name().as_ref()), ..Element::default() };
        for (count, attribute) in start.attributes().with_checks(false).enumerate() {
            if count >= MAX_ATTRIBUTES {
                return Err(self.fault(format!("an element has more than {MAX_ATTRIBUTES} attributes")));
            }
            let value = attribute.map_err(|error| error.to_string()).and_then(|attribute| {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
                Ok((String::from(attribute.key.local_name().as_ref()), value.into_owned()))
            });
            let (name, value) = value.map_err(|error| self.fault(format!("not well-formed XML: {error}")))?;
            if value.len() > MAX_VALUE_BYTES {
                let of = &element.name;
                return Err(self.fault(format!("{of} {name}: the value has more than {MAX_VALUE_BYTES} bytes")));
            }
            if let Some(c) = value.chars().find(char::is_ascii_control) {
                return Err(self.fault(format!("the character U+{:04X} is not allowed in XML", u32::from(c))));
            }
            element.attributes.push((name, value));
        }
        Ok(element)
    }

    fn text(&mut self, text: &str, open: &mut Option<Open>) -> Result<(), SourceError> {
        if let Some(c) = text.chars().find(|c| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(self.fault(format!("the character U+{:04X} is not allowed in XML", u32::from(c))));
        }
        if let Some(open) = open {
            open.text(text);
        }
        Ok(())
    }
}

/// A record that is being read.
struct Open {
    line: u32,
    /// The elements from the record down to the innermost.
    stack: Vec<Element>,
    elements: usize,
    fault: Option<String>,
}

impl Open {
    fn new(element: Element, line: u32) -> Open {
        Open { line, stack: vec![element], elements: 1, fault: None }
    }

    fn push(&mut self, element: Element) {
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            let name = &element.name;
            self.fault.get_or_insert_with(|| format!("{name}: the record has more than {MAX_ELEMENTS} elements"));
        }
        self.stack.push(element);
    }

    /// Closes the innermost element; gives the record if that was it.
    fn pop(&mut self) -> Option<Element> {
        let element = self.stack.pop()?;
        match self.stack.last_mut() {
            Some(parent) if self.elements <= MAX_ELEMENTS => parent.children.push(element),
            Some(_) => {}
            None => return Some(element),
        }
        None
    }

    fn text(&mut self, text: &str) {
        if let Some(element) = self.stack.last_mut() {
            if element.text.len() + text.len() > MAX_VALUE_BYTES {
                let name = &element.name;
                self.fault.get_or_insert_with(|| format!("{name}: the text has more than {MAX_VALUE_BYTES} bytes"));
            } else {
                element.text.push_str(text);
            }
        }
    }
}
