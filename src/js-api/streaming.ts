// Takes what fetch gives, gives the bytes of a module (WebAssembly Web API: compile a potential WebAssembly response).

interface Response {
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Whether this host has responses. They are not looked at before one is given: Node loads its client of HTTP as soon as they are. */
export const hasResponses: boolean = "Response" in globalThis;

/** The bytes of a response, or of a promise of one. Rejects with a TypeError for what is no Wasm that was found. */
export async function bytesOfResponse(source: unknown): Promise<ArrayBuffer> {
  const response = await source;
  const { Response } = globalThis as { Response?: new () => Response };
  if (Response === undefined || !(response instanceof Response)) throw new TypeError("a response was expected");
  const type = response.headers.get("Content-Type");
  if (type?.trim().toLowerCase() !== "application/wasm") {
    throw new TypeError(`the response is of type "${type ?? ""}", not application/wasm`);
  }
  if (!response.ok) throw new TypeError("the response is an error");
  return response.arrayBuffer();
}
