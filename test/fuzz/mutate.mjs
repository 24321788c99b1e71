// Takes a module's bytes, gives a changed module: bytes anywhere, or within a section or body whose size is put right again.

const telling = [0x00, 0x01, 0x02, 0x04, 0x05, 0x06, 0x0b, 0x0e, 0x11, 0x1f, 0x40, 0x4e, 0x50, 0x5f, 0x60, 0x63, 0x64];
const types = [
  0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x71, 0x73, 0x74, 0x77, 0x78, 0x7b, 0x7c, 0x7d, 0x7e, 0x7f,
];
const extending = [
  0x08, 0x0a, 0x12, 0x14, 0x15, 0x1c, 0x80, 0xc0, 0xd0, 0xd2, 0xd3, 0xd4, 0xd5, 0xfb, 0xfc, 0xfd, 0xfe, 0xff,
];
const likely = [...telling, ...types, ...extending];

const header = 8;
const codeSection = 10;

/** One mutant. */
export function mutate(bytes, random) {
  if (random.below(3) === 0) return new Uint8Array(change([...bytes], header, random));
  const sections = split(bytes, header).map(({ id, contents }) => ({ id, contents }));
  if (sections.length === 0) return bytes;
  const section = random.pick(sections);
  section.contents =
    section.id === codeSection ? changeBody(section.contents, random) : change(section.contents, 0, random);
  return new Uint8Array([
    ...bytes.subarray(0, header),
    ...sections.flatMap(({ id, contents }) => [id, ...sized(contents)]),
  ]);
}

/** Changes a list of bytes in one to three places. */
function change(list, from, random) {
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = from + random.below(Math.max(list.length - from, 1));
    const other = from + random.below(Math.max(list.length - from, 1));
    const byte = random.below(3) === 0 ? random.below(256) : random.pick(likely);
    switch (random.below(7)) {
      case 0:
        list.splice(at, 1 + random.below(3));
        break;
      case 1:
        list.splice(at, 0, byte);
        break;
      case 2:
        list.splice(at, 0, ...list.slice(other, other + 1 + random.below(12)));
        break;
      case 3:
        list[at] ^= 1 << random.below(8);
        break;
      default:
        list[at] = byte;
    }
  }
  return list;
}

/** Changes one function body of a code section. */
function changeBody(contents, random) {
  const [count, start] = leb(contents, 0);
  const bodies = [];
  for (let at = start; bodies.length < count && at < contents.length; ) {
    const [size, body] = leb(contents, at);
    bodies.push(contents.slice(body, body + size));
    at = body + size;
  }
  if (bodies.length === 0) return contents;
  const at = random.below(bodies.length);
  bodies[at] = change(bodies[at], 0, random);
  return [...contents.slice(0, start), ...bodies.flatMap(sized)];
}

function split(bytes, from) {
  const sections = [];
  for (let at = from; at < bytes.length; ) {
    const [size, start] = leb(bytes, at + 1);
    sections.push({ id: bytes[at], contents: [...bytes.subarray(start, start + size)] });
    at = start + size;
  }
  return sections;
}

/** The unsigned number at a place, and the place behind it. */
function leb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 0x7f) << shift;
    if (!(byte & 0x80)) return [value, at];
  }
}

function sized(contents) {
  const size = [];
  let left = contents.length;
  for (; left > 0x7f; left >>>= 7) size.push((left & 0x7f) | 0x80);
  return [...size, left, ...contents];
}
