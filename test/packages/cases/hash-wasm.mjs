// hash-wasm: a module an algorithm, hand-written for Wasm. Digests of 256 KB, of a stream, and of passwords.
import hash from "hash-wasm";

export const about = { package: "hash-wasm" };

const bytes = Uint8Array.from({ length: 256 << 10 }, (_, i) => (Math.imul(i, 2654435761) >>> 24) ^ i);
const plain = [
  "adler32",
  "blake2b",
  "blake2s",
  "blake3",
  "crc32",
  "crc64",
  "keccak",
  "md4",
  "md5",
  "ripemd160",
  "sha1",
];
const more = ["sha224", "sha256", "sha384", "sha3", "sha512", "sm3", "whirlpool", "xxhash128", "xxhash3"];
const seeded = ["xxhash32", "xxhash64"];

export async function start() {
  const hasher = await hash.createBLAKE3();
  return async () => {
    const digests = {};
    for (const name of [...plain, ...more, ...seeded]) digests[name] = await hash[name](bytes);
    digests.hmac = await hash
      .createHMAC(hash.createSHA256(), "key")
      .then((hmac) => hmac.init().update(bytes).digest("hex"));
    hasher.init();
    for (let at = 0; at < bytes.length; at += 10_007) hasher.update(bytes.subarray(at, at + 10_007));
    digests.stream = hasher.digest();

    const salt = bytes.subarray(0, 16);
    const password = "correct horse";
    const cost = { iterations: 1, parallelism: 1, memorySize: 256, hashLength: 32, outputType: "hex" };
    digests.argon2id = await hash.argon2id({ password, salt, ...cost });
    digests.bcrypt = await hash.bcrypt({ password, salt, costFactor: 4 });
    digests.scrypt = await hash.scrypt({
      password,
      salt,
      costFactor: 256,
      blockSize: 8,
      parallelism: 1,
      hashLength: 32,
    });
    digests.pbkdf2 = await hash.pbkdf2({
      password,
      salt,
      iterations: 100,
      hashLength: 32,
      hashFunction: hash.createSHA1(),
    });
    return digests;
  };
}
