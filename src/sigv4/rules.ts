/**
 * How services differ in what they sign.
 *
 * Sources: AWS "Create a signed AWS API request" (canonical URI: encoded twice, except for Amazon S3; S3 does not
 * normalise), Amazon S3 "Authenticating Requests" (x-amz-content-sha256, X-Amz-Expires up to seven days).
 */
export interface SigningRules {
  /** Collapse slashes and resolve dot segments before encoding. */
  readonly normalizePath: boolean;
  /** The path as sent is encoded once more; otherwise it is decoded and encoded anew. */
  readonly encodePathTwice: boolean;
  /** `body`: the hash of the body. `s3`: what x-amz-content-sha256 says, held against the body where it is a hash. */
  readonly payload: "body" | "s3";
  /**
   * How long a presigned request lasts. `parameter`: X-Amz-Expires alone, which is required (S3). `both`: the clock skew
   * window and X-Amz-Expires. `window`: the clock skew window whatever X-Amz-Expires says.
   */
  readonly presignedLife: "parameter" | "both" | "window";
  /**
   * Whether X-Amz-Security-Token is part of what is signed. AWS leaves this to each service ("some services require
   * that you include this parameter in the canonical request, others that you add it after"); all SDKs sign it, and
   * here an unsigned one is refused unless the service is known to add it after signing.
   */
  readonly securityToken: "signed" | "added-after-signing";
}

const standard: SigningRules = {
  normalizePath: true,
  encodePathTwice: true,
  payload: "body",
  presignedLife: "both",
  securityToken: "signed",
};

const s3: SigningRules = {
  normalizePath: false,
  encodePathTwice: false,
  payload: "s3",
  presignedLife: "parameter",
  securityToken: "signed",
};

// STS accepts a presigned GetCallerIdentity for 15 minutes whatever X-Amz-Expires says; `aws eks get-token` and
// aws-iam-authenticator sign 60 seconds and cache the URL for 14 minutes.
const sts: SigningRules = { ...standard, presignedLife: "window" };

const exceptions: ReadonlyMap<string, SigningRules> = new Map([
  ["s3", s3],
  ["s3express", s3],
  ["s3-outposts", s3],
  ["s3-object-lambda", s3],
  ["sts", sts],
  // WebSocket connections to AWS IoT: the token is appended once the URL is signed.
  ["iotdevicegateway", { ...standard, securityToken: "added-after-signing" }],
]);

/** The rules of the service named in the credential scope. */
export function signingRules(service: string): SigningRules {
  return exceptions.get(service) ?? standard;
}
