/** RFC 9110 5.6.2: names of headers and methods. */
export const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/** RFC 9110 5.5: what no value of a header may have. Everything else is sent and read as Latin-1. */
export const NOT_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
