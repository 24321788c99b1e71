// Takes what fetch gives, gives the bytes of a module (WebAssembly Web API: compile a potential WebAssembly response).

interface Response {
  readonly [Symbol.toStringTag]?: string;
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Whether this host has responses. They are not looked at before one is given: Node loads its client of HTTP as soon as they are. */
export const hasResponses: boolean = "Response" in globalThis;

/** The bytes of a response, or of a promise of one. Rejects with a TypeError for what is no Wasm that was found. */
export async function bytesOfResponse(source: unknown): Promise<ArrayBuffer> {
  const response = (await source) as Response | undefined;
  // One of another realm, such as a frame's, is known by its tag, one that a library made for its host by its class.
  const { Response } = globalThis as unknown as { Response: new () => Response };
  if (response?.[Symbol.toStringTag] !== "Response" && !(response instanceof Response)) {
    throw new TypeError("a response was expected");
  }
  // Said first, as by browsers: the page that tells what was not found is of another type, too.
  if (!response.ok) throw new TypeError(`the response is of status ${response.status}`);
  const type = response.headers.get("Content-Type");
  if (type?.toLowerCase() !== "application/wasm") {
    throw new TypeError(`the response is of type "${type ?? ""}", not application/wasm`);
  }
  return response.arrayBuffer();
}
