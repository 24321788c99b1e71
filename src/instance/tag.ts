// An exception tag of the store (specification: 4.2.10 Tag instances).
import type { Tag } from "../api/global.ts";
import type { ValueType } from "../api/value.ts";
import { defType, type TypeId, typeName } from "../syntax/types.ts";

/** Two tags are the same tag when the objects are. */
export class TagInstance implements Tag {
  readonly type: TypeId;

  constructor(type: TypeId) {
    this.type = type;
  }

  get params(): readonly ValueType[] {
    return defType(this.type).params.map(typeName);
  }
}
