// What hears of each call and turn of a loop where guests are profiled.

/** A module whose functions are told of. */
export interface ProfiledModule {
  readonly name: string;
  /** From the name section, else an export, else undefined. */
  functionName(index: number): string | undefined;
}

/** Hears of what guests do, by the count of `Module.fuel`. */
export interface Profiler {
  /**
   * A function was called, or a loop of it turned: `cost` instructions, in the guest's frame number `depth`, the outermost being 1. Frames from there
   * on that were told of before have returned.
   */
  tick(module: ProfiledModule, index: number, cost: number, depth: number, isCall: boolean): void;
}
