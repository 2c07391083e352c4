import type { GetWebIdentityTokenRequest } from "../../contracts/sts/types.gen.ts";
import { issuerUrl } from "../../federation/outbound/issuer.ts";
import { keepKeyPairs, usableKeys } from "../../federation/outbound/keep-keys.ts";
import { makeKeyPair, outboundAlgorithms } from "../../federation/outbound/key-pair.ts";
import { signed } from "../../federation/outbound/sign.ts";
import { signingKey } from "../../federation/outbound/signing-keys.ts";
import type { OperationContext, PreparationContext } from "../../operation/context.ts";
import { preparedAnswer } from "../../operation/operation.ts";
import * as preferences from "../../store/iam/account-preferences.ts";
import * as outboundKeys from "../../store/iam/outbound-keys.ts";
import type { OutboundAlgorithm, OutboundKeyRecord } from "../../store/iam/outbound-keys.ts";
import type { Tx } from "../../store/sql/database.ts";
import { accessDenied, invalidParameterValue, stsFault, validationError } from "./faults.ts";
import { refuseGlobalEndpoint } from "./global-endpoint.ts";
import { claimsOf } from "./web-identity-claims.ts";

/** A token that is about to be signed. */
interface Unsigned {
  readonly issuer: string;
  readonly algorithm: OutboundAlgorithm;
  /** JSON. */
  readonly payload: Uint8Array;
  /** Null where there is none that can sign. */
  readonly key: OutboundKeyRecord | null;
  readonly expiresAt: Date;
}

/** Seconds (STS API, GetWebIdentityToken). */
const defaultDuration = 300;

/** Bytes. The longest that AWS gave, one more was refused (observed on AWS, September 2026, radkawar/stackd captures). */
const longestPayload = 14_984;

/**
 * STS API, GetWebIdentityToken: a token by which services outside of AWS know the caller. Order and texts of the checks:
 * observed on AWS, September 2026 (radkawar/stackd captures).
 */
export const getWebIdentityToken = preparedAnswer("sts", "GetWebIdentityToken", {
  load(_input, context) {
    refuseGlobalEndpoint(context, "Operation not supported on STS global endpoint");
    if (context.caller.principal.type === "FederatedUser") {
      throw accessDenied("GetWebIdentityToken does not support federated user sessions");
    }
  },

  authorize(input, _loaded, { account, partition }) {
    const about = {
      resource: `arn:${partition}:sts::${account}:self`,
      resourceAccount: account,
      requestTags: input.Tags?.map((tag) => ({ key: tag.Key, value: tag.Value })),
      context: {
        "sts:IdentityTokenAudience": input.Audience,
        "sts:SigningAlgorithm": input.SigningAlgorithm,
        // The default counts as if it had been asked for.
        "sts:DurationSeconds": String(input.DurationSeconds ?? defaultDuration),
      },
    };
    const isTagged = input.Tags !== undefined && input.Tags.length > 0;
    const actions = isTagged ? ["sts:GetWebIdentityToken", "sts:TagGetWebIdentityToken"] : ["sts:GetWebIdentityToken"];
    return actions.map((action) => ({ action, ...about }));
  },

  async ask(input, _loaded, context): Promise<Unsigned> {
    const { environment, request, tx } = context;
    refuseRepeatedKeys(input);
    const algorithm = requireAlgorithm(input.SigningAlgorithm);
    const duration = input.DurationSeconds ?? defaultDuration;
    requireWithinSession(duration, context);
    const issuer = await enabledIssuer(context);
    const issuedAt = Math.floor(request.now / 1000);
    const frame = { issuer: issuerUrl(environment.publicUrl(), issuer), issuedAt, expiresAt: issuedAt + duration };
    const payload = Buffer.from(JSON.stringify(await claimsOf(input, frame, context)), "utf8");
    if (payload.length > longestPayload) {
      throw stsFault("JWTPayloadSizeExceededException", "JWT payload exceeds maximum allowed size");
    }
    const keys = usableKeys(await outboundKeys.ofIssuer(tx, issuer), environment.secrets);
    return {
      issuer,
      algorithm,
      payload,
      key: signingKey(keys, algorithm, request.now) ?? null,
      expiresAt: new Date(frame.expiresAt * 1000),
    };
  },

  async prepare(_input, unsigned, context) {
    const { ringKeeper, secrets } = context.environment;
    const key = unsigned.key ?? (await madeKey(unsigned, context));
    const token = await ringKeeper.upToDate(() => signed(unsigned.payload, key, secrets));
    return { token, expiresAt: unsigned.expiresAt };
  },

  async handle(_input, _loaded, context, { token, expiresAt }) {
    await enabledIssuer(context);
    return { WebIdentityToken: token, Expiration: expiresAt };
  },
});

/** @throws Fault ValidationError */
function requireAlgorithm(name: string): OutboundAlgorithm {
  const algorithm = outboundAlgorithms.find((known) => known === name);
  if (algorithm !== undefined) return algorithm;
  throw validationError(
    "Requested SigningAlgorithm is not supported. See the GetWebIdentityToken documentation for supported algorithms",
  );
}

/** Keys that begin with `aws:` are allowed. @throws Fault InvalidParameterValue */
function refuseRepeatedKeys({ Tags: tags = [] }: GetWebIdentityTokenRequest): void {
  const keys = new Set(tags.map(({ Key: key }) => key.toLowerCase()));
  if (keys.size === tags.length) return;
  throw invalidParameterValue("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
}

/** @param duration seconds. @throws Fault SessionDurationEscalationException */
function requireWithinSession(duration: number, { caller: { session }, request }: OperationContext): void {
  if (session === null || request.now + duration * 1000 <= session.expiresAt) return;
  throw stsFault(
    "SessionDurationEscalationException",
    "Requested token expiry time must be before the original session's expiry time.",
  );
}

/** The UUID of the account's issuer. @throws Fault OutboundWebIdentityFederationDisabledException */
async function enabledIssuer({ tx, account }: OperationContext): Promise<string> {
  const { outboundFederation, outboundIssuer } = await preferences.byAccount(tx, account);
  if (outboundFederation && outboundIssuer !== null) return outboundIssuer;
  throw stsFault("OutboundWebIdentityFederationDisabledException", "OutboundWebIdentityFederation is disabled.");
}

/**
 * A key where none can sign: the issuer is older than they are, or its keys are lost with their master key. It signs at once:
 * whoever verifies looks for a key that he does not know. Of several nodes that make one, the first one's is kept.
 */
async function madeKey({ algorithm, issuer }: Unsigned, context: PreparationContext): Promise<OutboundKeyRecord> {
  const { account, environment } = context;
  const { clock, database, ringKeeper, secrets } = environment;
  const pair = await makeKeyPair(algorithm);
  const make = async (tx: Tx): Promise<OutboundKeyRecord> => {
    // Of now: another's may have been made since this request began.
    const now = clock.now();
    const find = async () => signingKey(usableKeys(await outboundKeys.ofIssuer(tx, issuer), secrets), algorithm, now);
    const known = await find();
    if (known !== undefined) return known;
    await keepKeyPairs(tx, { issuer, account }, [pair], { secrets, now, signsFrom: now });
    return (await find())!;
  };
  return ringKeeper.upToDate(() => database.write(make, { account }));
}
