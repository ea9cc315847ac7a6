import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EndpointInput, parseEndpoint } from "../../lib/config/custom-endpoint.ts";
import { officialRequest } from "./official-client.ts";

const parse = (value: EndpointInput, allowInsecure = false) =>
  parseEndpoint(value, "endpoint", allowInsecure);
const invalid = (value: unknown) => () => parse(value as EndpointInput);

describe("a custom endpoint", () => {
  it.each<[string, EndpointInput, object]>([
    [
      "a URL",
      "https://a.example",
      { protocol: "https:", hostname: "a.example", port: undefined, host: "a.example", basePath: "" },
    ],
    ["a port", "https://a.example:8443", { port: 8443 }],
    ["the default port", "https://a.example:443/", { port: undefined, host: "a.example", basePath: "" }],
    ["a base path", "https://a.example/v1/models", { basePath: "/v1/models" }],
    ["a trailing slash", "https://a.example/base/", { basePath: "/base" }],
    ["several of them", "https://a.example/base///", { basePath: "/base" }],
    ["characters to escape", "https://a.example/a b", { basePath: "/a%20b" }],
    ["an IPv6 address", "http://[::1]:8080", { protocol: "http:", hostname: "[::1]", port: 8080 }],
    ["white space around it", " https://a.example \n", { hostname: "a.example" }],
    ["a URL object", new URL("https://a.example:1/x/"), { hostname: "a.example", port: 1, basePath: "/x" }],
    [
      "a URL in an object",
      { url: new URL("https://a.example/x") },
      { hostname: "a.example", basePath: "/x" },
    ],
    [
      "parts",
      { protocol: "https:", hostname: "a.example", port: 8443, path: "/x/" },
      { protocol: "https:", hostname: "a.example", port: 8443, host: "a.example:8443", basePath: "/x" },
    ],
    [
      "parts without a colon and a path",
      { protocol: "http", hostname: "localhost" },
      { protocol: "http:", basePath: "" },
    ],
    [
      "parts with an IPv6 address",
      { protocol: "http", hostname: "::1", port: 80 },
      { hostname: "[::1]", port: undefined },
    ],
    [
      "the same in brackets",
      { protocol: "http", hostname: "[::1]", port: 81 },
      { hostname: "[::1]", port: 81 },
    ],
  ])("may be given as or with %s", (_, value, expected) => {
    expect(parse(value)).toMatchObject(expected);
  });

  it("takes parts with empty extras, as the AWS SDK makes them", () => {
    const value = {
      protocol: "https:",
      hostname: "a.example",
      path: "/",
      query: {},
      headers: {},
      properties: undefined,
    };
    expect(parse(value).hostname).toBe("a.example");
  });

  it("gives the official client's address and, but for double slashes, path", async () => {
    const host = fc.constantFrom("a.example", "127.0.0.1", "localhost");
    const path = fc.array(fc.stringMatching(/^[a-z0-9._~-]{0,5}$/), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        host,
        fc.option(fc.integer({ min: 1, max: 65_535 })),
        path,
        async (hostname, port, parts) => {
          const endpoint = `https://${hostname}${port === null ? "" : `:${port}`}/${parts.join("/")}`;
          const official = await officialRequest({ region: "eu-west-1", endpoint });
          const ours = parse(endpoint);
          expect([ours.protocol, ours.hostname, ours.port]).toEqual([
            official.protocol,
            official.hostname,
            official.port,
          ]);
          expect(ours.basePath).toBe(official.path.replace(/\/*\/endpoints\/e\/invocations$/, ""));
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each([
    "a.example",
    "localhost:8080",
    "ftp://a.example",
    "//a.example",
    "",
    "https://",
    "https://a:99999",
  ])("is refused where it is %j", (value) => {
    expect(invalid(value)).toThrow(/^endpoint must be an http:\/\/ or https:\/\/ URL without user.*, got "/);
  });

  it.each([5, null, true, () => "https://a.example"])(
    "is refused where it is no text, URL or object: %s",
    (value) => {
      expect(invalid(value)).toThrow(/^endpoint must be an http/);
    },
  );

  it.each(["https://a.example/?token=t0ken", "https://a.example/#t0ken", "https://a.example/x?a#t0ken"])(
    "is refused with a query or fragment, which is not shown: %s",
    (value) => {
      expect(invalid(value)).toThrow(
        /^endpoint must be .*without user, query and fragment, got "https:\/\/a.example\//,
      );
      expect(invalid(value)).not.toThrow(/t0ken/);
    },
  );

  it.each([
    "https://user:passw0rd@a.example",
    "https://passw0rd@a.example",
    "https://user:passw0rd@",
    "://passw0rd@x",
  ])("is refused with user information, which is not shown: %s", (value) => {
    for (const given of [value, { url: value }]) {
      expect(invalid(given)).toThrow(/^endpoint(\.url)? must be .* got one with an "@"/);
      expect(invalid(given)).not.toThrow(/passw0rd/);
    }
  });

  it.each([
    [{ protocol: "ws:", hostname: "a" }, 'endpoint.protocol must be "https:" or "http:", got "ws:"'],
    [{ hostname: "a" }, 'endpoint.protocol must be "https:" or "http:", got undefined'],
    [{ protocol: "https" }, "endpoint.hostname must be a host name or an IP address, got undefined"],
    [{ protocol: "https", hostname: "" }, 'endpoint.hostname must be a host name or an IP address, got ""'],
    [
      { protocol: "https", hostname: "a/b" },
      'endpoint.hostname must be a host name or an IP address, got "a/b"',
    ],
    [
      { protocol: "https", hostname: "a:passw0rd@b" },
      'endpoint.hostname must be a host name or an IP address, got one with an "@" (not shown',
    ],
    [
      { protocol: "https", hostname: "a:80" },
      'endpoint.hostname must be a host name or an IP address, got "a:80"',
    ],
    [
      { protocol: "https", hostname: "a?b" },
      'endpoint.hostname must be a host name or an IP address, got "a?b"',
    ],
    [
      { protocol: "https", hostname: "a", port: 0 },
      "endpoint.port must be a whole number of at least 1 and at most 65535, got 0",
    ],
    [
      { protocol: "https", hostname: "a", path: "x" },
      'endpoint.path must be a path that starts with "/", without query and fragment, got "x"',
    ],
    [
      { protocol: "https", hostname: "a", path: "/?x" },
      'endpoint.path must be a path that starts with "/", without query and fragment, got "/?..."',
    ],
    [{ protocol: "https", hostname: "a", query: { a: "b" } }, "endpoint.query is not honoured: leave it out"],
    [
      { protocol: "https", hostname: "a", headers: { a: "b" } },
      "endpoint.headers is not honoured: leave it out",
    ],
    [
      { url: new URL("https://a"), properties: { a: 1 } },
      "endpoint.properties is not honoured: leave it out",
    ],
  ])("names the part that is wrong in %j", (value, message) => {
    expect(invalid(value)).toThrow(message);
  });
});

describe("an http:// endpoint", () => {
  it.each(["localhost", "api.localhost", "127.0.0.1", "127.1.2.3", "127.1", "[::1]"])(
    "is fine on this machine: %s",
    (host) => {
      expect(parse(`http://${host}:8080`).protocol).toBe("http:");
    },
  );

  it.each(["a.example", "10.0.0.1", "localhost.example", "127.0.0.1.example", "[::2]", "0.0.0.0"])(
    "to another machine needs allowInsecureEndpoint: %s",
    (host) => {
      expect(() => parse(`http://${host}`)).toThrow(/^endpoint must be https:.* allowInsecureEndpoint: true/);
      expect(parse(`http://${host}`, true).protocol).toBe("http:");
    },
  );
});
