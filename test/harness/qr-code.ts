import jsqr from "jsqr";
import { PNG } from "pngjs";

/** What a picture says, read as a phone does: by decoders that have nothing in common with what made it. */
export function readQrCode(png: Uint8Array): string | undefined {
  const { data, width, height } = PNG.sync.read(Buffer.from(png));
  // The package is CommonJS, and its types name the function its default export.
  const decode = jsqr as unknown as typeof jsqr.default;
  return decode(new Uint8ClampedArray(data), width, height)?.data;
}
