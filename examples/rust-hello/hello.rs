//! Greets each argument, or the world.

fn main() {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if names.is_empty() {
        println!("hello from Rust");
    }
    for name in names {
        println!("hello from Rust, {name}");
    }
}
