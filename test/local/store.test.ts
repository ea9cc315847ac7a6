import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalEndpoint, startLocalEndpoint } from "../../lib/local/index.ts";
import { decodeAwsChunked } from "../../lib/local/store/aws-chunked.ts";
import { parseRange } from "../../lib/local/store/byte-range.ts";
import { crc32Base64 } from "../../lib/local/store/checksums.ts";
import { DirectoryStore } from "../../lib/local/store/directory-store.ts";
import { MemoryStore } from "../../lib/local/store/memory-store.ts";
import { ObjectTooLargeError } from "../../lib/local/store/object-store.ts";
import { type RequestSpec, send } from "./support/signed-request.ts";

function objectOf(size: number) {
  return { body: Buffer.alloc(size, "x"), headers: {}, lastModifiedMs: 0 };
}

describe("MemoryStore", () => {
  it("drops what was written longest ago when it is full", async () => {
    const store = new MemoryStore(100);
    for (const key of ["a", "b"]) await store.put({ bucket: "x", key }, objectOf(40));
    await store.put({ bucket: "x", key: "a" }, objectOf(50));
    await store.put({ bucket: "x", key: "c" }, objectOf(30));
    const kept = await Promise.all(
      ["a", "b", "c"].map(async (key) => (await store.get({ bucket: "x", key }))?.body.length),
    );
    expect(kept).toEqual([50, undefined, 30]);
  });

  it("refuses an object that it could never hold", async () => {
    const store = new MemoryStore(100);
    await expect(store.put({ bucket: "x", key: "a" }, objectOf(101))).rejects.toBeInstanceOf(
      ObjectTooLargeError,
    );
  });
});

describe("DirectoryStore", () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "holdfast-store-"));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it.each(["../../escape", "..", "a/../../b", ".", "a//b", "ü/%2e%2e", "-"])(
    "keeps the key %j inside its folder",
    async (key) => {
      const outer = await mkdtemp(join(directory, "keys-"));
      const store = new DirectoryStore(join(outer, "inner"));
      const object = { body: Buffer.from(key), headers: { "content-type": "text/plain" }, lastModifiedMs: 0 };
      await store.put({ bucket: "..", key }, object);
      const found = await store.get({ bucket: "..", key });
      expect([found?.body.toString(), found?.headers]).toEqual([key, object.headers]);
      expect(await readdir(outer)).toEqual(["inner"]);
    },
  );

  it("makes its directory, and leaves nothing in it until there is an object", async () => {
    const inner = join(directory, "new", "store");
    await DirectoryStore.open(inner);
    expect(await readdir(inner)).toEqual([]);
    await DirectoryStore.open(inner);
  });

  it("refuses to begin in a place that takes no files, and says why", async () => {
    const path = join(directory, "file");
    await writeFile(path, "");
    const opened = DirectoryStore.open(path);
    await expect(opened).rejects.toBeInstanceOf(RangeError);
    await expect(opened).rejects.toThrow(
      `storeDirectory must be a directory that takes files, got ${JSON.stringify(path)} (EEXIST)`,
    );
    await expect(startLocalEndpoint({ storeDirectory: path })).rejects.toThrow("(EEXIST)");
  });

  it.runIf(process.platform === "linux")("refuses a directory that is there and takes no files", async () => {
    await expect(DirectoryStore.open("/proc/self")).rejects.toThrow(
      /^storeDirectory must be a directory that takes files, got "\/proc\/self" \(E/,
    );
  });

  it("has no object where there is no file, or a folder", async () => {
    const store = new DirectoryStore(directory);
    expect(await store.get({ bucket: "none", key: "k" })).toBeUndefined();
    await store.put({ bucket: "b", key: "folder/file" }, objectOf(1));
    expect(await store.get({ bucket: "b", key: "folder" })).toBeUndefined();
    expect(await store.get({ bucket: "b", key: "folder/file/more" })).toBeUndefined();
  });
});

describe("a key that is a folder of another", () => {
  it("cannot be kept as a file, and leaves nothing behind", async () => {
    const directory = await mkdtemp(join(tmpdir(), "holdfast-store-"));
    const store = new DirectoryStore(directory);
    await store.put({ bucket: "b", key: "a/b" }, objectOf(1));
    await expect(store.put({ bucket: "b", key: "a" }, objectOf(1))).rejects.toThrow("EISDIR");
    expect(await readdir(join(directory, "b"))).toEqual(["a"]);
    await rm(directory, { recursive: true });
  });
});

describe("aws-chunked", () => {
  it("decodes to what was encoded, however it was cut", () => {
    const law = fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 })), (chunks) => {
      const parts = chunks.flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, "\r\n"]);
      const encoded = Buffer.concat(
        [...parts, "0\r\nX-Amz-Checksum-Crc32:AAAA\r\n\r\n"].map((part) => Buffer.from(part as never)),
      );
      const { body, trailers } = decodeAwsChunked(encoded);
      expect(Buffer.concat(chunks).equals(body)).toBe(true);
      expect(trailers).toEqual({ "x-amz-checksum-crc32": "AAAA" });
    });
    fc.assert(law);
  });

  it.each(["", "5\r\nabc", "5\r\nabcdeXX0\r\n\r\n", "5\r\nabcde\r\n", "xyz\r\n", "-1\r\n\r\n"])(
    "refuses %j",
    (text) => {
      expect(() => decodeAwsChunked(Buffer.from(text))).toThrow("not in complete aws-chunked encoding");
    },
  );
});

describe("a byte range", () => {
  it.each([
    ["bytes=0-3", { first: 0, last: 3 }],
    ["bytes=5-", { first: 5, last: 9 }],
    ["bytes=-3", { first: 7, last: 9 }],
    ["bytes=-30", { first: 0, last: 9 }],
    ["bytes=8-100", { first: 8, last: 9 }],
    ["bytes=-", undefined],
    ["lines=1-2", undefined],
    [undefined, undefined],
  ])("%s of 10 bytes is %j", (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });

  it.each(["bytes=10-", "bytes=5-4", "bytes=-0"])("%s of 10 bytes is not satisfiable", (header) => {
    expect(() => parseRange(header, 10)).toThrow("not satisfiable");
  });
});

describe("the object store over the wire", () => {
  let endpoint: LocalEndpoint;

  beforeAll(async () => {
    endpoint = await startLocalEndpoint();
  });
  afterAll(() => endpoint.close());

  const ask = (spec: Partial<RequestSpec>) =>
    send(endpoint.url, { path: "/b/k", service: "s3", method: "PUT", ...spec });

  it.each([
    ["a wrong checksum header", { headers: { "x-amz-checksum-crc32": "AAAAAA==" }, body: "x" }],
    ["a wrong MD5", { headers: { "content-md5": "AAAA" }, body: "x" }],
    [
      "a wrong trailing checksum",
      {
        headers: { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" },
        body: "1\r\nx\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
      },
    ],
  ])("refuses an upload with %s, and keeps nothing", async (_case, spec) => {
    const { status, body } = await ask(spec);
    expect([status, body.toString()]).toEqual([400, expect.stringContaining("<Code>BadDigest</Code>")]);
    expect((await ask({ method: "GET" })).status).toBe(404);
  });

  it("refuses a chunked upload whose length is not the one stated", async () => {
    const headers = {
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "x-amz-decoded-content-length": "2",
    };
    const { status, body } = await ask({ headers, body: "1\r\nx\r\n0\r\n\r\n" });
    expect([status, body.toString()]).toEqual([400, expect.stringContaining("<Code>IncompleteBody</Code>")]);
  });

  it("accepts an unsigned payload and gives its headers and checksum back", async () => {
    const path = "/b/%C3%BC%20%26%3C.json";
    const kept = {
      "content-type": "application/json",
      "content-encoding": "gzip",
      "x-amz-meta-origin": "test",
    };
    const headers = {
      ...kept,
      "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
      "content-encoding": "aws-chunked,gzip",
    };
    expect((await ask({ path, headers, body: "{}" })).status).toBe(200);
    const read = await ask({ method: "GET", path, headers: { "x-amz-checksum-mode": "ENABLED" } });
    expect(read.headers).toMatchObject({
      ...kept,
      etag: '"99914b932bd37a50b983c5e7c90ae93b"',
      "x-amz-checksum-crc32": crc32Base64(Buffer.from("{}")),
    });
    expect(read.body.toString()).toBe("{}");
    const head = await ask({ method: "HEAD", path });
    expect([head.status, head.headers["content-length"], head.body.length]).toEqual([200, "2", 0]);
  });

  it.each([
    ["a list of objects", { method: "GET", path: "/b", query: { "list-type": "2" } }],
    ["a subresource", { method: "GET", query: { acl: "" } }],
    ["a copy", { headers: { "x-amz-copy-source": "/b/k2" } }],
    ["a deletion", { method: "DELETE" }],
    [
      "a signed chunked upload",
      { headers: { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" } },
    ],
  ])("says that it does not serve %s", async (_case, spec) => {
    const { status, body } = await ask(spec as Partial<RequestSpec>);
    expect([status, body.toString()]).toEqual([501, expect.stringContaining("<Code>NotImplemented</Code>")]);
  });

  it("escapes what it repeats in an error", async () => {
    const { body } = await ask({ method: "GET", path: "/b/a&b" });
    expect(body.toString()).toContain("<Resource>/b/a&amp;b</Resource>");
  });
});
