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

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    // Without Node's own words for the place, which differ by version, and without the text around it.
    const reason = message.replace(/ in JSON at position .*| \(line .*|, \.{0,3}".*/s, "");
    throw new SyntaxError(`${path}${placeOf(message, text)} is no JSON: ${reason}`);
  }
}

/** `:line:column`, where Node says a position; the end of the text where it says that there is none. */
function placeOf(message: string, text: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, position === undefined ? text.length : Number(position)).split("\n");
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
