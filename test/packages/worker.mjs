// Runs one case in one process: `worker.mjs FILE`, with the namespace in place already. Sends {startUp, run, result} or {error} to its parent.
import { isDeepStrictEqual } from "node:util";

const [, , file] = process.argv;
/** Work is repeated for this long, so that later tiers of an engine are seen, and at least twice. */
const budgetMs = Number(process.env.PACKAGES_BUDGET);

async function measured() {
  const { start } = await import(file);
  const begin = performance.now();
  const work = await start();
  const result = await work();
  const startUp = performance.now() - begin;

  let run = Number.POSITIVE_INFINITY;
  const end = performance.now() + budgetMs;
  for (let i = 0; i < 2 || performance.now() < end; i++) {
    const before = performance.now();
    const again = await work();
    run = Math.min(run, performance.now() - before);
    if (!isDeepStrictEqual(again, result)) throw new Error(`the result of run ${i + 2} is another one`);
  }
  return { startUp, run, result };
}

try {
  process.send(await measured(), () => process.exit());
} catch (error) {
  process.send({ error: String(error?.stack ?? error) }, () => process.exit());
}
