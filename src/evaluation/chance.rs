/// A stream of numbers that look random and are the same for the same seed, on every machine and in every version:
/// SplitMix64, as its authors published it.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The stream of a seed.
    pub fn of(seed: u64) -> Chance {
        Chance(seed)
    }

    /// The stream of a seed and a text, so that each text has its own.
    pub fn of_text(seed: u64, text: &str) -> Chance {
        Chance(seed ^ hash(text))
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `count`, which is at least 1; each as likely as the others but for one part in 2^32.
    pub fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.draw()) * count as u128) >> 64) as usize
    }
}

/// A number of 64 bits that a text has for good.
pub fn hash(text: &str) -> u64 {
    let hash = blake3::hash(text.as_bytes());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

/// Where a text falls between 0 and 1, the same for good and for each `purpose` another.
pub fn fraction(purpose: &str, text: &str) -> f64 {
    // 53 bits are what a double holds exactly.
    (hash(&format!("{purpose}\n{text}")) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        let mut chance = Chance::of(1234567);
        assert_eq!([chance.draw(), chance.draw()], [6457827717110365317, 3203168211198807973]);
    }

    #[test]
    fn numbers_stay_below_and_reach_all() {
        let mut chance = Chance::of_text(1, "a");
        let mut seen = [0usize; 5];
        (0..1000).for_each(|_| seen[chance.below(5)] += 1);
        assert!(seen.iter().all(|count| *count > 150), "{seen:?}");
        let low = (0..1000).filter(|number| fraction("test", &number.to_string()) < 0.3).count();
        assert!((250..350).contains(&low), "{low}");
    }
}
