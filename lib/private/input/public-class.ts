import { brand } from '../core/brand';
import { checkArguments } from './check-arguments';
import { CALLS } from './signatures';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Prepares a class for callers without a compiler: brands it, and checks the arguments of its public methods. Call it in the
 * class: `static { publicClass(this, 'LifecyclePolicy'); }`. A constructor calls `checkArguments` itself, before `super`.
 *
 * @param type the class
 * @param name its public name
 */
export function publicClass(type: { readonly prototype: object }, name: string): void {
  brand(type, name);
  for (const call of Object.keys(CALLS).filter(key => key.startsWith(`${name}.`))) {
    const method = call.slice(name.length + 1);
    const holder = (method in type ? type : type.prototype) as Record<string, Method>;
    const original = holder[method];
    Object.defineProperty(holder, method, {
      configurable: true,
      writable: true,
      value (this: unknown, ...args: unknown[]): unknown {
        checkArguments(call, args, this);
        return original.apply(this, args);
      },
    });
  }
}
