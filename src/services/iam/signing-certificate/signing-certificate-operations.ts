import type { Registry } from "../../../operation/operation.ts";
import {
  deleteSigningCertificate,
  listSigningCertificates,
  updateSigningCertificate,
  uploadSigningCertificate,
} from "./signing-certificate.ts";

export const signingCertificateOperations = {
  UploadSigningCertificate: uploadSigningCertificate,
  ListSigningCertificates: listSigningCertificates,
  UpdateSigningCertificate: updateSigningCertificate,
  DeleteSigningCertificate: deleteSigningCertificate,
} satisfies Partial<Registry<"iam">>;
