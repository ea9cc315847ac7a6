import type { Client as UndiciClient, errors as undiciErrors } from "undici";
import errorsModule from "undici/lib/core/errors.js";
import ClientModule from "undici/lib/dispatcher/client.js";

// From the files that they are in: the package's front door loads 134 modules (fetch, WebSocket, caches, mocks), of
// which these need 19. In the published package they are one file, see build/undici-client.ts.

/** undici's client of one connection. */
export type Client = UndiciClient;
export const Client: typeof UndiciClient = ClientModule;

/** undici's errors. */
export const errors: typeof undiciErrors = errorsModule;
