/** Version of this package, as the user agent says it. Equal to the one in package.json. */
export const VERSION = "0.1.0";
