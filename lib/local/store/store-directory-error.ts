/** No files can be kept where they are to be. */
export class StoreDirectoryError extends RangeError {
  readonly path: string;
  /** What the system said, such as `EEXIST` of a path that is a file. */
  readonly reason: string | undefined;

  constructor(path: string, cause: NodeJS.ErrnoException) {
    const { code } = cause;
    super(`storeDirectory must be a directory that takes files, got ${JSON.stringify(path)} (${code})`, {
      cause,
    });
    this.path = path;
    this.reason = code;
  }
}
