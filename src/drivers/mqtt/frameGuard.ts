/**
 * Measures MQTT packets while their bytes arrive, so that a packet that says it is huge is refused at its header and
 * never collected in memory: the parser behind it would gather up to 256 MiB before anybody could look.
 * A fixed header is one type byte and a length of one to four bytes, seven bits each (MQTT 5, 1.5.5 and 2.1.4).
 */

/** Takes the next chunk of the stream; answers the size of the first packet above `maximumBytes`, or undefined. */
export type FrameGuard = (chunk: Uint8Array) => number | undefined;

const LONGEST_LENGTH_BYTES = 4;

export const makeFrameGuard = (maximumBytes: number): FrameGuard => {
  let bodyLeft = 0;
  let headerBytes = 0;
  let bodyBytes = 0;

  /** The whole packet's size once its header is complete. */
  const takeHeaderByte = (byte: number): number | undefined => {
    headerBytes += 1;
    if (headerBytes === 1) return undefined;
    bodyBytes += (byte & 0x7f) * 2 ** (7 * (headerBytes - 2));
    if (byte & 0x80) return headerBytes > LONGEST_LENGTH_BYTES ? Number.POSITIVE_INFINITY : undefined;
    const total = headerBytes + bodyBytes;
    bodyLeft = bodyBytes;
    headerBytes = 0;
    bodyBytes = 0;
    return total;
  };

  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (bodyLeft > 0) {
        const taken = Math.min(bodyLeft, chunk.length - at);
        bodyLeft -= taken;
        at += taken;
        continue;
      }
      const total = takeHeaderByte(chunk[at] ?? 0);
      if (total !== undefined && total > maximumBytes) return total;
      at += 1;
    }
    return undefined;
  };
};
