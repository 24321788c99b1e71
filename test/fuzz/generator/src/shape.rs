//! Takes a module's bytes, gives what wrappers are made from: its types, functions, globals, tags, exports and bodies.
use std::ops::Range;
use wasmparser::{
    CompositeInnerType, FunctionBody, GlobalType, MemoryType, Parser, Payload, SubType, TableType, TypeRef, ValType,
};

/// The parts of a module.
#[derive(Default)]
pub struct Shape<'a> {
    pub bytes: &'a [u8],
    /// Identifier and contents of each section, in order.
    pub sections: Vec<(u8, Range<usize>)>,
    pub types: Vec<SubType>,
    /// Recursive types: what the type section counts.
    pub type_groups: u32,
    /// Type index of each function, imported ones first.
    pub functions: Vec<u32>,
    pub imported_functions: u32,
    pub globals: Vec<GlobalType>,
    pub memories: Vec<MemoryType>,
    pub data_segments: u32,
    pub defined_globals: u32,
    /// All tables, and those that the module defines.
    pub table_count: u32,
    pub defined_tables: u32,
    pub element_segments: u32,
    pub defined_tags: u32,
    /// Tables whose elements can be read by an instruction: none where reference types are left out.
    pub tables: Vec<TableType>,
    /// Type index of each tag.
    pub tags: Vec<u32>,
    pub exports: u32,
    pub exported_functions: Vec<u32>,
    pub bodies: Vec<FunctionBody<'a>>,
}

impl<'a> Shape<'a> {
    /// Reads a module that is known to be valid.
    pub fn of(bytes: &'a [u8], reference_types: bool) -> Self {
        let mut shape = Shape { bytes, ..Shape::default() };
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.expect("a generated module can be read");
            if let Some((id, range)) = payload.as_section() {
                shape.sections.push((id, range.start as usize..range.end as usize));
            }
            shape.read(payload).expect("a generated section can be read");
        }
        shape.table_count = shape.tables.len() as u32;
        if !reference_types {
            shape.tables.clear();
        }
        shape
    }

    fn read(&mut self, payload: Payload<'a>) -> wasmparser::Result<()> {
        match payload {
            Payload::TypeSection(reader) => {
                self.type_groups = reader.count();
                for group in reader {
                    self.types.extend(group?.into_types());
                }
            }
            Payload::ImportSection(reader) => {
                for import in reader.into_imports() {
                    match import?.ty {
                        TypeRef::Func(ty) => self.functions.push(ty),
                        TypeRef::Global(ty) => self.globals.push(ty),
                        TypeRef::Memory(ty) => self.memories.push(ty),
                        TypeRef::Table(ty) => self.tables.push(ty),
                        TypeRef::Tag(ty) => self.tags.push(ty.func_type_idx),
                        _ => {}
                    }
                }
                self.imported_functions = self.functions.len() as u32;
            }
            Payload::FunctionSection(reader) => {
                for ty in reader {
                    self.functions.push(ty?);
                }
            }
            Payload::TableSection(reader) => {
                self.defined_tables = reader.count();
                for table in reader {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(reader) => {
                for memory in reader {
                    self.memories.push(memory?);
                }
            }
            Payload::ElementSection(reader) => self.element_segments = reader.count(),
            Payload::DataSection(reader) => self.data_segments = reader.count(),
            Payload::GlobalSection(reader) => {
                self.defined_globals = reader.count();
                for global in reader {
                    self.globals.push(global?.ty);
                }
            }
            Payload::TagSection(reader) => {
                self.defined_tags = reader.count();
                for tag in reader {
                    self.tags.push(tag?.func_type_idx);
                }
            }
            Payload::ExportSection(reader) => {
                self.exports = reader.count();
                for export in reader {
                    let export = export?;
                    if export.kind == wasmparser::ExternalKind::Func {
                        self.exported_functions.push(export.index);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            _ => {}
        }
        Ok(())
    }

    /// Parameters and results of a function type.
    pub fn signature(&self, ty: u32) -> (&[ValType], &[ValType]) {
        match &self.types[ty as usize].composite_type.inner {
            CompositeInnerType::Func(f) => (f.params(), f.results()),
            _ => unreachable!("type {ty} is a function type"),
        }
    }

    /// Whether instructions may name data segments.
    pub fn has_data_count(&self) -> bool {
        self.sections.iter().any(|(id, _)| *id == 12)
    }

    /// Whether the module has types that only garbage collection brings.
    pub fn has_aggregates(&self) -> bool {
        self.types.iter().any(|ty| !matches!(ty.composite_type.inner, CompositeInnerType::Func(_)))
    }
}
