import { faultsOf } from "../../contracts/errors.ts";
import type { Fault } from "../../contracts/fault.ts";

const stsFault = faultsOf("sts");

/**
 * What stands behind some of the messages: the service that AWS asks for it. Its request has an id of its own (observed
 * on AWS, September 2026, radkawar/stackd captures).
 */
function tail(requestId: string): string {
  return ` (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: AuthSamlInvalidSamlResponseException; Request ID: ${requestId}; Proxy: null)`;
}

function invalid(message: string): Fault {
  return stsFault("InvalidIdentityToken", message);
}

/**
 * The refusals of AssumeRoleWithSAML, in AWS's words: most observed on AWS (September 2026, radkawar/stackd captures), the
 * others from the IAM User Guide (troubleshoot_saml) and public logs.
 */
export class SamlFaults {
  readonly #requestId: () => string;

  /** @param requestId an id for the request that AWS makes for it */
  constructor(requestId: () => string) {
    this.#requestId = requestId;
  }

  noProvider = (): Fault => invalid("Specified provider doesn't exist.");

  unreadable = (): Fault => invalid(`Invalid base64 SAMLResponse${tail(this.#requestId())}`);

  unsigned = (): Fault =>
    invalid(
      `Response (with optional signature) must contain an assertion with a mandatory signature${tail(this.#requestId())}`,
    );

  badSignature = (): Fault => invalid("Response signature invalid");

  otherIssuer = (): Fault => invalid(`Issuer not present in specified provider${tail(this.#requestId())}`);

  expired = (): Fault => stsFault("ExpiredTokenException", "Response has expired");

  tooOld = (): Fault => stsFault("ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance");

  /** What the sign-in page says; its API accepts any audience, and so does `compatibility: aws`. */
  otherAudience = (): Fault => invalid("Response does not contain the required audience.");

  notForRole = (): Fault => invalid("SAML Assertion doesn't contain the requested Role and Metadata in the attributes");

  noSessionName = (): Fault => invalid("RoleSessionName is required in AuthnResponse");

  badSessionName = (): Fault => invalid("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}");

  badSourceIdentity = (): Fault =>
    invalid('Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"');

  /** In our words: nobody has seen AWS's. */
  badDuration = (): Fault =>
    invalid("SessionDuration in AuthnResponse must be a whole number of seconds, 900 to 43200");

  badTags = (message: string): Fault => invalid(message);

  /** In our words: AWS has no single use. */
  used = (): Fault => invalid("The assertion was used before, and each may be used once.");

  /** A subject without a name is one that no trust policy lets in (observed on AWS, September 2026). */
  nameless = (): Fault => stsFault("AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML");
}
