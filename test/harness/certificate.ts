/** Certificates, made on the spot: none in the repository can expire, or be mistaken for a secret. */
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

export interface Certificate {
  /** PEM texts. */
  readonly cert: string;
  readonly key: string;
}

/** A certificate that may issue others. */
export interface Issued extends Certificate {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** One value in DER (ITU-T X.690): tag, length, content. */
function der(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const digits = body.length < 128 ? [] : body.length < 256 ? [body.length] : [body.length >> 8, body.length & 255];
  const length = digits.length === 0 ? [body.length] : [0x80 | digits.length, ...digits];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...content: Uint8Array[]): Buffer => der(0x30, ...content);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const flag = der(0x01, Buffer.from([255]));
const algorithms = {
  ec: sequence(oid("2a8648ce3d040302")),
  rsa: sequence(oid("2a864886f70d01010b"), der(0x05)),
};
const nameOf = (commonName: string) => sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(commonName)))));
const extension = (id: string, critical: boolean, value: Buffer) =>
  sequence(oid(id), ...(critical ? [flag] : []), der(0x04, value));

/** UTCTime, `YYMMDDHHMMSSZ`. */
function time(ms: number): Buffer {
  return der(0x17, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/[-:T]/g, "")}Z`));
}

const day = 86_400_000;

export interface Wanted {
  readonly name?: string;
  /** Who signs it; itself where it is left out. */
  readonly issuer?: Issued;
  readonly type?: "ec" | "rsa";
  /** Milliseconds; else the present. */
  readonly now?: number;
  /** How many days from now on it is valid, and how many days from now it ends. */
  readonly from?: number;
  readonly until?: number;
  /** May issue others; `pathLength` authorities below it. */
  readonly authority?: boolean;
  readonly pathLength?: number;
  /** What its key may be used for, one byte of bits (RFC 5280 §4.2.1.3): 0x04 signs certificates, 0x80 anything else. */
  readonly keyUsage?: number;
  /** What it is for beside the address 127.0.0.1: names in DNS. */
  readonly hosts?: readonly string[];
  /** What its key may be used for, as the last bytes of identifiers below 1.3.6.1.5.5.7.3: 1 servers, 2 clients. */
  readonly uses?: readonly number[];
  /** Made before; else a new one. */
  readonly keys?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
}

function newKeys(type: "ec" | "rsa") {
  return type === "ec"
    ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : generateKeyPairSync("rsa", { modulusLength: 2048 });
}

/** RFC 5280 §4.1: version 3, with the subject alternative name IP:127.0.0.1 and those that are wanted. */
export function issue(wanted: Wanted = {}): Issued {
  const { name = "rolecall test", type = "ec", now = Date.now(), from = -1, until = 1 } = wanted;
  const { authority = false, pathLength, keyUsage, hosts = [], uses = [] } = wanted;
  const { publicKey, privateKey } = wanted.keys ?? newKeys(type);
  const issuer = wanted.issuer ?? { name, privateKey };
  const algorithm = algorithms[issuer.privateKey.asymmetricKeyType as "ec" | "rsa"];
  const constraints = sequence(flag, ...(pathLength === undefined ? [] : [der(0x02, Buffer.from([pathLength]))]));
  const extensions = [
    extension(
      "551d11",
      false,
      sequence(der(0x87, Buffer.from([127, 0, 0, 1])), ...hosts.map((host) => der(0x82, Buffer.from(host)))),
    ),
    ...(uses.length === 0
      ? []
      : [extension("551d25", false, sequence(...uses.map((use) => oid(`2b0601050507030${use}`))))]),
    ...(authority ? [extension("551d13", true, constraints)] : []),
    ...(keyUsage === undefined ? [] : [extension("551d0f", true, der(0x03, Buffer.from([0, keyUsage])))]),
  ];
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    nameOf(issuer.name),
    sequence(time(now + from * day), time(now + until * day)),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", toBeSigned, issuer.privateKey);
  const whole = sequence(toBeSigned, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString("base64").match(/.{1,64}/g)!;
  return {
    name,
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    publicKey,
    privateKey,
  };
}

/**
 * A self-signed certificate for 127.0.0.1.
 *
 * @param from how many days from now on it is valid. @param until how many days from now it ends
 */
export function selfSigned({ from = -1, until = 1 } = {}): Certificate {
  return issue({ from, until });
}
