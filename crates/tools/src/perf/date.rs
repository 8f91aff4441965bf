//! Times as Java's `SimpleDateFormat` writes them, in UTC: years, months, days, hours, minutes, seconds,
//! milliseconds, and quoted text.

use crate::tool::ToolError;

/// A format, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DateFormat(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// A letter, and how often it stands.
    Field(char, usize),
    Text(String),
}

impl DateFormat {
    /// Takes `pattern` apart. Letters beyond `yMdHmsS` are refused.
    pub(crate) fn new(pattern: &str) -> Result<DateFormat, ToolError> {
        let mut pieces = Vec::new();
        let mut letters = pattern.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '\'' => {
                    let text: String = letters.by_ref().take_while(|next| *next != '\'').collect();
                    // Two quotes are one.
                    pieces.push(Piece::Text(if text.is_empty() { "'".to_owned() } else { text }));
                }
                'y' | 'M' | 'd' | 'H' | 'm' | 's' | 'S' => {
                    let mut count = 1;
                    while letters.next_if_eq(&letter).is_some() {
                        count += 1;
                    }
                    pieces.push(Piece::Field(letter, count));
                }
                _ if letter.is_ascii_alphabetic() => {
                    return Err(ToolError::failed(format!(
                        "the letter '{letter}' of a date format is not known"
                    )));
                }
                _ => pieces.push(Piece::Text(letter.to_string())),
            }
        }
        Ok(DateFormat(pieces))
    }

    /// The time `millis` after 1970.
    pub(crate) fn format(&self, millis: u64) -> String {
        let (days, rest) = (millis / 86_400_000, millis % 86_400_000);
        let (year, month, day) = civil(days);
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Field(letter, width) => {
                    let number = match letter {
                        'y' if *width == 2 => year % 100,
                        'y' => year,
                        'M' => month,
                        'd' => day,
                        'H' => rest / 3_600_000,
                        'm' => rest / 60_000 % 60,
                        's' => rest / 1_000 % 60,
                        _ => rest % 1_000,
                    };
                    text.push_str(&format!("{number:0width$}"));
                }
            }
        }
        text
    }
}

/// Year, month and day of the Gregorian calendar, `days` after 1970-01-01. Counts in eras of 400 years that
/// begin in March, so that the leap day is the last of its year.
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn dates_follow_the_calendar_and_the_pattern() {
        let format = DateFormat::new("yyyy-MM-dd HH:mm:ss:SSS").unwrap();
        assert_eq!(format.format(0), "1970-01-01 00:00:00:000");
        assert_eq!(format.format(951_825_599_999), "2000-02-29 11:59:59:999");
        assert_eq!(format.format(1_735_689_600_001), "2025-01-01 00:00:00:001");
        assert_eq!(DateFormat::new("yy'y'''d").unwrap().format(0), "70y'1");
        assert!(DateFormat::new("EEE").is_err());
    }
}
