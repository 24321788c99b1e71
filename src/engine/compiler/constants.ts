// Takes floats and tables of numbers, gives their source, and what binds it.

import { f32FromBits, f64FromBits, XD, XI } from "../../num/float-bits.ts";
import { Num, type ValType } from "../../syntax/types.ts";
import { int } from "./writer.ts";

/** Tables of numbers. And float constants: as numbers; NaNs are read from an array, as a host that knows them makes them all the same. */
export class Constants {
  readonly #words: number[] = [];
  /** By its words, which double of the array a NaN is. */
  readonly #places = new Map<string, number>();
  readonly #tables = new Map<string, string>();

  float(type: ValType, lo: number, hi: number): string {
    const number = type === Num.F32 ? f32FromBits(lo) : f64FromBits(lo, hi);
    if (number !== number) {
      if (type === Num.F64) return this.#nan(lo, hi);
      XD[0] = number;
      return this.#nan(XI[0]!, XI[1]!);
    }
    if (Object.is(number, -0)) return "(-0)";
    if (Math.abs(number) === Number.POSITIVE_INFINITY) return number > 0 ? "(1/0)" : "(-1/0)";
    return number < 0 ? `(${number})` : String(number);
  }

  #nan(lo: number, hi: number): string {
    const key = `${lo} ${hi}`;
    let place = this.#places.get(key);
    if (place === undefined) {
      this.#places.set(key, (place = this.#words.length >> 1));
      this.#words.push(lo, hi);
    }
    return `KD[${place}]`;
  }

  /** An array of small numbers. */
  table(numbers: readonly number[]): string {
    const source = numbers.join();
    let name = this.#tables.get(source);
    if (name === undefined) this.#tables.set(source, (name = `K${this.#tables.size}`));
    return name;
  }

  bindings(): string {
    const words = this.#words.map(int).join();
    const tables = [...this.#tables].map(([source, name]) => `const ${name}=Int32Array.of(${source});`);
    return (words === "" ? "" : `const KD=new Float64Array(Int32Array.of(${words}).buffer);`) + tables.join("");
  }
}
