use std::fmt::Write as _;

use super::escape;

/// Size of a plot and of the margins that hold its labels, in pixels.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 38.0;

/// A plot that is built layer by layer and becomes an `<svg>` element. Colours are classes of the page.
pub struct Plot {
    body: String,
    x: (f64, f64),
    y: (f64, f64),
}

impl Plot {
    /// An empty plot over ranges of x and y, with a title, the names of both axes and five marks on each.
    pub fn new(title: &str, names: (&str, &str), x: (f64, f64), y: (f64, f64)) -> Plot {
        // A range without width has no scale.
        let wide = |(from, to): (f64, f64)| if to > from { (from, to) } else { (from, from + 1.0) };
        let mut plot = Plot { body: String::new(), x: wide(x), y: wide(y) };
        let (bottom, middle) = (HEIGHT - BOTTOM, (TOP + HEIGHT - BOTTOM) / 2.0);
        plot.text("title", (LEFT, 16.0), title);
        plot.text("label", ((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6.0), names.0);
        let turned = format!("<text class=\"label\" transform=\"translate(12 {middle}) rotate(-90)\">");
        plot.body += &format!("{turned}{}</text>", escape(names.1));
        for step in 0..=4 {
            let share = f64::from(step) / 4.0;
            let (x, y) = (plot.x.0 + share * (plot.x.1 - plot.x.0), plot.y.0 + share * (plot.y.1 - plot.y.0));
            let (px, py) = plot.place((x, y));
            let _ = write!(
                plot.body,
                "<path class=\"grid\" d=\"M{px:.1} {TOP}V{bottom}M{LEFT} {py:.1}H{}\"/>",
                WIDTH - RIGHT
            );
            plot.text("mark", (px, bottom + 14.0), &short(x));
            plot.text("mark end", (LEFT - 5.0, py + 4.0), &short(y));
        }
        plot
    }

    fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let across = (x - self.x.0) / (self.x.1 - self.x.0);
        let up = (y - self.y.0) / (self.y.1 - self.y.0);
        (LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM))
    }

    fn text(&mut self, class: &str, (x, y): (f64, f64), text: &str) {
        let _ = write!(self.body, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escape(text));
    }

    /// Adds a line through points.
    pub fn line(mut self, class: &str, points: &[(f64, f64)]) -> Plot {
        let mut path = String::new();
        for (place, point) in points.iter().enumerate() {
            let (x, y) = self.place(*point);
            let _ = write!(path, "{}{x:.1} {y:.1}", if place == 0 { 'M' } else { 'L' });
        }
        let _ = write!(self.body, "<path class=\"line {class}\" d=\"{path}\"/>");
        self
    }

    /// Adds dots, each with a radius in pixels and a text that shows when pointed at.
    pub fn dots(mut self, class: &str, dots: &[((f64, f64), f64, String)]) -> Plot {
        for (point, radius, hint) in dots {
            let (x, y) = self.place(*point);
            let _ = write!(
                self.body,
                "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"><title>{}</title></circle>",
                escape(hint)
            );
        }
        self
    }

    /// Adds bars from the lower edge, side by side over the whole range of x.
    pub fn bars(mut self, class: &str, heights: &[f64]) -> Plot {
        let width = (self.x.1 - self.x.0) / heights.len().max(1) as f64;
        for (place, height) in heights.iter().enumerate().filter(|(_, height)| **height > 0.0) {
            let from = self.x.0 + place as f64 * width;
            let (x, y) = self.place((from, *height));
            let (end, bottom) = self.place((from + width, self.y.0));
            let _ = write!(
                self.body,
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                end - x,
                bottom - y
            );
        }
        self
    }

    /// The element.
    pub fn svg(self) -> String {
        format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">{}</svg>\n", self.body)
    }
}

/// A number with as many digits as a mark on an axis needs.
fn short(number: f64) -> String {
    let text = if number.abs() >= 10.0 { format!("{number:.0}") } else { format!("{number:.2}") };
    if text == "-0.00" { "0.00".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_land_where_the_axes_say() {
        let plot = Plot::new("a <b>", ("x", "y"), (0.0, 1.0), (0.0, 10.0));
        assert_eq!(plot.place((0.0, 0.0)), (LEFT, HEIGHT - BOTTOM));
        assert_eq!(plot.place((1.0, 10.0)), (WIDTH - RIGHT, TOP));
        let svg = plot.line("one", &[(0.0, 0.0), (1.0, 10.0)]).bars("two", &[0.0, 5.0]).svg();
        assert!(svg.contains("a &lt;b&gt;") && svg.contains("M46.0 212.0L348.0 26.0"), "{svg}");
        assert_eq!(svg.matches("<rect").count(), 1);
    }

    #[test]
    fn a_range_without_width_is_given_one() {
        let svg = Plot::new("flat", ("x", "y"), (2.0, 2.0), (0.0, 0.0)).dots("c", &[((2.0, 0.0), 3.0, "q".into())]);
        assert!(!svg.svg().contains("NaN"));
    }
}
