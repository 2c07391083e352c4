import { globalRegion } from "../arn/partition.ts";
import type { contracts, ServiceName } from "../contracts/contracts.ts";
import type { OperationContract, ServiceContract } from "../contracts/model.ts";
import type { Operation, OperationName, Registry } from "../operation/operation.ts";
import { notBuilt } from "../operation/operation.ts";
import { recordedOperation, recordedOutsideContracts } from "../trail/recorded-operation.ts";
import type { RecordedOperation } from "../trail/recorded-operation.ts";
import type { Dialect } from "../wire/dialect.ts";
import { ServiceCodec } from "../wire/protocol.ts";

/** What is said of a service, once (services.ts); all else about it follows from its contract. */
interface Row {
  readonly contract: ServiceContract;
  readonly registry: Readonly<Record<string, Operation | typeof notBuilt>>;
  /** How its faults are worded, and what it writes in its own way. */
  readonly dialect: Dialect;
  /** In the trail; CloudTrail names AWS's services by their endpoints. */
  readonly eventSource: string;
  /** Whether a call is about the Region that it was signed for, or about one Region of its whole partition. */
  readonly region: "signed" | "partition";
  /** Operations that a path names by itself: an empty body will do, so that any signing client can send it. */
  readonly paths?: Readonly<Record<string, string>>;
  /** Operations that the trail records in another way than their contract says. */
  readonly recorded?: Readonly<Record<string, RecordedOperation | undefined>>;
  /** AccessDenied ends in an id by which it is told why, but for some operations; absent where it never does. */
  readonly authorizationIds?: { readonly except: readonly string[] };
}

/** The same, held to the service's own contract. */
export interface ServiceRow<S extends ServiceName> extends Row {
  readonly contract: (typeof contracts)[S];
  readonly registry: Registry<S>;
  readonly paths?: Readonly<Record<string, OperationName<S>>>;
  readonly recorded?: { readonly [N in OperationName<S>]?: RecordedOperation };
  readonly authorizationIds?: { readonly except: readonly OperationName<S>[] };
}

/** A service as the pipeline has it. */
export class Service {
  readonly name: ServiceName;
  /** In credential scopes. */
  readonly signingName: string;
  readonly codec: ServiceCodec;
  readonly registry: Readonly<Record<string, Operation | typeof notBuilt>>;
  readonly paths: Readonly<Record<string, string>>;
  readonly #region: "signed" | "partition";
  readonly #eventSource: string;
  readonly #authorizationIds: Row["authorizationIds"];
  /** By what was asked for; null for what its contract does not name. */
  readonly #recorded = new Map<OperationContract | null, RecordedOperation>();

  constructor({ contract, registry, dialect, eventSource, region, paths = {}, recorded = {}, authorizationIds }: Row) {
    this.name = contract.service as ServiceName;
    this.signingName = contract.signingName ?? contract.service;
    this.codec = new ServiceCodec(contract, dialect);
    this.registry = registry;
    this.paths = paths;
    this.#region = region;
    this.#eventSource = eventSource;
    this.#authorizationIds = authorizationIds;
    for (const [name, as] of Object.entries(recorded)) this.#recorded.set(contract.operations[name]!, as!);
    this.#recorded.set(null, recordedOutsideContracts(eventSource, "Unknown"));
  }

  /** What is behind an operation; null where it is not built. */
  operation(contract: OperationContract): Operation | null {
    const operation = this.registry[contract.name];
    return operation === undefined || operation === notBuilt ? null : operation;
  }

  /** The Region that a call is about. @param signed the one in its credential scope */
  regionOf(partition: string, signed: string): string {
    return this.#region === "partition" ? (globalRegion(partition) ?? signed) : signed;
  }

  /** Whether AccessDenied of an operation ends in an authorization id. */
  givesAuthorizationId({ name }: OperationContract): boolean {
    return this.#authorizationIds?.except.includes(name) === false;
  }

  /** How the trail records it. @param contract null where the request named none */
  recorded(contract: OperationContract | null): RecordedOperation {
    const known = this.#recorded.get(contract);
    if (known !== undefined || contract === null) return known!;
    const recorded = recordedOperation(this.#eventSource, contract);
    this.#recorded.set(contract, recorded);
    return recorded;
  }
}
