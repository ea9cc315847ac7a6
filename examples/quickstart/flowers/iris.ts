import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";

export const SPECIES = ["setosa", "versicolor", "virginica"] as const;
export type Species = (typeof SPECIES)[number];

/** Columns of a row, in centimetres, in the order in which they are sent. */
export const MEASUREMENTS = [
  "sepal_length_cm",
  "sepal_width_cm",
  "petal_length_cm",
  "petal_width_cm",
] as const;
export type Measurements = readonly [
  sepalLengthCm: number,
  sepalWidthCm: number,
  petalLengthCm: number,
  petalWidthCm: number,
];

/** One measured flower and what it is. */
export interface Flower {
  /** 1 to 150: its place in the data set. */
  readonly row: number;
  readonly measurements: Measurements;
  readonly species: Species;
}

export const IRIS_CSV = new URL("../data/iris.csv", import.meta.url);

/**
 * Fisher's 150 flowers; `data/SOURCE.md` says where they are from.
 *
 * @throws {Error} naming the row and the value that is not what the data set has
 */
export function readFlowers(file: URL = IRIS_CSV): Flower[] {
  const rows: string[][] = parse(readFileSync(file), { relax_column_count: true });
  const [header, ...records] = rows;
  const columns = [...MEASUREMENTS, "species"].join();
  if (header?.join() !== columns) throw new Error(`expected the columns ${columns}, got ${header?.join()}`);
  return records.map(toFlower);
}

/**
 * Four fields of a CSV row as numbers.
 *
 * @throws {Error} saying what is wrong with the first field that is not a number
 */
export function parseMeasurements(fields: readonly string[]): Measurements {
  if (fields.length !== MEASUREMENTS.length) {
    throw new Error(
      `expected ${MEASUREMENTS.length} numbers (${MEASUREMENTS.join()}), got ${fields.length} fields`,
    );
  }
  const numbers = fields.map((field, index) => {
    const value = Number(field);
    if (field.trim() !== "" && Number.isFinite(value)) return value;
    throw new Error(`${MEASUREMENTS[index]} must be a number, got ${JSON.stringify(field.slice(0, 40))}`);
  });
  return numbers as unknown as Measurements;
}

function toFlower(record: string[], index: number): Flower {
  const row = index + 1;
  const species = SPECIES.find((name) => name === record.at(-1));
  if (species === undefined)
    throw new Error(`row ${row}: ${JSON.stringify(record.at(-1))} is not one of ${SPECIES}`);
  try {
    return { row, species, measurements: parseMeasurements(record.slice(0, -1)) };
  } catch (error) {
    throw new Error(`row ${row}: ${(error as Error).message}`, { cause: error });
  }
}
