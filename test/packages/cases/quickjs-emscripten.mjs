// quickjs-emscripten: a JavaScript engine inside. Runs programs, calls host functions, and catches what is thrown.
import { getQuickJS } from "quickjs-emscripten";

export const about = { package: "quickjs-emscripten" };

const program = `
  const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
  const words = Array.from({ length: 400 }, (_, i) => "w" + ((i * 37) % 101));
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  class Point { constructor(x, y) { Object.assign(this, { x, y }); } get norm() { return Math.hypot(this.x, this.y); } }
  function* squares(n) { for (let i = 0; i < n; i++) yield i * i; }
  JSON.stringify({
    fib: fib(18),
    counts: [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, 5),
    norm: new Point(3, 4).norm,
    squares: [...squares(10)],
    big: (2n ** 200n).toString(16),
    replaced: "the quick brown fox".replace(/(?<first>\\w)(\\w*)/g, "$2$<first>ay"),
    doubled: [1, 2, 3].map(double),
    float: (0.1 + 0.2).toFixed(20),
    date: new Date(86400000).toISOString(),
  })
`;

export async function start() {
  const quickjs = await getQuickJS();
  return () => {
    const context = quickjs.newContext();
    try {
      const double = context.newFunction("double", (x) => context.newNumber(context.getNumber(x) * 2));
      context.setProp(context.global, "double", double);
      double.dispose();
      const value = context.unwrapResult(context.evalCode(program)).consume(context.dump);
      const thrown = context.evalCode("const f = () => { throw new RangeError('too far'); }; f()");
      const error = thrown.error.consume(context.dump);
      const promise = context.evalCode("globalThis.later = 0; Promise.resolve(42).then((n) => { later = n; })");
      context.unwrapResult(promise).dispose();
      const jobs = context.runtime.executePendingJobs();
      const later = context.getProp(context.global, "later").consume(context.dump);
      let steps = 0;
      context.runtime.setInterruptHandler(() => ++steps > 20);
      const endless = context.evalCode("for (;;) ;").error.consume(context.dump);
      return { value, name: error.name, message: error.message, jobs: jobs.value, later, endless: endless.message };
    } finally {
      context.dispose();
    }
  };
}
