// Takes the sections of a module, gives its bytes (specification: 5.5 Modules).
import { Writer, writeCustom, writeHeader, writeList } from "../binary/encode.ts";
import { SectionId, sectionOrder } from "../binary/section-id.ts";
import type { ModuleText } from "./module.ts";
import { encodeNames } from "./name-section.ts";

/** Puts sections and custom sections in order; what is written for something in the text is marked. */
export function writeModule(module: ModuleText): Writer {
  const out = new Writer(4096);
  writeHeader(out);
  const customs = (section: SectionId, isBefore: boolean): void => {
    for (const custom of module.customs) {
      if (custom.section === section && custom.isBefore === isBefore) writeCustom(out, custom.name, custom.bytes);
    }
  };
  for (const id of sectionOrder) {
    out.mark(-1);
    customs(id, true);
    if (id === SectionId.Code) writeHints(module, out);
    writeSection(module, id, out);
    out.mark(-1);
    if (id === SectionId.Data) writeNames(module, out);
    customs(id, false);
  }
  return out;
}

function writeSection(module: ModuleText, id: SectionId, out: Writer): void {
  if (id === SectionId.Start) {
    out.mark(module.startPlace);
    writeNumber(id, module.start, out);
  } else if (id === SectionId.DataCount) {
    writeNumber(id, module.spaces.needsDataCount ? module.section(SectionId.Data).count : undefined, out);
  } else writeList(out, id, module.section(id));
}

function writeNumber(id: SectionId, value: number | undefined, out: Writer): void {
  if (value === undefined) return;
  const body = new Writer(8);
  body.u32(value);
  out.byte(id);
  out.appendSized(body);
}

function writeNames(module: ModuleText, out: Writer): void {
  if (module.customs.some(({ name }) => name === "name")) return;
  const names = encodeNames(module.name, module.spaces, module.functionNames);
  if (names.length > 0) writeCustom(out, "name", names);
}

function writeHints({ branchHints }: ModuleText, out: Writer): void {
  if (branchHints.size === 0) return;
  const body = new Writer();
  body.u32(branchHints.size);
  for (const [index, hints] of branchHints) {
    body.u32(index);
    body.u32(hints.length);
    for (const [position, value] of hints) {
      body.u32(position);
      body.u32(1);
      body.byte(value);
    }
  }
  writeCustom(out, "metadata.code.branch_hint", body.view());
}
