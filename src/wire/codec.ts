import type { Fault } from "../contracts/fault.ts";
import type { MemberLocation, OperationContract, ServiceContract } from "../contracts/model.ts";
import type { Dialect } from "./dialect.ts";
import type { QueryParameters } from "./query-scan.ts";
import type { Rendered } from "./rendered.ts";

/**
 * A request as far as a protocol looks at it: the query protocol reads `parameters`, json-1.1 reads `body`, REST protocols
 * read all of it.
 */
export interface WireRequest {
  /** As it arrived, still encoded; only REST protocols look at it. */
  readonly path?: string;
  /** Of the form body of a POST, or of the URL. */
  readonly parameters?: QueryParameters | null | undefined;
  readonly body: Uint8Array;
}

/** How answers are written. */
export interface Answers {
  readonly contentType: string;
  compileOutput(
    contract: ServiceContract,
    operation: OperationContract,
    dialect: Dialect,
  ): (output: unknown, requestId: string) => string;
  renderFault(contract: ServiceContract, fault: Fault, requestId: string): Rendered;
}

/** One protocol, as what it makes of a contract. */
export interface Codec extends Answers {
  /** For those who ask for JSON, where the usual answer is none. */
  readonly inJson?: Answers;
  /** Whether a request names the version of the API that it means. */
  readonly namesVersion: boolean;
  /** The code for a caller who asks too often; SDKs wait and send again for either. */
  readonly throttling: "Throttling" | "ThrottlingException";
  /** Where members of an input may stand beside the body; nowhere without it. */
  readonly carries?: ReadonlySet<MemberLocation["in"]>;
  /** @throws Fault what the protocol cannot read */
  compileInput(operation: OperationContract): (request: WireRequest) => Record<string, unknown>;
  /** `version`: as the request gave it, where its protocol has one. */
  unknownOperation(name: string, version: string | undefined): Fault;
}
