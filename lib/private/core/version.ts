/**
 * The version of the package, as in package.json. It is a constant, because package.json is at different relative paths from the
 * compiled files and from the sources.
 */
export const VERSION = '0.1.0';
