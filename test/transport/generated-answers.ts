import fc from "fast-check";

const text = (maxLength: number) =>
  fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    maxLength,
  });

const NAME = fc.constantFrom("Date", "x-a", "X-A", "Content-Type", "x-amzn-RequestId", "__proto__", "Server");

const HEADERS = fc
  .array(fc.tuple(NAME, text(20)), { maxLength: 4 })
  .map((headers) => headers.map(([name, value]) => `${name}: ${value}\r\n`).join(""));

const STATUS = fc.constantFrom(
  "HTTP/1.1 200 OK",
  "HTTP/1.1 200 ",
  "HTTP/1.1 201",
  "HTTP/1.1 404 Not Found",
  "HTTP/1.1 503 Service Unavailable",
  "HTTP/1.1 599 \xfc",
  "HTTP/1.0 200 OK",
);

const CONNECTION = fc.constantFrom("", "Connection: close\r\n", "connection: keep-alive\r\n");

const INTERIM = fc.constantFrom(
  "",
  "",
  "",
  "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n",
  "HTTP/1.1 102 P\r\n\r\n",
);

const EXTENSION = fc.constantFrom("", "", "", ";a", ";a=1", ';a="b c"');
const TRAILERS = fc.constantFrom("", "", "x-sum: 1\r\n", "a: b\r\nc: d\r\n");

function chunked(parts: readonly string[], extension: string, trailers: string): string {
  const chunks = parts
    .filter((part) => part !== "")
    .map((part) => `${part.length.toString(16)}${extension}\r\n${part}\r\n`);
  return `Transfer-Encoding: chunked\r\n\r\n${chunks.join("")}0\r\n${trailers}\r\n`;
}

const FRAMED_BODY = fc.oneof(
  text(60).map((body) => `Content-Length: ${body.length}\r\n\r\n${body}`),
  fc.tuple(fc.array(text(20), { maxLength: 4 }), EXTENSION, TRAILERS).map((parts) => chunked(...parts)),
  text(60).map((body) => `\r\n${body}`),
);

/** Answers as servers send them: with a length, in chunks, or up to the end of the connection. As Latin-1. */
export const ANSWER: fc.Arbitrary<string> = fc
  .tuple(INTERIM, STATUS, HEADERS, CONNECTION, FRAMED_BODY)
  .map(([interim, status, ...rest]) => `${interim}${status}\r\n${rest.join("")}`)
  .filter((answer) => !(answer.includes("HTTP/1.0") && answer.includes("Transfer-Encoding")));

/** What answers are smuggled with, and single characters that matter. */
const FRAGMENT = fc.constantFrom(
  ...[
    "\r",
    "\n",
    "\r\n",
    "\r\n\r\n",
    "\n\n",
    " ",
    "\t",
    "\0",
    "\x7f",
    "\x80",
    ":",
    ";",
    ",",
    "0",
    "5",
    "-1",
    "+5",
    "0x5",
    "1e1",
  ],
  ...["Content-Length: 3\r\n", "content-length: 03\r\n", "Content-Length:\r\n", "Content-Length: 3, 3\r\n"],
  ...[
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: identity\r\n",
    "transfer-encoding: gzip, chunked\r\n",
  ],
  ...[
    "Transfer-Encoding : chunked\r\n",
    "Transfer-Encoding:\tchunked \r\n",
    " folded\r\n",
    "x y: 1\r\n",
    ": 1\r\n",
    "x\r\n",
  ],
  ...[
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 204 No\r\n",
    "HTTP/1.1 304 No\r\n",
    "HTTP/2.0 200 OK\r\n",
    "ffffffffffffffff\r\n",
  ],
);

interface Mutation {
  readonly at: number;
  readonly length: number;
  readonly fragment: string;
}

const MUTATION: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 0, max: 6 }),
  fragment: fc.oneof(FRAGMENT, fc.constant("")),
});

/** Answers that something was put into, taken out of, or replaced in, mostly where a line begins. */
export const MUTATED_ANSWER: fc.Arbitrary<string> = fc
  .tuple(ANSWER, fc.array(MUTATION, { minLength: 1, maxLength: 2 }), fc.boolean())
  .map(([answer, mutations, isAtLines]) =>
    mutations.reduce((text, { at, length, fragment }) => {
      const place = isAtLines ? lineAt(text, at) : Math.floor(at * text.length);
      const taken = isAtLines ? 0 : length;
      return text.slice(0, place) + fragment + text.slice(place + taken);
    }, answer),
  );

/** Where one of the lines begins. */
function lineAt(text: string, share: number): number {
  const starts = [0, ...[...text.matchAll(/\r\n/g)].map(({ index }) => index + 2)];
  return starts[Math.floor(share * (starts.length - 1))]!;
}
