import { RESILIENCE_OPTIONS, type ResilienceOptions } from "../config/resilience-config.ts";
import { presets } from "../presets.ts";
import { checkKeys, checkObject, checkOneOf, invalidOption } from "../validate.ts";

/** Presets that may be changed to while calls run: `awsSdk` has options of connections, which are the client's own. */
const LIVE_PRESETS = ["standard", "highTraffic", "lowLatency", "batch", "multiModel"] as const;

/**
 * The options that the text of a file says. Values are checked by the client that takes them.
 *
 * @param path for the errors
 * @throws {SyntaxError} for what is no JSON, with line and column; {@link TypeError} for an option that does not exist
 */
export function parseResilience(text: string, path: string): ResilienceOptions {
  const content = parseJson(text, path);
  checkObject(path, content);
  checkKeys(path, content as object, ["$schema", "preset", ...RESILIENCE_OPTIONS]);
  checkNoNull(path, content);
  const { $schema, preset, ...options } = content as Record<string, unknown>;
  if ($schema !== undefined && typeof $schema !== "string")
    throw invalidOption(`${path}: $schema`, "a text", $schema);
  if (preset === undefined) return options;
  return { ...presets[checkOneOf(`${path}: preset`, preset as string, LIVE_PRESETS)], ...options };
}

/** In code, `undefined` is the same as leaving an option out; in a file, `null` is nothing that an option can be. */
function checkNoNull(option: string, value: unknown): void {
  if (value === null) throw invalidOption(option, "left out, or a value", value);
  if (typeof value !== "object") return;
  for (const [name, inner] of Object.entries(value)) checkNoNull(`${option}.${name}`, inner);
}

function parseJson(written: string, path: string): unknown {
  // Editors of Windows put a byte order mark in front, which nobody sees.
  const text = written.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    // Without Node's own words for the place, which differ by version, and without the text around it.
    const reason = message.replace(/( in JSON)? at position .*| \(line .*|, \.{0,3}".*/s, "");
    throw new SyntaxError(`${path}${placeOf(message, text)} is no JSON: ${reason}`);
  }
}

/** `:line:column`; the end of the text where that is what nobody expected. */
function placeOf(message: string, text: string): string {
  const said = /position (\d+)/.exec(message)?.[1];
  const position = said === undefined ? unexpectedAt(text) : Number(said);
  const before = text.slice(0, position).split("\n");
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Where the first unexpected token is, of which Node says no position: no text that ends ahead of it is refused for one. */
function unexpectedAt(text: string): number {
  if (!hasUnexpectedToken(text)) return text.length;
  let [before, after] = [0, text.length];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (hasUnexpectedToken(text.slice(0, middle))) after = middle;
    else before = middle;
  }
  return before;
}

function hasUnexpectedToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return (error as Error).message.startsWith("Unexpected token");
  }
}
