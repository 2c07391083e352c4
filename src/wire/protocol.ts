import { Fault } from "../contracts/fault.ts";
import type { OperationContract, ServiceContract } from "../contracts/model.ts";
import { named } from "../text/shorten.ts";
import { compileConstraints } from "./constraints.ts";
import { dialectOf } from "./dialect.ts";
import { compileJsonInput } from "./json-decode.ts";
import { compileJsonOutput, JSON_CONTENT_TYPE, renderJsonFault } from "./json-encode.ts";
import { compileQueryInput } from "./query-decode.ts";
import type { QueryParameters } from "./query-scan.ts";
import type { Rendered } from "./rendered.ts";
import { compileXmlOutput } from "./xml-encode.ts";
import { renderXmlFault, unknownAction } from "./xml-fault.ts";

/** A request as far as a protocol looks at it: the query protocol reads `parameters`, the JSON ones read `body`. */
export interface WireRequest {
  /** Of the form body of a POST, or of the URL of a GET. */
  readonly parameters?: QueryParameters | null | undefined;
  readonly body: Uint8Array;
}

/** One protocol, as what it makes of a contract. Another protocol is another row of `protocols`. */
interface Protocol {
  readonly contentType: string;
  compileInput(operation: OperationContract): (request: WireRequest) => Record<string, unknown>;
  compileOutput(
    contract: ServiceContract,
    operation: OperationContract,
  ): (output: unknown, requestId: string) => string;
  renderFault(contract: ServiceContract, fault: Fault, requestId: string): Rendered;
  /** `version`: of the query protocol alone. */
  unknownOperation(name: string, version: string | undefined): Fault;
}

const query: Protocol = {
  contentType: "text/xml",
  compileInput: (operation) => {
    const decode = compileQueryInput(operation.input);
    const none: QueryParameters = new Map();
    return (request) => decode(request.parameters ?? none);
  },
  compileOutput: compileXmlOutput,
  renderFault: renderXmlFault,
  unknownOperation: unknownAction,
};

const json: Protocol = {
  contentType: JSON_CONTENT_TYPE,
  compileInput: (operation) => {
    const decode = compileJsonInput(operation.input);
    return (request) => decode(request.body);
  },
  compileOutput: (_contract, operation) => compileJsonOutput(operation.output),
  renderFault: (_contract, fault, requestId) => renderJsonFault(fault, requestId),
  unknownOperation: (name) =>
    new Fault("UnknownOperationException", 400, `There is no operation ${JSON.stringify(named(name))}.`),
};

const protocols: Readonly<Record<ServiceContract["protocol"], Protocol>> = { query, "json-1.1": json };

interface CompiledOperation {
  readonly decode: (request: WireRequest) => Record<string, unknown>;
  readonly check: (input: Readonly<Record<string, unknown>>) => void;
  readonly encode: (output: unknown, requestId: string) => string;
}

/**
 * A service's contract spoken over its protocol. Each operation is compiled into closures when it is first asked for,
 * so a start pays for none of them and a request pays for no lookup of facts.
 */
export class ServiceCodec {
  readonly contract: ServiceContract;
  readonly #protocol: Protocol;
  readonly #compiled = new Map<OperationContract, CompiledOperation>();

  constructor(contract: ServiceContract) {
    this.contract = contract;
    this.#protocol = protocols[contract.protocol];
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
   * The response to a success, status 200.
   *
   * @throws TypeError when the output lacks a member that the contract promises: a mistake in the handler
   */
  encode(operation: OperationContract, output: unknown, requestId: string): Rendered {
    return {
      status: 200,
      headers: { "content-type": this.#protocol.contentType, "x-amzn-requestid": requestId },
      body: this.#compile(operation).encode(output, requestId),
    };
  }

  renderFault(fault: Fault, requestId: string): Rendered {
    return this.#protocol.renderFault(this.contract, fault, requestId);
  }

  /** The fault for characters that a constraint lets through and no database keeps. */
  unstorable(): Fault {
    const message = "The request contains a character that cannot be stored: NUL, or half of a surrogate pair.";
    return new Fault(dialectOf(this.contract).code, 400, message);
  }

  /** The fault for an operation that the contract does not name. `version`: the query protocol's Version parameter. */
  unknownOperation(name: string, version: string | undefined): Fault {
    return this.#protocol.unknownOperation(name, version);
  }

  #compile(operation: OperationContract): CompiledOperation {
    const known = this.#compiled.get(operation);
    if (known !== undefined) return known;
    const compiled: CompiledOperation = {
      decode: this.#protocol.compileInput(operation),
      check: compileConstraints(operation.name, operation.input, dialectOf(this.contract)),
      encode: this.#protocol.compileOutput(this.contract, operation),
    };
    this.#compiled.set(operation, compiled);
    return compiled;
  }
}
