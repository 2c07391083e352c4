import type { Registry } from "../../../operation/operation.ts";
import { exactCase } from "../../../store/iam/tags.ts";
import { pathListOperation } from "../entity/path-list.ts";
import { renameOperation } from "../entity/rename.ts";
import { taggedEntity, tagOperations } from "../entity/tag-family.ts";
import {
  deleteServerCertificate,
  getServerCertificate,
  metadata,
  uploadServerCertificate,
} from "./server-certificate.ts";

export const serverCertificateOperations = {
  UploadServerCertificate: uploadServerCertificate,
  GetServerCertificate: getServerCertificate,
  DeleteServerCertificate: deleteServerCertificate,
  ...renameOperation("server-certificate"),
  ...pathListOperation("server-certificate", metadata),
  ...tagOperations("ServerCertificate", {
    by: "ServerCertificateName",
    keys: exactCase,
    find: taggedEntity("server-certificate"),
    // Observed on AWS, September 2026 (radkawar/stackd captures).
    empty: {
      tags: "The provided tag map must not be null/empty.",
      keys: "The provided tag keys must not be null/empty.",
    },
  }),
} satisfies Partial<Registry<"iam">>;
