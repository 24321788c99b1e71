// Takes the bytes of a module that decodes, gives where its sections lie (specification: 5.5.2 Sections).
import { Reader } from "./reader.ts";

/** A section: its contents without the header. */
export interface SectionRange {
  readonly id: number;
  readonly start: number;
  readonly byteLength: number;
}

const headerBytes = 8;

/** The sections in the order of the binary. */
export function listSections(bytes: Uint8Array): readonly SectionRange[] {
  const reader = new Reader(bytes, headerBytes, bytes.length);
  const sections: SectionRange[] = [];
  while (reader.pos < bytes.length) {
    const id = reader.byte();
    const byteLength = reader.u32();
    sections.push({ id, start: reader.skip(byteLength), byteLength });
  }
  return sections;
}

/** The number of entries of a section that is a list. */
export function countEntries(bytes: Uint8Array, { start, byteLength }: SectionRange): number {
  return new Reader(bytes, start, start + byteLength).u32();
}
