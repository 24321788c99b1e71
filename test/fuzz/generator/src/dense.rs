//! Makes functions that are dense with work: trees of numeric instructions, stores, loops, calls, exceptions. wasm-smith's own
//! code seldom has two operands of one type on its stack, so that most of its arithmetic is on one.
mod aggregates;

use crate::body::Body;
use crate::operators::{Immediate, Letter, Operator};
use crate::random::Random;
use crate::shape::Shape;
use crate::types::written;
use wasm_encoder::{BlockType, Catch, Encode, Instruction as I, ValType as W};
use wasmparser::ValType;

pub use aggregates::{COUNT as AGGREGATES, types as aggregate_types};

/// A function that can be called.
#[derive(Clone)]
pub struct Callee {
    pub index: u32,
    /// Index of its type.
    pub ty: u32,
    pub params: Vec<ValType>,
    pub results: Vec<ValType>,
}

/// What functions may be made of.
pub struct Parts<'a> {
    pub shape: &'a Shape<'a>,
    pub operators: Vec<Operator>,
    pub fuel_global: u32,
    /// A global that takes in all locals at a function's end.
    pub digest: u32,
    pub floats: bool,
    pub simd: bool,
    pub multi_value: bool,
    pub bulk_memory: bool,
    pub tail_calls: bool,
    /// Calls through references.
    pub references: bool,
    /// Tags and what they carry.
    pub tags: Vec<(u32, Vec<ValType>)>,
    /// Index of the table with all callees, in order, and a null behind.
    pub table: Option<u32>,
    /// Index of the first of the types in `aggregates`, where it has them.
    pub aggregates: Option<u32>,
}

impl Parts<'_> {
    /// A signature of numbers.
    pub fn signature(&self, random: &mut Random) -> (Vec<ValType>, Vec<ValType>) {
        let types = self.types();
        let mut list = |count: u64| (0..count).map(|_| types[random.below(types.len() as u64) as usize]).collect();
        let (params, results): (Vec<ValType>, Vec<ValType>) = (list(4), list(if self.multi_value { 2 } else { 1 }));
        let (p, r) = (random.below(5) as usize, 1 + random.below(2) as usize);
        (params.into_iter().take(p).collect(), results.into_iter().take(r).collect())
    }

    fn types(&self) -> Vec<ValType> {
        let mut types = vec![ValType::I32, ValType::I64];
        if self.floats {
            types.extend([ValType::F32, ValType::F64]);
        }
        if self.simd {
            types.push(ValType::V128);
        }
        types
    }
}

/// A function of a signature that may call others.
pub fn function(
    parts: &Parts,
    random: &mut Random,
    callees: &[Callee],
    params: &[ValType],
    results: &[ValType],
) -> Body {
    let types = parts.types();
    let usable = |callee: &&(usize, Callee)| callee.1.params.iter().all(|ty| types.contains(ty));
    let numbered: Vec<(usize, Callee)> = callees.iter().cloned().enumerate().collect();
    let callees: Vec<(usize, Callee)> = numbered.iter().filter(usable).cloned().collect();
    let mut body = Body::new(params.iter().map(|&ty| written(ty)).collect(), 0);
    let mut locals: Vec<(ValType, u32)> = params.iter().copied().zip(0..).collect();
    for &ty in &types {
        for _ in 0..2 {
            locals.push((ty, body.local(written(ty))));
        }
    }
    let scratch = types.iter().map(|&ty| (ty, body.local(written(ty)))).collect();
    let mut maker = Maker {
        parts,
        random,
        callees: &callees,
        results,
        body,
        locals,
        scratch,
        labels: vec![],
        left: 200,
        aggregates: None,
    };
    maker.spend_fuel();
    if let Some(base) = parts.aggregates.filter(|_| maker.random.one_in(2)) {
        maker.make_aggregates(base);
    }
    for _ in 0..1 + maker.random.below(6) {
        maker.statement(3);
    }
    maker.digest();
    for &ty in results {
        maker.settled(ty, 4);
    }
    maker.body
}

struct Maker<'a> {
    parts: &'a Parts<'a>,
    random: &'a mut Random,
    /// With their place in the table.
    callees: &'a [(usize, Callee)],
    results: &'a [ValType],
    body: Body,
    locals: Vec<(ValType, u32)>,
    scratch: Vec<(ValType, u32)>,
    /// Blocks around, the innermost last: whether a branch without values may go there.
    labels: Vec<bool>,
    /// Instructions until it comes to an end.
    left: i32,
    aggregates: Option<aggregates::Locals>,
}

fn letter(ty: ValType) -> Letter {
    match ty {
        ValType::I32 => b'i',
        ValType::I64 => b'l',
        ValType::F32 => b'f',
        ValType::F64 => b'd',
        _ => b'v',
    }
}

fn ty_of(letter: Letter) -> ValType {
    match letter {
        b'i' => ValType::I32,
        b'l' => ValType::I64,
        b'f' => ValType::F32,
        b'd' => ValType::F64,
        _ => ValType::V128,
    }
}

/// Divisions, remainders, and conversions of what may be no integer.
fn may_trap(operator: &Operator) -> bool {
    operator.prefix == 0 && matches!(operator.code, 0x6d..=0x70 | 0x7f..=0x82 | 0xa8..=0xab | 0xae..=0xb1)
}

impl Maker<'_> {
    fn push(&mut self, code: impl IntoIterator<Item = I<'static>>) {
        self.body.push(code);
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.random.below(list.len() as u64) as usize].clone()
    }

    fn local_of(&mut self, ty: ValType) -> u32 {
        let fitting: Vec<u32> = self.locals.iter().filter(|(known, _)| *known == ty).map(|(_, local)| *local).collect();
        self.pick(&fitting)
    }

    fn scratch_of(&self, ty: ValType) -> u32 {
        self.scratch.iter().find(|(known, _)| *known == ty).expect("one for each type").1
    }

    fn any_type(&mut self) -> ValType {
        let types = self.parts.types();
        self.pick(&types)
    }

    /// Traps where the fuel is used up.
    fn spend_fuel(&mut self) {
        let fuel = self.parts.fuel_global;
        self.push([I::GlobalGet(fuel), I::I32Eqz, I::If(BlockType::Empty), I::Unreachable, I::End]);
        self.push([I::GlobalGet(fuel), I::I32Const(1), I::I32Sub, I::GlobalSet(fuel)]);
    }

    /// An expression of a type; one whose NaN is always the same.
    fn settled(&mut self, ty: ValType, depth: u32) {
        self.expression(ty, depth);
        self.settle(ty);
    }

    fn settle(&mut self, ty: ValType) {
        let (nan, equal) = match ty {
            ValType::F32 => (I::F32Const(f32::NAN.into()), I::F32Eq),
            ValType::F64 => (I::F64Const(f64::NAN.into()), I::F64Eq),
            _ => return,
        };
        let local = self.scratch_of(ty);
        self.push([I::LocalTee(local), nan, I::LocalGet(local), I::LocalGet(local), equal, I::Select]);
    }

    fn settle_lanes(&mut self, width: u8) {
        let local = self.scratch_of(ValType::V128);
        let (nan, equal) = match width {
            32 => (0x7fc00000_7fc00000_7fc00000_7fc00000, I::F32x4Eq),
            _ => (0x7ff80000_00000000_7ff80000_00000000, I::F64x2Eq),
        };
        self.push([I::LocalTee(local), I::V128Const(nan), I::LocalGet(local), I::LocalGet(local), equal]);
        self.push([I::V128Bitselect]);
    }

    fn expression(&mut self, ty: ValType, depth: u32) {
        self.left -= 1;
        if depth == 0 || self.left < 0 {
            return self.leaf(ty);
        }
        match self.random.below(23) {
            0..=12 => self.operation(ty, depth),
            13 => {
                self.expression(ty, depth - 1);
                let local = self.local_of(ty);
                self.push([I::LocalTee(local)]);
            }
            14 => {
                self.expression(ty, depth - 1);
                self.expression(ty, depth - 1);
                self.expression(ValType::I32, depth - 1);
                self.push([I::Select]);
            }
            15 => {
                self.expression(ValType::I32, depth - 1);
                self.push([I::If(BlockType::Result(written(ty)))]);
                self.labels.push(false);
                self.expression(ty, depth - 1);
                self.push([I::Else]);
                self.expression(ty, depth - 1);
                self.labels.pop();
                self.push([I::End]);
            }
            16 => {
                self.push([I::Block(BlockType::Result(written(ty)))]);
                self.labels.push(false);
                self.expression(ty, depth - 1);
                self.expression(ValType::I32, depth - 1);
                self.push([I::BrIf(0)]);
                self.statement(0);
                self.labels.pop();
                self.push([I::End]);
            }
            17 => self.call(ty, depth),
            _ => {
                if !self.aggregate_expression(ty, depth) {
                    self.operation(ty, depth);
                }
            }
        }
    }

    fn leaf(&mut self, ty: ValType) {
        match self.random.below(4) {
            0 => self.constant(ty),
            1 => {
                let globals = self.parts.shape.globals.iter().zip(0..);
                let fitting: Vec<u32> =
                    globals.filter(|(global, _)| global.content_type == ty).map(|(_, at)| at).collect();
                // Not the fuel: what it is at a moment says little.
                match fitting.iter().find(|&&at| at != self.parts.fuel_global) {
                    Some(&at) => self.push([I::GlobalGet(at)]),
                    None => self.constant(ty),
                }
            }
            _ => {
                let local = self.local_of(ty);
                self.push([I::LocalGet(local)]);
            }
        }
    }

    fn constant(&mut self, ty: ValType) {
        let wild = self.random.next();
        let n = self.pick(&[0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 31, 32, 63, 255, -1, -2, -128]);
        let tame = self.random.one_in(2);
        let edge = self.pick(&[i64::MIN, i64::MAX, i64::from(i32::MIN), i64::from(u32::MAX), wild as i64]);
        let instruction = match ty {
            ValType::I32 if tame => I::I32Const(n),
            ValType::I32 => I::I32Const(edge as i32),
            ValType::I64 if tame => I::I64Const(i64::from(n)),
            ValType::I64 => I::I64Const(edge),
            ValType::F32 if tame => I::F32Const((n as f32 / 4.0).into()),
            ValType::F32 => {
                I::F32Const(self.pick(&[f32::INFINITY, -0.0, f32::NAN, f32::from_bits(wild as u32)]).into())
            }
            ValType::F64 if tame => I::F64Const((f64::from(n) / 4.0).into()),
            ValType::F64 => I::F64Const(self.pick(&[f64::NEG_INFINITY, -0.0, f64::NAN, f64::from_bits(wild)]).into()),
            _ if tame => I::V128Const(i128::from(wild) * 0x1_0000_0000_0000_0001),
            _ => I::V128Const(i128::from(wild) << 64 | i128::from(self.random.next())),
        };
        self.push([instruction]);
    }

    /// An instruction with this result, each as likely as the other.
    fn operation(&mut self, ty: ValType, depth: u32) {
        let result = letter(ty);
        let fitting: Vec<Operator> = self.usable().filter(|operator| operator.result == result).collect();
        let mut operator = self.pick(&fitting);
        // One that may trap ends a function early too often.
        while may_trap(&operator) && !self.random.one_in(12) {
            operator = self.pick(&fitting);
        }
        self.apply(operator, depth);
    }

    fn usable(&self) -> impl Iterator<Item = Operator> + '_ {
        let memory = !self.parts.shape.memories.is_empty();
        let kept = move |operator: &Operator| {
            let floats = operator.operands.contains(['f', 'd']) || matches!(operator.result, b'f' | b'd');
            (self.parts.floats || !floats) && (memory || !operator.operands.starts_with('a'))
        };
        self.parts.operators.iter().copied().filter(kept)
    }

    fn apply(&mut self, operator: Operator, depth: u32) {
        let mut memory = 0;
        for operand in operator.operands.bytes() {
            if operand == b'a' {
                memory = self.random.below(self.parts.shape.memories.len() as u64) as u32;
                self.address(memory, depth - 1);
            } else {
                self.expression(ty_of(operand), depth - 1);
                if operator.tells {
                    self.settle(ty_of(operand));
                }
            }
        }
        let code = &mut self.body.code;
        if operator.prefix == 0 {
            code.push(operator.code as u8);
        } else {
            code.push(operator.prefix);
            operator.code.encode(code);
        }
        match operator.immediate {
            Immediate::None => {}
            Immediate::Lane(lanes) => code.push(self.random.below(u64::from(lanes)) as u8),
            Immediate::Shuffle => (0..16).for_each(|_| code.push(self.random.below(32) as u8)),
            Immediate::Memory(align) => self.memory_immediate(align, memory),
            Immediate::MemoryLane(align, lanes) => {
                self.memory_immediate(align, memory);
                self.body.code.push(self.random.below(u64::from(lanes)) as u8);
            }
        }
        if operator.makes > 0 {
            self.settle_lanes(operator.makes);
        }
    }

    fn memory_immediate(&mut self, align: u8, memory: u32) {
        let align = self.random.below(u64::from(align) + 1) as u8;
        let offset = self.pick(&[0, 0, 1, 4, 16, 100, 0xfff8]);
        let code = &mut self.body.code;
        if memory == 0 {
            code.push(align);
        } else {
            code.push(align | 0x40);
            memory.encode(code);
        }
        (offset as u64).encode(code);
    }

    /// An address that is mostly within the memory.
    fn address(&mut self, memory: u32, depth: u32) {
        let ty = self.parts.shape.memories[memory as usize];
        let wild = self.random.one_in(60);
        let mask = if self.random.one_in(2) { 0xff } else { 0xfff8 };
        if ty.memory64 {
            self.expression(ValType::I64, depth);
            if !wild {
                self.push([I::I64Const(mask), I::I64And]);
            }
        } else {
            self.expression(ValType::I32, depth);
            if !wild {
                self.push([I::I32Const(mask as i32), I::I32And]);
            }
        }
    }

    fn arguments(&mut self, types: &[ValType], depth: u32) {
        for &ty in types {
            self.settled(ty, depth);
        }
    }

    fn callee(&mut self, results: &[ValType]) -> Option<(usize, Callee)> {
        let fitting: Vec<(usize, Callee)> =
            self.callees.iter().filter(|(_, callee)| callee.results == results).cloned().collect();
        if fitting.is_empty() { None } else { Some(self.pick(&fitting)) }
    }

    fn call(&mut self, ty: ValType, depth: u32) {
        let Some((place, callee)) = self.callee(&[ty]) else { return self.operation(ty, depth) };
        self.arguments(&callee.params, depth - 1);
        match (self.random.below(4), self.parts.table) {
            (0 | 1, Some(table_index)) => {
                self.place(place);
                self.push([I::CallIndirect { type_index: callee.ty, table_index }]);
            }
            (2, _) if self.parts.references => self.push([I::RefFunc(callee.index), I::CallRef(callee.ty)]),
            _ => self.push([I::Call(callee.index)]),
        }
    }

    fn tail_call(&mut self, (place, callee): (usize, Callee)) {
        self.arguments(&callee.params, 2);
        match (self.random.below(4), self.parts.table) {
            (0 | 1, Some(table_index)) => {
                self.place(place);
                self.push([I::ReturnCallIndirect { type_index: callee.ty, table_index }]);
            }
            (2, _) if self.parts.references => self.push([I::RefFunc(callee.index), I::ReturnCallRef(callee.ty)]),
            _ => self.push([I::ReturnCall(callee.index)]),
        }
    }

    /// An index of the table, mostly the right one.
    fn place(&mut self, place: usize) {
        let other = self.random.below(self.callees.len() as u64 + 3) as i32;
        let place = if self.random.one_in(12) { other } else { place as i32 };
        self.push([I::I32Const(place)]);
    }

    /// Mixes all locals into a global: what they hold would often be seen by nobody.
    fn digest(&mut self) {
        let digest = self.parts.digest;
        for (ty, local) in self.locals.clone() {
            self.push([I::LocalGet(local)]);
            self.settle(ty);
            self.push(match ty {
                ValType::I32 => vec![I::I64ExtendI32U],
                ValType::F32 => vec![I::I32ReinterpretF32, I::I64ExtendI32U],
                ValType::F64 => vec![I::I64ReinterpretF64],
                ValType::V128 => {
                    vec![I::LocalGet(local), I::I64x2ExtractLane(1), I::I64x2Splat, I::I64x2Sub, I::I64x2ExtractLane(0)]
                }
                _ => vec![],
            });
            self.mix(digest);
        }
        self.digest_aggregates();
    }

    /// Mixes an i64 on the stack into the digest.
    fn mix(&mut self, digest: u32) {
        self.push([I::GlobalGet(digest), I::I64Const(0x0100_0000_01b3), I::I64Mul, I::I64Xor, I::GlobalSet(digest)]);
    }

    fn statements(&mut self, depth: u32) {
        for _ in 0..1 + self.random.below(3) {
            self.statement(depth);
        }
    }

    fn statement(&mut self, depth: u32) {
        self.left -= 1;
        if self.left < 0 || depth == 0 {
            let ty = self.any_type();
            return self.assign(ty);
        }
        if self.random.one_in(2) && self.aggregate_statement(depth) {
            return;
        }
        match self.random.below(16) {
            0..=3 => {
                let ty = self.any_type();
                self.assign(ty);
            }
            4 | 5 => self.store(),
            6 | 7 => {
                self.expression(ValType::I32, 3);
                self.push([I::If(BlockType::Empty)]);
                self.inside(depth);
                if self.random.one_in(2) {
                    self.push([I::Else]);
                    self.inside(depth);
                }
                self.push([I::End]);
            }
            8 => {
                self.push([I::Block(BlockType::Empty)]);
                self.inside(depth);
                self.push([I::End]);
            }
            9 | 10 => self.turn(depth),
            11 => self.leave(),
            12 => self.switch(depth),
            13 => self.set_global(),
            14 => self.bulk(),
            _ => self.handler(depth),
        }
    }

    fn inside(&mut self, depth: u32) {
        self.labels.push(true);
        self.statements(depth - 1);
        self.labels.pop();
    }

    fn assign(&mut self, ty: ValType) {
        self.expression(ty, 3);
        let local = self.local_of(ty);
        self.push([I::LocalSet(local)]);
    }

    fn store(&mut self) {
        let stores: Vec<Operator> = self.usable().filter(|operator| operator.result == 0).collect();
        if stores.is_empty() {
            return self.assign(ValType::I32);
        }
        let store = self.pick(&stores);
        self.apply(store, 3);
    }

    /// A loop of a few turns.
    fn turn(&mut self, depth: u32) {
        let counter = self.body.local(W::I32);
        let turns = self.pick(&[1, 2, 5, 9]);
        self.push([I::I32Const(turns), I::LocalSet(counter), I::Loop(BlockType::Empty)]);
        self.labels.push(false);
        self.spend_fuel();
        self.statements(depth - 1);
        self.labels.pop();
        self.push([I::LocalGet(counter), I::I32Const(1), I::I32Sub, I::LocalTee(counter)]);
        if self.random.one_in(2) {
            self.push([I::I32Const(0), I::I32GtS]);
        }
        self.push([I::BrIf(0), I::End]);
    }

    fn target(&mut self) -> Option<u32> {
        let open = (0..self.labels.len()).filter(|&depth| self.labels[self.labels.len() - 1 - depth]);
        let open: Vec<u32> = open.map(|depth| depth as u32).collect();
        if open.is_empty() { None } else { Some(self.pick(&open)) }
    }

    /// A branch, a return, a tail call or an exception, on a condition.
    fn leave(&mut self) {
        if let Some(target) = self.target().filter(|_| !self.random.one_in(3)) {
            self.expression(ValType::I32, 3);
            return self.push([I::BrIf(target)]);
        }
        self.expression(ValType::I32, 3);
        self.push([I::If(BlockType::Empty)]);
        let callee = self.callee(self.results).filter(|_| self.parts.tail_calls && self.random.one_in(2));
        let tags = self.tags();
        if let Some(callee) = callee {
            self.tail_call(callee);
        } else if !tags.is_empty() && self.random.one_in(2) {
            let (tag, params) = self.pick(&tags);
            self.arguments(&params, 2);
            self.push([I::Throw(tag)]);
        } else {
            for &ty in self.results {
                self.settled(ty, 2);
            }
            self.push([I::Return]);
        }
        self.push([I::End]);
    }

    /// Tags that carry numbers.
    fn tags(&self) -> Vec<(u32, Vec<ValType>)> {
        let types = self.parts.types();
        let fits = |params: &[ValType]| params.iter().all(|ty| types.contains(ty));
        self.parts.tags.iter().filter(|(_, params)| fits(params)).cloned().collect()
    }

    fn switch(&mut self, depth: u32) {
        let ways = 2 + self.random.below(3) as u32;
        for _ in 0..ways {
            self.push([I::Block(BlockType::Empty)]);
            self.labels.push(true);
        }
        self.expression(ValType::I32, 2);
        let list: Vec<u32> = (0..self.random.below(5)).map(|_| self.random.below(u64::from(ways)) as u32).collect();
        let default = self.random.below(u64::from(ways)) as u32;
        self.push([I::BrTable(list.into(), default)]);
        for _ in 0..ways {
            self.push([I::End]);
            self.labels.pop();
            self.statement(depth - 1);
        }
    }

    fn set_global(&mut self) {
        let types = self.parts.types();
        let globals = self.parts.shape.globals.iter().zip(0..);
        let fitting: Vec<(ValType, u32)> = globals
            .filter(|(global, at)| {
                global.mutable && *at != self.parts.fuel_global && types.contains(&global.content_type)
            })
            .map(|(global, at)| (global.content_type, at))
            .collect();
        if fitting.is_empty() {
            return self.assign(ValType::I64);
        }
        let (ty, at) = self.pick(&fitting);
        self.settled(ty, 3);
        self.push([I::GlobalSet(at)]);
    }

    /// memory.fill or memory.copy of a few bytes, or memory.grow.
    fn bulk(&mut self) {
        let memories = &self.parts.shape.memories;
        if memories.is_empty() {
            return self.assign(ValType::I32);
        }
        let mem = self.random.below(memories.len() as u64) as u32;
        let wide = memories[mem as usize].memory64;
        let length = self.random.below(40) as i32;
        let length = if wide { I::I64Const(i64::from(length)) } else { I::I32Const(length) };
        if !self.parts.bulk_memory || self.random.one_in(8) {
            self.push(if wide {
                [I::I64Const(1), I::MemoryGrow(mem), I::Drop]
            } else {
                [I::I32Const(1), I::MemoryGrow(mem), I::Drop]
            });
            return;
        }
        self.address(mem, 2);
        if self.random.one_in(2) {
            self.expression(ValType::I32, 2);
            self.push([length, I::MemoryFill(mem)]);
        } else {
            self.address(mem, 2);
            self.push([length, I::MemoryCopy { src_mem: mem, dst_mem: mem }]);
        }
    }

    /// Statements with a handler around; numbers of the payload go to locals. A handler may throw the exception again.
    fn handler(&mut self, depth: u32) {
        let tags: Vec<(u32, Vec<ValType>)> = self.tags().into_iter().filter(|(_, params)| params.len() < 2).collect();
        if tags.is_empty() {
            return self.store();
        }
        let (tag, params) = self.pick(&tags);
        let again = params.is_empty() && self.random.one_in(2);
        let all = params.is_empty() && self.random.one_in(3);
        let exception = W::Ref(wasm_encoder::RefType {
            nullable: false,
            heap_type: crate::types::abstract_heap(wasm_encoder::AbstractHeapType::Exn),
        });
        let carried = if again { Some(exception) } else { params.first().map(|&ty| written(ty)) };
        let block = carried.map_or(BlockType::Empty, BlockType::Result);
        self.push([I::Block(BlockType::Empty), I::Block(block)]);
        self.labels.extend([true, false]);
        let catch = match (all, again) {
            (true, true) => Catch::AllRef { label: 0 },
            (true, false) => Catch::All { label: 0 },
            (false, true) => Catch::OneRef { tag, label: 0 },
            (false, false) => Catch::One { tag, label: 0 },
        };
        self.push([I::TryTable(BlockType::Empty, vec![catch].into())]);
        self.inside(depth);
        self.push([I::End, I::Br(1), I::End]);
        if again {
            let local = self.body.local(W::Ref(wasm_encoder::RefType::EXNREF));
            self.push([I::LocalSet(local)]);
            self.expression(ValType::I32, 2);
            self.push([I::If(BlockType::Empty), I::LocalGet(local), I::ThrowRef, I::End]);
        } else if let Some(&ty) = params.first() {
            let local = self.local_of(ty);
            self.push([I::LocalSet(local)]);
        }
        self.push([I::End]);
        self.labels.truncate(self.labels.len() - 2);
    }
}
