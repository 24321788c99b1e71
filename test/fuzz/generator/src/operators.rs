//! All instructions that take numbers or vectors from the stack and give one: encoding, operands, result.

/// Types as letters: i, l, f, d, and v for a vector.
pub type Letter = u8;

/// What follows the opcode.
#[derive(Clone, Copy, PartialEq)]
pub enum Immediate {
    None,
    /// A lane, of so many.
    Lane(u8),
    Shuffle,
    /// Alignment and offset; the natural alignment's exponent.
    Memory(u8),
    /// As `Memory`, then a lane.
    MemoryLane(u8, u8),
}

/// One instruction.
#[derive(Clone, Copy)]
pub struct Operator {
    pub prefix: u8,
    pub code: u32,
    pub immediate: Immediate,
    pub operands: &'static str,
    /// 0 where there is none.
    pub result: Letter,
    /// Tells the bits of its floats: they must not be a NaN that an engine was free to choose.
    pub tells: bool,
    /// Width of the lanes in which it makes such a NaN.
    pub makes: u8,
}

/// Those of a feature set.
pub struct Features {
    pub sign_extension: bool,
    pub saturating: bool,
    pub simd: bool,
}

/// The table. An address is the letter a.
pub fn table(features: &Features) -> Vec<Operator> {
    let mut all = Table(vec![]);
    all.scalar();
    if features.sign_extension {
        all.add(0, 0xc0..=0xc1, "i", 'i').add(0, 0xc2..=0xc4, "l", 'l');
    }
    if features.saturating {
        all.add(0xfc, 0..=1, "f", 'i').add(0xfc, 2..=3, "d", 'i').add(0xfc, 4..=5, "f", 'l').add(0xfc, 6..=7, "d", 'l');
    }
    if features.simd {
        all.vector();
    }
    all.0
}

struct Table(Vec<Operator>);

impl Table {
    fn add(
        &mut self,
        prefix: u8,
        codes: std::ops::RangeInclusive<u32>,
        operands: &'static str,
        result: char,
    ) -> &mut Self {
        for code in codes {
            let tells = prefix == 0 && matches!(code, 0x98 | 0xa6 | 0xbc | 0xbd | 0x38 | 0x39)
                || prefix == 0xfd && matches!(code, 0x13 | 0x14 | 0x20 | 0x22);
            let result = if result == '-' { 0 } else { result as u8 };
            let makes = if prefix == 0xfd { makes_nan(code) } else { 0 };
            self.0.push(Operator { prefix, code, immediate: Immediate::None, operands, result, tells, makes });
        }
        self
    }

    /// The same with immediates, for the operators that were added last.
    fn with(&mut self, immediates: &[Immediate]) -> &mut Self {
        let start = self.0.len() - immediates.len();
        for (operator, immediate) in self.0[start..].iter_mut().zip(immediates) {
            operator.immediate = *immediate;
        }
        self
    }

    fn scalar(&mut self) {
        self.add(0, 0x45..=0x45, "i", 'i').add(0, 0x46..=0x4f, "ii", 'i');
        self.add(0, 0x50..=0x50, "l", 'i').add(0, 0x51..=0x5a, "ll", 'i');
        self.add(0, 0x5b..=0x60, "ff", 'i').add(0, 0x61..=0x66, "dd", 'i');
        self.add(0, 0x67..=0x69, "i", 'i').add(0, 0x6a..=0x78, "ii", 'i');
        self.add(0, 0x79..=0x7b, "l", 'l').add(0, 0x7c..=0x8a, "ll", 'l');
        self.add(0, 0x8b..=0x91, "f", 'f').add(0, 0x92..=0x98, "ff", 'f');
        self.add(0, 0x99..=0x9f, "d", 'd').add(0, 0xa0..=0xa6, "dd", 'd');
        self.add(0, 0xa7..=0xa7, "l", 'i').add(0, 0xa8..=0xa9, "f", 'i').add(0, 0xaa..=0xab, "d", 'i');
        self.add(0, 0xac..=0xad, "i", 'l').add(0, 0xae..=0xaf, "f", 'l').add(0, 0xb0..=0xb1, "d", 'l');
        self.add(0, 0xb2..=0xb3, "i", 'f').add(0, 0xb4..=0xb5, "l", 'f').add(0, 0xb6..=0xb6, "d", 'f');
        self.add(0, 0xb7..=0xb8, "i", 'd').add(0, 0xb9..=0xba, "l", 'd').add(0, 0xbb..=0xbb, "f", 'd');
        self.add(0, 0xbc..=0xbc, "f", 'i').add(0, 0xbd..=0xbd, "d", 'l');
        self.add(0, 0xbe..=0xbe, "i", 'f').add(0, 0xbf..=0xbf, "l", 'd');
        let m = Immediate::Memory;
        self.add(0, 0x28..=0x28, "a", 'i').with(&[m(2)]).add(0, 0x29..=0x29, "a", 'l').with(&[m(3)]);
        self.add(0, 0x2a..=0x2a, "a", 'f').with(&[m(2)]).add(0, 0x2b..=0x2b, "a", 'd').with(&[m(3)]);
        self.add(0, 0x2c..=0x2f, "a", 'i').with(&[m(0), m(0), m(1), m(1)]);
        self.add(0, 0x30..=0x35, "a", 'l').with(&[m(0), m(0), m(1), m(1), m(2), m(2)]);
        self.add(0, 0x36..=0x36, "ai", '-').with(&[m(2)]).add(0, 0x37..=0x37, "al", '-').with(&[m(3)]);
        self.add(0, 0x38..=0x38, "af", '-').with(&[m(2)]).add(0, 0x39..=0x39, "ad", '-').with(&[m(3)]);
        self.add(0, 0x3a..=0x3b, "ai", '-').with(&[m(0), m(1)]);
        self.add(0, 0x3c..=0x3e, "al", '-').with(&[m(0), m(1), m(2)]);
    }

    fn vector(&mut self) {
        const V: u8 = 0xfd;
        let (m, lane) = (Immediate::Memory, Immediate::Lane);
        self.add(V, 0x00..=0x0a, "a", 'v').with(&[m(4), m(3), m(3), m(3), m(3), m(3), m(3), m(0), m(1), m(2), m(3)]);
        self.add(V, 0x0b..=0x0b, "av", '-').with(&[m(4)]).add(V, 0x5c..=0x5d, "a", 'v').with(&[m(2), m(3)]);
        for (at, (align, lanes)) in [(0, 16), (1, 8), (2, 4), (3, 2)].into_iter().enumerate() {
            let at = at as u32;
            self.add(V, 0x54 + at..=0x54 + at, "av", 'v').with(&[Immediate::MemoryLane(align, lanes)]);
            self.add(V, 0x58 + at..=0x58 + at, "av", '-').with(&[Immediate::MemoryLane(align, lanes)]);
        }
        self.add(V, 0x0d..=0x0d, "vv", 'v').with(&[Immediate::Shuffle]).add(V, 0x0e..=0x0e, "vv", 'v');
        self.add(V, 0x0f..=0x11, "i", 'v').add(V, 0x12..=0x12, "l", 'v').add(V, 0x13..=0x13, "f", 'v');
        self.add(V, 0x14..=0x14, "d", 'v').add(V, 0x15..=0x16, "v", 'i').with(&[lane(16), lane(16)]);
        self.add(V, 0x17..=0x17, "vi", 'v').with(&[lane(16)]).add(V, 0x18..=0x19, "v", 'i').with(&[lane(8), lane(8)]);
        self.add(V, 0x1a..=0x1a, "vi", 'v').with(&[lane(8)]).add(V, 0x1b..=0x1b, "v", 'i').with(&[lane(4)]);
        self.add(V, 0x1c..=0x1c, "vi", 'v').with(&[lane(4)]).add(V, 0x1d..=0x1d, "v", 'l').with(&[lane(2)]);
        self.add(V, 0x1e..=0x1e, "vl", 'v').with(&[lane(2)]).add(V, 0x1f..=0x1f, "v", 'f').with(&[lane(4)]);
        self.add(V, 0x20..=0x20, "vf", 'v').with(&[lane(4)]).add(V, 0x21..=0x21, "v", 'd').with(&[lane(2)]);
        self.add(V, 0x22..=0x22, "vd", 'v').with(&[lane(2)]).add(V, 0x23..=0x4c, "vv", 'v').add(
            V,
            0x4d..=0x4d,
            "v",
            'v',
        );
        self.add(V, 0x4e..=0x51, "vv", 'v').add(V, 0x52..=0x52, "vvv", 'v').add(V, 0x53..=0x53, "v", 'i');
        self.add(V, 0x5e..=0x62, "v", 'v').add(V, 0x63..=0x64, "v", 'i').add(V, 0x65..=0x66, "vv", 'v');
        self.add(V, 0x67..=0x6a, "v", 'v').add(V, 0x6b..=0x6d, "vi", 'v').add(V, 0x6e..=0x73, "vv", 'v');
        self.add(V, 0x74..=0x75, "v", 'v').add(V, 0x76..=0x79, "vv", 'v').add(V, 0x7a..=0x7a, "v", 'v');
        self.add(V, 0x7b..=0x7b, "vv", 'v').add(V, 0x7c..=0x81, "v", 'v').add(V, 0x82..=0x82, "vv", 'v');
        self.add(V, 0x83..=0x84, "v", 'i').add(V, 0x85..=0x86, "vv", 'v').add(V, 0x87..=0x8a, "v", 'v');
        self.add(V, 0x8b..=0x8d, "vi", 'v').add(V, 0x8e..=0x93, "vv", 'v').add(V, 0x94..=0x94, "v", 'v');
        self.add(V, 0x95..=0x99, "vv", 'v').add(V, 0x9b..=0x9f, "vv", 'v').add(V, 0xa0..=0xa1, "v", 'v');
        self.add(V, 0xa3..=0xa4, "v", 'i').add(V, 0xa7..=0xaa, "v", 'v').add(V, 0xab..=0xad, "vi", 'v');
        for code in [0xae, 0xb1, 0xb5, 0xce, 0xd1] {
            self.add(V, code..=code, "vv", 'v');
        }
        self.add(V, 0xb6..=0xba, "vv", 'v').add(V, 0xbc..=0xbf, "vv", 'v').add(V, 0xc0..=0xc1, "v", 'v');
        self.add(V, 0xc3..=0xc4, "v", 'i').add(V, 0xc7..=0xca, "v", 'v').add(V, 0xcb..=0xcd, "vi", 'v');
        self.add(V, 0xd5..=0xdf, "vv", 'v').add(V, 0xe0..=0xe1, "v", 'v').add(V, 0xe3..=0xe3, "v", 'v');
        self.add(V, 0xe4..=0xeb, "vv", 'v').add(V, 0xec..=0xed, "v", 'v').add(V, 0xef..=0xef, "v", 'v');
        self.add(V, 0xf0..=0xf7, "vv", 'v').add(V, 0xf8..=0xff, "v", 'v');
    }
}

fn makes_nan(code: u32) -> u8 {
    match code {
        0x5e | 0x67..=0x6a | 0xe3..=0xe9 => 32,
        0x5f | 0x74 | 0x75 | 0x7a | 0x94 | 0xef..=0xf5 => 64,
        _ => 0,
    }
}
