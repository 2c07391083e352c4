import { iamArn } from "../../../arn/arn.ts";
import type { ServerCertificateMetadata } from "../../../contracts/iam/types.gen.ts";
import type { OperationContext } from "../../../operation/context.ts";
import { operation, preparedOperation } from "../../../operation/operation.ts";
import * as serverCertificates from "../../../store/iam/server-certificates.ts";
import type { NewServerCertificate, ServerCertificateRecord } from "../../../store/iam/server-certificates.ts";
import { exactCase } from "../../../store/iam/tags.ts";
import { describedTag, tagsOf } from "../entity/describe.ts";
import { existing, find, requirementOn } from "../entity/entity-names.ts";
import { madeEntity } from "../entity/entity-quota.ts";
import { removeEntity } from "../entity/removal.ts";
import { checkedTags, tagRecords } from "../entity/tag.ts";
import { checkedMaterial } from "./material.ts";

export const uploadServerCertificate = preparedOperation("iam", "UploadServerCertificate", {
  authorize: (input, _, { account, partition }) => {
    const upload = {
      action: "iam:UploadServerCertificate",
      resource: iamArn(partition, account, "server-certificate", input.ServerCertificateName, input.Path),
      resourceAccount: account,
      requestTags: tagRecords(input.Tags),
    };
    return upload.requestTags.length === 0 ? [upload] : [upload, { ...upload, action: "iam:TagServerCertificate" }];
  },
  ask: (input, _, context) => {
    checkedTags(input.Tags, [], exactCase, context);
    return context.request.now;
  },
  prepare: checkedMaterial,
  handle: async (input, _, context, { body, chain, privateKey, expiresAt }) => {
    const { tx, account, environment, request } = context;
    const id = environment.ids.uniqueId("ASCA", account);
    const wanted: NewServerCertificate = {
      id,
      account,
      name: input.ServerCertificateName,
      path: input.Path ?? "/",
      createdAt: request.now,
      expiresAt,
      tags: checkedTags(input.Tags, [], exactCase, context),
    };
    // Nothing gives it back, and a server of TLS would need it itself; bound to its id, it is good in no other row.
    const sealedSecret = environment.secrets.seal(Buffer.from(privateKey, "utf8"), id);
    const certificate = await madeEntity("server-certificate", wanted.name, context, (limit) =>
      serverCertificates.create(tx, wanted, { id, account, body, chain, sealedSecret }, limit),
    );
    return { ServerCertificateMetadata: metadata(certificate, context), ...tagsOf(certificate) };
  },
});

/** As lists have it. */
export function metadata(certificate: ServerCertificateRecord, context: OperationContext): ServerCertificateMetadata {
  const { id, name, path, createdAt, expiresAt } = certificate;
  return {
    Path: path,
    ServerCertificateName: name,
    ServerCertificateId: id,
    Arn: iamArn(context.partition, context.account, "server-certificate", name, path),
    UploadDate: new Date(createdAt),
    Expiration: new Date(expiresAt),
  };
}

/** Its tags are there even where there are none (recorded from AWS, LocalStack snapshots, 2026). */
export const getServerCertificate = operation("iam", "GetServerCertificate", {
  writes: false,
  load: (input, context) => find("server-certificate", input.ServerCertificateName, context),
  authorize: (_, certificate, context) => [requirementOn("iam:GetServerCertificate", certificate, context)],
  handle: async (_, found, context) => {
    const certificate = existing(found);
    const { body, chain } = (await serverCertificates.materialOf(context.tx, certificate))!;
    return {
      ServerCertificate: {
        ServerCertificateMetadata: metadata(certificate, context),
        CertificateBody: body,
        ...(chain === null ? {} : { CertificateChain: chain }),
        Tags: certificate.tags.map(describedTag),
      },
    };
  },
});

/** AWS refuses one that a load balancer or a distribution uses; nothing here uses any. */
export const deleteServerCertificate = operation("iam", "DeleteServerCertificate", {
  writes: true,
  load: (input, context) => find("server-certificate", input.ServerCertificateName, context),
  authorize: (_, certificate, context) => [requirementOn("iam:DeleteServerCertificate", certificate, context)],
  handle: async (_, found, context) => {
    const certificate = existing(found);
    await serverCertificates.removeMaterial(context.tx, certificate);
    await removeEntity("server-certificate", certificate, context);
    return {};
  },
});
