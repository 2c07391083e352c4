import { crc32, deflateSync } from "node:zlib";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * A picture of black and white points as a PNG (W3C Portable Network Graphics, third edition), one bit a point. Made at
 * once: libraries that write PNGs do so by streams, and inside of a transaction nothing but the store is waited for.
 *
 * @param rows true is black; all of one length
 */
export function monochromePng(rows: readonly (readonly boolean[])[]): Uint8Array {
  const width = rows[0]!.length;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rows.length, 4);
  // One bit a point, grey; the rest is what there is only one of: compression, filter and no interlacing.
  header[8] = 1;
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(rows.map(scanLine)))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A filter byte, which says none, and the points from the highest bit on; white is 1. */
function scanLine(points: readonly boolean[]): Buffer {
  const line = Buffer.alloc(1 + Math.ceil(points.length / 8));
  for (const [index, black] of points.entries()) if (!black) line[1 + (index >> 3)]! |= 0x80 >> (index & 7);
  return line;
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  typed.copy(framed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}
