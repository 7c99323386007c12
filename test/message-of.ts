/**
 * What something that a user writes is refused with.
 */
export function messageOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

/**
 * The problems that something is refused for, one on each line of its message; none if it is accepted.
 */
export function problemsOf(make: () => unknown): string[] {
  try {
    make();
  } catch (error) {
    return (error as Error).message.split('\n');
  }
  return [];
}
