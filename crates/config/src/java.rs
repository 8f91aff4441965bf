//! Text as Java reads and writes it: trimming, splitting, numbers, durations.

/// Java's `String.trim`: takes off every character up to the space, controls included.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c| c <= ' ')
}

/// What Java's regular expressions call white space (`\s`).
pub(crate) fn is_regex_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r')
}

/// Java's `text.split(separator)` for a plain character: empty parts at the end are dropped.
pub(crate) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts: Vec<&str> = text.split(separator).collect();
    while parts.len() > 1 && parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    if parts == [""] && !text.is_empty() {
        parts.pop();
    }
    parts
}

/// Splits at commas with the white space around them (`\s*,\s*`); empty parts stay.
pub(crate) fn split_commas(text: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = text.split(',').collect();
    let last = parts.len() - 1;
    for (at, part) in parts.iter_mut().enumerate() {
        if at > 0 {
            *part = part.trim_start_matches(is_regex_space);
        }
        if at < last {
            *part = part.trim_end_matches(is_regex_space);
        }
    }
    parts
}

/// A list as Java prints it: `[a, b]`.
pub(crate) fn list_to_string<T: AsRef<str>>(items: &[T]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    format!("[{}]", items.join(", "))
}

/// `Double.toString`: `0.5`, `1.0E10`, `1.7976931348623157E308`.
pub(crate) fn double_to_string(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
        return format!("{value:?}");
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').expect("the notation has an exponent");
    let point = if digits.contains('.') { "" } else { ".0" };
    format!("{digits}{point}E{exponent}")
}

/// `Double.parseDouble` of trimmed text, without its hexadecimal form.
pub(crate) fn parse_double(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    match unsigned {
        "NaN" => return Some(f64::NAN),
        "Infinity" => return Some(sign * f64::INFINITY),
        _ => {}
    }
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let number = unsigned.strip_suffix(['f', 'F', 'd', 'D']).unwrap_or(unsigned);
    number.parse::<f64>().ok().map(|magnitude| sign * magnitude)
}

/// `Duration.parse` of ISO 8601 text such as `PT1H30M` or `P1DT0.5S`, in nanoseconds.
pub(crate) fn parse_duration(text: &str) -> Option<i128> {
    let upper = text.to_ascii_uppercase();
    let (negated, rest) = match upper.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, upper.strip_prefix('+').unwrap_or(&upper)),
    };
    let rest = rest.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (rest, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let (mut seconds, mut nanos) = (0_i128, 0_i128);
    if !date.is_empty() {
        seconds += 86_400 * i128::from(date.strip_suffix('D')?.parse::<i64>().ok()?);
    }
    let mut time = time;
    for (unit, scale) in [('H', 3600), ('M', 60)] {
        if let Some((count, after)) = time.split_once(unit) {
            seconds += scale * i128::from(count.parse::<i64>().ok()?);
            time = after;
        }
    }
    if !time.is_empty() {
        let (whole, fraction) = parse_seconds(time.strip_suffix('S')?)?;
        seconds += i128::from(whole);
        nanos = fraction;
    }
    i64::try_from(seconds).ok()?;
    let total = seconds * 1_000_000_000 + nanos;
    Some(if negated { -total } else { total })
}

/// Seconds with a fraction of up to nine digits, after `.` or `,`.
fn parse_seconds(text: &str) -> Option<(i64, i128)> {
    let Some((whole, fraction)) = text.split_once(['.', ',']) else {
        return Some((text.parse().ok()?, 0));
    };
    if fraction.len() > 9 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanos: i128 = format!("{fraction:0<9}").parse().ok()?;
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    Some((whole.parse().ok()?, sign * nanos))
}

/// Whether `text` is a duration of zero or more.
pub(crate) fn is_duration_not_negative(text: &str) -> bool {
    parse_duration(text).is_some_and(|nanos| nanos >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_print_as_in_java() {
        let cases = [
            (0.5, "0.5"),
            (1.0, "1.0"),
            (0.001, "0.001"),
            (0.0001, "1.0E-4"),
            (1e7, "1.0E7"),
            (2_147_483_647.0, "2.147483647E9"),
            (f64::MAX, "1.7976931348623157E308"),
            (-0.0, "-0.0"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ];
        for (value, text) in cases {
            assert_eq!(double_to_string(value), text);
        }
    }

    #[test]
    fn doubles_are_read_as_in_java() {
        assert_eq!(parse_double("1."), Some(1.0));
        assert_eq!(parse_double(".5"), Some(0.5));
        assert_eq!(parse_double("-1e3d"), Some(-1000.0));
        assert_eq!(parse_double("1F"), Some(1.0));
        assert_eq!(parse_double("Infinity"), Some(f64::INFINITY));
        for wrong in ["", "inf", "nan", "infinity", "1e", "--1", "+-1", "1 2", ".", "1ff", "Infinityf"] {
            assert_eq!(parse_double(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn splitting_drops_empty_parts_at_the_end_only() {
        assert_eq!(split("1@h@", '@'), ["1", "h"]);
        assert_eq!(split("@h", '@'), ["", "h"]);
        assert_eq!(split("", '@'), [""]);
        assert!(split("@@", '@').is_empty());
        assert_eq!(split_commas(" a ,\tb,, c "), [" a", "b", "", "c "]);
    }

    #[test]
    fn durations_are_read_as_in_java() {
        let second = 1_000_000_000;
        assert_eq!(parse_duration("PT1H30M"), Some(5400 * second));
        assert_eq!(parse_duration("p2dt-1,5s"), Some(172_800 * second - 3 * second / 2));
        assert_eq!(parse_duration("-P1D"), Some(-86_400 * second));
        assert_eq!(parse_duration("PT0.5S"), Some(second / 2));
        assert_eq!(parse_duration("PT-0.5S"), Some(-second / 2));
        for wrong in ["P", "PT", "P1", "1D", "PT1M1H", "P1DT", "PT1.5M", "PT1.1234567890S", "P 1D"] {
            assert_eq!(parse_duration(wrong), None, "{wrong}");
        }
    }
}
