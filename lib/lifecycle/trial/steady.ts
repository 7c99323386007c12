/** A number of images that is less steady than this for shorter than this is not called steady. */
const LEAST_DAYS = 30;

/**
 * The first day from which on a number of images no longer changes, or nothing when it changes until the end.
 *
 * Fractions of a push let the number swing by a push or two. Growth must have had the time to leave that range before it is ruled out.
 *
 * @param images the number at the end of each day
 * @param perDay the number of pushes a day that add to it
 * @param perPush how many images a push adds to it
 */
export function steadyFrom(images: ArrayLike<number>, perDay: number, perPush: number): number | undefined {
  const swing = 2 * perPush;
  const needed = perDay === 0 ? 0 : Math.max(LEAST_DAYS, (swing + 2) / perDay);
  const last = images[images.length - 1];
  let day = images.length;
  while (day > 0 && Math.abs(images[day - 1] - last) <= swing) {
    day--;
  }
  return images.length - day >= needed ? day + 1 : undefined;
}
