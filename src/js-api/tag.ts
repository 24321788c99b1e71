// Tags of exceptions as JavaScript sees them (JavaScript API: Tags).
import { type Extern, javascriptTag, TagInstance } from "../embedding.ts";
import { funcType, typeName } from "../syntax/types.ts";
import { externOf, INSIDE, keepObject, objectOf } from "./object-cache.ts";
import { valueTypes } from "./value-types.ts";
import { defineInterface, dictionary, isObject } from "./web-idl.ts";

/** A tag. */
export class Tag {
  readonly #tag: TagInstance;

  constructor(type: unknown, mark: unknown = undefined) {
    this.#tag = mark === INSIDE ? (type as TagInstance) : allocate(type);
    keepObject(this.#tag, this);
  }

  type(): { parameters: string[] } {
    return { parameters: this.#tag.values.map(typeName) };
  }
}

defineInterface(Tag, "Tag");

function allocate(type: unknown): TagInstance {
  if (!isObject(type)) throw new TypeError("the type of a tag is not an object");
  const parameters = dictionary(type, "the type of a tag")["parameters"];
  return new TagInstance(funcType(valueTypes(parameters, "the parameters of a tag"), []));
}

/** The object of a tag of the store. */
export function tagObject(tag: TagInstance): Tag {
  return (objectOf(tag) as Tag | undefined) ?? new Tag(tag, INSIDE);
}

/** The tag of the store that an object is, or a TypeError. */
export function tagOf(value: unknown): TagInstance {
  const extern: Extern | undefined = externOf(value);
  if (!(extern instanceof TagInstance)) throw new TypeError("a tag was expected");
  return extern;
}

/** The tag of what JavaScript throws. */
export function javascriptTagObject(): Tag {
  return tagObject(javascriptTag);
}
