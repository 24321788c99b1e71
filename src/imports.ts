// Takes an instance's own imports and the runtime's modules, gives what each import stands for: own ones first.
import type { Imports } from "./api/host.ts";
import { HostModule } from "./host/host-module.ts";
import { externOf } from "./host/import.ts";
import type { Extern } from "./instance/extern.ts";
import type { Resolve } from "./instance/link.ts";
import { unknownImport } from "./instance/link-error.ts";
import { endless, StoreModule } from "./instance/store-module.ts";
import type { Import } from "./syntax/module.ts";

/** The resolver of one instantiation. Names come from the guest, so only own properties count. */
export function importResolver(imports: Imports, moduleNamed: (name: string) => StoreModule | undefined): Resolve {
  const home = new HostModule("", endless);
  return (want) => {
    const own = Object.hasOwn(imports, want.module) ? imports[want.module] : undefined;
    const named = moduleNamed(want.module);
    const found = (own === undefined ? own : ownExtern(own, want, home)) ?? named?.extern(want.name);
    if (found !== undefined) return found;
    const isThere = own !== undefined || named !== undefined;
    throw unknownImport(
      want,
      isThere ? "its module does not export it" : `there is no such module${hintFor(want.module)}`,
    );
  };
}

/** What a program that was built for a system is most likely to be run without. */
function hintFor(module: string): string {
  return module === "wasi_snapshot_preview1" ? "; `wasi.instantiate(runtime)` of zerowasm/wasi makes it" : "";
}

function ownExtern(own: Imports[string], want: Import, home: HostModule): Extern | undefined {
  if (own instanceof StoreModule) return own.extern(want.name);
  if (typeof own !== "object" || own === null)
    throw new TypeError(`imports for module "${want.module}" are not an object`);
  return Object.hasOwn(own, want.name) ? externOf((own as Record<string, unknown>)[want.name], want, home) : undefined;
}
