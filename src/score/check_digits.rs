use crate::model::{Identifier, IdentifierType};

/// What the check digits of a number say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    /// They are right: the number was hardly mistyped.
    Sound,
    /// They are wrong, or the number cannot be one of its sort.
    Broken,
    /// The number has none, or they are not known.
    None,
}

/// Checks a number by the rules of its register.
pub(super) fn check(identifier: &Identifier) -> Check {
    let value = identifier.normal_form();
    let digits: Option<Vec<u32>> = value.chars().map(|c| c.to_digit(10)).collect();
    let country = identifier.country.as_str();
    let right = match (identifier.kind, country) {
        (IdentifierType::Inn, _) => digits.is_some_and(|digits| is_inn(&digits)),
        (IdentifierType::Ogrn, _) => digits.is_some_and(|digits| is_ogrn(&digits)),
        (IdentifierType::Okpo, _) => digits.is_some_and(|digits| is_okpo(&digits)),
        (IdentifierType::Kpp, _) => is_kpp(&value),
        (IdentifierType::NationalId, "RU") if value.len() == 11 => digits.is_some_and(|digits| is_snils(&digits)),
        (IdentifierType::TaxId, "KR") => digits.is_some_and(|digits| is_korean_business(&digits)),
        (IdentifierType::Registration, "KR") if value.len() == 13 => {
            digits.is_some_and(|digits| is_korean_company(&digits))
        }
        (IdentifierType::Lei, _) => value.len() == 20 && mod_97(&value) == Some(1),
        (IdentifierType::Imo, _) => digits.is_some_and(|digits| is_imo(&digits)),
        (IdentifierType::Mmsi, _) => digits.is_some_and(|digits| digits.len() == 9),
        (IdentifierType::Bic, _) => is_bic(&value),
        _ => return Check::None,
    };
    if right { Check::Sound } else { Check::Broken }
}

/// The sum of digits by weights; weights beyond the digits do not count.
fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// Ten digits for companies, twelve for people (order MMV-7-6/435@ of the Federal Tax Service).
fn is_inn(digits: &[u32]) -> bool {
    const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let fits = |place: usize| weighted(&digits[..place], &WEIGHTS[11 - place..]) % 11 % 10 == digits[place];
    match digits.len() {
        10 => fits(9),
        12 => fits(10) && fits(11),
        _ => false,
    }
}

/// Thirteen digits for companies, fifteen for sole traders.
fn is_ogrn(digits: &[u32]) -> bool {
    let rest = |modulus: u64| {
        let (last, number) = digits.split_last()?;
        let number = number.iter().fold(0u64, |number, digit| number * 10 + u64::from(*digit));
        Some(number % modulus % 10 == u64::from(*last))
    };
    match digits.len() {
        13 => rest(11) == Some(true),
        15 => rest(13) == Some(true),
        _ => false,
    }
}

/// Eight or ten digits.
fn is_okpo(digits: &[u32]) -> bool {
    if !matches!(digits.len(), 8 | 10) {
        return false;
    }
    let (number, last) = digits.split_at(digits.len() - 1);
    let sum =
        |first: usize| (0..number.len()).map(move |place| (((first + place - 1) % 10 + 1) as u32) * number[place]);
    let rest = match sum(1).sum::<u32>() % 11 {
        10 => sum(3).sum::<u32>() % 11 % 10,
        rest => rest,
    };
    rest == last[0]
}

/// Four digits of the office, two signs of the reason, three digits.
fn is_kpp(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes.len() == 9
        && bytes[..4].iter().chain(&bytes[6..]).all(u8::is_ascii_digit)
        && bytes[4..6].iter().all(u8::is_ascii_alphanumeric)
}

/// Eleven digits of the Russian pension insurance.
fn is_snils(digits: &[u32]) -> bool {
    const WEIGHTS: [u32; 9] = [9, 8, 7, 6, 5, 4, 3, 2, 1];
    digits.len() == 11 && weighted(digits, &WEIGHTS) % 101 % 100 == digits[9] * 10 + digits[10]
}

/// Ten digits of the Korean business registration (사업자등록번호).
fn is_korean_business(digits: &[u32]) -> bool {
    const WEIGHTS: [u32; 9] = [1, 3, 7, 1, 3, 7, 1, 3, 5];
    digits.len() == 10 && (weighted(digits, &WEIGHTS) + digits[8] * 5 / 10 + digits[9]).is_multiple_of(10)
}

/// Thirteen digits of the Korean register of companies (법인등록번호).
fn is_korean_company(digits: &[u32]) -> bool {
    const WEIGHTS: [u32; 12] = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2];
    digits.len() == 13 && (weighted(digits, &WEIGHTS) + digits[12]).is_multiple_of(10)
}

/// Seven digits: of ships, and of companies, which are checked otherwise.
fn is_imo(digits: &[u32]) -> bool {
    const SHIP: [u32; 6] = [7, 6, 5, 4, 3, 2];
    const COMPANY: [u32; 6] = [8, 6, 4, 2, 9, 7];
    digits.len() == 7
        && (weighted(digits, &SHIP) % 10 == digits[6] || (11 - weighted(digits, &COMPANY) % 11) % 11 % 10 == digits[6])
}

/// Four letters of the bank, two of the country, two signs of the place and three of the branch.
fn is_bic(value: &str) -> bool {
    let bytes = value.as_bytes();
    matches!(bytes.len(), 8 | 11)
        && bytes[..6].iter().all(u8::is_ascii_alphabetic)
        && bytes[6..].iter().all(u8::is_ascii_alphanumeric)
}

/// The remainder of ISO 7064, letters counting from 10; `None` for other signs.
fn mod_97(value: &str) -> Option<u32> {
    value.chars().try_fold(0u32, |rest, c| {
        let digit = c.to_digit(36)?;
        Some(if digit < 10 { rest * 10 + digit } else { rest * 100 + digit } % 97)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: IdentifierType, country: &str, value: &str) -> Check {
        check(&Identifier { kind, value: value.into(), country: country.into() })
    }

    /// Numbers that the parties publish themselves, and one mistyped digit.
    #[test]
    fn published_numbers_are_sound_and_mistyped_ones_broken() {
        use IdentifierType::{Imo, Inn, Lei, NationalId, Ogrn, Okpo, Registration, TaxId};
        for (kind, country, right, wrong) in [
            (Inn, "RU", "7707083893", "7707083898"),
            (Inn, "RU", "500100732259", "500100732258"),
            (Ogrn, "RU", "1027700132195", "1027700132196"),
            (Ogrn, "RU", "304500116000157", "304500116000158"),
            (Okpo, "RU", "00032537", "00032538"),
            (NationalId, "RU", "112-233-445 95", "112-233-445 96"),
            (TaxId, "KR", "124-81-00998", "124-81-00997"),
            (Registration, "KR", "130111-0006246", "130111-0006247"),
            (Lei, "", "5493001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1R13"),
            (Imo, "", "IMO 9074729", "IMO 9074728"),
        ] {
            assert_eq!(of(kind, country, right), Check::Sound, "{kind} {right}");
            assert_eq!(of(kind, country, wrong), Check::Broken, "{kind} {wrong}");
        }
        assert_eq!(of(IdentifierType::Bic, "", "SABRRUMM"), Check::Sound);
        assert_eq!(of(IdentifierType::Bic, "", "SABRRUM"), Check::Broken);
        assert_eq!(of(IdentifierType::Kpp, "RU", "773601001"), Check::Sound);
        assert_eq!(of(IdentifierType::Kpp, "RU", "77360100"), Check::Broken);
        assert_eq!(of(IdentifierType::Passport, "KP", "927234267"), Check::None);
        assert_eq!(of(IdentifierType::Inn, "RU", "none"), Check::Broken);
    }
}
