// An edge worker, where neither WebAssembly from bytes nor code from strings is allowed: bundle it, and a guest answers each request.
import { Runtime } from "zerowasm/aot";
import app from "./guest.mjs";

const runtime = new Runtime();
const add = runtime.instantiate(app).exportedFunction("add");

export default {
  fetch: (request) => {
    const { searchParams } = new URL(request.url);
    return new Response(`${add.call(Number(searchParams.get("a")), Number(searchParams.get("b")))}\n`);
  },
};
