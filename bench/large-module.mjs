// Takes a module, gives one with every function body many times over: something large to translate. Specification: 5.5 Modules.

function readUnsigned(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 127) << shift;
    if (byte < 128) return [value, at];
  }
}

function unsigned(value) {
  const out = [];
  for (; value > 127; value >>>= 7) out.push((value & 127) | 128);
  out.push(value);
  return Uint8Array.from(out);
}

/** The added functions are never called, so bodies and types can be repeated as they are. */
export function repeatFunctions(bytes, times) {
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at];
    const [size, start] = readUnsigned(bytes, at + 1);
    const end = start + size;
    // 3 is the function section, 10 the code section: both are vectors with one item a function.
    if (id === 3 || id === 10) {
      const [count, items] = readUnsigned(bytes, start);
      const length = unsigned(count * times);
      const content = bytes.subarray(items, end);
      parts.push(Uint8Array.of(id), unsigned(length.length + content.length * times), length);
      for (let i = 0; i < times; i++) parts.push(content);
    } else {
      parts.push(bytes.subarray(at, end));
    }
    at = end;
  }
  return Buffer.concat(parts);
}
