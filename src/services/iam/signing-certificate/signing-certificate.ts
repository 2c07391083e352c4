import { createHash } from "node:crypto";
import type { SigningCertificate } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation } from "../../../operation/operation.ts";
import * as signingCertificates from "../../../store/iam/signing-certificates.ts";
import type { SigningCertificateRecord } from "../../../store/iam/signing-certificates.ts";
import { base32 } from "../../../text/base32.ts";
import { certificateOf } from "../../../x509/certificate.ts";
import { settableStatus } from "../entity/credential-status.ts";
import { credentialOwner, ownerId, ownerName, requirementOnOwner } from "../entity/credential-owner.ts";
import type { CredentialOwner } from "../entity/credential-owner.ts";
import { iamFault, quotaExceeded } from "../entity/faults.ts";
import { pages } from "../entity/paging.ts";

export const uploadSigningCertificate = operation("iam", "UploadSigningCertificate", {
  writes: true,
  load: (input, context) => credentialOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:UploadSigningCertificate", owner, context)],
  handle: async ({ CertificateBody: body }, owner, context) => {
    const { tx, account, environment, request } = context;
    const holder = ownerId(owner, context);
    const id = certificateId(body, request.now);
    const present = await signingCertificates.byId(tx, { account, id });
    if (present !== null) {
      if (present.ownerId !== holder) throw iamFault("DuplicateCertificate", "Duplicate certificate uploaded.");
      // Nothing changes, and yet the answer calls one that is Inactive Active (observed on AWS, September 2026).
      return { Certificate: described({ ...present, status: "Active" }, owner) };
    }
    const limit = environment.quotas.signingCertificatesPerUser;
    // Two at once cannot both pass: the transaction is serializable.
    if ((await signingCertificates.countByOwner(tx, holder)) >= limit)
      throw quotaExceeded("CertificatesPerUser", limit);
    const made = { id, account, ownerId: holder, body, status: "Active", createdAt: request.now } as const;
    return { Certificate: described(await signingCertificates.create(tx, made), owner) };
  },
});

/**
 * 32 characters, made from the certificate's bytes (observed on AWS, September 2026).
 * @throws Fault MalformedCertificate with the body, as AWS has it; that the text goes on in the same way for one that has
 * expired is by analogy, only its beginning was seen
 */
function certificateId(body: string, now: number): string {
  const certificate = certificateOf(body);
  if (certificate === null || certificate.notAfter < now) {
    throw iamFault("MalformedCertificate", `Certificate ${body} is malformed.`);
  }
  return base32(createHash("sha1").update(certificate.x509.raw).digest());
}

/** The contract's type demands a user name; root has none. */
function described(certificate: SigningCertificateRecord, owner: CredentialOwner): SigningCertificate {
  return {
    ...ownerName(owner),
    CertificateId: certificate.id,
    CertificateBody: certificate.body,
    Status: certificate.status,
    UploadDate: new Date(certificate.createdAt),
  } as SigningCertificate;
}

/** One that belongs to somebody else is as good as none. @throws Fault NoSuchEntity */
async function certificateOfOwner(
  owner: CredentialOwner,
  id: string,
  context: OperationContext,
): Promise<SigningCertificateRecord> {
  const wanted = ownerId(owner, context);
  const certificate = await signingCertificates.byId(context.tx, { account: context.account, id });
  if (certificate === null || certificate.ownerId !== wanted) {
    throw iamFault("NoSuchEntity", `The Certificate with id ${id} cannot be found.`);
  }
  return certificate;
}

export const updateSigningCertificate = operation("iam", "UpdateSigningCertificate", {
  writes: true,
  load: (input, context) => credentialOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:UpdateSigningCertificate", owner, context)],
  handle: async (input, owner, context) => {
    const certificate = await certificateOfOwner(owner, input.CertificateId, context);
    await signingCertificates.setStatus(context.tx, certificate, settableStatus(input.Status));
    return {};
  },
});

export const deleteSigningCertificate = operation("iam", "DeleteSigningCertificate", {
  writes: true,
  load: (input, context) => credentialOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:DeleteSigningCertificate", owner, context)],
  handle: async (input, owner, context) => {
    await signingCertificates.remove(context.tx, await certificateOfOwner(owner, input.CertificateId, context));
    return {};
  },
});

export const listSigningCertificates = operation("iam", "ListSigningCertificates", {
  writes: false,
  load: (input, context) => credentialOwner(input.UserName, context),
  authorize: (_, owner, context) => [requirementOnOwner("iam:ListSigningCertificates", owner, context)],
  handle: (input, owner, context) => {
    const holder = ownerId(owner, context);
    return pages.list("ListSigningCertificates", input, {
      fetch: (after, limit) => signingCertificates.listByOwner(context.tx, holder, { after, limit }),
      keyOf: ({ id }) => id,
      show: (certificate) => described(certificate, owner),
    });
  },
});
