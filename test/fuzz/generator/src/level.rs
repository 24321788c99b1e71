//! Takes a level, gives what modules may be made of. Each seed leaves some of it out, so that rare things meet often.
use crate::random::Random;
use wasm_encoder::{EntityType, ImportSection, Module, TypeSection, ValType};
use wasm_smith::{Config, MemoryOffsetChoices};

const PAGE: u64 = 65536;

/// The configuration of one seed. `without` names features to leave out in all of them.
pub fn config(level: &str, without: &[&str], random: &mut Random) -> Config {
    let rank = match level {
        "wasm1" => 1,
        "wasm2" => 2,
        "wasm3" => 3,
        _ => panic!("there is no level {level}"),
    };
    let mut has = |feature: &str, since: u32| {
        let kept = !random.one_in(4);
        rank >= since && kept && !without.contains(&feature)
    };
    let mut config = Config {
        multi_value_enabled: has("multi-value", 2),
        saturating_float_to_int_enabled: has("saturating", 2),
        sign_extension_ops_enabled: has("sign-extension", 2),
        bulk_memory_enabled: has("bulk-memory", 2),
        reference_types_enabled: has("reference-types", 2),
        simd_enabled: has("simd", 2),
        tail_call_enabled: has("tail-call", 3),
        exceptions_enabled: has("exceptions", 3),
        gc_enabled: has("gc", 3),
        memory64_enabled: has("memory64", 3),
        extended_const_enabled: has("extended-const", 3),
        threads_enabled: false,
        relaxed_simd_enabled: false,
        wide_arithmetic_enabled: false,
        compact_imports_enabled: false,
        ..Config::default()
    };
    config.gc_enabled &= config.reference_types_enabled;
    config.max_memories = if has("multi-memory", 3) { 3 } else { 1 };
    config.max_tables = if config.reference_types_enabled { 4 } else { 1 };
    config.allow_floats = !random.one_in(8);
    config.disallow_traps = !random.one_in(3);
    config.max_imports = if random.one_in(2) { 6 } else { 0 };
    config.available_imports = Some(imports(config.multi_value_enabled, config.reference_types_enabled));
    config.max_instructions = [10, 40, 100, 300, 1000][random.below(5) as usize];
    config.max_funcs = [2, 6, 15][random.below(3) as usize];
    config.min_funcs = 1;
    config.max_types = 20;
    config.max_tags = 4;
    config.max_globals = 10;
    config.max_element_segments = 6;
    config.max_data_segments = 6;
    config.max_elements = 12;
    config.min_uleb_size = if random.one_in(8) { 3 } else { 1 };
    config.memory_offset_choices = MemoryOffsetChoices(95, 4, 1);
    Config {
        canonicalize_nans: true,
        export_everything: true,
        limit_arrays_in_const_exprs: true,
        max_memory32_bytes: 4 * PAGE,
        max_memory64_bytes: u128::from(4 * PAGE),
        memory_max_size_required: true,
        max_table_elements: 100,
        table_max_size_required: true,
        max_type_size: 100_000,
        ..config
    }
}

/// A module that describes what the harness offers; `engine.mjs` has the other half.
fn imports(multi_value: bool, reference_types: bool) -> Vec<u8> {
    use ValType::{F32, F64, I32, I64};
    let mut signatures: Vec<(&[ValType], &[ValType])> =
        vec![(&[], &[]), (&[I32], &[I32]), (&[I64, I32], &[I64]), (&[F64], &[F64]), (&[I32, F32], &[F32])];
    if multi_value {
        signatures.push((&[I32], &[I64, I32, F64]));
    }
    if reference_types {
        signatures.push((&[ValType::EXTERNREF], &[ValType::EXTERNREF]));
    }
    let mut types = TypeSection::new();
    let mut imports = ImportSection::new();
    for (index, (params, results)) in signatures.iter().enumerate() {
        types.ty().function(params.iter().copied(), results.iter().copied());
        imports.import("host", &format!("f{}", params_name(params, results)), EntityType::Function(index as u32));
    }
    let mut module = Module::new();
    module.section(&types).section(&imports);
    module.finish()
}

/// A function's name says its results: the harness makes them from the name.
fn params_name(params: &[ValType], results: &[ValType]) -> String {
    let letter = |ty: &ValType| match *ty {
        ValType::I32 => 'i',
        ValType::I64 => 'l',
        ValType::F32 => 'f',
        ValType::F64 => 'd',
        _ => 'x',
    };
    let spell = |list: &[ValType]| list.iter().map(letter).collect::<String>();
    format!("_{}_{}", spell(params), spell(results))
}
