import { DAY_IN_MS } from './evaluation';

/** Two days around a limit, the largest unit alone does not show on which side a time is. */
const NEAR_IN_MS = 2 * DAY_IN_MS;

/**
 * A time as people read it: `51 days`, or near a limit also hours, minutes or seconds, such as `30 days 5 minutes`.
 *
 * @param milliseconds the time
 * @param limit the limit to which it is compared, in days
 */
export function elapsedTime(milliseconds: number, limit?: number): string {
  const beyond = limit === undefined ? Infinity : milliseconds - limit * DAY_IN_MS;
  const seconds = Math.floor(milliseconds / 1000);
  const units = [
    [Math.floor(milliseconds / DAY_IN_MS), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ] as const;
  const text = units.filter(([amount]) => amount > 0).slice(0, Math.abs(beyond) < NEAR_IN_MS ? 2 : 1).map(([amount, unit]) => plural(amount, unit)).join(' ');
  if (text === '') {
    return 'less than a second';
  }
  return beyond > 0 && beyond < 1000 ? `just over ${text}` : text;
}

/**
 * A number with its unit: `1 day`, `2 days`.
 */
export function plural(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}
