// Takes a stream of bytes, gives records of it: as many bytes as asked for at a time.

/** Reads exactly so many bytes, or undefined at the end of the stream. */
export class Frames {
  #stream;
  #chunks = [];
  #length = 0;

  constructor(stream) {
    this.#stream = stream[Symbol.asyncIterator]();
  }

  async read(length) {
    while (this.#length < length) {
      const { value, done } = await this.#stream.next();
      if (done) return undefined;
      this.#chunks.push(value);
      this.#length += value.length;
    }
    const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = [all.subarray(length)];
    this.#length -= length;
    return all.subarray(0, length);
  }
}
