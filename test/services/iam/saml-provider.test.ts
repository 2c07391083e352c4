import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as samlPrivateKeys from "../../../src/store/iam/saml-private-keys.ts";
import * as samlProviders from "../../../src/store/iam/saml-providers.ts";
import { sealedTables } from "../../../src/store/iam/sealed-tables.ts";
import { account, Harness } from "../harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.open({ samlProvidersPerAccount: 2 });
});
afterAll(() => harness.close());

const metadata = (entityId: string) =>
  `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}"><IDPSSODescriptor>` +
  `<SingleSignOnService Binding="b" Location="l"/></IDPSSODescriptor></EntityDescriptor>`;
const arnOf = (name: string) => `arn:aws:iam::${account}:saml-provider/${name}`;
const create = (Name: string, more: object = {}) =>
  harness.call("CreateSAMLProvider", { Name, SAMLMetadataDocument: metadata("e"), ...more });
const remove = (name: string) => harness.ok("DeleteSAMLProvider", { SAMLProviderArn: arnOf(name) });

it("keeps what verifying takes beside the document, and both follow the metadata", async () => {
  expect((await create("a")).fault).toBeUndefined();
  const kept = () => harness.store((tx) => samlProviders.byName(tx, account, "a"));
  expect((await kept())?.identityProviders).toEqual([
    { entityId: "e", singleSignOn: [{ binding: "b", location: "l" }], certificates: [] },
  ]);
  await harness.ok("UpdateSAMLProvider", { SAMLProviderArn: arnOf("a"), SAMLMetadataDocument: metadata("f") });
  expect((await kept())?.identityProviders).toMatchObject([{ entityId: "f" }]);
  const { SAMLMetadataDocument } = await harness.ok("GetSAMLProvider", { SAMLProviderArn: arnOf("a") });
  expect(SAMLMetadataDocument).toBe(metadata("f"));
  await remove("a");
});

const rsa = (type: "pkcs1" | "pkcs8", modulusLength: number) =>
  generateKeyPairSync("rsa", { modulusLength }).privateKey.export({ type, format: "pem" }) as string;
const ec = (type: "sec1" | "pkcs8") =>
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type, format: "pem" }) as string;
const ofKind = (kind: "ed25519" | "x25519") =>
  generateKeyPairSync(kind as "ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;

it.each([
  ["RSA of 1,024 bits in PKCS#1", rsa("pkcs1", 1024)],
  ["RSA of 2,048 bits in PKCS#8", rsa("pkcs8", 2048)],
  ["EC in SEC 1", ec("sec1")],
  ["EC in PKCS#8", ec("pkcs8")],
])("seals a private key: %s", async (_, AddPrivateKey) => {
  expect((await create("sealed", { AddPrivateKey })).fault).toBeUndefined();
  const provider = await harness.store((tx) => samlProviders.byName(tx, account, "sealed"));
  const [key] = await harness.store((tx) => samlPrivateKeys.ofProvider(tx, provider!));
  const der = Buffer.from(harness.secrets.open(key!.sealedSecret, key!.id));
  const opened = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  expect(opened.equals(createPrivateKey(AddPrivateKey))).toBe(true);
  expect(Buffer.from(key!.sealedSecret).includes(der.subarray(-16))).toBe(false);
  expect(sealedTables).toContain(samlPrivateKeys.secrets);
  await remove("sealed");
  expect(await harness.store((tx) => samlPrivateKeys.secrets.page(tx, { after: "", limit: 9 }))).toEqual([]);
});

it.each([
  ["a key that signs alone", ofKind("ed25519")],
  ["a key that agrees alone", ofKind("x25519")],
  [
    "one under a passphrase",
    generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-128-cbc",
      passphrase: "secret",
    }) as string,
  ],
  [
    "a public key",
    generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ type: "spki", format: "pem" }) as string,
  ],
])("refuses %s", async (_, AddPrivateKey) => {
  const { fault } = await create("refused", { AddPrivateKey });
  expect(fault).toEqual({ code: "InvalidInput", status: 400, message: "Could not parse private key" });
});

it("tells the newer key from the older, and has two at most also where several come at once", async () => {
  await create("keys", { AddPrivateKey: ec("sec1") });
  const SAMLProviderArn = arnOf("keys");
  harness.clock.advance(1000);
  const added = await Promise.all(
    [1, 2, 3].map(() => harness.call("UpdateSAMLProvider", { SAMLProviderArn, AddPrivateKey: ec("sec1") })),
  );
  expect(added.filter(({ fault }) => fault === undefined)).toHaveLength(1);
  const { PrivateKeyList = [] } = await harness.ok("GetSAMLProvider", { SAMLProviderArn });
  expect(PrivateKeyList).toHaveLength(2);
  const [older, newer] = PrivateKeyList.map(({ Timestamp }) => Timestamp?.getTime() ?? 0);
  expect(newer! - older!).toBe(1000);
  await remove("keys");
});

it("is valid for a hundred years", async () => {
  await create("long");
  const { CreateDate, ValidUntil } = await harness.ok("GetSAMLProvider", { SAMLProviderArn: arnOf("long") });
  expect(ValidUntil!.getUTCFullYear() - CreateDate!.getUTCFullYear()).toBe(100);
  await remove("long");
});

it("is found by its ARN to the letter", async () => {
  await create("Case");
  const refused = await harness.refusal("GetSAMLProvider", { SAMLProviderArn: arnOf("case") });
  expect(refused).toBe(`NoSuchEntity 404: Manifest not found for arn ${arnOf("case")}`);
  await remove("Case");
});

it("counts them for the quota and for the summary, beside OIDC providers", async () => {
  await harness.ok("CreateOpenIDConnectProvider", { Url: "https://a.example" });
  const made = await Promise.all(["a", "b", "c"].map((name) => create(name)));
  expect(made.map(({ fault }) => fault?.message).filter((message) => message !== undefined)).toEqual([
    "Cannot exceed quota for SAMLProvidersPerAccount: 2",
  ]);
  expect((await harness.ok("GetAccountSummary", {})).SummaryMap).toMatchObject({ Providers: 3 });
});
