// Takes the commands of a script, runs them through the public API, gives what went wrong (specification: interpreter/README, Scripts).
import { readFileSync } from "node:fs";
import {
  type CompiledModule,
  Exception,
  InvalidError,
  LinkError,
  MalformedError,
  type Module,
  Runtime,
  type RuntimeConfig,
  Trap,
} from "zerowasm";
import { type Action, type Command, parseScript, type ScriptModule } from "#dist/text/script.js";
import type { Pattern } from "#dist/text/script-values.js";
import { featuresOf, folderOf, type Script } from "./scripts.ts";
import { registerSpectest } from "./spectest.ts";
import { callWith, matches, patternText, resultOf, resultText } from "./values.ts";

/** A command that did not do what the script says. */
export interface Failure {
  readonly line: number;
  readonly message: string;
}

/** What came of a script. */
export interface Report {
  readonly commands: number;
  readonly failures: readonly Failure[];
  /** Errors of the right class whose message says something else than the script does. */
  readonly wordings: readonly Failure[];
  readonly milliseconds: number;
}

/** Runs a script with an engine configuration. */
export function runScript(script: Script, engine: RuntimeConfig): Report {
  return runSource(readFileSync(script.file, "utf8"), { ...engine, features: featuresOf(folderOf(script)) });
}

/** Runs the source of a script. */
export function runSource(source: string, config: RuntimeConfig): Report {
  const began = performance.now();
  const run = new ScriptRun(config, config.features?.includes("threads") === true);
  const commands = parseScript(source);
  for (const command of commands) run.command(command);
  run.end();
  const { failures, wordings } = run;
  return { commands: commands.length, failures, wordings, milliseconds: performance.now() - began };
}

class ScriptRun {
  readonly failures: Failure[] = [];
  readonly wordings: Failure[] = [];
  readonly #runtime: Runtime;
  readonly #registered: Record<string, Module> = {};
  readonly #instances = new Map<string, Module>();
  readonly #definitions = new Map<string, CompiledModule>();
  #instance: Module | undefined;
  #definition: CompiledModule | undefined;
  #line = 0;

  constructor(config: RuntimeConfig, hasSharedMemory: boolean) {
    this.#runtime = new Runtime(config);
    registerSpectest(this.#runtime, hasSharedMemory);
  }

  end(): void {
    this.#runtime.close();
  }

  command(command: Command): void {
    this.#line = command.line;
    try {
      this.#run(command);
    } catch (error) {
      this.#fail(errorText(error));
    }
  }

  #run(command: Command): void {
    switch (command.kind) {
      case "module":
        this.#define(command.module);
        if (!command.isDefinition) this.#instantiate(command.module.id, this.#definition!);
        return;
      case "instance":
        this.#instantiate(command.id, this.#definitionOf(command.definition));
        return;
      case "register":
        this.#registered[command.name] = this.#instanceOf(command.module);
        return;
      case "action":
        this.#act(command.action);
        return;
      case "assert_return":
        this.#compare(this.#act(command.action), command.results);
        return;
      case "assert_trap":
      case "assert_exhaustion":
        this.#expect(() => this.#act(command.action), Trap, command.message);
        return;
      case "assert_exception":
        this.#expectException(command.action);
        return;
      case "assert_malformed":
      case "assert_malformed_custom":
      case "assert_invalid_custom":
        this.#expect(() => this.#compile(command.module), MalformedError, command.message);
        return;
      case "assert_invalid":
        this.#expect(() => this.#compile(command.module), InvalidError, command.message);
        return;
      case "assert_unlinkable":
        this.#expect(() => this.#link(this.#compile(command.module)), LinkError, command.message);
        return;
      case "assert_uninstantiable":
        this.#expect(() => this.#link(this.#compile(command.module)), Trap, command.message);
        return;
    }
  }

  #compile({ encode }: ScriptModule): CompiledModule {
    return this.#runtime.compile(encode());
  }

  #link(compiled: CompiledModule): Module {
    return this.#runtime.instantiate(compiled, { imports: this.#registered, startFunctions: [] });
  }

  #define(module: ScriptModule): void {
    // Whatever follows must not take the module before for the one that failed.
    this.#instance = undefined;
    this.#definition = undefined;
    const compiled = this.#compile(module);
    this.#definition = compiled;
    if (module.id !== undefined) this.#definitions.set(module.id, compiled);
  }

  #instantiate(id: string | undefined, compiled: CompiledModule): void {
    this.#instance = this.#link(compiled);
    if (id !== undefined) this.#instances.set(id, this.#instance);
  }

  #definitionOf(id: string | undefined): CompiledModule {
    return (id === undefined ? this.#definition : this.#definitions.get(id)) ?? missing(`no definition ${id ?? ""}`);
  }

  #instanceOf(id: string | undefined): Module {
    return (id === undefined ? this.#instance : this.#instances.get(id)) ?? missing(`no instance ${id ?? ""}`);
  }

  #act({ kind, module, name, args }: Action): ReturnType<typeof callWith> {
    const instance = this.#instanceOf(module);
    if (kind === "get") {
      const global = instance.exportedGlobal(name) ?? missing(`no global "${name}"`);
      return [resultOf(global.valueType, global.get())];
    }
    return callWith(instance.exportedFunction(name) ?? missing(`no function "${name}"`), args);
  }

  #compare(got: ReturnType<typeof callWith>, want: readonly Pattern[]): void {
    if (got.length === want.length && want.every((pattern, i) => matches(pattern, got[i]!))) return;
    this.#fail(`expected ${list(want.map(patternText))}, got ${list(got.map(resultText))}`);
  }

  #expect(run: () => unknown, kind: abstract new (...args: never[]) => Error, message: string): void {
    const error = errorOf(run);
    if (error === undefined) this.#fail(`expected "${message}", got no error`);
    else if (!(error instanceof kind)) this.#fail(`expected "${message}" (${kind.name}), got ${errorText(error)}`);
    else if (error instanceof Trap) {
      if (!isSameTrap(error.code, message)) this.#fail(`expected the trap "${message}", got "${error.code}"`);
    } else if (!error.message.includes(message)) {
      this.wordings.push({ line: this.#line, message: `"${message}": ${error.message.split("\n")[0]}` });
    }
  }

  #expectException(action: Action): void {
    const error = errorOf(() => this.#act(action));
    if (error instanceof Exception) return;
    this.#fail(`expected an exception, got ${error === undefined ? "no error" : errorText(error)}`);
  }

  #fail(message: string): void {
    this.failures.push({ line: this.#line, message });
  }
}

// The messages of scripts are longer or shorter than ours: "uninitialized element 2", "uninitialized".
function isSameTrap(code: string, message: string): boolean {
  return code.startsWith(message) || message.startsWith(code);
}

function errorOf(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error ?? new Error("threw nothing");
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.split("\n")[0]}` : String(error);
}

function list(texts: readonly string[]): string {
  return texts.length === 0 ? "nothing" : texts.join(", ");
}

function missing(what: string): never {
  throw new Error(what.trim());
}
