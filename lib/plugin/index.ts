export type { HttpHandlerLike, HttpHandlerSeam } from "./cancellable-handler.ts";
export type { PluginOptions } from "./options.ts";
export { type Resilience, resilience } from "./resilience.ts";
