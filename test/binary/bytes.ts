// Takes sections, gives the bytes of a module: no more help than that, so that every offset in a test can be counted.

export const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** A module of sections. The first section's contents begin at offset 10 where it has less than 128 bytes. */
export function moduleOf(...sections: readonly number[][]): Uint8Array {
  return Uint8Array.from([...header, ...sections.flat()]);
}

/** A section of at most 127 bytes. */
export function section(id: number, ...contents: number[]): number[] {
  return [id, contents.length, ...contents];
}

/** A function of type 0, which is without parameters and results, with a body of at most 120 bytes. */
export function withBody(...body: number[]): Uint8Array {
  return moduleOf(section(1, 1, 0x60, 0, 0), section(3, 1, 0), section(10, 1, body.length + 1, 0, ...body));
}

/** Where the first instruction of `withBody` stands. */
export const bodyOffset = 8 + 6 + 4 + 5;
