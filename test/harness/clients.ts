/** The AWS SDK for JavaScript v3 as a caller of a test server. */
import { IAM } from "@aws-sdk/client-iam";
import { STS } from "@aws-sdk/client-sts";
import type { Credentials } from "@aws-sdk/client-sts";
import type { SigningCredentials } from "../../src/sigv4/sign.ts";
import { rolecall } from "./http.ts";
import type { JsonAnswer } from "./http.ts";

/** One set of credentials, and everything that can be called with it. */
export interface Caller {
  readonly keys: SigningCredentials;
  readonly iam: IAM;
  readonly sts: STS;
  rolecall(operation: string, input?: object): Promise<JsonAnswer>;
}

export interface CallerOptions {
  /** Null takes the region out of the endpoint's hands: the SDK's own default. */
  readonly region?: string;
  readonly userAgent?: string;
  /** For a server with TLS. */
  readonly requestHandler?: object;
}

/** @param url of the server */
export function caller(url: string, keys: SigningCredentials, options: CallerOptions = {}): Caller {
  const configuration = {
    endpoint: url,
    region: options.region ?? "us-east-1",
    credentials: keys,
    // A refusal is what a test wants to see, once.
    maxAttempts: 1,
    ...(options.userAgent === undefined ? {} : { customUserAgent: options.userAgent }),
    ...(options.requestHandler === undefined ? {} : { requestHandler: options.requestHandler }),
  };
  return {
    keys,
    iam: new IAM(configuration),
    sts: new STS(configuration),
    rolecall: (operation, input) => rolecall(url, keys, operation, input),
  };
}

/** Temporary credentials as they came from STS. */
export function sessionKeys(credentials: Credentials | undefined): SigningCredentials {
  if (credentials === undefined) throw new Error("no credentials came back");
  return {
    accessKeyId: credentials.AccessKeyId!,
    secretAccessKey: credentials.SecretAccessKey!,
    sessionToken: credentials.SessionToken!,
  };
}

interface ServiceError {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** `CODE STATUS: MESSAGE` of a call that must be refused. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const answer = await call.then(
    (output) => ({ output }),
    (error: unknown) => ({ error: error as ServiceError }),
  );
  if ("output" in answer) throw new Error(`not refused: ${JSON.stringify(answer.output)}`);
  const { name, message, $metadata } = answer.error;
  if ($metadata?.httpStatusCode === undefined) throw answer.error;
  return `${name} ${$metadata.httpStatusCode}: ${message}`;
}
