import { CsvError, parse } from "csv-parse/sync";
import type { Classifier } from "../flowers/classifiers.ts";
import { parseMeasurements, type Species } from "../flowers/iris.ts";

/** What a container answers. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** The body of an `application/json` answer: one prediction for each row of the question, in its order. */
export interface Predictions {
  readonly model: string;
  readonly predictions: readonly Species[];
}

const JSON_TYPE = "application/json";
const CSV_TYPE = "text/csv";

/**
 * Answers `POST /invocations`: rows of four measurements in, one species a row out.
 *
 * @param contentType of the body; `text/csv` is the one that is read
 * @param accept what the caller reads; JSON unless it asks for `text/csv`
 */
export function invoke(
  classifier: Classifier,
  contentType: string | undefined,
  accept: string | undefined,
  body: string,
): Reply {
  if (mediaType(contentType ?? "") !== CSV_TYPE) {
    return refusal(415, `Content-Type must be ${CSV_TYPE}, got ${JSON.stringify(contentType ?? "")}`);
  }
  const answerType = chooseType(accept);
  if (answerType === undefined) {
    return refusal(406, `Accept must allow ${JSON_TYPE} or ${CSV_TYPE}, got ${JSON.stringify(accept)}`);
  }
  try {
    const predictions = predictRows(classifier, body);
    if (answerType === CSV_TYPE) return { status: 200, contentType: CSV_TYPE, body: predictions.join("\n") };
    const answer: Predictions = { model: classifier.model, predictions };
    return { status: 200, contentType: JSON_TYPE, body: JSON.stringify(answer) };
  } catch (error) {
    if (error instanceof InvalidRowError || error instanceof CsvError) return refusal(400, error.message);
    throw error;
  }
}

/** An answer that says why there is no prediction. */
export function refusal(status: number, reason: string): Reply {
  return { status, contentType: "text/plain", body: reason };
}

class InvalidRowError extends Error {
  constructor(rowNumber: number, reason: string, options?: ErrorOptions) {
    super(`row ${rowNumber}: ${reason}`, options);
  }
}

function predictRows(classifier: Classifier, body: string): Species[] {
  const rows: string[][] = parse(body, { relax_column_count: true, skip_empty_lines: true, trim: true });
  if (rows.length === 0) throw new InvalidRowError(1, "expected at least one row, got an empty body");
  return rows.map((fields, index) => predictRow(classifier, fields, index + 1));
}

function predictRow(classifier: Classifier, fields: string[], rowNumber: number): Species {
  const measurements = parsed(fields, rowNumber);
  const species = classifier.predict(measurements);
  if (species === undefined)
    throw new InvalidRowError(rowNumber, "unlike any iris that the model was trained on");
  return species;
}

function parsed(fields: string[], rowNumber: number) {
  try {
    return parseMeasurements(fields);
  } catch (error) {
    throw new InvalidRowError(rowNumber, (error as Error).message, { cause: error });
  }
}

function chooseType(accept: string | undefined): string | undefined {
  const allowed = (accept ?? "*/*").split(",").map(mediaType);
  if (allowed.includes(JSON_TYPE) || allowed.includes("*/*") || allowed.includes("application/*"))
    return JSON_TYPE;
  if (allowed.includes(CSV_TYPE) || allowed.includes("text/*")) return CSV_TYPE;
  return undefined;
}

/** The type without its parameters, in lower case: `text/csv` for `Text/CSV; charset=utf-8`. */
function mediaType(value: string): string {
  return (value.split(";", 1)[0] ?? "").trim().toLowerCase();
}
