//! Takes types as the reader gives them, gives them as the writer wants them, and says what kind they are.
use crate::shape::Shape;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasmparser::{AbstractHeapType, CompositeInnerType, HeapType, StorageType, ValType};

/// The hierarchies of reference types, and `exn`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Top {
    Any,
    Func,
    Extern,
    Exn,
}

/// A value type for the writer.
pub fn written(ty: ValType) -> wasm_encoder::ValType {
    RoundtripReencoder.val_type(ty).expect("no type of another module")
}

/// A heap type for the writer.
pub fn written_heap(ty: HeapType) -> wasm_encoder::HeapType {
    RoundtripReencoder.heap_type(ty).expect("no type of another module")
}

/// An abstract heap type for the writer.
pub fn abstract_heap(ty: wasm_encoder::AbstractHeapType) -> wasm_encoder::HeapType {
    wasm_encoder::HeapType::Abstract { shared: false, ty }
}

/// The index of a defined type.
pub fn concrete(heap: HeapType) -> Option<u32> {
    match heap {
        HeapType::Concrete(index) | HeapType::Exact(index) => index.as_module_index(),
        HeapType::Abstract { .. } => None,
    }
}

/// The hierarchy of a heap type.
pub fn top(shape: &Shape, heap: HeapType) -> Top {
    match heap {
        HeapType::Abstract { ty, .. } => match ty {
            AbstractHeapType::Func | AbstractHeapType::NoFunc => Top::Func,
            AbstractHeapType::Extern | AbstractHeapType::NoExtern => Top::Extern,
            AbstractHeapType::Exn | AbstractHeapType::NoExn => Top::Exn,
            _ => Top::Any,
        },
        _ => match shape.types[concrete(heap).expect("an index") as usize].composite_type.inner {
            CompositeInnerType::Func(_) => Top::Func,
            _ => Top::Any,
        },
    }
}

/// The numeric value type that reading a field gives, and whether the field is packed.
pub fn numeric(ty: StorageType) -> Option<(ValType, bool)> {
    match ty {
        StorageType::I8 | StorageType::I16 => Some((ValType::I32, true)),
        StorageType::Val(ValType::Ref(_)) => None,
        StorageType::Val(ty) => Some((ty, false)),
    }
}
