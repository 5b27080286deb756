use std::time::Duration;

use http::HeaderMap;

/// The time a client gives the call, from the header `grpc-timeout`: one to eight digits and a unit.
///
/// `Ok(None)` means that it set none; `Err` that the header is not of that form.
pub(super) fn timeout_of(headers: &HeaderMap) -> Result<Option<Duration>, &'static str> {
    const MALFORMED: &str = "the header grpc-timeout is not one to eight digits and one of H, M, S, m, u, n";
    let Some(value) = headers.get("grpc-timeout") else {
        return Ok(None);
    };
    let text = value.to_str().map_err(|_| MALFORMED)?;
    let unit = text.chars().next_back().ok_or(MALFORMED)?;
    let digits = &text[..text.len() - unit.len_utf8()];
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(MALFORMED);
    }
    let amount: u64 = digits.parse().map_err(|_| MALFORMED)?;
    let timeout = match unit {
        'H' => Duration::from_secs(amount * 3_600),
        'M' => Duration::from_secs(amount * 60),
        'S' => Duration::from_secs(amount),
        'm' => Duration::from_millis(amount),
        'u' => Duration::from_micros(amount),
        'n' => Duration::from_nanos(amount),
        _ => return Err(MALFORMED),
    };
    Ok(Some(timeout))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Option<Duration>, &'static str> {
        let mut headers = HeaderMap::new();
        headers.insert("grpc-timeout", text.parse().unwrap());
        timeout_of(&headers)
    }

    #[test]
    fn every_unit() {
        assert_eq!(timeout_of(&HeaderMap::new()), Ok(None));
        assert_eq!(parse("2H"), Ok(Some(Duration::from_secs(7_200))));
        assert_eq!(parse("99999999H"), Ok(Some(Duration::from_secs(359_999_996_400))));
        assert_eq!(parse("3M"), Ok(Some(Duration::from_secs(180))));
        assert_eq!(parse("42S"), Ok(Some(Duration::from_secs(42))));
        assert_eq!(parse("0m"), Ok(Some(Duration::ZERO)));
        assert_eq!(parse("7u"), Ok(Some(Duration::from_micros(7))));
        assert_eq!(parse("82n"), Ok(Some(Duration::from_nanos(82))));
    }

    #[test]
    fn malformed_is_an_error() {
        for text in ["", "S", "1", "1x", "-1S", "+1S", "1 S", "123456789S", "1.5S"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
