// Takes an activation that has stopped, gives its frames one after the other, the innermost first (specification: 4.2.17 Call frames).
import type { ModuleInstance } from "../../instance/module.ts";
import type { Activation } from "./activation.ts";
import type { ModuleCode } from "./code.ts";
import { I } from "./registers.ts";

/** Positions of every module's code that no function holds: see `ModuleCode`. */
export const EXIT = 0;
export const CROSS_RETURN = 1;

/** A walk over the frames of an activation, from where `failedAt` says that it stands. The activation does not change. */
export class Frames {
  readonly #activation: Activation;
  instance: ModuleInstance;
  /** Position in its code at which the frame stands; `EXIT` where there are no more. */
  position: number;
  fp: number;
  /** Frames that were passed, and calls between instances that are left. */
  passed = 0;
  calls: number;

  constructor(activation: Activation) {
    this.#activation = activation;
    this.instance = activation.instance;
    this.fp = activation.fp;
    this.calls = activation.calls.length;
    this.position = activation.failedAt;
    if (this.position <= CROSS_RETURN) this.#returnTo(this.position);
  }

  /** The function whose frame it is. */
  get functionIndex(): number {
    return (this.instance.engineState as ModuleCode).functionAt(this.position);
  }

  /** Goes on to the calling frame. */
  next(): void {
    const link = this.fp + (this.instance.engineState as ModuleCode).linkWord(this.functionIndex);
    this.fp = I[link + 1]!;
    this.passed++;
    this.#returnTo(I[link]!);
  }

  #returnTo(address: number): void {
    if (address === CROSS_RETURN) {
      const call = this.#activation.calls[--this.calls]!;
      this.instance = call.instance;
      this.fp = call.fp;
      address = call.pc;
    }
    // A return address is that of the opcode after the call.
    this.position = address === EXIT ? EXIT : (this.instance.engineState as ModuleCode).positionOf(address) - 1;
  }
}
