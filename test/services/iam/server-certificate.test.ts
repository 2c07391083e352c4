import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";

import * as serverCertificates from "../../../src/store/iam/server-certificates.ts";
import { issue } from "../../harness/certificate.ts";
import type { Issued } from "../../harness/certificate.ts";
import { account, Harness } from "../harness.ts";

const now = Date.UTC(2026, 0, 1);
const root = issue({ now, name: "root", authority: true });
const middle = issue({ now, name: "middle", issuer: root, authority: true });
const leaf = issue({ now, name: "leaf", issuer: middle, until: 30 });
const other = issue({ now, name: "other" });

let harness: Harness;

beforeEach(async () => {
  harness = await Harness.open();
});
afterEach(() => harness.close());

const material = ({ cert, key }: Pick<Issued, "cert" | "key">) => ({ CertificateBody: cert, PrivateKey: key });
const upload = (ServerCertificateName: string, more: object = {}) =>
  harness.ok("UploadServerCertificate", { ServerCertificateName, ...material(leaf), ...more });
const refused = (more: object) =>
  harness.refusal("UploadServerCertificate", { ServerCertificateName: "x", ...material(leaf), ...more });

it("is given back trimmed, with its chain and without its key", async () => {
  const { ServerCertificateMetadata, Tags } = await upload("Web", {
    Path: "/cloudfront/",
    CertificateChain: middle.cert + root.cert,
    Tags: [
      { Key: "b", Value: "1" },
      { Key: "a", Value: "2" },
    ],
  });
  expect(ServerCertificateMetadata).toEqual({
    Path: "/cloudfront/",
    ServerCertificateName: "Web",
    ServerCertificateId: expect.stringMatching(/^ASCA[A-Z2-7]{17}$/) as string,
    Arn: `arn:aws:iam::${account}:server-certificate/cloudfront/Web`,
    UploadDate: new Date(now),
    Expiration: new Date(now + 30 * 86_400_000),
  });
  expect(Tags).toEqual([
    { Key: "b", Value: "1" },
    { Key: "a", Value: "2" },
  ]);
  const { ServerCertificate } = await harness.ok("GetServerCertificate", { ServerCertificateName: "web" });
  expect(ServerCertificate).toEqual({
    ServerCertificateMetadata,
    CertificateBody: leaf.cert.trim(),
    CertificateChain: (middle.cert + root.cert).trim(),
    Tags: [
      { Key: "a", Value: "2" },
      { Key: "b", Value: "1" },
    ],
  });
});

it("without chain and tags answers with neither, and Get with no tags", async () => {
  expect(await upload("plain")).not.toHaveProperty("Tags");
  const { ServerCertificate } = await harness.ok("GetServerCertificate", { ServerCertificateName: "plain" });
  expect(ServerCertificate).not.toHaveProperty("CertificateChain");
  expect(ServerCertificate.Tags).toEqual([]);
});

it("has its private key sealed, bound to its id", async () => {
  const { ServerCertificateMetadata } = await upload("sealed");
  const id = ServerCertificateMetadata!.ServerCertificateId;
  const stored = (await harness.store((tx) => serverCertificates.materialOf(tx, { id, account })))!;
  expect(Buffer.from(stored.sealedSecret).includes("PRIVATE KEY")).toBe(false);
  expect(Buffer.from(harness.secrets.open(stored.sealedSecret, id)).toString()).toBe(leaf.key);
});

it("takes a chain of a hundred", async () => {
  const { ServerCertificateMetadata } = await upload("long", { CertificateChain: middle.cert + root.cert.repeat(99) });
  expect(ServerCertificateMetadata?.ServerCertificateName).toBe("long");
});

const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 });
const forms: readonly [string, Issued, string][] = [
  ["an elliptic curve, SEC 1", leaf, leaf.privateKey.export({ type: "sec1", format: "pem" }) as string],
  ...(["pkcs1", "pkcs8"] as const).map((type): [string, Issued, string] => [
    `RSA of 1024 bits, ${type}`,
    issue({ now, type: "rsa", keys: rsa }),
    rsa.privateKey.export({ type, format: "pem" }) as string,
  ]),
];
it.each(forms)("takes a key of %s", async (_, { cert }, key) => {
  await harness.ok("UploadServerCertificate", {
    ServerCertificateName: "x",
    CertificateBody: cert,
    PrivateKey: key,
  });
});

const unreadable =
  "MalformedCertificate 400: Unable to parse certificate. Please ensure the certificate is in PEM format.";
const mismatch =
  "KeyPairMismatch 400: The private key did not match the public key provided. Please verify the key material and try again.";
const unchained = (index: number) =>
  "MalformedCertificate 400: Unable to validate certificate chain. The certificate chain must start with the immediate " +
  `signing certificate, followed by any intermediaries in order. The index within the chain of the invalid certificate is: ${index}`;
const encrypted = leaf.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" });

/** A key file that claims the leaf's public key and has another's private one. */
function liar(): string {
  const jwk = leaf.privateKey.export({ format: "jwk" });
  const { d } = other.privateKey.export({ format: "jwk" });
  return createPrivateKey({ key: { ...jwk, d: d! }, format: "jwk" }).export({ type: "pkcs8", format: "pem" }) as string;
}

it.each([
  ["no certificate", { CertificateBody: "x" }, unreadable],
  ["two certificates", { CertificateBody: leaf.cert + middle.cert }, unreadable],
  ["no key", { PrivateKey: leaf.cert }, unreadable],
  ["an encrypted key", { PrivateKey: encrypted as string }, unreadable],
  ["somebody else's key", { PrivateKey: other.key }, mismatch],
  ["a key that only says so", { PrivateKey: liar() }, mismatch],
  [
    "one that has ended",
    material(issue({ now, from: -9, until: -1 })),
    "MalformedCertificate 400: Certificate is no longer valid. The 'Not After' date restriction on the certificate has passed.",
  ],
  [
    "one that has not begun",
    material(issue({ now, from: 1, until: 9 })),
    "MalformedCertificate 400: Certificate is not yet valid. The 'Not Before' date restriction on the certificate has not passed.",
  ],
  ["a chain that is none", { CertificateChain: "x" }, "MalformedCertificate 400: "],
  ["a chain of blanks", { CertificateChain: " \n" }, "MalformedCertificate 400: "],
  ["text in the chain", { CertificateChain: `middle\n${middle.cert}` }, "MalformedCertificate 400: "],
  ["a chain of 101", { CertificateChain: middle.cert + root.cert.repeat(100) }, "MalformedCertificate 400: "],
  ["somebody else's chain", { CertificateChain: other.cert }, unchained(-1)],
  ["the leaf in its chain", { CertificateChain: leaf.cert + middle.cert }, unchained(1)],
  [
    "no chain from its issuer",
    { CertificateChain: issue({ now, name: "middle", authority: true }).cert },
    unchained(0),
  ],
])("is refused with %s", async (_, more, fault) => {
  expect(await refused(more)).toBe(fault);
  expect((await harness.ok("ListServerCertificates", {})).ServerCertificateMetadataList).toEqual([]);
});

it("has a name that is taken regardless of case, and is named as it was sent", async () => {
  await upload("Web");
  expect(await refused({ ServerCertificateName: "WEB" })).toBe(
    "EntityAlreadyExists 409: The Server Certificate with name WEB already exists.",
  );
  await upload("Mail");
  const taken = { ServerCertificateName: "mail", NewServerCertificateName: "wEb" };
  expect(await harness.refusal("UpdateServerCertificate", taken)).toBe(
    "EntityAlreadyExists 409: The Server Certificate with name wEb already exists.",
  );
});

it("is one of twenty of an account, and the summary counts them", async () => {
  for (let count = 0; count < 20; count++) await upload(`c${count}`);
  expect(await refused({})).toBe("LimitExceeded 409: Cannot exceed quota for ServerCertificatesPerAccount: 20");
  const { SummaryMap } = await harness.ok("GetAccountSummary", {});
  expect(SummaryMap).toMatchObject({ ServerCertificates: 20, ServerCertificatesQuota: 20 });
  await harness.ok("DeleteServerCertificate", { ServerCertificateName: "c3" });
  await upload("c3");
});

it("is renamed and moved, and keeps its id, its tags and its material", async () => {
  const tagged = { Tags: [{ Key: "k", Value: "v" }] };
  const { ServerCertificateMetadata: before } = await upload("Web", tagged);
  await harness.ok("UpdateServerCertificate", { ServerCertificateName: "web" });
  await harness.ok("UpdateServerCertificate", { ServerCertificateName: "web", NewServerCertificateName: "New" });
  await harness.ok("UpdateServerCertificate", { ServerCertificateName: "new", NewPath: "/p/" });
  const { ServerCertificate } = await harness.ok("GetServerCertificate", { ServerCertificateName: "new" });
  expect(ServerCertificate).toMatchObject({ ...tagged, CertificateBody: leaf.cert.trim() });
  expect(ServerCertificate.ServerCertificateMetadata).toEqual({
    ...before,
    ServerCertificateName: "New",
    Path: "/p/",
    Arn: `arn:aws:iam::${account}:server-certificate/p/New`,
  });
});

it("is moved by who may on both of its ARNs", async () => {
  await upload("Web");
  const move = { ServerCertificateName: "web", NewServerCertificateName: "New", NewPath: "/p/" };
  const needed = await harness.requirements("UpdateServerCertificate", move);
  expect(needed.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
    `iam:UpdateServerCertificate arn:aws:iam::${account}:server-certificate/Web`,
    `iam:UpdateServerCertificate arn:aws:iam::${account}:server-certificate/p/New`,
  ]);
});

it("refuses empty lists of tags and of keys, and tells keys apart by case", async () => {
  await upload("Web");
  const named = { ServerCertificateName: "Web" };
  expect(await harness.refusal("TagServerCertificate", { ...named, Tags: [] })).toBe(
    "InvalidInput 400: The provided tag map must not be null/empty.",
  );
  expect(await harness.refusal("UntagServerCertificate", { ...named, TagKeys: [] })).toBe(
    "InvalidInput 400: The provided tag keys must not be null/empty.",
  );
  const Tags = [
    { Key: "K", Value: "1" },
    { Key: "k", Value: "2" },
  ];
  await harness.ok("TagServerCertificate", { ...named, Tags });
  expect((await harness.ok("ListServerCertificateTags", named)).Tags).toEqual(Tags);
});

it("is gone with its material and its tags, and its name is free", async () => {
  const { ServerCertificateMetadata } = await upload("Web", { Tags: [{ Key: "k", Value: "v" }] });
  await harness.ok("DeleteServerCertificate", { ServerCertificateName: "web" });
  const gone = "NoSuchEntity 404: The Server Certificate with name web cannot be found.";
  expect(await harness.refusal("DeleteServerCertificate", { ServerCertificateName: "web" })).toBe(gone);
  const id = ServerCertificateMetadata!.ServerCertificateId;
  expect(await harness.store((tx) => serverCertificates.materialOf(tx, { id, account }))).toBeNull();
  await upload("Web");
});
