import encodeQR from "qr";
import { monochromePng } from "./monochrome-png.ts";

/** Pixels a module: what phones read from a screen without trouble. */
const moduleSize = 5;

/** A QR code as a PNG, with the quiet zone of four modules that ISO/IEC 18004 asks for. */
export function qrCodePng(text: string): Uint8Array {
  return monochromePng(encodeQR(text, "raw", { ecc: "medium", border: 4, scale: moduleSize }));
}
