//! What a run came to, for people: a page with plots, and tables in Markdown.

mod figures;
mod html;
mod markdown;
mod plot;
mod quality;

pub use html::page;
pub use quality::{Bench, Benches, quality, typing_tasks};

/// Text of others inside HTML: no markup, and no characters that would turn a line around or hide.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if is_hidden(c) => escaped.push('\u{FFFD}'),
            c => escaped.push(c),
        }
    }
    escaped
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// A share as percent with two digits.
fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_stays_text() {
        assert_eq!(escape("<b a='\"'>&\u{202E}x"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;\u{FFFD}x");
    }
}
