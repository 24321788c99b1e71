//! Greets each argument, or the world, through WASI alone: the standard library's files would import much of the file system.
const std = @import("std");
const wasi = std.os.wasi;

pub fn main(init: std.process.Init.Minimal) !u8 {
    const args = try init.args.toSlice(std.heap.wasm_allocator);
    var buffer: [1024]u8 = undefined;
    var out: std.Io.Writer = .fixed(&buffer);
    if (args.len < 2) try out.print("hello from Zig\n", .{});
    for (args[1..]) |name| try out.print("hello from Zig, {s}\n", .{name});
    return if (write(out.buffered())) 0 else 1;
}

/// Writes all bytes to standard output, or says that it could not.
fn write(bytes: []const u8) bool {
    var rest = bytes;
    while (rest.len > 0) {
        const vector = [_]wasi.ciovec_t{.{ .base = rest.ptr, .len = rest.len }};
        var written: usize = 0;
        if (wasi.fd_write(1, &vector, 1, &written) != .SUCCESS) return false;
        rest = rest[written..];
    }
    return true;
}
