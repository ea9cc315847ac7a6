import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { IRIS_CSV, MEASUREMENTS, readFlowers, SPECIES } from "../../examples/quickstart/flowers/iris.ts";
import { splitFlowers } from "../../examples/quickstart/flowers/split.ts";

const SOURCE = readFileSync(new URL("SOURCE.md", IRIS_CSV), "utf8");
const flowers = readFlowers();
const column = (index: number) => flowers.map(({ measurements }) => measurements[index]!);
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

describe("the iris data set", () => {
  it("is the very file that its source note describes", () => {
    const sha256 = createHash("sha256").update(readFileSync(IRIS_CSV)).digest("hex");
    expect(SOURCE).toContain(sha256);
  });

  it("has 150 flowers, 50 of each species, numbered in the order of the file", () => {
    expect(flowers).toHaveLength(150);
    expect(flowers.map(({ row }) => row)).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
    for (const species of SPECIES)
      expect(flowers.filter((flower) => flower.species === species)).toHaveLength(50);
  });

  it.each([
    ["sum", sum, 1],
    ["mean", (values: number[]) => sum(values) / values.length, 4],
    ["smallest", (values: number[]) => Math.min(...values), 1],
    ["largest", (values: number[]) => Math.max(...values), 1],
  ] as const)("has the %s of each column that its source note states", (name, statistic, digits) => {
    const stated = SOURCE.match(new RegExp(`^\\| ${name}[^|]*\\|(.*)\\|$`, "m"))?.[1]?.split("|");
    const found = MEASUREMENTS.map((_, index) => statistic(column(index)).toFixed(digits));
    expect(found).toEqual(stated?.map((cell) => cell.trim()));
  });

  it("has Fisher's values where the UCI file has errors", () => {
    expect(flowers[34]).toEqual({ row: 35, measurements: [4.9, 3.1, 1.5, 0.2], species: "setosa" });
    expect(flowers[37]).toEqual({ row: 38, measurements: [4.9, 3.6, 1.4, 0.1], species: "setosa" });
  });
});

describe("the split", () => {
  const { training, heldOut } = splitFlowers(flowers);

  it("trains on 100 flowers and holds out the other 50", () => {
    expect(training).toHaveLength(100);
    expect(heldOut).toHaveLength(50);
    expect(new Set([...training, ...heldOut].map(({ row }) => row)).size).toBe(150);
  });

  it("holds out a third of each species", () => {
    const counts = SPECIES.map((species) => heldOut.filter((flower) => flower.species === species).length);
    expect(counts).toEqual([17, 17, 16]);
  });

  it("is the same whenever it is made, and another one for another seed", () => {
    expect(splitFlowers(flowers)).toEqual({ training, heldOut });
    expect(splitFlowers(flowers, 1).heldOut).not.toEqual(heldOut);
  });
});

describe("reading a data set", () => {
  const HEADER = `${MEASUREMENTS.join()},species\n`;
  const folder = mkdtempSync(join(tmpdir(), "holdfast-iris-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    [
      "a,b\n",
      "expected the columns sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm,species, got a,b",
    ],
    [`${HEADER}1,2,3,4,rose\n`, 'row 1: "rose" is not one of setosa,versicolor,virginica'],
    [`${HEADER}1,2,3,4,setosa\n1,2,,4,setosa\n`, 'row 2: petal_length_cm must be a number, got ""'],
    [`${HEADER}1,2,3,setosa\n`, "row 1: expected 4 numbers"],
  ])("names what is wrong in %j", (text, message) => {
    const file = join(folder, "rows.csv");
    writeFileSync(file, text);
    expect(() => readFlowers(pathToFileURL(file))).toThrow(message);
  });
});
