import { describe, expect, it } from "vitest";
import { misspeltMember } from "../../lib/protocol/misspelt.ts";

const KNOWN = ["EndpointName", "Body", "TargetVariant", "TargetModel", "InferenceId"];

describe("a name is a slip of a member", () => {
  it.each([
    ["Targetvariant", "TargetVariant", "in another case"],
    ["TARGETVARIANT", "TargetVariant", "in capitals"],
    ["TargetVarian", "TargetVariant", "with a letter too few"],
    ["TargetVariants", "TargetVariant", "with a letter too many"],
    ["Target_Variant", "TargetVariant", "with a separator"],
    ["TargetVarient", "TargetVariant", "with a wrong letter"],
    ["TargteVariant", "TargetVariant", "with two letters changed"],
    ["InferenceID", "InferenceId", "with its last letter in another case"],
  ])("%s, which is %s %s", (name, member) => {
    expect(misspeltMember(name, KNOWN)).toBe(member);
  });
});

describe("a name is no slip", () => {
  it.each([
    ["targetVariant", "because it begins in lower case, as strangers' properties do"],
    ["Region", "because it is like no member"],
    ["TargetTenant", "because it is too far from any"],
    ["Variant", "because too much is missing"],
    ["", "because it is empty"],
  ])("%j, %s", (name) => {
    expect(misspeltMember(name, KNOWN)).toBeUndefined();
  });
});
