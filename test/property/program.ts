// Takes a module as plain data, gives its binary form and the facts a machine needs to run it.
import { type Instr, ModuleBuilder } from "../support/module-builder.ts";
import { type Bits, type NumberType, widthOf } from "./values.ts";

export interface Signature {
  readonly params: readonly NumberType[];
  readonly results: readonly NumberType[];
}

export interface ProgramFunction extends Signature {
  readonly locals: readonly NumberType[];
  /** Without the last `end`. */
  readonly body: readonly Instr[];
}

/** A module without imports: its functions are exported as `f0`, `f1`…, its memory as `memory`, its globals as `g0`…. */
export interface Program {
  /** For block types and call_indirect, by index; no two are the same. */
  readonly types: readonly Signature[];
  readonly functions: readonly ProgramFunction[];
  readonly globals?: readonly { readonly type: NumberType; readonly bits: Bits }[];
  readonly memoryPages?: { readonly min: number; readonly max: number };
  /** Whether the memory's addresses are 64 bits wide. */
  readonly memory64?: boolean;
  /** What the memory begins with. */
  readonly memory?: readonly number[];
  /** Functions of table 0 by index; null leaves a hole. */
  readonly table?: readonly (number | null)[];
  /** Passive data segments. */
  readonly data?: readonly (readonly number[])[];
}

/** `type.const` of these bits. */
export function constant(type: NumberType, bits: Bits): Instr {
  if (type === "i32") return ["i32.const", BigInt.asIntN(32, bits)];
  if (type === "i64") return ["i64.const", BigInt.asIntN(64, bits)];
  const bytes = new Uint8Array(widthOf(type) / 8);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number((bits >> BigInt(8 * i)) & 0xffn);
  return [`${type}.const`, bytes];
}

/** The bits of the constant that `constant` wrote. */
export function bitsOfConstant(immediate: unknown, type: NumberType): Bits {
  if (!(immediate instanceof Uint8Array)) return BigInt.asUintN(widthOf(type), BigInt(immediate as number | bigint));
  let bits = 0n;
  for (let i = immediate.length - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(immediate[i]!);
  return bits;
}

export function encode(program: Program): Uint8Array<ArrayBuffer> {
  const builder = new ModuleBuilder();
  for (const { params, results } of program.types) builder.type(params, results);
  program.functions.forEach((f, i) => {
    builder.function({ params: f.params, results: f.results, locals: f.locals, export: `f${i}` }, ...f.body);
  });
  program.globals?.forEach(({ type, bits }, i) => {
    builder.global(type, true, [constant(type, bits)], `g${i}`);
  });
  const { memoryPages, memory64 = false } = program;
  if (memoryPages !== undefined) builder.memory(memoryPages.min, memoryPages.max, "memory", { index64: memory64 });
  if (program.table !== undefined) {
    builder.table("funcref", program.table.length);
    program.table.forEach((index, at) => {
      if (index !== null) builder.elements([["i32.const", at]], [index]);
    });
  }
  for (const bytes of program.data ?? []) builder.data(undefined, bytes);
  if (program.memory !== undefined) builder.data([[memory64 ? "i64.const" : "i32.const", 0]], program.memory);
  return builder.build();
}
