// The version of the package: what one version compiled, no other one runs.

/** The same as in package.json. */
export const VERSION = "0.1.0";
