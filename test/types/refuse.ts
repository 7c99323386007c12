/** The public members of a class: a perfect look-alike that the class did not make. */
export type LookAlike<T> = { readonly [K in keyof T]: T[K] };

/** Takes values of one type; each call below a `@ts-expect-error` must not compile. */
export declare function take<T>(value: T): void;

/** A look-alike of a class. */
export declare function lookAlike<T>(): LookAlike<T>;
