import { describe, expect, it } from "vitest";
import { parseIni } from "../../lib/config/ini.ts";

const read = (...lines: string[]) =>
  Object.fromEntries(
    Array.from(parseIni(lines.join("\n")), ([name, settings]) => [name, Object.fromEntries(settings)]),
  );

describe("the shared configuration syntax", () => {
  it("has settings in sections", () => {
    expect(read("[default]", "region=eu-west-1", "  max_attempts =  5  ")).toEqual({
      default: { region: "eu-west-1", max_attempts: "5" },
    });
  });

  it("names profiles and services by kind, quoted or not", () => {
    expect(
      read("[profile a]", "x=1", '[profile "b"]', "x=2", "[services 'c']", "x=3", "[sso-session d]", "x=4"),
    ).toEqual({
      "profile.a": { x: "1" },
      "profile.b": { x: "2" },
      "services.c": { x: "3" },
      "sso-session.d": { x: "4" },
    });
  });

  it("leaves out a section of another kind, with its settings", () => {
    expect(read("[plugins x]", "a=1", "[default]", "b=2")).toEqual({ default: { b: "2" } });
  });

  it("takes a # or ; for a comment at the start and after white space only", () => {
    expect(
      read(
        "# one",
        "; two",
        "[default] # three",
        "a = b#c",
        "d = e # f",
        "g = h ;i",
        "j = k;l",
        "#m = n",
        "o = # p",
      ),
    ).toEqual({ default: { a: "b#c", d: "e", g: "h", j: "k;l" } });
  });

  it("names the indented settings below one without a value after it, until one is not indented", () => {
    expect(
      read("[services s]", "s3 =", "  endpoint_url = a", "", "\tregion = b", "x = c", "  y = d"),
    ).toEqual({
      "services.s": { "s3.endpoint_url": "a", "s3.region": "b", x: "c", y: "d" },
    });
  });

  it("ends a group with its section", () => {
    expect(read("[a]", "s3 =", "[b]", "  x = 1")).toEqual({ a: {}, b: { x: "1" } });
  });

  it("merges a section that occurs twice, the later setting wins", () => {
    expect(read("[a]", "x=1", "y=1", "[b]", "x=3", "[a]", "x=2")).toEqual({
      a: { x: "2", y: "1" },
      b: { x: "3" },
    });
  });

  it("splits at the first = and ignores lines without a name or a section", () => {
    expect(read("lost = 1", "[a]", "url = https://x/?a=b", "= 2", "word", "[]", "y = 3")).toEqual({
      a: { url: "https://x/?a=b" },
    });
  });

  it("reads files with CRLF and a byte order mark", () => {
    expect(read("\uFEFF[a]\r", "x=1\r", "[b]\r", "y=2")).toEqual({ a: { x: "1" }, b: { y: "2" } });
  });

  it("keeps names that objects have as names like any other", () => {
    expect(
      parseIni("[__proto__]\na=1\n[constructor]\n__proto__=2").get("constructor")?.get("__proto__"),
    ).toBe("2");
  });
});
