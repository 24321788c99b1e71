// Takes a decoded module, gives the features it uses: those that validation would ask for (specification: A.7 Change history).
import { allFeatures, type Feature } from "../syntax/features.ts";
import { immediateParts } from "../syntax/immediate-parts.ts";
import { instructions } from "../syntax/instructions.ts";
import type { Module } from "../syntax/module.ts";
import { Imm, type Row } from "../syntax/opcodes.ts";
import { eachNeed } from "./features.ts";
import { prefixIndex } from "./words.ts";

const features = [...allFeatures];

/** By opcode: an `Imm`, and one more than the feature's place in `features` (0: none); `none` where there is no such opcode. */
interface Table {
  readonly immediates: Uint8Array;
  readonly since: Uint8Array;
}

const none = 255;
let plain: Table | undefined;
let prefixed: Table | undefined;

/** The features that a module uses, in the order of versions. Bodies that cannot be decoded are looked at as far as they can. */
export function featuresUsed(module: Module): readonly Feature[] {
  const uses = new Set<Feature>();
  eachNeed(module, (feature) => uses.add(feature));
  scanBodies(module, uses);
  return features.filter((feature) => uses.has(feature));
}

function scanBodies(module: Module, uses: Set<Feature>): void {
  const scan = new BodyScan(module);
  for (let i = 0; i < module.bodyStart.length; i++) scan.body(module.bodyStart[i], module.bodyEnd[i]);
  for (const [i, feature] of features.entries()) if (scan.found[i + 1] !== 0) uses.add(feature);
}

/** The walk over instructions. It only reads forwards, so that it ends whatever the bytes are. */
class BodyScan {
  readonly found: Uint8Array = new Uint8Array(features.length + 1);
  readonly #bytes: Uint8Array;
  #pos = 0;

  constructor({ bytes }: Module) {
    this.#bytes = bytes;
    plain ??= tableOf((op) => (op < 0x100 ? op : -1), 0x100);
    prefixed ??= tableOf(prefixedIndex, 4 << 9);
  }

  body(start: number, end: number): void {
    const bytes = this.#bytes;
    const { immediates, since } = plain!;
    const { found } = this;
    this.#pos = start;
    for (let count = this.#u32(); count > 0 && this.#pos < end; count--) {
      this.#skipNumber();
      this.#valType();
    }
    while (this.#pos < end) {
      const first = bytes[this.#pos++];
      const imm = immediates[first];
      found[since[first]] = 1;
      if (imm === Imm.Local || imm === Imm.Func || imm === Imm.I32 || imm === Imm.Label) this.#skipNumber();
      else if (imm === none) {
        if (first < 0xfb || first === 0xff || !this.#prefixed(first)) return;
      } else if (imm !== Imm.None) this.#immediates(imm);
    }
  }

  #prefixed(prefix: number): boolean {
    const code = this.#u32();
    const index = code < 0x200 ? prefixIndex(prefix, code) : -1;
    const imm = prefixed!.immediates[index] ?? none;
    if (imm === none) return false;
    this.found[prefixed!.since[index]] = 1;
    this.#immediates(imm);
    return true;
  }

  #immediates(imm: Imm): void {
    const parts = immediateParts[imm] ?? "n";
    for (let i = 0; i < parts.length; i++) {
      if (parts[i] !== "*") this.#part(parts[i]);
      else for (let n = this.#u32(), part = parts[++i]; n > 0 && this.#pos < this.#bytes.length; n--) this.#part(part);
    }
  }

  #part(part: string): void {
    switch (part) {
      case "b":
        this.#pos++;
        return;
      case "T":
        return this.#index("reference-types");
      case "M":
        return this.#index("multi-memory");
      case "A":
        return this.#memArg();
      case "B":
        return this.#blockType();
      case "V":
        return this.#valType();
      case "H":
        return this.#heapType(true);
      case "C":
        if (this.#bytes[this.#pos++] < 2) this.#skipNumber();
        return this.#skipNumber();
      default:
        this.#skipNumber();
    }
  }

  #memArg(): void {
    if ((this.#bytes[this.#pos] & 0x40) !== 0) this.#use("multi-memory");
    if ((this.#u32() & 0x40) !== 0) this.#skipNumber();
    this.#skipNumber();
  }

  #blockType(): void {
    const first = this.#bytes[this.#pos];
    if (first >= 0x40 && first < 0x80) {
      if (first !== 0x40) this.#valType();
      else this.#pos++;
      return;
    }
    this.#skipNumber();
    this.#use("multi-value");
  }

  #valType(): void {
    const code = this.#bytes[this.#pos];
    if (code >= 0x7b) {
      this.#pos++;
      if (code === 0x7b) this.#use("simd");
    } else if (code === 0x63 || code === 0x64) {
      this.#pos++;
      this.#heapType(code === 0x63);
    } else this.#heapType(true);
  }

  #heapType(nullable: boolean): void {
    const code = this.#bytes[this.#pos];
    this.#skipNumber();
    if (code === 0x70 || code === 0x6f) this.#use(nullable ? "reference-types" : "function-references");
    else if (code === 0x69 || code === 0x74) this.#use("exceptions");
    else if (code >= 0x6a && code <= 0x73) this.#use("gc");
    else this.#use("function-references");
  }

  // A zero byte before the feature.
  #index(feature: Feature): void {
    const first = this.#bytes[this.#pos];
    this.#skipNumber();
    if (first !== 0) this.#use(feature);
  }

  #use(feature: Feature): void {
    this.found[features.indexOf(feature) + 1] = 1;
  }

  #skipNumber(): void {
    while (this.#bytes[this.#pos++] >= 0x80);
  }

  #u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#pos++];
      value |= (byte & 0x7f) << shift;
      if (!(byte >= 0x80)) return value >>> 0;
    }
  }
}

function prefixedIndex(op: number): number {
  if (op < 0x100) return -1;
  return op > 0xfffff ? -1 : op > 0xffff ? prefixIndex(op >> 12, op & 0xfff) : prefixIndex(op >> 8, op & 0xff);
}

function tableOf(indexOf: (op: number) => number, size: number): Table {
  const table = { immediates: new Uint8Array(size).fill(none), since: new Uint8Array(size) };
  for (const name in instructions) {
    const [op, immediates, , since]: Row = instructions[name]!;
    const index = indexOf(op);
    if (index < 0) continue;
    table.immediates[index] = immediates;
    table.since[index] = since === undefined ? 0 : features.indexOf(since) + 1;
  }
  return table;
}
