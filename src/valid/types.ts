// Checks that declared subtypes are below their supertypes (specification: 3.2.11 Recursive types, 3.3.8 Composite types).
import type { Module } from "../syntax/module.ts";
import { CompositeKind, type DefType, defType, type FieldType, matchesVal, type ValType } from "../syntax/types.ts";
import { failModule } from "./fail.ts";

/** Checks the type section. */
export function checkTypes({ types, typePositions }: Module): void {
  for (let i = 0; i < types.length; i++) {
    const { display } = types[i];
    if (display.length < 2) continue;
    const above = defType(display[display.length - 2]);
    if (above.final || !matchesComposite(types[i], above)) {
      const reason = above.final ? "is final" : "does not match";
      failModule(`sub type ${i}: its super type ${reason}`, typePositions[i]);
    }
  }
}

function matchesComposite(sub: DefType, sup: DefType): boolean {
  if (sub.kind !== sup.kind) return false;
  switch (sub.kind) {
    case CompositeKind.Func:
      return matchesList(sup.params, sub.params) && matchesList(sub.results, sup.results);
    case CompositeKind.Struct:
    case CompositeKind.Array:
      return (
        sub.fields.length >= sup.fields.length && sup.fields.every((field, i) => matchesField(sub.fields[i], field))
      );
  }
}

function matchesList(subs: readonly ValType[], sups: readonly ValType[]): boolean {
  return subs.length === sups.length && subs.every((sub, i) => matchesVal(sub, sups[i]));
}

function matchesField(sub: FieldType, sup: FieldType): boolean {
  if (sub.mutable !== sup.mutable) return false;
  return sub.storage === sup.storage || (!sub.mutable && matchesVal(sub.storage, sup.storage));
}
