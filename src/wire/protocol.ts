import { Fault } from "../contracts/fault.ts";
import type { OperationContract, ProtocolName, ServiceContract } from "../contracts/model.ts";
import type { Answers, Codec, WireRequest } from "./codec.ts";
import { compileConstraints } from "./constraints.ts";
import type { Dialect } from "./dialect.ts";
import { jsonCodec } from "./json-codec.ts";
import { queryCodec } from "./query-codec.ts";
import type { Rendered } from "./rendered.ts";
import { restJsonCodec } from "./rest-json-codec.ts";

/** The protocols that contracts may have; each is a file of its own. */
const codecs: Readonly<Record<ProtocolName, Codec>> = {
  query: queryCodec,
  "json-1.1": jsonCodec,
  "rest-json": restJsonCodec,
};

interface CompiledOperation {
  readonly decode: (request: WireRequest) => Record<string, unknown>;
  readonly check: (input: Readonly<Record<string, unknown>>) => void;
}

type Encode = (output: unknown, requestId: string) => string;

/**
 * A service's contract spoken over its protocol. Each operation is compiled into closures when it is first asked for,
 * so a start pays for none of them and a request pays for no lookup of facts.
 */
export class ServiceCodec {
  readonly contract: ServiceContract;
  readonly #dialect: Dialect;
  readonly #codec: Codec;
  readonly #compiled = new Map<OperationContract, CompiledOperation>();
  readonly #encoders = new Map<Answers, Map<OperationContract, Encode>>();

  constructor(contract: ServiceContract, dialect: Dialect) {
    this.contract = contract;
    this.#dialect = dialect;
    this.#codec = codecs[contract.protocol];
  }

  /**
   * The operation that a request names, which may be any text (`__proto__`, `constructor`, …).
   *
   * @param version of the API, where the protocol has requests name it
   * @throws Fault for one that the contract does not have, or not in this version
   */
  operation(name: string, version: string | undefined): OperationContract {
    const { operations, apiVersion } = this.contract;
    const known = Object.hasOwn(operations, name) && (!this.#codec.namesVersion || version === apiVersion);
    if (!known) throw this.#codec.unknownOperation(name, version);
    return operations[name]!;
  }

  /**
   * The operation's input, decoded and within its constraints.
   *
   * @throws Fault the service's own: MalformedInput, SerializationException, ValidationError, MissingParameter …
   */
  decode(operation: OperationContract, request: WireRequest): Record<string, unknown> {
    const compiled = this.#compile(operation);
    const input = compiled.decode(request);
    compiled.check(input);
    return input;
  }

  /**
   * The response to a success.
   *
   * @param inJson whether the client asks for JSON, where that is not the usual answer
   * @throws TypeError when the output lacks a member that the contract promises: a mistake in the handler
   */
  encode(operation: OperationContract, output: unknown, requestId: string, inJson = false): Rendered {
    const answers = this.#answers(inJson);
    return {
      status: operation.http.status,
      headers: { "content-type": answers.contentType, "x-amzn-requestid": requestId },
      body: this.#encoder(answers, operation)(output, requestId),
    };
  }

  renderFault(fault: Fault, requestId: string, inJson = false): Rendered {
    return this.#answers(inJson).renderFault(this.contract, fault, requestId);
  }

  /** The fault for characters that a constraint lets through and no database keeps. */
  unstorable(): Fault {
    const message = "The request contains a character that cannot be stored: NUL, or half of a surrogate pair.";
    return new Fault(this.#dialect.code, 400, message);
  }

  /** The fault for a caller who asks too often. */
  throttled(): Fault {
    return new Fault(this.#codec.throttling, 400, "Rate exceeded");
  }

  #compile(operation: OperationContract): CompiledOperation {
    const known = this.#compiled.get(operation);
    if (known !== undefined) return known;
    requireCarried(operation, this.#codec);
    const compiled: CompiledOperation = {
      decode: this.#codec.compileInput(operation),
      check: compileConstraints(operation.name, operation.input, this.#dialect),
    };
    this.#compiled.set(operation, compiled);
    return compiled;
  }

  #answers(inJson: boolean): Answers {
    return (inJson ? this.#codec.inJson : undefined) ?? this.#codec;
  }

  #encoder(answers: Answers, operation: OperationContract): Encode {
    let encoders = this.#encoders.get(answers);
    if (encoders === undefined) this.#encoders.set(answers, (encoders = new Map<OperationContract, Encode>()));
    const known = encoders.get(operation);
    if (known !== undefined) return known;
    const encode = answers.compileOutput(this.contract, operation, this.#dialect);
    encoders.set(operation, encode);
    return encode;
  }
}

/** A parameter that no codec reads would be one that is ignored. */
function requireCarried({ name, input, output }: OperationContract, { carries }: Codec): void {
  const places = [
    ...Object.entries(input.members).filter(([, { location }]) => location && !carries?.has(location.in)),
    ...Object.entries(output.members),
  ];
  for (const [member, { location }] of places) {
    if (location !== undefined) throw new Error(`${name}: no codec carries ${member} in the ${location.in}`);
  }
}
