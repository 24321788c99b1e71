// Takes classes as written and as transpilers write them, gives both the shape of an interface.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineInterface } from "#dist/js-api/web-idl.js";

class Written {
  static make(): Written {
    return new Written();
  }
  get name(): string {
    return "written";
  }
}

/** A sloppy function, which has a `caller` and `arguments` that cannot be defined anew. */
const transpiled = new Function(`
  function Transpiled() {}
  Transpiled.make = function () { return new Transpiled(); };
  Object.defineProperty(Transpiled.prototype, "name", { get: function () { return "transpiled"; }, configurable: true });
  return Transpiled;`)() as typeof Written;

for (const type of [Written, transpiled]) {
  test(`${type.name} becomes an interface`, () => {
    defineInterface(type, "Thing");
    assert.deepEqual(Object.keys(type), ["make"]);
    assert.deepEqual(Object.keys(type.prototype), ["name"]);
    assert.equal(String(type.make()), "[object WebAssembly.Thing]");
  });
}
