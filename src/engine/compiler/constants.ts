// Takes floats and tables of numbers, gives their source, and what binds it.

import { f32FromBits, f64FromBits, XD, XI } from "../../num/float-bits.ts";
import { Num, type ValType } from "../../syntax/types.ts";
import { prefersElements } from "./elements.ts";
import { int } from "./writer.ts";

/** Tables of numbers. And float constants: as numbers; NaNs are read from an array, as a host that knows them makes them all the same. */
export class Constants {
  readonly #words: number[] = [];
  /** By its words, which double of the array one is. */
  readonly #places = new Map<string, number>();
  /** The places of those that have names. */
  readonly #named = new Set<number>();
  readonly #tables = new Map<string, string>();

  float(type: ValType, lo: number, hi: number): string {
    const number = type === Num.F32 ? f32FromBits(lo) : f64FromBits(lo, hi);
    if (number !== number) {
      if (type === Num.F64) return `KD[${this.#place(lo, hi)}]`;
      XD[0] = number;
      return `KD[${this.#place(XI[0]!, XI[1]!)}]`;
    }
    if (Object.is(number, -0)) return "(-0)";
    if (Math.abs(number) === Number.POSITIVE_INFINITY) return number > 0 ? "(1/0)" : "(-1/0)";
    // To JavaScriptCore a number with a point is a double.
    const source = prefersElements() && Number.isSafeInteger(number) ? `${number}.` : String(number);
    return number < 0 ? `(${source})` : source;
  }

  /** An f64 that a variable is set to. One that is an integer has a name: V8 takes a literal for an int32, and so what is counted up from it. */
  initial(lo: number, hi: number): string {
    if (prefersElements() || !Number.isSafeInteger(f64FromBits(lo, hi))) return this.float(Num.F64, lo, hi);
    const place = this.#place(lo, hi);
    this.#named.add(place);
    return `KD${place}`;
  }

  #place(lo: number, hi: number): number {
    const key = `${lo} ${hi}`;
    let place = this.#places.get(key);
    if (place === undefined) {
      this.#places.set(key, (place = this.#words.length >> 1));
      this.#words.push(lo, hi);
    }
    return place;
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
    const named = [...this.#named].map((place) => `,KD${place}=KD[${place}]`).join("");
    const tables = [...this.#tables].map(([source, name]) => `const ${name}=Int32Array.of(${source});`);
    return (words === "" ? "" : `const KD=new Float64Array(Int32Array.of(${words}).buffer)${named};`) + tables.join("");
  }
}
