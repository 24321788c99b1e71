// Takes a value that the host gave for an import, gives the extern it stands for (JavaScript API: read the imports).
import type { HostValue } from "../api/host.ts";
import { type Extern, isExtern } from "../instance/extern.ts";
import { FunctionInstance } from "../instance/function.ts";
import { GlobalInstance } from "../instance/global.ts";
import { incompatibleValue } from "../instance/link-error.ts";
import { describeValue, expectation, matchesType } from "../instance/value.ts";
import { ExternKind, type Import } from "../syntax/module.ts";
import type { HostModule } from "./host-module.ts";

/**
 * A plain function takes the import's type and has `home` for its caller where the host calls it; a value becomes a
 * constant. Throws the LinkError of an incompatible import where the value can be neither.
 */
export function externOf(value: HostValue, want: Import, home: HostModule): Extern {
  const { extern } = want;
  if (extern.kind === ExternKind.Func && typeof value === "function") {
    const run = value as (...args: never[]) => unknown;
    const label = `${want.module}.${want.name}`;
    return new FunctionInstance(extern.type, null, 0, {
      withModule: false,
      waits: true,
      run,
      label,
      name: want.name,
      home,
    });
  }
  if (extern.kind === ExternKind.Global && !(value instanceof GlobalInstance)) {
    const { type, mutable } = extern.type;
    if (mutable) throw incompatibleValue(want, `${describeValue(value)}, which cannot change`);
    if (!matchesType(type, value)) throw incompatibleValue(want, `${describeValue(value)}, not ${expectation(type)}`);
    return GlobalInstance.of({ type, mutable }, value);
  }
  if (isExtern(value)) return value;
  throw incompatibleValue(want, describeValue(value));
}
