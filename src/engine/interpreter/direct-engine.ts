// Takes modules with a tier, runs none of their code in the loop while there is nothing but compiled functions to run (specification: 4.5.5 Invocation).
import type { EngineCode, Tier } from "../../instance/engine.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import type { ModuleCode } from "./code.ts";
import { Code, lengths } from "./codes.generated.ts";
import type { DispatchForm } from "./dispatch.ts";
import { EXIT } from "./frames.ts";
import { outside } from "./outside.ts";
import { TieredInterpreter } from "./tiered-engine.ts";

/** The interpreter for a compiler: a call that may be suspended begins in it, and most often goes on in a compiled function at once. */
export class DirectInterpreter extends TieredInterpreter {
  override prepare(module: ValidatedModule, tier?: Tier): EngineCode {
    const code = super.prepare(module, tier) as ModuleCode;
    if (tier !== undefined && code.form.name === "switch") code.form = directly(code.form);
    return code;
  }
}

const forms = new Map<DispatchForm, DispatchForm>();

/** The same form, which takes longer for its first run than such a function does. */
function directly(form: DispatchForm): DispatchForm {
  let direct = forms.get(form);
  if (direct === undefined) {
    direct = {
      ...form,
      run(a) {
        while (a.pc !== EXIT) {
          const { pc, instance } = a;
          const { words } = instance.engineState as ModuleCode;
          const isCompiled = words[pc] === Code.compiled || (words[pc] === Code.count && words[pc + 1] === 0);
          if (!isCompiled) return form.run(a);
          a.failedAt = pc;
          if (outside(a, words, pc, pc + lengths[words[pc]!]!)) return 1;
        }
        return 0;
      },
    };
    forms.set(form, direct);
  }
  return direct;
}
