/** Names of endpoints are made of less. */
const UNRESERVED = /^[\w.~-]*$/;

/** Percent-encodes all but RFC 3986's unreserved characters, which is what SigV4 expects of a path and of a query. */
export function escapeUri(text: string): string {
  if (UNRESERVED.test(text)) return text;
  return encodeURIComponent(text).replace(/[!'()*]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
