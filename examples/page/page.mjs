// Loads one file with the `WebAssembly` namespace, and with it a module as a page does.
import { WebAssembly } from "../../dist/min/js-api-interpreter.js";

const { instance } = await WebAssembly.instantiateStreaming(fetch("../add/add.wasm"));
document.querySelector("#output").textContent = `7 + 5 = ${instance.exports.add(7, 5)}\n`;
