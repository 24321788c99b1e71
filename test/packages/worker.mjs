// Runs one case in one process: `worker.mjs FILE`, with the namespace in place already. Sends {startUp, run, result} or {error} to its parent.
import { isDeepStrictEqual } from "node:util";

const [, , file] = process.argv;
/** Work is repeated for this long, so that later tiers of an engine are seen, and at least twice. */
const budgetMs = Number(process.env.PACKAGES_BUDGET);

/** Milliseconds on the clock, or of the processors' time that this process has taken. */
function now() {
  if (process.env.PACKAGES_CLOCK === "wall") return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function measured() {
  const { start } = await import(file);
  const begin = now();
  const work = await start();
  const result = await work();
  const startUp = now() - begin;

  let run = Number.POSITIVE_INFINITY;
  const end = performance.now() + budgetMs;
  for (let i = 0; i < 2 || performance.now() < end; i++) {
    const before = now();
    const again = await work();
    run = Math.min(run, now() - before);
    if (!isDeepStrictEqual(again, result)) throw new Error(`the result of run ${i + 2} is another one`);
  }
  return { startUp, run, result };
}

try {
  process.send(await measured(), () => process.exit());
} catch (error) {
  process.send({ error: String(error?.stack ?? error) }, () => process.exit());
}
