//! A grey picture and its repetition in H.264, bit by bit (ITU-T H.264, 2021-08, clauses 7.3 and 9.1).
//!
//! Every macroblock of the first picture is predicted with nothing added, which takes a byte each; every later picture
//! says that nothing has changed. This is smaller than any encoder's output.

/// One side of a macroblock, in pixels.
const BLOCK: u16 = 16;

/// Constrained baseline, at a level that allows all sizes that are played.
const PROFILE: [u8; 3] = [66, 0xc0, 51];

/// How many bits count the pictures.
const COUNTED_IN: u32 = 16;

/// Intra 16x16 predicted from the mean, chroma likewise, no change of the quantiser, no coefficient.
const GREY: u64 = 0b0010_0111;

/// The kinds of a part of the stream, including how much later parts depend on it.
const SEQUENCE: u8 = 0x67;
const PARAMETERS: u8 = 0x68;
const REMARK: u8 = 0x06;
const FIRST: u8 = 0x65;
const LATER: u8 = 0x41;

/// Identifies the author of a remark, by a number that no one else uses.
const AUTHOR: [u8; 16] = *b"greenlight-film!";

/// One size of pictures, in pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picture {
    pub(super) width: u16,
    pub(super) height: u16,
}

impl Picture {
    /// How large all pictures are.
    pub(super) fn sequence(self) -> Vec<u8> {
        let mut bits = Bits::default();
        bits.octets(&PROFILE);
        bits.numbers(&[0, COUNTED_IN - 4, 2, 1]);
        bits.put(0, 1);
        bits.numbers(&[across(self.width) - 1, across(self.height) - 1]);
        // Whole frames; blocks of eight for direct prediction, which the standard requires for them.
        bits.put(0b11, 2);
        let beyond = |side: u16| (across(side) * u32::from(BLOCK) - u32::from(side)) / 2;
        let (right, bottom) = (beyond(self.width), beyond(self.height));
        let cropped = right + bottom > 0;
        bits.put(u64::from(cropped), 1);
        if cropped {
            bits.numbers(&[0, right, 0, bottom]);
        }
        bits.put(0, 1);
        bits.unit(SEQUENCE)
    }

    /// Other parameters that all pictures share.
    pub(super) fn parameters() -> Vec<u8> {
        let mut bits = Bits::default();
        bits.numbers(&[0, 0]);
        bits.put(0, 2);
        bits.numbers(&[0, 0, 0]);
        bits.put(0, 3);
        bits.numbers(&[0, 0, 0]);
        // Each picture says itself that no edges are smoothed.
        bits.put(0b100, 3);
        bits.unit(PARAMETERS)
    }

    /// A remark that changes no picture.
    pub(super) fn mark(text: &str) -> Vec<u8> {
        let text: Vec<u8> = AUTHOR.into_iter().chain(text.bytes()).take(254).collect();
        let mut bits = Bits::default();
        bits.put(5, 8);
        bits.put(text.len() as u64, 8);
        bits.octets(&text);
        bits.unit(REMARK)
    }

    /// The picture that depends on no other.
    pub(super) fn first(self) -> Vec<u8> {
        let mut bits = Bits::default();
        bits.numbers(&[0, 7, 0]);
        bits.put(0, COUNTED_IN);
        bits.numbers(&[0]);
        bits.put(0, 2);
        bits.numbers(&[0, 1]);
        (0..self.blocks()).for_each(|_| bits.put(GREY, 8));
        bits.unit(FIRST)
    }

    /// A picture identical to the one before it, this many after the first.
    pub(super) fn same(self, number: u32) -> Vec<u8> {
        let mut bits = Bits::default();
        bits.numbers(&[0, 5, 0]);
        bits.put(u64::from(number % (1 << COUNTED_IN)), COUNTED_IN);
        bits.put(0, 3);
        bits.numbers(&[0, 1, self.blocks()]);
        bits.unit(LATER)
    }

    fn blocks(self) -> u32 {
        across(self.width) * across(self.height)
    }
}

/// How many macroblocks cover a side.
fn across(side: u16) -> u32 {
    u32::from(side.div_ceil(BLOCK)).max(1)
}

/// Bits, most significant first.
#[derive(Debug, Default)]
struct Bits {
    bytes: Vec<u8>,
    held: u8,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u64, count: u32) {
        for at in (0..count).rev() {
            self.held = self.held << 1 | u8::from(value >> at & 1 == 1);
            self.count += 1;
            if self.count == 8 {
                self.bytes.push(self.held);
                (self.held, self.count) = (0, 0);
            }
        }
    }

    fn octets(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.put(u64::from(*byte), 8);
        }
    }

    /// Numbers in Golomb code: the smaller, the shorter. A signed zero is written like an unsigned one.
    fn numbers(&mut self, values: &[u32]) {
        for value in values {
            let value = u64::from(*value) + 1;
            let length = u64::BITS - value.leading_zeros();
            self.put(0, length - 1);
            self.put(value, length);
        }
    }

    /// A part of the stream of this kind: terminated, and escaped so that nothing in it looks like the start of
    /// another.
    fn unit(mut self, kind: u8) -> Vec<u8> {
        self.put(1, 1);
        while self.count > 0 {
            self.put(0, 1);
        }
        let (mut unit, mut noughts) = (vec![kind], 0);
        for byte in self.bytes {
            if noughts >= 2 && byte <= 3 {
                unit.push(3);
                noughts = 0;
            }
            noughts = if byte == 0 { noughts + 1 } else { 0 };
            unit.push(byte);
        }
        unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_part_looks_as_the_start_of_another() {
        let mut bits = Bits::default();
        bits.octets(&[0, 0, 1, 0, 0, 0, 0, 3]);
        assert_eq!(bits.unit(9), [9, 0, 0, 3, 1, 0, 0, 3, 0, 0, 3, 3, 0x80]);
    }
}
