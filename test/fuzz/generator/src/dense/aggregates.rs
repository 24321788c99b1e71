//! Structs, arrays and casts in dense functions, over types of their own that are appended to the module's.
use super::Maker;
use crate::types::{abstract_heap, written};
use wasm_encoder::{
    AbstractHeapType, BlockType, Encode, HeapType, Instruction as I, RefType, StorageType, ValType as W,
};
use wasmparser::ValType;

/// The three structs are a chain of subtypes; each has the fields of the one before.
const STRUCTS: u32 = 3;
const ARRAYS: u32 = 9;
/// Those of 8 and 16 bits; of i32, i64, f32 and f64; of references to the first struct, to anything, to anything external.
const PACKED: u32 = 2;
const NUMERIC: u32 = 6;
/// Types that are appended.
pub const COUNT: u32 = STRUCTS + ARRAYS;

const NUMBERS: [ValType; 4] = [ValType::I32, ValType::I64, ValType::F32, ValType::F64];

/// How long arrays are; indices are mostly below it.
const LENGTH: i32 = 8;

fn nullable(heap_type: HeapType) -> W {
    W::Ref(RefType { nullable: true, heap_type })
}

fn fields(base: u32) -> Vec<StorageType> {
    let val = StorageType::Val;
    let first = [val(W::I32), StorageType::I8, val(W::F64), val(W::I64)];
    let second = [StorageType::I16, val(W::F32), val(nullable(HeapType::Concrete(base)))];
    first.into_iter().chain(second).chain([val(W::Ref(RefType::ANYREF))]).collect()
}

/// How many fields each struct has.
const FIELDS: [usize; STRUCTS as usize] = [4, 7, 8];

fn elements(base: u32) -> Vec<StorageType> {
    let mut all = vec![StorageType::I8, StorageType::I16];
    all.extend(NUMBERS.map(|ty| StorageType::Val(written(ty))));
    all.extend([nullable(HeapType::Concrete(base)), W::Ref(RefType::ANYREF), W::EXTERNREF].map(StorageType::Val));
    all
}

/// The types, for the end of a type section. In a group or one by one: that makes other types of them.
pub fn types(base: u32, grouped: bool) -> (u32, Vec<u8>) {
    let mut out = vec![];
    if grouped {
        out.push(0x4e);
        COUNT.encode(&mut out);
    }
    for (index, count) in (0..).zip(FIELDS) {
        out.push(0x50);
        let parents: Vec<u32> = if index == 0 { vec![] } else { vec![base + index - 1] };
        parents.as_slice().encode(&mut out);
        out.push(0x5f);
        count.encode(&mut out);
        for field in &fields(base)[..count] {
            field.encode(&mut out);
            out.push(1);
        }
    }
    for element in elements(base) {
        out.push(0x5e);
        element.encode(&mut out);
        out.push(1);
    }
    (if grouped { 1 } else { COUNT }, out)
}

/// A function's locals of these types.
pub struct Locals {
    base: u32,
    structs: Vec<u32>,
    arrays: Vec<u32>,
    any: u32,
}

impl Maker<'_> {
    /// Locals that are not null.
    pub fn make_aggregates(&mut self, base: u32) {
        let structs: Vec<u32> =
            (0..STRUCTS).map(|at| self.body.local(nullable(HeapType::Concrete(base + at)))).collect();
        let arrays: Vec<u32> =
            (0..ARRAYS).map(|at| self.body.local(nullable(HeapType::Concrete(base + STRUCTS + at)))).collect();
        for (&local, at) in structs.iter().zip(0..) {
            for field in &fields(base)[..FIELDS[at as usize]] {
                self.first_value(base, field);
            }
            self.push([I::StructNew(base + at), I::LocalSet(local)]);
        }
        for ((&local, at), element) in arrays.iter().zip(STRUCTS..).zip(elements(base)) {
            for _ in 0..LENGTH {
                self.first_value(base, &element);
            }
            let new = I::ArrayNewFixed { array_type_index: base + at, array_size: LENGTH as u32 };
            self.push([new, I::LocalSet(local)]);
        }
        let any = self.body.local(W::Ref(RefType::ANYREF));
        self.aggregates = Some(Locals { base, structs, arrays, any });
    }

    /// Mixes the numbers of all arrays that are still as long as at first, and of all structs, into the digest.
    pub fn digest_aggregates(&mut self) {
        let Some(Locals { base, structs, arrays, .. }) = &self.aggregates else { return };
        let (base, structs, arrays) = (*base, structs.clone(), arrays[..NUMERIC as usize].to_vec());
        let digest = self.parts.digest;
        for (at, &local) in structs.iter().enumerate() {
            let struct_type_index = base + at as u32;
            self.push([I::LocalGet(local), I::StructGetU { struct_type_index, field_index: 1 }, I::I64ExtendI32U]);
            self.push([I::LocalGet(local), I::StructGet { struct_type_index, field_index: 3 }, I::I64Add]);
            self.mix(digest);
        }
        let index = self.body.local(W::I32);
        for (at, &local) in arrays.iter().enumerate() {
            let ty = base + STRUCTS + at as u32;
            let element = elements(base)[at];
            self.push([I::I32Const(LENGTH), I::LocalSet(index), I::Loop(BlockType::Empty)]);
            self.push([I::LocalGet(index), I::I32Const(1), I::I32Sub, I::LocalTee(index), I::LocalSet(index)]);
            self.push([I::LocalGet(local), I::LocalGet(index)]);
            match element {
                StorageType::Val(W::I32) => self.push([I::ArrayGet(ty), I::I64ExtendI32U]),
                StorageType::Val(W::I64) => self.push([I::ArrayGet(ty)]),
                StorageType::Val(W::F32) => {
                    self.push([I::ArrayGet(ty), I::F32Const(1.0.into()), I::F32Lt, I::I64ExtendI32U]);
                }
                StorageType::Val(_) => {
                    self.push([I::ArrayGet(ty), I::F64Const(1.0.into()), I::F64Lt, I::I64ExtendI32U])
                }
                StorageType::I8 => self.push([I::ArrayGetU(ty), I::I64ExtendI32U]),
                StorageType::I16 => self.push([I::ArrayGetS(ty), I::I64ExtendI32U]),
            }
            self.mix(digest);
            self.push([I::LocalGet(index), I::BrIf(0), I::End]);
        }
    }

    /// A constant with bits in all places: among zeros many a mistake cannot be seen.
    fn first_value(&mut self, base: u32, storage: &StorageType) {
        let StorageType::Val(ty) = storage else {
            let wild = self.random.next() as i32;
            return self.push([I::I32Const(wild)]);
        };
        match ty {
            W::Ref(ty) if ty.heap_type == HeapType::EXTERN => self.push([I::RefNull(HeapType::EXTERN)]),
            W::Ref(ty) if *ty == RefType::ANYREF => {
                let wild = self.random.next() as i32;
                self.push([I::I32Const(wild), I::RefI31]);
            }
            W::Ref(_) => self.push([I::RefNull(HeapType::Concrete(base))]),
            _ => self.constant(NUMBERS.into_iter().find(|known| written(*known) == *ty).expect("a number")),
        }
    }

    /// A number out of a struct or array, or a word about a reference.
    pub fn aggregate_expression(&mut self, ty: ValType, depth: u32) -> bool {
        let Some(Locals { base, any, .. }) = self.aggregates else { return false };
        if ty == ValType::I32 && self.random.one_in(2) {
            self.any_reference(depth);
            match self.random.below(4) {
                0 => {
                    let heap = self.some_heap(base);
                    self.push([I::RefTestNullable(heap)]);
                }
                1 => {
                    self.push([I::LocalSet(any), I::LocalGet(any), I::RefTestNonNull(HeapType::I31)]);
                    self.push([I::If(BlockType::Result(W::I32)), I::LocalGet(any), I::RefCastNonNull(HeapType::I31)]);
                    self.push([I::I31GetU, I::Else, I::I32Const(-7), I::End]);
                }
                2 => self.push([I::RefIsNull]),
                _ => {
                    let eq = abstract_heap(AbstractHeapType::Eq);
                    self.push([I::RefCastNullable(eq)]);
                    self.any_reference(depth);
                    self.push([I::RefCastNullable(eq), I::RefEq]);
                }
            }
            return true;
        }
        if !NUMBERS.contains(&ty) {
            return false;
        }
        if self.random.one_in(2) {
            self.struct_get(ty)
        } else {
            self.array_get(ty, depth)
        }
        true
    }

    fn struct_get(&mut self, ty: ValType) {
        let (base, at, local) = self.some_struct();
        let fields = fields(base);
        let fits = |field: &StorageType| match field {
            StorageType::Val(val) => *val == written(ty),
            _ => ty == ValType::I32,
        };
        let fitting: Vec<u32> =
            (0..FIELDS[at as usize] as u32).filter(|&index| fits(&fields[index as usize])).collect();
        if fitting.is_empty() {
            return self.leaf(ty);
        }
        let (struct_type_index, field_index) = (base + at, self.pick(&fitting));
        let get = match fields[field_index as usize] {
            StorageType::Val(_) => I::StructGet { struct_type_index, field_index },
            _ if self.random.one_in(2) => I::StructGetS { struct_type_index, field_index },
            _ => I::StructGetU { struct_type_index, field_index },
        };
        self.push([I::LocalGet(local), get]);
    }

    fn array_get(&mut self, ty: ValType, depth: u32) {
        let position = NUMBERS.iter().position(|known| *known == ty).expect("a number") as u32;
        let packed = ty == ValType::I32 && self.random.one_in(2);
        let at = if packed { self.random.below(u64::from(PACKED)) as u32 } else { PACKED + position };
        let (index, local) = self.array(at);
        self.push([I::LocalGet(local)]);
        if ty == ValType::I32 && self.random.one_in(8) {
            return self.push([I::ArrayLen]);
        }
        self.index(depth);
        let signed = self.random.one_in(2);
        self.push([match (packed, signed) {
            (false, _) => I::ArrayGet(index),
            (true, true) => I::ArrayGetS(index),
            (true, false) => I::ArrayGetU(index),
        }]);
    }

    /// A change of a struct, an array or a local that holds one.
    pub fn aggregate_statement(&mut self, depth: u32) -> bool {
        let Some(Locals { base, any, .. }) = self.aggregates else { return false };
        match self.random.below(9) {
            0 | 1 => self.struct_set(),
            2 | 3 => self.array_set(),
            4 => self.array_bulk(),
            5 => {
                self.any_reference(depth);
                self.push([I::LocalSet(any)]);
            }
            6 => {
                let (_, at, local) = self.some_struct();
                let parent = self.random.below(u64::from(at) + 1) as u32;
                let parent = self.aggregates.as_ref().expect("checked").structs[parent as usize];
                self.push([I::LocalGet(local), I::LocalSet(parent)]);
                if self.random.one_in(2) {
                    self.push([I::StructNewDefault(base + at), I::LocalSet(local)]);
                }
            }
            7 => {
                let at = self.random.below(u64::from(ARRAYS)) as u32;
                let (index, local) = self.array(at);
                self.push([I::I32Const(LENGTH), I::ArrayNewDefault(index), I::LocalSet(local)]);
            }
            _ => self.cast(base),
        }
        true
    }

    /// Of the value of any type a local of a narrower one, where it is one.
    fn cast(&mut self, base: u32) {
        let (_, at, local) = self.some_struct();
        let heap = HeapType::Concrete(base + at);
        let to = RefType { nullable: false, heap_type: heap };
        self.push([I::Block(BlockType::Empty)]);
        if self.random.one_in(2) {
            let rest = RefType { nullable: true, heap_type: abstract_heap(AbstractHeapType::Any) };
            self.push([I::Block(BlockType::Result(W::Ref(to)))]);
            self.any_reference(2);
            self.push([I::BrOnCast { relative_depth: 0, from_ref_type: rest, to_ref_type: to }]);
            self.push([I::Drop, I::Br(1), I::End, I::LocalSet(local)]);
        } else {
            let any = self.aggregates.as_ref().expect("checked").any;
            self.push([I::LocalGet(any), I::RefTestNonNull(heap), I::I32Eqz, I::BrIf(0)]);
            self.push([I::LocalGet(any), I::RefCastNonNull(heap), I::LocalSet(local)]);
        }
        self.push([I::End]);
    }

    fn struct_set(&mut self) {
        let (base, at, local) = self.some_struct();
        let field_index = self.random.below(FIELDS[at as usize] as u64) as u32;
        self.push([I::LocalGet(local)]);
        self.stored(&fields(base)[field_index as usize]);
        self.push([I::StructSet { struct_type_index: base + at, field_index }]);
    }

    fn array_set(&mut self) {
        let at = self.random.below(u64::from(ARRAYS)) as u32;
        let (index, local) = self.array(at);
        let base = self.aggregates.as_ref().expect("checked").base;
        self.push([I::LocalGet(local)]);
        self.index(2);
        self.stored(&elements(base)[at as usize]);
        self.push([I::ArraySet(index)]);
    }

    fn array_bulk(&mut self) {
        let at = self.random.below(u64::from(ARRAYS)) as u32;
        let (index, local) = self.array(at);
        let base = self.aggregates.as_ref().expect("checked").base;
        let count = I::I32Const(self.random.below(5) as i32);
        let start = |maker: &mut Self| {
            let start = if maker.random.one_in(30) { LENGTH - 1 } else { maker.random.below(4) as i32 };
            maker.push([I::LocalGet(local), I::I32Const(start)]);
        };
        start(self);
        match self.random.below(3) {
            0 => {
                self.stored(&elements(base)[at as usize]);
                self.push([count, I::ArrayFill(index)]);
            }
            1 if at < NUMERIC && self.parts.shape.has_data_count() && self.parts.shape.data_segments > 0 => {
                let array_data_index = self.random.below(u64::from(self.parts.shape.data_segments)) as u32;
                let length = I::I32Const(self.random.below(2) as i32);
                self.push([I::I32Const(0), length]);
                self.push([I::ArrayInitData { array_type_index: index, array_data_index }]);
            }
            _ => {
                start(self);
                self.push([count, I::ArrayCopy { array_type_index_dst: index, array_type_index_src: index }]);
            }
        }
    }

    /// A value for a field or element.
    fn stored(&mut self, storage: &StorageType) {
        match storage {
            StorageType::I8 | StorageType::I16 => self.expression(ValType::I32, 2),
            StorageType::Val(W::Ref(ty)) if ty.heap_type == HeapType::EXTERN => {
                self.any_reference(2);
                self.push([I::ExternConvertAny]);
            }
            StorageType::Val(W::Ref(ty)) if *ty == RefType::ANYREF => self.any_reference(2),
            StorageType::Val(W::Ref(_)) => {
                let (_, _, local) = self.some_struct();
                self.push([I::LocalGet(local)]);
            }
            StorageType::Val(ty) => {
                let ty = NUMBERS.into_iter().find(|known| written(*known) == *ty).expect("a number");
                if self.parts.types().contains(&ty) { self.expression(ty, 2) } else { self.constant(ty) }
            }
        }
    }

    /// A value of type anyref.
    fn any_reference(&mut self, depth: u32) {
        let any = self.aggregates.as_ref().expect("checked").any;
        match self.random.below(8) {
            0 => {
                self.expression(ValType::I32, depth.min(1));
                self.push([I::RefI31]);
            }
            1 => self.push([I::RefNull(abstract_heap(AbstractHeapType::None))]),
            2 => {
                let at = self.random.below(u64::from(ARRAYS)) as u32;
                let (_, local) = self.array(at);
                self.push([I::LocalGet(local)]);
            }
            3 | 4 => {
                let (_, _, local) = self.some_struct();
                self.push([I::LocalGet(local)]);
            }
            5 => {
                let (index, local) = self.array(ARRAYS - 1);
                self.push([I::LocalGet(local), I::I32Const(1), I::ArrayGet(index), I::AnyConvertExtern]);
            }
            6 => {
                let at = self.pick(&[NUMERIC, NUMERIC + 1]);
                let (index, local) = self.array(at);
                self.push([I::LocalGet(local), I::I32Const(2), I::ArrayGet(index)]);
            }
            _ => self.push([I::LocalGet(any)]),
        }
    }

    fn index(&mut self, depth: u32) {
        self.expression(ValType::I32, depth.min(2));
        if !self.random.one_in(60) {
            self.push([I::I32Const(LENGTH - 1), I::I32And]);
        }
    }

    fn some_struct(&mut self) -> (u32, u32, u32) {
        let at = self.random.below(u64::from(STRUCTS)) as u32;
        let locals = self.aggregates.as_ref().expect("checked");
        (locals.base, at, locals.structs[at as usize])
    }

    /// Type and local of an array.
    fn array(&self, at: u32) -> (u32, u32) {
        let locals = self.aggregates.as_ref().expect("checked");
        (locals.base + STRUCTS + at, locals.arrays[at as usize])
    }

    fn some_heap(&mut self, base: u32) -> HeapType {
        use AbstractHeapType as A;
        let concrete = HeapType::Concrete(base + self.random.below(u64::from(COUNT)) as u32);
        let heaps = [A::Eq, A::Struct, A::Array, A::I31, A::None].map(abstract_heap);
        if self.random.one_in(2) { concrete } else { self.pick(&heaps) }
    }
}
