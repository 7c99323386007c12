/** The key of the name that each value class of this library has on its prototype. Registered, so that all copies of the package use the same one. */
export const BRAND: unique symbol = Symbol.for('cdk-secure-ecr.class');

/** Gives a class its name in all copies of the package. Call it in the class: `static { brand(this, 'LifecyclePolicy'); }`. */
export function brand(type: { readonly prototype: object }, name: string): void {
  Object.defineProperty(type.prototype, BRAND, { value: name });
}

/** The class of a value of this library, or undefined for any other value. */
export function brandOf(value: unknown): string | undefined {
  return (value as { readonly [BRAND]?: string } | null | undefined)?.[BRAND];
}

/**
 * Whether a value is of a class of this library. `instanceof` fails for values of a second copy of the package. An app has two copies when two of
 * its dependencies install their own.
 */
export function isA<T extends object>(value: unknown, name: string): value is T {
  return brandOf(value) === name;
}
