//! Takes a level and a range of seeds, gives a stream of modules on standard output, one record a seed:
//! its length and skipped exports (u32 little-endian each), the seed (u64), then the module's bytes.
//! `generator LEVEL FIRST COUNT [WITHOUT,…]`
mod body;
mod canonical;
mod construct;
mod dense;
mod level;
mod observe;
mod operators;
mod random;
mod shape;
mod types;
mod wrap;

use arbitrary::Unstructured;
use random::Random;
use std::io::Write;

/// How often a seed is tried with other random bytes: some lead to no module.
const ATTEMPTS: u64 = 100;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| args.get(at).and_then(|text| text.parse::<u64>().ok());
    let (Some(level), Some(first), Some(count)) = (args.first(), number(1), number(2)) else {
        eprintln!("usage: generator wasm1|wasm2|wasm3 FIRST COUNT [WITHOUT,…]");
        std::process::exit(2);
    };
    let without: Vec<&str> =
        args.get(3).map_or(vec![], |list| list.split(',').filter(|word| !word.is_empty()).collect());
    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout());
    for seed in first..first + count {
        let (module, skipped) = module_of(level, &without, seed);
        let record = [&(module.len() as u32).to_le_bytes()[..], &skipped.to_le_bytes(), &seed.to_le_bytes(), &module];
        // A reader that has seen enough closes the pipe.
        if record.iter().any(|part| out.write_all(part).is_err()) {
            return;
        }
    }
    let _ = out.flush();
}

fn module_of(level: &str, without: &[&str], seed: u64) -> (Vec<u8>, u32) {
    for attempt in 0..ATTEMPTS {
        let mut random = Random::new(seed ^ attempt << 48);
        let config = level::config(level, without, &mut random);
        let fuel = 1 + random.below(600) as u32;
        let size = 1 << (9 + random.below(6));
        let bytes = random.bytes(size);
        let Ok(mut module) = wasm_smith::Module::new(config.clone(), &mut Unstructured::new(&bytes)) else { continue };
        let Ok(fuel_global) = module.ensure_termination(fuel) else { continue };
        return wrap::wrap(&module.to_bytes(), &config, &mut random, fuel_global, fuel);
    }
    panic!("seed {seed} leads to no module");
}
