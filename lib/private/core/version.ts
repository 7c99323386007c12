/**
 * The version of the package, as in package.json. A constant, because the compiled files and the sources find package.json in different places.
 */
export const VERSION = '0.1.0';
