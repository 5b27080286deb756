use super::lists::List;

/// What the terms of one name are worth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Tally {
    /// In nats.
    pub gain: f32,
    /// The parts of the query that were found.
    pub parts: u64,
    /// The same by words one by one, without joined ones: two rare words are worth more than both as one.
    pub single_gain: f32,
    single_parts: u64,
}

impl Tally {
    /// What speaks for a name beside its words.
    pub fn of_gain(gain: f32) -> Tally {
        Tally { gain, ..Tally::default() }
    }

    /// Adds a list. Lists come best first, so the first one that covers a part is the best one for it.
    #[inline]
    pub fn add(&mut self, list: &List) {
        // What speaks against a name is weighed only where nothing speaks for it.
        if list.gain <= 0.0 && self.parts != 0 {
            return;
        }
        if self.parts & list.parts == 0 {
            self.parts |= list.parts;
            self.gain += list.gain;
        }
        if list.parts.is_power_of_two() && self.single_parts & list.parts == 0 {
            self.single_parts |= list.parts;
            self.single_gain += list.gain;
        }
    }

    /// The better way to cover the query's parts.
    pub fn best(self) -> Tally {
        match self.single_gain > self.gain {
            true => Tally { gain: self.single_gain, parts: self.single_parts, ..self },
            false => self,
        }
    }
}
