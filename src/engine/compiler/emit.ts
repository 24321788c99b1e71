// Takes a function's tree, gives the JavaScript source of the function (tree.ts says what a tree is).

import { type FunctionTree, LABEL_RETURN, type Stmt, StmtKind, type TryStmt } from "../../ir/tree.ts";
import type { ValidatedModule } from "../../syntax/module.ts";
import { assign, copySlots } from "./assign.ts";
import { argument, call, callDynamic, returnResults, returnStatement } from "./calls.ts";
import { Chains, chainOf, ownFrom, type Run } from "./chain.ts";
import type { Constants } from "./constants.ts";
import { endsControl, MAX_NESTING, wayTo } from "./control.ts";
import { declaredParameters } from "./declared-parameters.ts";
import { catches, Tries, throwNew, throwReference } from "./exceptions.ts";
import { FloatUses } from "./float-uses.ts";
import { endOfSets, firstArgument, isMove, takeSunk } from "./folding.ts";
import type { Globals } from "./globals.ts";
import { declarations, head, left } from "./head.ts";
import { instruction } from "./instruction.ts";
import { Level } from "./level.ts";
import { store } from "./memory.ts";
import type { Memories } from "./memory-views.ts";
import type { ModuleNames } from "./names.ts";
import type { Piece } from "./outline.ts";
import { beginPiece, callPiece, endPiece, leavePiece, parameters } from "./piece.ts";
import { SuspensionSites } from "./suspend.ts";
import { bouncer, resetLocals, tailCall } from "./tail-calls.ts";
import type { Twin } from "./twin.ts";
import { condition, kept, value } from "./value.ts";
import { type SlotKinds, slotKinds } from "./vector-kinds.ts";
import { NotCompilable, Writer } from "./writer.ts";

/** A jump with so many targets takes the number of the block from a table, where all are blocks of a chain. */
const MIN_TABLE = 8;

/** What a function that is too long for the host's JIT is at first: printed as a whole, until it is hot and compiled again in pieces. */
export interface First {
  /** The most characters of source that the host optimises: no function that is shorter goes through this. */
  readonly length: number;
  /** Calls and turns after which it is hot. A loop goes over after as many more: after a call less is to be printed. */
  readonly turns: number;
}

export interface EmitOptions {
  /** Whether lines begin with the byte offsets of their instructions: see `Writer`. */
  readonly positions: boolean;
  /** The label of a loop that the function is entered at, from a frame in the interpreter's registers; -1 for its beginning; or `WHOLES`. */
  readonly label: number;
  /** Whether i64 values are whole, see wide.ts; else they are in halves; with null until the function is hot. */
  readonly wide?: boolean | null | undefined;
  /** Which of two this is, where a function is printed twice: see twin.ts. */
  readonly twin?: Twin | undefined;
  /** What of the function are functions of their own, by the first statement of each. */
  readonly pieces?: ReadonlyMap<Stmt, Piece> | undefined;
  /** Where it goes over to a form for what is hot, as it is too long to be optimised. */
  readonly first?: First | undefined;
  /** Whether a function that is entered at a loop is handed its variables by such a form, as an object. */
  readonly isHanded?: boolean | undefined;
}

const none: ReadonlyMap<Stmt, Piece> = new Map();

/** Prints one function. */
export class FunctionEmitter {
  readonly module: ValidatedModule;
  readonly tree: FunctionTree;
  readonly names: ModuleNames;
  readonly writer: Writer;
  readonly globals: Globals;
  readonly memories: Memories;
  readonly constants: Constants;
  readonly index: number;
  /** What validation has found out about it: see `Fact`. */
  readonly facts: number;
  readonly twin: Twin | undefined;
  /** Labels that something branches to. */
  readonly #used = new Set<number>();
  readonly #loops = new Set<number>();
  /** How many lines its longest loop has, if it is printed as a first form. */
  longest = 0;
  /** Labels that something branches to while views are stale. */
  readonly #stale = new Set<number>();
  readonly #entry: number;
  /** The statements that hold the loop to enter at, and where in its list each stands: those before it are skipped on the way in. */
  readonly #way: ReadonlyMap<Stmt, number>;
  #depth = 0;
  /** What the host's stack takes for the piece that takes most. */
  deepest = 0;
  readonly #chains = new Chains();
  /** The last statement of a chain's innermost block: the switch comes right behind it. */
  #jumpIntoChain: Stmt | undefined;
  /** What is set in the cases of the next jump table. */
  #sunk = "";
  readonly tries: Tries = new Tries();
  /** What tail calls this function makes: to itself, which is a turn of a loop, and to others. */
  readonly tailCalls: { own: boolean; others: boolean } = { own: false, others: false };
  #slotKinds: SlotKinds | undefined;
  #floats: FloatUses | undefined;
  readonly #sites: SuspensionSites | null;
  /** The sources of the pieces. */
  readonly printed: string[] = [];

  readonly first: First | undefined;
  readonly isHanded: boolean;
  /** Whether i64 values are in halves only until it is hot. */
  readonly isNarrow: boolean;
  readonly pieces: ReadonlyMap<Stmt, Piece>;
  /** The piece that is printed instead of the function, which prints it. */
  readonly #piece: Piece | null;
  readonly #whole: FunctionEmitter | null;

  constructor(
    names: ModuleNames,
    tree: FunctionTree,
    index: number,
    { positions, label, wide, twin, pieces = none, first, isHanded = false }: EmitOptions,
    piece: Piece | null = null,
    whole: FunctionEmitter | null = null,
  ) {
    this.twin = twin;
    this.first = first;
    this.isNarrow = wide === null && first === undefined;
    this.isHanded = isHanded;
    this.pieces = pieces;
    this.#piece = piece;
    this.#whole = whole;
    this.writer = new Writer(positions);
    if (wide === true) this.writer.makeWide(tree.slots, whole?.writer);
    this.#sites = whole !== null ? whole.#sites : names.mayBeSuspended(index) ? new SuspensionSites(index, tree) : null;
    this.#entry = label;
    this.#way = wayTo(tree.body, label);
    this.names = names;
    this.module = names.module;
    this.tree = tree;
    this.index = index;
    this.facts = names.module.facts[index - names.module.importedFunctions]!;
    this.globals = names.globals;
    this.memories = names.memories;
    this.constants = names.constants;
  }

  /** Whether a part of the function is printed, as a function of its own. */
  get isPiece(): boolean {
    return this.#piece !== null;
  }

  get hasTailCalls(): boolean {
    return this.tailCalls.own || this.tailCalls.others;
  }

  get isEnteredAtLoop(): boolean {
    return this.#entry >= 0;
  }

  /** The forms of the slots that hold vectors. */
  get slotKinds(): SlotKinds {
    if (this.#whole !== null) return this.#whole.slotKinds;
    this.#slotKinds ??= slotKinds(this.tree.body);
    return this.#slotKinds;
  }

  /** What is known of the floats. */
  get floats(): FloatUses {
    if (this.#whole !== null) return this.#whole.floats;
    this.#floats ??= new FloatUses(this.tree.body, this.names, this.names.resultsOf(this.index));
    return this.#floats;
  }

  /** The source; with positions as `Writer` has them. */
  run(): string {
    const { writer, tree } = this;
    const isSteady = this.first === undefined && this.names.steadiness?.isSteady(this.index);
    this.memories.begin(isSteady ?? false, this.isEnteredAtLoop, writer);
    this.names.arrays.begin();
    const begun = writer.reserve();
    const declared = writer.reserve();
    const params = declaredParameters(this);
    const opened = writer.reserve();
    const again = writer.reserve();
    if (this.first !== undefined) writer.declare("o");
    this.#block(tree.body);
    if (this.tailCalls.own) {
      writer.fill(again, `T:for(;;){${resetLocals(this)}`);
      writer.line("}");
    }
    if (this.first !== undefined) {
      const variables = writer.slotVariables(params.names);
      writer.fill(opened, `O:for(;;){if(o>0)return renew(${this.index},o-1)({${variables.join()}},n);`);
      writer.line("return}");
    }
    if (this.hasWholeTurns) {
      writer.fill(opened, "for(;;){if(j>0){j--;continue}");
      writer.line("return}");
    }
    for (const piece of this.pieces.values()) this.printed.push(this.#print(piece));
    this.#closeSites(opened, params.names);
    writer.line("}");
    writer.exclude(params.names);
    const name = `${this.tailCalls.others ? "b" : this.twin === "second" ? "x" : "w"}${this.index}`;
    writer.fill(begun, `function ${name}${head(this, params)}`);
    if (this.tailCalls.others) writer.line(bouncer(this, params.names));
    writer.fill(declared, declarations(this) + this.#bind());
    return this.#text();
  }

  /** See `ModuleNames.wholeTurns`. */
  get hasWholeTurns(): boolean {
    return this.writer.isWide && !this.isEnteredAtLoop;
  }

  #bind(): string {
    return this.names.arrays.bind() + this.memories.bind();
  }

  #text(): string {
    return this.memories.filled(this.writer.lines.join("\n"));
  }

  /** The source of a piece. */
  #print(piece: Piece): string {
    const { names, tree, index, writer, isNarrow } = this;
    const options = { positions: writer.hasPositions, label: -1, wide: isNarrow ? null : writer.isWide };
    const emitter = new FunctionEmitter(names, tree, index, options, piece, this);
    const source = emitter.#runPiece(piece);
    this.deepest = Math.max(this.deepest, emitter.writer.frameBytes());
    return source;
  }

  #runPiece(piece: Piece): string {
    const { writer } = this;
    this.memories.goOn(writer);
    const head = writer.reserve();
    const opened = writer.reserve();
    const params = parameters(this, piece);
    const known = this.#sites?.count ?? 0;
    writer.declare("p");
    if (piece.run === null) {
      const { list, from, to } = piece.ranges[0]!;
      this.#statements(list, from, to);
    } else this.#run(piece.run);
    writer.line(endPiece(this, piece));
    if (this.#sites !== null && this.#sites.count > known) this.#closePart(opened, piece, params, this.#sites);
    writer.line("}");
    const begun = beginPiece(this, piece);
    writer.exclude(params);
    writer.fill(head, `${begun}${writer.declarations()}${this.#bind()}`);
    writer.fill(opened, `X:${writer.isWide ? "for(;;){if(j>0){j--;continue}" : "{"}`);
    return this.#text();
  }

  /** Says which call comes next, where it may be suspended. */
  site(stmt: Stmt): void {
    if (this.#sites !== null && this.names.isSite(stmt)) this.writer.line(`s=${this.#sites.add(stmt)};`);
  }

  /** Where calls may be suspended, writes down the frame as it is left. */
  #closeSites(opened: number, params: readonly string[]): void {
    const sites = this.#sites;
    if (sites === null || sites.count === 0) return;
    const place = this.names.suspensions.push(sites) - 1;
    sites.setVariables(this.#closeTry(opened, `save(${place}`, params));
  }

  /** The same for a piece: what it knows of the frame is taken together with what the function knows. */
  #closePart(opened: number, { number }: Piece, params: readonly string[], sites: SuspensionSites): void {
    sites.setPiece(number, this.#closeTry(opened, `part(${number}`, params));
  }

  /** Gives the variables that are saved. */
  #closeTry(opened: number, save: string, params: readonly string[]): readonly string[] {
    const { writer } = this;
    writer.declare("s");
    const variables = writer.slotVariables(params);
    writer.fill(opened, "try{");
    writer.line(`}catch(e){if(e===Q)${save},s,[null,${variables.join()}]);throw e}`);
    return variables;
  }

  #block(body: readonly Stmt[], from = 0): void {
    if (++this.#depth > MAX_NESTING) throw new NotCompilable("too deep");
    const at = this.#holderIn(body, from);
    if (at < 0) this.#statements(body, from, body.length);
    else {
      this.writer.line("if(r===0){");
      this.#statements(body, from, at);
      this.writer.line("}");
      this.#statements(body, at, body.length);
    }
    this.#depth--;
    if (endsControl(body)) this.memories.isStale = false;
  }

  /** Where a list has the statement that holds the loop to enter at, or -1. */
  #holderIn(body: readonly Stmt[], from: number): number {
    return this.#way.size === 0 ? -1 : body.findIndex((stmt, at) => at >= from && this.#way.has(stmt));
  }

  #statements(body: readonly Stmt[], from: number, to: number): void {
    const { writer } = this;
    const pieces = this.pieces;
    const printers = FunctionEmitter.#printers;
    // Where the statements end that put values in place, and where those begin that are printed in what is behind.
    let end = from;
    let first = from;
    writer.forget();
    for (let i = from; i < to; i++) {
      const stmt = body[i]!;
      writer.at = stmt.at;
      const piece = pieces.size === 0 ? undefined : pieces.get(stmt);
      if (stmt.kind === StmtKind.Set && i >= end) {
        end = endOfSets(body, i, to);
        first = end < to && body[end]!.kind >= StmtKind.Return ? firstArgument(this, body, i, end) : end;
      }
      if (piece !== undefined) {
        callPiece(this, piece);
        i = piece.ranges[0]!.to - 1;
      } else {
        const args = i === first && i < end ? body.slice(i, end) : undefined;
        if (args !== undefined) i = end;
        const printed = body[i]!;
        writer.at = printed.at;
        const { kind } = printed;
        const isMoved = kind > StmtKind.Return && i + 1 < to && isMove(this, printed, body[i + 1]!);
        printers[kind](this, printed, args, isMoved ? body[++i]!.n : printed.m);
        if (kind === StmtKind.Set && pieces.size === 0) this.#sunk = takeSunk(writer, printed, body[i + 1]);
      }
      writer.endStatement();
    }
    writer.forget();
  }

  /**
   * What prints a statement, by its kind. In a switch V8 would find a case that it has not met yet again and again, and optimise what calls all the others
   * once more.
   */
  static readonly #printers: Readonly<
    Record<StmtKind, (e: FunctionEmitter, stmt: Stmt, args?: readonly Stmt[], to?: number) => void>
  > = {
    [StmtKind.Set]: (e, { n, type, a }) => assign(e, n, type === 0 ? a!.type : type, a!),
    [StmtKind.Store]: store,
    [StmtKind.GlobalSet]: (e, { n, a }) => e.globals.write(e, n, a!),
    [StmtKind.Drop]: (e, { a }) => e.writer.line(`${argument(e, a!)};`),
    [StmtKind.Block]: (e, stmt) => {
      const chain = chainOf(stmt);
      return chain === null ? e.#labelled(stmt, "{", "}") : e.#chain(chain);
    },
    [StmtKind.Loop]: (e, stmt) => {
      e.#loops.add(stmt.label);
      if (stmt.label === e.#entry) e.writer.line("r=0;");
      return e.#labelled(stmt, "for(;;){", "break}");
    },
    [StmtKind.If]: (e, stmt) => e.#if(stmt),
    [StmtKind.Br]: (e, { label }) => e.writer.line(e.branch(label)),
    [StmtKind.BrIf]: (e, { a, label }) => e.writer.line(`if(${condition(e, a!)})${e.branch(label)}`),
    [StmtKind.BrTable]: (e, stmt) => e.#brTable(stmt),
    [StmtKind.Return]: (e, _, [result] = []) =>
      result === undefined ? e.writer.line(e.branch(LABEL_RETURN)) : returnResults(e, result.a!),
    [StmtKind.Unreachable]: (e) => e.writer.line("return trap(0);"),
    [StmtKind.Call]: call,
    [StmtKind.CallIndirect]: callDynamic,
    [StmtKind.CallRef]: callDynamic,
    [StmtKind.TailCall]: tailCall,
    [StmtKind.Try]: (e, stmt) => e.#try(stmt as TryStmt),
    [StmtKind.Throw]: throwNew,
    [StmtKind.ThrowRef]: throwReference,
    [StmtKind.Rare]: (e, stmt) => {
      instruction(e, stmt);
      e.writer.forget();
    },
  };

  /** A jump to a label. */
  branch(label: number): string {
    const left = this.#piece === null ? undefined : leavePiece(this.#piece, label);
    if (left !== undefined) return left;
    if (label === LABEL_RETURN) return returnStatement(this);
    const chained = this.#chains.branch(label);
    if (chained !== undefined) return chained;
    this.#used.add(label);
    if (this.#loops.has(label)) return this.memories.before(`continue L${label};`);
    if (this.memories.isStale) this.#stale.add(label);
    return `break L${label};`;
  }

  /** What follows each block of a chain is a case of a switch, the innermost first: control falls from one to the next. */
  #chain(chain: readonly Stmt[]): void {
    const { writer } = this;
    const { label } = chain[0]!;
    this.memories.settle();
    this.memories.crossings++;
    const entry = chain.findIndex(({ body }, place) => this.#holderIn(body!, ownFrom(chain, place)) >= 0);
    this.#chains.begin(chain);
    const state = writer.declare(`q${label}`);
    const innermost = chain.length - 1;
    const { body } = chain[innermost]!;
    writer.line(`${state}=${entry < 0 ? 0 : "r"};Q${label}:for(;;){if(${state}<${entry === innermost ? 2 : 1}){`);
    this.#jumpIntoChain = body![body!.length - 1];
    this.#block(body!);
    const falls = !endsControl(body!);
    writer.line(`${falls ? `${state}=2;` : ""}}switch(${state}){`);
    for (let place = innermost - 1; place >= 0; place--) {
      const inner = chain[place + 1]!;
      const piece = this.pieces.get(inner);
      if (piece?.run) {
        this.#callRun(piece, piece.run);
        place = piece.run.first;
        continue;
      }
      if (this.#chains.isLeft(inner.label) || (falls && place === innermost - 1))
        writer.line(`case ${this.#chains.stateOf(inner.label)}:`);
      if (place === entry) writer.line("case 1:");
      this.#block(chain[place]!.body!, 1);
    }
    writer.line(this.#chains.isLeft(label) ? `case ${chain.length + 1}:}break}` : "}break}");
    this.memories.crossings--;
  }

  /** Calls the function that a part of a chain is; control may also fall into it. */
  #callRun(piece: Piece, { chain, first, last }: Run): void {
    const state = (place: number): number => this.#chains.stateOf(chain[place]!.label);
    const comesBefore = last + 2 < chain.length && !endsControl(chain[last + 1]!.body!);
    if (comesBefore) this.writer.line(`q${chain[0]!.label}=${state(last + 1)};`);
    let cases = "";
    for (let place = last + 1; place > first; place--) cases += `case ${state(place)}:`;
    this.writer.line(cases);
    callPiece(this, piece);
  }

  /** What is such a function's inside. */
  #run(run: Run): void {
    const { writer } = this;
    const { chain, first, last } = run;
    this.#chains.beginRun(run);
    this.memories.crossings++;
    const { label } = chain[0]!;
    writer.line(`Q${label}:for(;;){switch(q${label}){`);
    for (let place = last; place >= first; place--) {
      writer.line(`case ${this.#chains.stateOf(chain[place + 1]!.label)}:`);
      this.#block(chain[place]!.body!, 1);
    }
    writer.line("}break}");
    this.memories.crossings--;
  }

  #labelled(stmt: Stmt, open: string, close: string): void {
    const { writer } = this;
    if (stmt.kind === StmtKind.Loop) this.memories.settle();
    const at = writer.reserve();
    const sites = this.#sites?.count;
    this.#block(stmt.body!);
    this.#join(stmt, this.memories.isStale);
    const isUsed = this.#used.has(stmt.label);
    if (stmt.kind === StmtKind.Loop) {
      // What is thrown in a loop keeps V8 from finding out what the variables are that it enters the loop with, in its middle.
      const told = this.#sites?.count === sites ? "" : writer.coercions(at);
      if (isUsed) writer.fill(at, `L${stmt.label}:${open}${told}${left(this, stmt, at)}`);
      if (isUsed) writer.line(endsControl(stmt.body!) ? "}" : close);
      return;
    }
    if (!isUsed) return;
    writer.fill(at, `L${stmt.label}:${open}`);
    writer.line(close);
  }

  /** Goes on where control comes to from a statement's end, where views may be stale, and from branches. */
  #join({ label }: Stmt, isStale: boolean): void {
    this.memories.isStale = isStale || this.#stale.has(label);
  }

  #try(stmt: TryStmt): void {
    const { writer, tries, memories } = this;
    const at = writer.reserve();
    writer.endStatement();
    tries.enter(stmt);
    this.#block(stmt.body!);
    tries.leave();
    const { isStale } = memories;
    catches(this, stmt);
    this.#join(stmt, isStale);
    writer.fill(at, `${this.#used.has(stmt.label) ? `L${stmt.label}:` : ""}try{`);
  }

  /** The last argument of a call made here. */
  framesOfCallee(): string {
    return this.tries.areOpen ? "n+2|1" : "n+2";
  }

  #if(stmt: Stmt): void {
    const { writer } = this;
    const test = this.#way.has(stmt) ? this.#testOnTheWay(stmt) : condition(this, stmt.a!);
    const at = writer.reserve();
    writer.endStatement();
    const { memories } = this;
    const wasStale = memories.isStale;
    this.#block(stmt.body!);
    const { isStale } = memories;
    memories.isStale = wasStale;
    if (stmt.otherwise !== null && stmt.otherwise.length > 0) {
      writer.line("}else{");
      this.#block(stmt.otherwise);
    }
    this.#join(stmt, isStale || memories.isStale);
    writer.line("}");
    writer.fill(at, `${this.#used.has(stmt.label) ? `L${stmt.label}:` : ""}if(${test}){`);
  }

  /** The condition of an `if` that holds the loop to enter at: on the way in it says which branch that is. */
  #testOnTheWay(stmt: Stmt): string {
    const { writer } = this;
    const test = writer.declare(`c${stmt.label}`);
    writer.line("if(r===0){");
    writer.line(`${test}=${condition(this, stmt.a!, Level.Operation)}?1:0;`);
    writer.line("}");
    const isFirst = stmt.body!.some((inner) => this.#way.has(inner));
    return isFirst ? `r===1||${test}` : `r===0&&${test}`;
  }

  #brTable(stmt: Stmt): void {
    const { writer } = this;
    const { list, moves } = stmt;
    const last = list.length - 1;
    const sunk = this.#sunk;
    this.#sunk = "";
    const states = moves === null && last >= MIN_TABLE ? this.#chains.statesOf(list) : null;
    if (states !== null) {
      const index = kept(this, stmt.a!);
      const table = this.constants.table(states.states.slice(0, last));
      const state = `${index}>>>0<${last}?${table}[${index}]:${states.states[last]!}`;
      return writer.line(
        `${sunk}q${states.head}=${state};${stmt === this.#jumpIntoChain ? "" : `continue Q${states.head};`}`,
      );
    }
    writer.line(`switch(${value(this, stmt.a!, Level.Whole)}){`);
    const cases = new Map<string, number[]>();
    list.forEach((label, i) => {
      const key = `${label} ${moves === null ? 0 : moves.targets[i]!}`;
      cases.get(key)?.push(i) ?? cases.set(key, [i]);
    });
    for (const indices of cases.values()) {
      const first = indices[0]!;
      const isDefault = indices.includes(last);
      writer.line((isDefault ? "default:" : indices.map((i) => `case ${i}:`).join("")) + sunk);
      if (moves !== null) copySlots(this, moves.types, moves.source, moves.targets[first]!);
      writer.line(this.branch(list[first]!));
    }
    writer.line("}");
  }
}
