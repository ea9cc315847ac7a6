import type { Logger } from "@smithy/types";

function drop(): void {}

/** The logger that plug-ins of the AWS SDK find: this client writes no log, and drops what they write to it. */
export const NO_LOG: Logger = Object.freeze({
  trace: drop,
  debug: drop,
  info: drop,
  warn: drop,
  error: drop,
});
