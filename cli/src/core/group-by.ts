/**
 * Items by a text of each, in the order in which the texts come first.
 */
export function groupBy<T>(items: Iterable<T>, textOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(textOf(item));
    if (group) {
      group.push(item);
    } else {
      groups.set(textOf(item), [item]);
    }
  }
  return groups;
}
