//! Takes a value in a local, leaves what can be said of it in registers: all bits of a number, the kind and the
//! numbers inside of a reference. So nothing depends on what an engine's host can see, or on the bits of its NaNs.
use crate::body::Body;
use crate::shape::Shape;
use crate::types::{Top, abstract_heap, concrete, numeric, top, written};
use wasm_encoder::{AbstractHeapType, BlockType, HeapType, Instruction as I, ValType as W};
use wasmparser::{CompositeInnerType, RefType, ValType};

/// So many of a module's types a reference is tested against.
const TESTED: usize = 12;

/// Records the value of a local.
pub fn observe(shape: &Shape, body: &mut Body, ty: ValType, local: u32) {
    let get = I::LocalGet(local);
    match ty {
        ValType::I32 => body.push([get]),
        ValType::F32 => body.push([get, I::I32ReinterpretF32]),
        ValType::I64 => {
            body.push([get]);
            return body.record();
        }
        ValType::F64 => {
            body.push([get, I::I64ReinterpretF64]);
            return body.record();
        }
        ValType::V128 => {
            for lane in [0, 1] {
                body.push([I::LocalGet(local), I::I64x2ExtractLane(lane)]);
                body.record();
            }
            return;
        }
        ValType::Ref(ty) => return observe_reference(shape, body, ty, local),
    }
    body.record_i32();
}

fn observe_reference(shape: &Shape, body: &mut Body, ty: RefType, local: u32) {
    let heap = ty.heap_type();
    match top(shape, heap) {
        Top::Any => {
            observe_kind(shape, body, local);
            observe_inside(shape, body, ty, local);
        }
        Top::Extern if shape.has_aggregates() => {
            let internal = body.local(W::Ref(wasm_encoder::RefType::ANYREF));
            body.push([I::LocalGet(local), I::AnyConvertExtern, I::LocalSet(internal)]);
            observe_kind(shape, body, internal);
        }
        Top::Func if shape.has_aggregates() => observe_tests(shape, body, local, Top::Func),
        _ => {
            body.push([I::LocalGet(local), I::RefIsNull]);
            body.record_i32();
        }
    }
}

/// Null, i31, struct, array or of the host; the value of an i31, read both ways; which of the module's types it has.
fn observe_kind(shape: &Shape, body: &mut Body, local: u32) {
    let is = |body: &mut Body, ty: AbstractHeapType, bit: i32| {
        body.push([I::LocalGet(local), I::RefTestNonNull(abstract_heap(ty)), I::I32Const(bit), I::I32Mul, I::I32Or]);
    };
    body.push([I::LocalGet(local), I::RefIsNull]);
    is(body, AbstractHeapType::I31, 2);
    is(body, AbstractHeapType::Struct, 4);
    is(body, AbstractHeapType::Array, 8);
    is(body, AbstractHeapType::Eq, 16);
    body.record_i32();
    body.push([
        I::LocalGet(local),
        I::RefTestNonNull(HeapType::I31),
        I::If(BlockType::Result(W::I32)),
        I::LocalGet(local),
        I::RefCastNonNull(HeapType::I31),
        I::I31GetS,
        I::I32Const(3),
        I::I32Mul,
        I::LocalGet(local),
        I::RefCastNonNull(HeapType::I31),
        I::I31GetU,
        I::I32Add,
        I::Else,
        I::I32Const(0),
        I::End,
    ]);
    body.record_i32();
    observe_tests(shape, body, local, Top::Any);
}

/// One bit for each of the first defined types of a hierarchy.
fn observe_tests(shape: &Shape, body: &mut Body, local: u32, hierarchy: Top) {
    body.push([I::LocalGet(local), I::RefIsNull]);
    let types = (0..shape.types.len() as u32).filter(|&index| {
        let is_function = matches!(shape.types[index as usize].composite_type.inner, CompositeInnerType::Func(_));
        is_function == (hierarchy == Top::Func)
    });
    for (bit, index) in types.take(TESTED).enumerate() {
        let test = I::RefTestNonNull(HeapType::Concrete(index));
        body.push([I::LocalGet(local), test, I::I32Const(2 << bit), I::I32Mul, I::I32Or]);
    }
    body.record_i32();
}

/// The numbers in a struct, the length and the first number of an array, where the type says which it is.
fn observe_inside(shape: &Shape, body: &mut Body, ty: RefType, local: u32) {
    let Some(index) = concrete(ty.heap_type()) else { return };
    body.push([I::LocalGet(local), I::RefIsNull, I::I32Eqz, I::If(BlockType::Empty)]);
    match &shape.types[index as usize].composite_type.inner {
        CompositeInnerType::Struct(aggregate) => {
            for (field_index, field) in aggregate.fields.iter().enumerate() {
                let Some((value, packed)) = numeric(field.element_type) else { continue };
                let (struct_type_index, field_index) = (index, field_index as u32);
                body.push([
                    I::LocalGet(local),
                    if packed {
                        I::StructGetU { struct_type_index, field_index }
                    } else {
                        I::StructGet { struct_type_index, field_index }
                    },
                ]);
                observe_top(shape, body, value);
            }
        }
        CompositeInnerType::Array(array) => {
            body.push([I::LocalGet(local), I::ArrayLen]);
            body.record_i32();
            if let Some((value, packed)) = numeric(array.0.element_type) {
                body.push([
                    I::LocalGet(local),
                    I::ArrayLen,
                    I::If(BlockType::Empty),
                    I::LocalGet(local),
                    I::I32Const(0),
                ]);
                body.push([if packed { I::ArrayGetS(index) } else { I::ArrayGet(index) }]);
                observe_top(shape, body, value);
                body.push([I::End]);
            }
        }
        _ => {}
    }
    body.push([I::End]);
}

/// Records the value on the stack.
pub fn observe_top(shape: &Shape, body: &mut Body, ty: ValType) {
    let local = body.local(written(ty));
    body.push([I::LocalSet(local)]);
    observe(shape, body, ty, local);
}

/// Records the values on the stack, the last one first.
pub fn observe_all(shape: &Shape, body: &mut Body, types: &[ValType]) {
    for &ty in types.iter().rev() {
        observe_top(shape, body, ty);
    }
}

/// Records the length of a table and its first elements.
pub fn observe_table(shape: &Shape, body: &mut Body, table: u32, ty: wasmparser::TableType) {
    let index = |at: i32| if ty.table64 { I::I64Const(i64::from(at)) } else { I::I32Const(at) };
    body.push([I::TableSize(table)]);
    if ty.table64 {
        body.record();
    } else {
        body.record_i32();
    }
    for at in 0..3 {
        body.push([index(at), I::TableSize(table), if ty.table64 { I::I64LtU } else { I::I32LtU }]);
        body.push([I::If(BlockType::Empty), index(at), I::TableGet(table)]);
        observe_top(shape, body, ValType::Ref(ty.element_type));
        body.push([I::End]);
    }
}
