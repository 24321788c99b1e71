//! Takes a body, gives it with one NaN where it converts between widths of floats: wasm-smith's own pass leaves these out,
//! and the specification lets an engine choose. The instruction becomes a call of a function that does the same.
use crate::body::Body;
use wasm_encoder::{Encode, Function, Instruction as I, ValType as W};
use wasmparser::{FunctionBody, Operator};

/// The conversions, in the order of their functions.
const COUNT: usize = 4;

fn position(operator: &Operator) -> Option<usize> {
    match operator {
        Operator::F32DemoteF64 => Some(0),
        Operator::F64PromoteF32 => Some(1),
        Operator::F32x4DemoteF64x2Zero => Some(2),
        Operator::F64x2PromoteLowF32x4 => Some(3),
        _ => None,
    }
}

/// The functions that bodies ask for: index of each, given out from `next` on.
pub struct Conversions {
    indices: [Option<u32>; COUNT],
    next: u32,
}

impl Conversions {
    /// No function yet.
    pub fn new(next: u32) -> Self {
        Conversions { indices: [None; COUNT], next }
    }

    /// The body with its size before it.
    pub fn rewrite(&mut self, body: &FunctionBody) -> Vec<u8> {
        let bytes = body.as_bytes();
        let start = body.range().start;
        let mut out = vec![];
        let mut copied = 0;
        let operators = body.get_operators_reader().expect("a generated body can be read");
        let mut replaced = None;
        for operator in operators.into_iter_with_offsets() {
            let (operator, offset) = operator.expect("a generated instruction can be read");
            let at = (offset - start) as usize;
            if let Some(call) = replaced.take() {
                I::Call(call).encode(&mut out);
                copied = at;
            }
            let Some(which) = position(&operator) else { continue };
            out.extend(&bytes[copied..at]);
            replaced = Some(self.index(which));
        }
        out.extend(&bytes[copied..]);
        let mut sized = vec![];
        out.len().encode(&mut sized);
        sized.extend(out);
        sized
    }

    fn index(&mut self, which: usize) -> u32 {
        if self.indices[which].is_none() {
            self.indices[which] = Some(self.next);
            self.next += 1;
        }
        self.indices[which].expect("just set")
    }

    /// The functions, in the order of their indices: parameter, result, body.
    pub fn functions(&self) -> Vec<(W, W, Function)> {
        let mut used: Vec<(u32, usize)> = (0..COUNT).filter_map(|which| Some((self.indices[which]?, which))).collect();
        used.sort_unstable();
        used.into_iter().map(|(_, which)| function(which)).collect()
    }
}

fn function(which: usize) -> (W, W, Function) {
    let (param, result, convert, nan) = match which {
        0 => (W::F64, W::F32, I::F32DemoteF64, I::F32Const(f32::NAN.into())),
        1 => (W::F32, W::F64, I::F64PromoteF32, I::F64Const(f64::NAN.into())),
        2 => (W::V128, W::V128, I::F32x4DemoteF64x2Zero, I::V128Const(0x7fc00000_7fc00000_7fc00000_7fc00000)),
        _ => (W::V128, W::V128, I::F64x2PromoteLowF32x4, I::V128Const(0x7ff80000_00000000_7ff80000_00000000)),
    };
    let (equal, choose) = match which {
        0 => (I::F32Eq, I::Select),
        1 => (I::F64Eq, I::Select),
        2 => (I::F32x4Eq, I::V128Bitselect),
        _ => (I::F64x2Eq, I::V128Bitselect),
    };
    let mut body = Body::new(vec![param], 0);
    let value = body.local(result);
    let get = || I::LocalGet(value);
    body.push([I::LocalGet(0), convert, I::LocalTee(value), nan, get(), get(), equal, choose]);
    (param, result, body.finish())
}
