// An exception tag of the store (specification: 4.2.11 Tag instances).
import type { Tag } from "../api/global.ts";
import type { ValueType } from "../api/value.ts";
import { defType, isRef, slotsOfAll, type TypeId, typeName, type ValType } from "../syntax/types.ts";

/** Two tags are the same tag when the objects are. */
export class TagInstance implements Tag {
  readonly type: TypeId;
  /** Types of the values that its exceptions carry. */
  readonly values: readonly ValType[];
  /** Slots that the values fill; a v128 fills two. */
  readonly slots: number;
  readonly hasReferences: boolean;

  constructor(type: TypeId) {
    this.type = type;
    this.values = defType(type).params;
    this.slots = slotsOfAll(this.values);
    this.hasReferences = this.values.some(isRef);
  }

  get params(): readonly ValueType[] {
    return this.values.map(typeName);
  }
}
