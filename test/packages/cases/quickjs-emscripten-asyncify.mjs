// quickjs-emscripten's other build, in which a host function may be asynchronous: Asyncify unwinds and rewinds the stack.
import { newAsyncContext } from "quickjs-emscripten";

export const about = { package: "quickjs-emscripten" };

const program = `
  const parts = [];
  for (let i = 0; i < 20; i++) parts.push(fetchText("part " + i).toUpperCase());
  parts.join("; ")
`;

export async function start() {
  const context = await newAsyncContext();
  const fetchText = context.newAsyncifiedFunction("fetchText", async (name) => {
    await Promise.resolve();
    return context.newString(`text of ${context.getString(name)}`);
  });
  context.setProp(context.global, "fetchText", fetchText);
  fetchText.dispose();
  return async () => {
    const result = await context.evalCodeAsync(`{${program}}`);
    return context.unwrapResult(result).consume(context.dump);
  };
}
