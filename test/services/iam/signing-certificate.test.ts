import { createHash, X509Certificate } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";

import { base32 } from "../../../src/text/base32.ts";
import { issue } from "../../harness/certificate.ts";
import { Harness } from "../harness.ts";

const now = Date.UTC(2026, 0, 1);
const [first, second, third] = [1, 2, 3].map(() => issue({ now }).cert) as [string, string, string];
const idOf = (pem: string) => base32(createHash("sha1").update(new X509Certificate(pem).raw).digest());
const unknown = "NONEXISTENTCERTID12345678901";

let harness: Harness;

beforeEach(async () => {
  harness = await Harness.open();
  await harness.ok("CreateUser", { UserName: "Ann" });
  await harness.ok("CreateUser", { UserName: "Bob" });
});
afterEach(() => harness.close());

const upload = (CertificateBody: string, UserName = "Ann") =>
  harness.ok("UploadSigningCertificate", { UserName, CertificateBody });
const statuses = async (UserName = "Ann") =>
  (await harness.ok("ListSigningCertificates", { UserName })).Certificates.map(({ Status }) => Status);

it("has an id that is made from the certificate, and its body as it was sent", async () => {
  const { Certificate } = await upload(first);
  const expected = { UserName: "Ann", CertificateId: idOf(first), CertificateBody: first, Status: "Active" };
  expect(Certificate).toEqual({ ...expected, UploadDate: new Date(now) });
  const { Certificates } = await harness.ok("ListSigningCertificates", { UserName: "ann" });
  expect(Certificates).toEqual([Certificate]);
});

it("takes RSA of 1024 bits", async () => {
  const { generateKeyPairSync } = await import("node:crypto");
  const { cert } = issue({ now, type: "rsa", keys: generateKeyPairSync("rsa", { modulusLength: 1024 }) });
  expect((await upload(cert)).Certificate.Status).toBe("Active");
});

it("is there once: again for its user it stays what it is, and the answer says Active", async () => {
  const { Certificate } = await upload(first);
  await upload(second);
  const { CertificateId, UserName } = Certificate;
  await harness.ok("UpdateSigningCertificate", { UserName, CertificateId, Status: "Inactive" });
  harness.clock.advance(5000);
  // Also where the user has as many as there may be.
  expect((await upload(first)).Certificate).toEqual(Certificate);
  expect((await statuses()).toSorted()).toEqual(["Active", "Inactive"]);
  const again = { UserName: "Bob", CertificateBody: first };
  expect(await harness.refusal("UploadSigningCertificate", again)).toBe(
    "DuplicateCertificate 409: Duplicate certificate uploaded.",
  );
});

it("there are two of a user and no more, of root as well", async () => {
  for (const UserName of ["Ann", undefined]) {
    const made = [1, 2, 3].map(() => issue({ now }).cert);
    for (const CertificateBody of made.slice(0, 2)) {
      await harness.ok("UploadSigningCertificate", { UserName, CertificateBody });
    }
    const more = { UserName, CertificateBody: made[2]! };
    expect(await harness.refusal("UploadSigningCertificate", more)).toBe(
      "LimitExceeded 409: Cannot exceed quota for CertificatesPerUser: 2",
    );
  }
});

it("belongs to root where it names nobody, and the summary says so", async () => {
  const { SummaryMap: before } = await harness.ok("GetAccountSummary", {});
  expect(before).toMatchObject({ AccountSigningCertificatesPresent: 0, SigningCertificatesPerUserQuota: 2 });
  const { Certificate } = await harness.ok("UploadSigningCertificate", { CertificateBody: first });
  expect(Certificate).not.toHaveProperty("UserName");
  const { SummaryMap } = await harness.ok("GetAccountSummary", {});
  expect(SummaryMap).toMatchObject({ AccountSigningCertificatesPresent: 1 });
  await harness.ok("DeleteSigningCertificate", { CertificateId: Certificate.CertificateId });
  expect((await harness.ok("ListSigningCertificates", {})).Certificates).toEqual([]);
});

it("of somebody else is as good as none", async () => {
  const { Certificate } = await upload(first);
  for (const [UserName, CertificateId] of [
    ["Bob", Certificate.CertificateId],
    ["Ann", unknown],
  ] as const) {
    const gone = `NoSuchEntity 404: The Certificate with id ${CertificateId} cannot be found.`;
    const update = { UserName, CertificateId, Status: "Inactive" } as const;
    expect(await harness.refusal("UpdateSigningCertificate", update)).toBe(gone);
    expect(await harness.refusal("DeleteSigningCertificate", { UserName, CertificateId })).toBe(gone);
  }
});

it("is refused with its text where it is none or has ended", async () => {
  const malformed = (CertificateBody: string) =>
    harness.refusal("UploadSigningCertificate", { UserName: "Ann", CertificateBody });
  const ended = issue({ now, from: -9, until: -1 }).cert;
  for (const body of ["invalid-certificate-body", first + second, ended]) {
    expect(await malformed(body)).toBe(`MalformedCertificate 400: Certificate ${body} is malformed.`);
  }
});

it("cannot be set to Expired, whatever the contract says", async () => {
  const { CertificateId, UserName } = (await upload(first)).Certificate;
  const update = { UserName, CertificateId, Status: "Expired" } as const;
  expect(await harness.refusal("UpdateSigningCertificate", update)).toBe(
    "InvalidInput 400: Operation does not support status Expired",
  );
  expect(await statuses()).toEqual(["Active"]);
});

it("goes with its user under another name, and stands in the way of deleting him", async () => {
  await upload(first);
  await harness.ok("UpdateUser", { UserName: "Ann", NewUserName: "Eve" });
  const { Certificates } = await harness.ok("ListSigningCertificates", { UserName: "Eve" });
  expect(Certificates).toMatchObject([{ UserName: "Eve", CertificateId: idOf(first) }]);
  await harness.ok("CreateAccessKey", { UserName: "Eve" });
  expect(await harness.refusal("DeleteUser", { UserName: "Eve" })).toBe(
    "DeleteConflict 409: Cannot delete entity, must delete certificates first.",
  );
  await harness.ok("DeleteSigningCertificate", { UserName: "Eve", CertificateId: idOf(first) });
  expect(await harness.refusal("DeleteUser", { UserName: "Eve" })).toBe(
    "DeleteConflict 409: Cannot delete entity, must delete access keys first.",
  );
});

it("is listed in pages", async () => {
  const made = (await Promise.all([first, second].map((body) => upload(body)))).map(
    ({ Certificate }) => Certificate.CertificateId,
  );
  const one = await harness.ok("ListSigningCertificates", { UserName: "Ann", MaxItems: 1 });
  const two = await harness.ok("ListSigningCertificates", { UserName: "Ann", MaxItems: 1, Marker: one.Marker });
  expect([one.IsTruncated, two.IsTruncated]).toEqual([true, false]);
  const seen = [...one.Certificates, ...two.Certificates].map(({ CertificateId }) => CertificateId);
  expect(seen).toEqual(made.toSorted());
});

it("has nobody to belong to where the user is missing, which is said first", async () => {
  const missing = "NoSuchEntity 404: The user with name nobody cannot be found.";
  const named = { UserName: "nobody" };
  expect(await harness.refusal("UploadSigningCertificate", { ...named, CertificateBody: third })).toBe(missing);
  expect(await harness.refusal("UploadSigningCertificate", { ...named, CertificateBody: "x" })).toBe(missing);
  expect(await harness.refusal("ListSigningCertificates", named)).toBe(missing);
  expect(await harness.refusal("DeleteSigningCertificate", { ...named, CertificateId: unknown })).toBe(missing);
});
