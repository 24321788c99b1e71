//! Takes a module and its fuel, gives the module with exports for the harness (`engine.mjs` calls them by their names):
//! `~call/F/PARAMS/REGISTERS` calls function F with fresh fuel and leaves its results in registers, `~state//REGISTERS`
//! leaves globals and tables there, `~rN` is register N, `~tag/N/TYPES` a tag. Exceptions are caught in every second wrapper.
use crate::body::Body;
use crate::canonical::Conversions;
use crate::construct::{argument, push_argument};
use crate::dense::{self, Callee, Parts};
use crate::observe::{observe_all, observe_table, observe_top};
use crate::operators;
use crate::random::Random;
use crate::shape::Shape;
use crate::types::written;
use wasm_encoder::{BlockType, Catch, Encode, Function, Instruction as I, ValType as W};
use wasm_smith::Config;
use wasmparser::ValType;

/// What is appended to the module's sections.
#[derive(Default)]
struct Additions {
    /// Types before the function types, how many and how many the section counts, and their bytes.
    aggregates: (u32, u32, Vec<u8>),
    types: Vec<(Vec<W>, Vec<W>)>,
    function_types: Vec<u32>,
    bodies: Vec<Function>,
    exports: Vec<(String, u8, u32)>,
    registers: u32,
    /// Type of each tag.
    tags: Vec<u32>,
    /// The functions in a table of their own.
    table: Option<Vec<u32>>,
}

/// The module with its wrappers, and how many exported functions have none.
pub fn wrap(bytes: &[u8], config: &Config, random: &mut Random, fuel_global: u32, fuel: u32) -> (Vec<u8>, u32) {
    let shape = Shape::of(bytes, config.reference_types_enabled);
    let mut conversions = Conversions::new(shape.functions.len() as u32);
    let bodies: Vec<Vec<u8>> = shape.bodies.iter().map(|body| conversions.rewrite(body)).collect();
    let mut added = Additions::default();
    if config.gc_enabled {
        let (items, bytes) = dense::aggregate_types(shape.types.len() as u32, random.one_in(2));
        added.aggregates = (dense::AGGREGATES, items, bytes);
    }
    for (param, result, body) in conversions.functions() {
        added.function(&shape, (vec![param], vec![result]), body);
    }
    // The digest is the first global of those that are added.
    let digest = shape.globals.len() as u32;
    let first_register = digest + 1;
    let mut callees: Vec<Callee> = shape.exported_functions.iter().map(|&index| callee(&shape, index)).collect();
    if !random.one_in(4) {
        add_dense(&shape, &mut added, config, random, fuel_global, &mut callees);
    }
    let tags: Vec<u32> = shape.tags.iter().chain(&added.tags).copied().collect();
    let payloads: Vec<Vec<ValType>> = tags.iter().map(|&ty| payload(&shape, &added, ty)).collect();
    let mut skipped = 0;
    for function in &callees {
        let setup = [I::I32Const(fuel as i32), I::GlobalSet(fuel_global)];
        match call_wrapper(&shape, &mut added, function, &payloads, setup) {
            Some((name, body)) => added.export(&shape, name, body),
            None => skipped += 1,
        }
    }
    let body = state_wrapper(&shape, first_register);
    added.export(&shape, "~state/".to_string(), body);
    for register in 0..added.registers {
        added.exports.push((format!("~r{register}"), 3, first_register + register));
    }
    for (tag, types) in (0..).zip(&payloads) {
        let letters: String = types.iter().map(payload_letter).collect();
        added.exports.push((format!("~tag/{tag}/{letters}"), 4, tag));
    }
    (assemble(&shape, &added, &bodies), skipped)
}

impl Additions {
    fn ty(&mut self, shape: &Shape, signature: (Vec<W>, Vec<W>)) -> u32 {
        let at = self.types.iter().position(|known| *known == signature).unwrap_or_else(|| {
            self.types.push(signature);
            self.types.len() - 1
        });
        shape.types.len() as u32 + self.aggregates.0 + at as u32
    }

    fn function(&mut self, shape: &Shape, signature: (Vec<W>, Vec<W>), body: Function) -> u32 {
        let ty = self.ty(shape, signature);
        self.function_types.push(ty);
        self.bodies.push(body);
        (shape.functions.len() + self.bodies.len() - 1) as u32
    }

    fn export(&mut self, shape: &Shape, name: String, body: Body) {
        self.registers = self.registers.max(body.registers);
        let name = format!("{name}/{}", body.registers);
        let index = self.function(shape, (body.params.clone(), vec![]), body.finish());
        self.exports.push((name, 0, index));
    }
}

/// What the harness can see of an exception's value.
fn payload_letter(ty: &ValType) -> char {
    match ty {
        ValType::I32 => 'i',
        ValType::I64 => 'l',
        ValType::F32 => 'f',
        ValType::F64 => 'd',
        _ => '-',
    }
}

/// One to three dense functions, with tags and a table for them.
fn add_dense(
    shape: &Shape,
    added: &mut Additions,
    config: &Config,
    random: &mut Random,
    fuel_global: u32,
    callees: &mut Vec<Callee>,
) {
    let mut parts = parts(shape, config, fuel_global);
    if config.exceptions_enabled {
        for params in [vec![], vec![ValType::I64], vec![ValType::I32, ValType::I64]] {
            let ty = added.ty(shape, (params.iter().map(|&ty| written(ty)).collect(), vec![]));
            parts.tags.push(((shape.tags.len() + added.tags.len()) as u32, params));
            added.tags.push(ty);
        }
    }
    // Version 1.0 has room for one table.
    let has_table = shape.table_count == 0 || config.reference_types_enabled;
    parts.table = has_table.then_some(shape.table_count);
    for _ in 0..1 + random.below(3) {
        let (params, results) = parts.signature(random);
        let write = |types: &[ValType]| types.iter().map(|&ty| written(ty)).collect();
        let ty = added.ty(shape, (write(&params), write(&results)));
        let body = dense::function(&parts, random, callees, &params, &results).finish();
        let index = added.function(shape, (write(&params), write(&results)), body);
        callees.push(Callee { index, ty, params, results });
    }
    added.table = has_table.then(|| callees.iter().map(|callee| callee.index).collect());
}

/// Types of what an exception carries.
fn payload(shape: &Shape, added: &Additions, ty: u32) -> Vec<ValType> {
    if (ty as usize) < shape.types.len() {
        return shape.signature(ty).0.to_vec();
    }
    let read = |ty: &W| if *ty == W::I32 { ValType::I32 } else { ValType::I64 };
    added.types[ty as usize - shape.types.len() - added.aggregates.0 as usize].0.iter().map(read).collect()
}

fn callee(shape: &Shape, index: u32) -> Callee {
    let ty = shape.functions[index as usize];
    let (params, results) = shape.signature(ty);
    Callee { index, ty, params: params.to_vec(), results: results.to_vec() }
}

fn parts<'a>(shape: &'a Shape, config: &Config, fuel_global: u32) -> Parts<'a> {
    let features = operators::Features {
        sign_extension: config.sign_extension_ops_enabled,
        saturating: config.saturating_float_to_int_enabled,
        simd: config.simd_enabled && config.allow_floats,
    };
    Parts {
        shape,
        operators: operators::table(&features),
        fuel_global,
        digest: shape.globals.len() as u32,
        floats: config.allow_floats,
        simd: features.simd,
        multi_value: config.multi_value_enabled,
        bulk_memory: config.bulk_memory_enabled,
        tail_calls: config.tail_call_enabled,
        references: config.gc_enabled,
        tags: (0..).zip(&shape.tags).map(|(tag, &ty)| (tag, shape.signature(ty).0.to_vec())).collect(),
        table: None,
        aggregates: config.gc_enabled.then_some(shape.types.len() as u32),
    }
}

fn call_wrapper(
    shape: &Shape,
    added: &mut Additions,
    Callee { index, params, results, .. }: &Callee,
    payloads: &[Vec<ValType>],
    setup: [I<'static>; 2],
) -> Option<(String, Body)> {
    let arguments = params.iter().map(|&ty| argument(shape, ty)).collect::<Option<Vec<_>>>()?;
    let letters: String = arguments.iter().map(|argument| argument.letters).collect();
    let locals = arguments.iter().flat_map(|argument| argument.params).copied().collect();
    let mut body = Body::new(locals, shape.globals.len() as u32 + 1);
    body.push(setup);
    let call = |body: &mut Body| {
        let mut local = 0;
        for (&ty, argument) in params.iter().zip(&arguments) {
            push_argument(shape, body, ty, local);
            local += argument.params.len() as u32;
        }
        body.push([I::Call(*index)]);
        observe_all(shape, body, results);
    };
    if payloads.is_empty() || index % 2 == 0 {
        call(&mut body);
    } else {
        catching(shape, added, &mut body, payloads, call);
    }
    Some((format!("~call/{index}/{letters}"), body))
}

/// Register 0 tells the tag, one more than its index; 0 where nothing was thrown. Payloads follow.
fn catching(
    shape: &Shape,
    added: &mut Additions,
    body: &mut Body,
    payloads: &[Vec<ValType>],
    call: impl Fn(&mut Body),
) {
    body.push([I::I32Const(0)]);
    body.record_i32();
    let count = payloads.len();
    for tag in 0..count {
        let types = payloads[tag].iter().map(|&ty| written(ty)).collect();
        body.push([I::Block(BlockType::FunctionType(added.ty(shape, (vec![], types))))]);
    }
    // The block of the last tag is the innermost one.
    let catches: Vec<Catch> =
        (0..count).map(|tag| Catch::One { tag: tag as u32, label: (count - 1 - tag) as u32 }).collect();
    body.push([I::TryTable(BlockType::Empty, catches.into())]);
    call(body);
    body.push([I::End, I::Return]);
    for tag in (0..count).rev() {
        body.push([I::End]);
        observe_all(shape, body, &payloads[tag]);
        body.push([I::I64Const(tag as i64 + 1), I::GlobalSet(shape.globals.len() as u32 + 1)]);
        if tag > 0 {
            body.push([I::Return]);
        }
    }
}

fn state_wrapper(shape: &Shape, first_register: u32) -> Body {
    let mut body = Body::new(vec![], first_register);
    for (index, global) in shape.globals.iter().enumerate() {
        body.push([I::GlobalGet(index as u32)]);
        observe_top(shape, &mut body, global.content_type);
    }
    body.push([I::GlobalGet(first_register - 1)]);
    body.record();
    for (index, &ty) in shape.tables.iter().enumerate() {
        observe_table(shape, &mut body, index as u32, ty);
    }
    body
}

/// Contents of a section: how many items it had and their bytes, then what is added.
fn section(out: &mut Vec<u8>, id: u8, old: (u32, &[u8]), new: (usize, Vec<u8>)) {
    let mut contents = vec![];
    (old.0 + new.0 as u32).encode(&mut contents);
    contents.extend(old.1);
    contents.extend(new.1);
    out.push(id);
    contents.encode(out);
}

/// Order of the sections that are extended, or come before one that is: the tag section stands between memories and globals.
fn rank(id: u8) -> u8 {
    match id {
        13 => 11,
        id if id <= 5 => id * 2,
        12 => 19,
        id => id * 2,
    }
}

fn assemble(shape: &Shape, added: &Additions, bodies: &[Vec<u8>]) -> Vec<u8> {
    let mut out = shape.bytes[..8].to_vec();
    let mut ids: Vec<u8> = shape.sections.iter().map(|(id, _)| *id).chain([1, 3, 6, 7, 10]).collect();
    ids.extend(added.table.iter().flat_map(|_| [4, 9]));
    ids.extend(added.tags.iter().map(|_| 13));
    ids.sort_by_key(|&id| rank(id));
    ids.dedup();
    for id in ids {
        let range = shape.sections.iter().find(|(known, _)| *known == id).map(|(_, range)| range.clone());
        let contents = range.map_or(&[][..], |range| &shape.bytes[range]);
        // The items stand behind their number.
        let items = contents.iter().position(|byte| byte & 0x80 == 0).map_or(contents, |at| &contents[at + 1..]);
        let mut new = vec![];
        match id {
            1 => {
                new.extend(&added.aggregates.2);
                for (params, results) in &added.types {
                    new.push(0x60);
                    params.encode(&mut new);
                    results.encode(&mut new);
                }
                let items_added = added.types.len() + added.aggregates.1 as usize;
                section(&mut out, id, (shape.type_groups, items), (items_added, new));
            }
            3 => {
                added.function_types.iter().for_each(|ty| ty.encode(&mut new));
                let defined = shape.functions.len() as u32 - shape.imported_functions;
                section(&mut out, id, (defined, items), (added.function_types.len(), new));
            }
            4 => {
                let table = added.table.as_ref();
                if let Some(functions) = table {
                    // One more than there are functions: the last element is null.
                    new.extend([0x70, 0]);
                    (functions.len() + 1).encode(&mut new);
                }
                section(&mut out, id, (shape.defined_tables, items), (usize::from(table.is_some()), new));
            }
            13 => {
                for ty in &added.tags {
                    new.push(0);
                    ty.encode(&mut new);
                }
                section(&mut out, id, (shape.defined_tags, items), (added.tags.len(), new));
            }
            9 => {
                let table = added.table.as_ref();
                if let Some(functions) = table {
                    let only = shape.table_count == 0;
                    new.push(if only { 0 } else { 2 });
                    if !only {
                        shape.table_count.encode(&mut new);
                    }
                    new.extend([0x41, 0, 0x0b]);
                    if !only {
                        new.push(0);
                    }
                    functions.as_slice().encode(&mut new);
                }
                section(&mut out, id, (shape.element_segments, items), (usize::from(table.is_some()), new));
            }
            6 => {
                let globals = added.registers as usize + 1;
                (0..globals).for_each(|_| new.extend([0x7e, 1, 0x42, 0, 0x0b]));
                section(&mut out, id, (shape.defined_globals, items), (globals, new));
            }
            7 => {
                for (name, kind, index) in &added.exports {
                    name.as_str().encode(&mut new);
                    new.push(*kind);
                    index.encode(&mut new);
                }
                section(&mut out, id, (shape.exports, items), (added.exports.len(), new));
            }
            10 => {
                added.bodies.iter().for_each(|body| body.encode(&mut new));
                let old = bodies.concat();
                section(&mut out, id, (bodies.len() as u32, &old), (added.bodies.len(), new));
            }
            _ => {
                out.push(id);
                contents.encode(&mut out);
            }
        }
    }
    out
}
