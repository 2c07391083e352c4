import { createHash, X509Certificate } from "node:crypto";
import { base32 } from "../../src/text/base32.ts";
import { issue } from "./certificate.ts";

let made: Readonly<Record<string, string>> | undefined;

/** What no file of cases can hold, because certificates end: by the names under which cases ask for it. */
export function caseCertificates(): Readonly<Record<string, string>> {
  return (made ??= make());
}

function make(): Readonly<Record<string, string>> {
  const root = issue({ name: "root", type: "rsa", authority: true });
  const middle = issue({ name: "middle", issuer: root, authority: true });
  const leaf = issue({ name: "leaf", issuer: middle });
  const rsa = issue({ name: "rsa", type: "rsa" });
  const ended = issue({ from: -9, until: -1 });
  return {
    leaf: leaf.cert,
    leafTrimmed: leaf.cert.trim(),
    leafKey: leaf.key,
    chain: middle.cert + root.cert,
    chainTrimmed: (middle.cert + root.cert).trim(),
    rootAlone: root.cert,
    rsa: rsa.cert,
    rsaTrimmed: rsa.cert.trim(),
    rsaKey: rsa.privateKey.export({ type: "pkcs1", format: "pem" }) as string,
    ended: ended.cert,
    endedKey: ended.key,
    leafId: base32(createHash("sha1").update(new X509Certificate(leaf.cert).raw).digest()),
  };
}
