//! Greets each argument, or the world. Speaks to WASI directly: the standard library's files would import the whole file system.
const std = @import("std");
const wasi = std.os.wasi;

/// Panics trap without a message, for the same reason.
pub const panic = std.debug.no_panic;

pub fn main(init: std.process.Init.Minimal) u8 {
    greet(init.args) catch return 1;
    return 0;
}

fn greet(given: std.process.Args) !void {
    const args = try given.toSlice(std.heap.wasm_allocator);
    var buffer: [1024]u8 = undefined;
    var out: std.Io.Writer = .fixed(&buffer);
    if (args.len < 2) try out.print("hello from Zig\n", .{});
    for (args[@min(1, args.len)..]) |name| try out.print("hello from Zig, {s}\n", .{name});
    try write(out.buffered());
}

/// Writes all bytes to standard output.
fn write(bytes: []const u8) !void {
    var rest = bytes;
    while (rest.len > 0) {
        const vector = [_]wasi.ciovec_t{.{ .base = rest.ptr, .len = rest.len }};
        var written: usize = 0;
        if (wasi.fd_write(1, &vector, 1, &written) != .SUCCESS) return error.WriteFailed;
        rest = rest[written..];
    }
}
