// Takes the samples of a run, prints tables of ratios of minima and their geometric means, and judges the bars.

export const least = (samples) => (samples ? Math.min(...samples) : undefined);

export function geomean(values) {
  return values.length ? Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length) : undefined;
}

function ratios(rows, engine, base) {
  return Object.values(rows)
    .map((row) => least(row[engine]) / least(row[base]))
    .filter(Number.isFinite);
}

function figure(value) {
  if (value === undefined || Number.isNaN(value)) return "–";
  if (value < 0.095) return value.toPrecision(1);
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function duration(ns) {
  if (ns === undefined) return "–";
  if (ns < 1e3) return `${figure(ns)} ns`;
  return ns < 1e6 ? `${figure(ns / 1e3)} µs` : `${figure(ns / 1e6)} ms`;
}

function table(head, body) {
  const lines = [head, ...body];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines) {
    console.log(line.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join("  "));
  }
}

const titles = {
  execute: "Execute: one run of a kernel, steady state",
  translate: "Translate: bytes to a compiled module",
  instantiate: "Instantiate: a compiled module to an instance",
  first: "First run: translate, instantiate and run with a tiny n, in a warm process",
  call: "Calls: nanoseconds each",
};

export const report = {
  phase(phase, rows, engines, base, times) {
    console.log(`\n${titles[phase]}${times ? "" : ` (times ${base}'s)`}`);
    const others = engines.filter((engine) => engine !== base);
    const columns = [base, ...others];
    const body = Object.entries(rows).map(([name, row]) => {
      const cells = columns.map((engine) => {
        if (row[engine] === null) return "wrong";
        const ns = least(row[engine]);
        return times || engine === base ? duration(ns) : figure(ns / least(row[base]));
      });
      return [name, ...cells];
    });
    body.push(["geomean of ratios", "", ...others.map((engine) => figure(geomean(ratios(rows, engine, base))))]);
    const spread = (engine) => {
      const spreads = Object.values(rows)
        .filter((row) => row[engine]?.length)
        .map((row) => row[engine].toSorted((a, b) => a - b)[row[engine].length >> 1] / least(row[engine]));
      return figure(geomean(spreads));
    };
    body.push(["median / minimum", ...columns.map(spread)]);
    table(["", ...columns], body);
  },

  end({ phases, errors }, engines, base, bars) {
    const geomeans = {};
    for (const [phase, rows] of Object.entries(phases)) {
      geomeans[phase] = {};
      for (const engine of engines) geomeans[phase][engine] = geomean(ratios(rows, engine, base));
    }
    if (errors.length) console.log("");
    for (const { phase, row, engine, error, known } of errors) {
      console.log(`${known ? "known to be wrong" : "ERROR"}: ${phase}, ${row}, ${engine}: ${error}`);
    }
    let good = errors.every(({ known }) => known);
    const judged = bars.map(({ fast, slow, factor }) => {
      const all = ratios(phases.execute ?? {}, slow, fast);
      const reached = geomean(all) ?? 0;
      const met = reached >= factor;
      good &&= met;
      console.log(
        `\n${met ? "met" : "MISSED"}: ${fast} is ${figure(reached)} times as fast as ${slow} by geomean of ${all.length} kernels (bar: ${factor})`,
      );
      return { fast, slow, factor, reached, met };
    });
    return { good, geomeans, bars: judged };
  },
};
