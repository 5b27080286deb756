use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A date of any precision in the proleptic Gregorian calendar: a year, a month of a year, or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartialDate {
    /// 1 to 9999.
    pub year: u16,
    /// 1 to 12, or 0 where it is not known.
    pub month: u8,
    /// 1 to 31, or 0 where it is not known; never known without the month.
    pub day: u8,
    /// The publisher says "circa".
    pub approximate: bool,
}

/// Why a date was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// The year lies outside 1 to 9999.
    #[error("year {0} is outside 1 to 9999")]
    Year(i64),
    /// The month lies outside 1 to 12.
    #[error("month {0} is outside 1 to 12")]
    Month(i64),
    /// The month does not have this day.
    #[error("day {day} does not exist in {year:04}-{month:02}")]
    Day {
        /// The year.
        year: u16,
        /// The month.
        month: u8,
        /// The day that was given.
        day: i64,
    },
    /// A day without a month.
    #[error("a day without a month")]
    DayWithoutMonth,
    /// Not of the form YYYY, YYYY-MM or YYYY-MM-DD.
    #[error("{0:?} is not of the form YYYY, YYYY-MM or YYYY-MM-DD")]
    Form(String),
}

impl PartialDate {
    /// A checked date; 0 stands for a month or day that is not known.
    pub fn new(year: i64, month: i64, day: i64) -> Result<Self, DateError> {
        let valid_year = u16::try_from(year).ok().filter(|year| (1..=9999).contains(year));
        let year = valid_year.ok_or(DateError::Year(year))?;
        let valid_month = u8::try_from(month).ok().filter(|month| *month <= 12);
        let month = valid_month.ok_or(DateError::Month(month))?;
        if month == 0 && day != 0 {
            return Err(DateError::DayWithoutMonth);
        }
        let valid_day = u8::try_from(day).ok().filter(|day| *day == 0 || *day <= days_in_month(year, month));
        let day = valid_day.ok_or(DateError::Day { year, month, day })?;
        Ok(PartialDate { year, month, day, approximate: false })
    }

    /// The same date, marked as circa.
    pub fn circa(mut self) -> Self {
        self.approximate = true;
        self
    }
}

fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.approximate {
            f.write_str("~")?;
        }
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    /// Reads YYYY, YYYY-MM or YYYY-MM-DD, with `~` in front for circa.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let form = || DateError::Form(text.to_owned());
        let (body, approximate) = match text.trim().strip_prefix('~') {
            Some(rest) => (rest, true),
            None => (text.trim(), false),
        };
        let mut numbers = [0i64; 3];
        let mut count = 0;
        for field in body.split('-') {
            let digits = !field.is_empty() && field.len() <= 4 && field.bytes().all(|byte| byte.is_ascii_digit());
            if count == 3 || !digits {
                return Err(form());
            }
            numbers[count] = field.parse().map_err(|_| form())?;
            count += 1;
        }
        if (count > 1 && numbers[1] == 0) || (count > 2 && numbers[2] == 0) {
            return Err(form());
        }
        let date = PartialDate::new(numbers[0], numbers[1], numbers[2])?;
        Ok(PartialDate { approximate, ..date })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_precision_round_trips() {
        for text in ["1984", "1984-01", "1984-01-08", "~1984", "2000-02-29"] {
            assert_eq!(text.parse::<PartialDate>().map(|date| date.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn impossible_dates_are_refused_with_the_part_that_is_wrong() {
        assert_eq!("1984-13".parse::<PartialDate>(), Err(DateError::Month(13)));
        assert_eq!("1900-02-29".parse::<PartialDate>(), Err(DateError::Day { year: 1900, month: 2, day: 29 }));
        assert_eq!(PartialDate::new(1984, 0, 3), Err(DateError::DayWithoutMonth));
        assert_eq!("0".parse::<PartialDate>(), Err(DateError::Year(0)));
        for text in ["", "-", "1984-", "84/1/8", "1984-00", "1984-01-00", "1-2-3-4", "١٩٨٤"] {
            assert!(matches!(text.parse::<PartialDate>(), Err(DateError::Form(_))), "{text}");
        }
    }
}
