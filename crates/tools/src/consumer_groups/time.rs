//! Times as `--to-datetime` and `--by-duration` take them (Kafka: Utils.getDateTime; Java: Duration.parse).

use std::time::{SystemTime, UNIX_EPOCH};

use klamm_model::Timestamp;

use crate::tool::ToolError;

const DAY_MS: i64 = 86_400_000;

/// The time of the wall clock.
pub(super) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// `2026-01-31T12:30:00.000`, with a zone or in UTC.
pub(super) fn parse_date_time(text: &str) -> Result<Timestamp, ToolError> {
    let Some((date, time)) = text.split_once('T') else {
        return Err(ToolError::failed(
            "java.text.ParseException: Error parsing timestamp. It does not contain a 'T' according to ISO8601 format",
        ));
    };
    let zoned = if time.contains(['+', '-', 'Z']) { time.to_owned() } else { format!("{time}Z") };
    let refused =
        || ToolError::Failed(format!("java.text.ParseException: Unparseable date: \"{date}T{zoned}\""));
    let millis = date_millis(date).and_then(|day| Some(day + time_millis(&zoned)?));
    millis.map(Timestamp::from_millis).ok_or_else(refused)
}

/// Milliseconds from the epoch to the beginning of `yyyy-MM-dd`.
fn date_millis(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (year, month, day): (i64, i64, i64) =
        (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    if parts.next().is_some() || !(1..=last).contains(&day) {
        return None;
    }
    // Days of the Gregorian calendar, counted in years that begin in March.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some((days + (month * 153 + 2) / 5 + day - 719_469) * DAY_MS)
}

/// Milliseconds of `HH:mm:ss.SSS` with a zone: `Z`, `+HH`, `+HHmm` or `+HH:mm`.
fn time_millis(text: &str) -> Option<i64> {
    let at = text.find(['+', '-', 'Z'])?;
    let (clock, zone) = text.split_at(at);
    let (clock, millis) = clock.split_once('.')?;
    let mut parts = clock.split(':');
    let mut part = |end: i64| parts.next()?.parse::<i64>().ok().filter(|number| (0..end).contains(number));
    let (hours, minutes, seconds) = (part(24)?, part(60)?, part(60)?);
    let millis = millis.parse::<i64>().ok().filter(|millis| (0..1000).contains(millis))?;
    let offset = match zone {
        "Z" => 0,
        zone => {
            let (sign, digits) = zone.split_at(1);
            let digits = digits.replace(':', "");
            let hours: i64 = digits.get(..2)?.parse().ok()?;
            let minutes: i64 =
                digits.get(2..).filter(|rest| !rest.is_empty()).map_or(Some(0), |rest| rest.parse().ok())?;
            let offset = hours * 60 + minutes;
            if sign == "-" { -offset } else { offset }
        }
    };
    Some(((hours * 60 + minutes - offset) * 60 + seconds) * 1000 + millis)
}

/// Milliseconds of `PnDTnHnMn.nS`.
pub(super) fn parse_duration(text: &str) -> Result<i64, ToolError> {
    duration_millis(text).ok_or_else(|| ToolError::failed("Text cannot be parsed to a Duration"))
}

fn duration_millis(text: &str) -> Option<i64> {
    let upper = text.to_ascii_uppercase();
    let (sign, rest) = match upper.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, upper.strip_prefix('+').unwrap_or(&upper)),
    };
    let rest = rest.strip_prefix('P')?;
    let (days, clock) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((days, clock)) => (days, clock),
        None => (rest, ""),
    };
    let mut millis = 0.0;
    let mut is_empty = true;
    let mut add = |text: &mut &str, unit: char, factor: f64| -> Option<()> {
        if let Some((number, rest)) = text.split_once(unit) {
            millis += number.parse::<f64>().ok()? * factor;
            is_empty = false;
            *text = rest;
        }
        Some(())
    };
    let (mut days, mut clock) = (days, clock);
    add(&mut days, 'D', DAY_MS as f64)?;
    add(&mut clock, 'H', 3_600_000.0)?;
    add(&mut clock, 'M', 60_000.0)?;
    add(&mut clock, 'S', 1000.0)?;
    let is_whole = days.is_empty() && clock.is_empty() && !is_empty;
    is_whole.then_some(sign * millis as i64)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn date_times_are_of_utc_unless_they_name_a_zone() {
        let millis = |text| parse_date_time(text).unwrap().as_millis();
        assert_eq!(millis("1970-01-01T00:00:00.000"), 0);
        assert_eq!(millis("2000-03-01T12:30:15.250"), 951_913_815_250);
        assert_eq!(millis("2000-03-01T12:30:15.250+02:00"), 951_913_815_250 - 7_200_000);
        assert_eq!(millis("1969-12-31T23:59:59.999Z"), -1);
        assert!(parse_date_time("2001-02-29T00:00:00.000").is_err());
        let refusal = parse_date_time("2001-02-28T00:00").unwrap_err().to_string();
        assert_eq!(refusal, "java.text.ParseException: Unparseable date: \"2001-02-28T00:00Z\"");
    }

    #[test]
    fn durations_are_of_days_hours_minutes_and_seconds() {
        assert_eq!(parse_duration("P1DT2H3M4.5S").unwrap(), DAY_MS + 7_384_500);
        assert_eq!(parse_duration("-PT1S").unwrap(), -1000);
        for wrong in ["", "P", "PT", "1D", "P1H", "PT1D"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }
}
