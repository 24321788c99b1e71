//! Takes the type of a parameter, gives the parameters of a wrapper that stand for it and the code that makes its value.
use crate::body::Body;
use crate::shape::Shape;
use crate::types::{Top, concrete, top, written_heap};
use wasm_encoder::{BlockType, HeapType, Instruction as I, ValType as W};
use wasmparser::{AbstractHeapType, CompositeInnerType, HeapType as ReadHeap, RefType, StorageType, ValType};

/// So deep a struct in a struct is made.
const DEPTH: u32 = 3;

/// How a wrapper is given one parameter: the letters say what the harness passes.
pub struct Argument {
    pub letters: &'static str,
    pub params: &'static [W],
}

/// What stands for a parameter: i and l for integers, f and d for their bits, s for a choice, e and n for a value of the host.
pub fn argument(shape: &Shape, ty: ValType) -> Option<Argument> {
    let (letters, params): (_, &'static [W]) = match ty {
        ValType::I32 => ("i", &[W::I32]),
        ValType::I64 => ("l", &[W::I64]),
        ValType::F32 => ("f", &[W::I32]),
        ValType::F64 => ("d", &[W::I64]),
        ValType::V128 => ("dd", &[W::I64, W::I64]),
        ValType::Ref(ty) if is_extern(ty) => (if ty.is_nullable() { "e" } else { "n" }, &[W::EXTERNREF]),
        ValType::Ref(ty) => {
            let possible = ty.is_nullable() || construct(shape, 0, ty.heap_type(), DEPTH).is_some();
            return possible.then_some(Argument { letters: "s", params: &[W::I32] });
        }
    };
    Some(Argument { letters, params })
}

fn is_extern(ty: RefType) -> bool {
    matches!(ty.heap_type(), ReadHeap::Abstract { ty: AbstractHeapType::Extern, .. })
}

/// Pushes the value that the wrapper's parameters from `local` on stand for.
pub fn push_argument(shape: &Shape, body: &mut Body, ty: ValType, local: u32) {
    let get = I::LocalGet(local);
    match ty {
        ValType::I32 | ValType::I64 => body.push([get]),
        ValType::F32 => body.push([get, I::F32ReinterpretI32]),
        ValType::F64 => body.push([get, I::F64ReinterpretI64]),
        ValType::V128 => body.push([get, I::I64x2Splat, I::LocalGet(local + 1), I::I64x2ReplaceLane(1)]),
        ValType::Ref(ty) if is_extern(ty) => {
            body.push([get]);
            if !ty.is_nullable() {
                body.push([I::RefAsNonNull]);
            }
        }
        ValType::Ref(ty) => push_reference(shape, body, ty, local),
    }
}

/// Null where the parameter is 0 and null is allowed.
fn push_reference(shape: &Shape, body: &mut Body, ty: RefType, local: u32) {
    let made = construct(shape, local, ty.heap_type(), DEPTH);
    let Some(made) = made else { return body.push([I::RefNull(written_heap(ty.heap_type()))]) };
    if !ty.is_nullable() {
        return body.push(made);
    }
    let result = crate::types::written(ValType::Ref(ty));
    body.push([I::LocalGet(local), I::If(BlockType::Result(result))]);
    body.push(made);
    body.push([I::Else, I::RefNull(written_heap(ty.heap_type())), I::End]);
}

/// Code for a value of a heap type that is not null, if there is an easy one.
fn construct(shape: &Shape, local: u32, heap: ReadHeap, depth: u32) -> Option<Vec<I<'static>>> {
    if depth == 0 {
        return None;
    }
    if let Some(index) = concrete(heap) {
        return construct_defined(shape, local, index, depth);
    }
    let ReadHeap::Abstract { ty, .. } = heap else { return None };
    let first = |wanted: fn(&CompositeInnerType) -> bool| {
        let indices = 0..shape.types.len() as u32;
        indices
            .filter(|&index| wanted(&shape.types[index as usize].composite_type.inner))
            .find_map(|index| construct_defined(shape, local, index, depth))
    };
    match ty {
        AbstractHeapType::I31 | AbstractHeapType::Eq | AbstractHeapType::Any => {
            Some(vec![I::LocalGet(local), I::RefI31])
        }
        AbstractHeapType::Struct => first(|ty| matches!(ty, CompositeInnerType::Struct(_))),
        AbstractHeapType::Array => first(|ty| matches!(ty, CompositeInnerType::Array(_))),
        AbstractHeapType::Func => shape.exported_functions.first().map(|&function| vec![I::RefFunc(function)]),
        AbstractHeapType::Extern => Some(vec![I::LocalGet(local), I::RefI31, I::ExternConvertAny]),
        _ => None,
    }
}

fn construct_defined(shape: &Shape, local: u32, index: u32, depth: u32) -> Option<Vec<I<'static>>> {
    match &shape.types[index as usize].composite_type.inner {
        CompositeInnerType::Struct(aggregate) => {
            let mut code = vec![];
            for field in &aggregate.fields {
                code.extend(construct_field(shape, local, field.element_type, depth - 1)?);
            }
            code.push(I::StructNew(index));
            Some(code)
        }
        CompositeInnerType::Array(array) => {
            let element = construct_field(shape, local, array.0.element_type, depth - 1);
            let array_size = u32::from(element.is_some());
            let mut code = element.unwrap_or_default();
            code.push(I::ArrayNewFixed { array_type_index: index, array_size });
            Some(code)
        }
        CompositeInnerType::Func(_) => {
            let function = shape.exported_functions.iter().find(|&&f| shape.functions[f as usize] == index)?;
            Some(vec![I::RefFunc(*function)])
        }
        _ => None,
    }
}

fn construct_field(shape: &Shape, local: u32, ty: StorageType, depth: u32) -> Option<Vec<I<'static>>> {
    let get = I::LocalGet(local);
    Some(match ty {
        StorageType::I8 | StorageType::I16 | StorageType::Val(ValType::I32) => vec![get],
        StorageType::Val(ValType::I64) => vec![get, I::I64ExtendI32U],
        StorageType::Val(ValType::F32) => vec![get, I::F32ReinterpretI32],
        StorageType::Val(ValType::F64) => vec![get, I::F64ConvertI32S],
        StorageType::Val(ValType::V128) => vec![get, I::I32x4Splat],
        StorageType::Val(ValType::Ref(ty)) => match construct(shape, local, ty.heap_type(), depth) {
            Some(code) => code,
            None if ty.is_nullable() => vec![I::RefNull(null_of(shape, ty.heap_type()))],
            None => return None,
        },
    })
}

fn null_of(shape: &Shape, heap: ReadHeap) -> HeapType {
    use wasm_encoder::AbstractHeapType as A;
    crate::types::abstract_heap(match top(shape, heap) {
        Top::Any => A::None,
        Top::Func => A::NoFunc,
        Top::Extern => A::NoExtern,
        Top::Exn => A::NoExn,
    })
}
