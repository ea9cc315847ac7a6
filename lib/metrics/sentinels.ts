/**
 * Label values that stand where no name does. The service allows no underscore in a name, so none of them
 * can be one.
 */

/** Sent, and nothing says which variant it met. */
export const UNKNOWN = "_unknown";

/** Never sent: no variant has any part in it. */
export const NONE = "_none";

/** A name beyond the limit of its label, or one that the service does not allow. */
export const OTHER = "_other";

/** All variants together. */
export const ANY = "_any";
