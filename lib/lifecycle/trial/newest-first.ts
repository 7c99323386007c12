/**
 * The positions of images, from the newest push to the oldest; of equal ones, the smaller digest first.
 *
 * Time and position share one number, because the engine sorts plain numbers many times faster than it calls a comparison. Where a
 * long history leaves too few digits for milliseconds, images of the same few milliseconds are sorted once more.
 *
 * @param times when each image was pushed, in milliseconds
 * @param digestOf the digest of the image at a position
 */
export function newestFirst(times: Float64Array, digestOf: (position: number) => string): Uint32Array {
  const size = times.length;
  let newest = -Infinity;
  let oldest = Infinity;
  for (const time of times) {
    newest = Math.max(newest, time);
    oldest = Math.min(oldest, time);
  }

  const unit = Math.max(1, Math.ceil((newest - oldest + 1) * size / Number.MAX_SAFE_INTEGER));
  const keys = times.map((time, position) => Math.floor((newest - time) / unit) * size + position).sort();
  const order = new Uint32Array(size);
  for (let position = 0; position < size; position++) {
    order[position] = keys[position] % size;
  }

  const compare = (a: number, b: number) => times[b] - times[a] || (digestOf(a) < digestOf(b) ? -1 : 1);
  for (let start = 0, end = 1; end <= size; end++) {
    if (end === size || Math.floor(keys[end] / size) !== Math.floor(keys[start] / size)) {
      if (end - start > 1) {
        order.subarray(start, end).sort(compare);
      }
      start = end;
    }
  }
  return order;
}
