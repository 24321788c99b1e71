// What is open and not needed any more is closed, and what was forgotten does not count.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Directory, DirectoryEntry, File } from "zerowasm/fs";
import { Descriptors, type DirectoryDescriptor, HeldDirectory } from "#dist/wasi/descriptors.js";

const input = { read: () => 0 };
const output = { write() {} };
const newDescriptors = (): Descriptors => new Descriptors(input, output, output);

/** A directory that counts how often it was closed. */
function directory(): { readonly held: HeldDirectory; readonly closed: { times: number } } {
  const closed = { times: 0 };
  const close = (): void => {
    closed.times++;
  };
  return { held: new HeldDirectory({ close } as unknown as Directory, 1n), closed };
}

const descriptorOf = (held: HeldDirectory): DirectoryDescriptor => {
  return { kind: "directory", held, preopen: undefined, entries: undefined, flags: 0 };
};

test("a directory is closed when its last user is done with it", () => {
  const { held, closed } = directory();
  const descriptors = newDescriptors();
  const fds = [held, held.hold()].map((one) => descriptors.add(descriptorOf(one))!);
  descriptors.close(fds[0]!);
  assert.equal(closed.times, 0);
  descriptors.close(fds[1]!);
  assert.equal(closed.times, 1);
});

test("what there is no number for is closed", () => {
  const descriptors = newDescriptors();
  while (!descriptors.full) descriptors.add({ kind: "input", stream: input, flags: 0 });
  let closed = 0;
  const close = (): void => {
    closed++;
  };
  const file = { close } as unknown as File;
  const opened = { kind: "file", file, dev: 1n, readable: true, writable: false, position: 0, flags: 0 } as const;
  assert.equal(descriptors.add(opened), undefined);
  assert.equal(closed, 1);
});

test("what comes once all is closed is closed", () => {
  const { held, closed } = directory();
  const descriptors = newDescriptors();
  descriptors.closeAll();
  assert.equal(descriptors.add(descriptorOf(held)), undefined);
  assert.equal(closed.times, 1);
});

test("entries of directories that are closed, or listed again, do not count", () => {
  const descriptors = newDescriptors();
  const many = new Array<DirectoryEntry>(200_000);
  const [first, second, third] = [1, 2, 3].map(() => descriptorOf(directory().held)) as [
    DirectoryDescriptor,
    DirectoryDescriptor,
    DirectoryDescriptor,
  ];
  const fd = descriptors.add(first)!;
  for (let i = 0; i < 3; i++) descriptors.list(first, many);
  descriptors.close(fd);
  assert.equal(first.entries, undefined);
  for (const one of [second, third]) descriptors.list(one, many.slice(0, 100_000));
  assert.ok(second.entries && third.entries);
});
