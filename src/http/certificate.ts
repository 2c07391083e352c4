import { X509Certificate } from "node:crypto";

/** A server's certificate with its chain, and its key: PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** From when and until when the first certificate of a chain is valid, in milliseconds. */
export function validity({ cert }: Certificate): { readonly from: number; readonly until: number } {
  const { validFrom, validTo } = new X509Certificate(cert);
  return { from: Date.parse(validFrom), until: Date.parse(validTo) };
}
