use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::text::Script;

static SHOW_NAMES: AtomicBool = AtomicBool::new(false);

/// Whether [`Redacted`] shows what it holds; for the whole process. False until somebody says otherwise.
pub fn show_names(show: bool) {
    SHOW_NAMES.store(show, Ordering::Relaxed);
}

/// A name on its way into a log, span or message: prints its length and script, `‹12 characters Cyrl›`.
///
/// With `log.names = true` it prints the name, quoted, with control characters and the characters that reverse the
/// direction of writing escaped, so that a log line stays one line and reads as it was written.
#[derive(Clone, Copy)]
pub struct Redacted<'a>(pub &'a str);

impl Redacted<'_> {
    fn write(self, f: &mut impl fmt::Write, show: bool) -> fmt::Result {
        if show {
            f.write_char('"')?;
            for c in self.0.chars() {
                match c {
                    '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
                        write!(f, "{}", c.escape_unicode())?;
                    }
                    c => write!(f, "{}", c.escape_debug())?,
                }
            }
            return f.write_char('"');
        }
        write!(f, "‹{} characters", self.0.chars().count())?;
        for script in Script::ALL {
            if self.0.chars().any(|c| Script::of(c) == Some(script)) {
                write!(f, " {script}")?;
            }
        }
        f.write_char('›')
    }
}

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, SHOW_NAMES.load(Ordering::Relaxed))
    }
}

impl fmt::Debug for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(name: &str, show: bool) -> String {
        let mut text = String::new();
        Redacted(name).write(&mut text, show).unwrap();
        text
    }

    #[test]
    fn tells_script_and_length_only() {
        assert_eq!(written("Иван Petrov", false), "‹11 characters Latn Cyrl›");
        assert_eq!(written("김철수", false), "‹3 characters Hang›");
        assert_eq!(written("", false), "‹0 characters›");
        assert_eq!(format!("{:?}", Redacted("김철수")), "‹3 characters Hang›");
    }

    #[test]
    fn what_is_shown_stays_on_its_line() {
        assert_eq!(written("a\nb\u{202e}c\u{1b}[31m", true), "\"a\\nb\\u{202e}c\\u{1b}[31m\"");
    }
}
