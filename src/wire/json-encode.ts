import type { Fault } from "../contracts/fault.ts";
import type { Shape, StructureShape } from "../contracts/types.ts";
import type { Rendered } from "./rendered.ts";

/** The json-1.1 protocol's output: only what the contract names leaves the server. */
type Encode = (value: unknown) => unknown;

export const JSON_CONTENT_TYPE = "application/x-amz-json-1.1";

function encodeStructure(shape: StructureShape): Encode {
  const members = Object.entries(shape.members).map(([name, member]) => ({
    name,
    required: member.required === true,
    encode: encoder(member.shape),
  }));
  return (value) => {
    const structure = value as Readonly<Record<string, unknown>>;
    const encoded: Record<string, unknown> = {};
    for (const { name, required, encode } of members) {
      const item = structure[name];
      if (item !== undefined) encoded[name] = encode(item);
      else if (required) throw new TypeError(`the output lacks ${name}`);
    }
    return encoded;
  };
}

function encoder(shape: Shape): Encode {
  switch (shape.type) {
    case "structure":
      return encodeStructure(shape);
    case "list": {
      const encode = encoder(shape.member);
      return (value) => (value as readonly unknown[]).map(encode);
    }
    case "map": {
      const encode = encoder(shape.value);
      return (value) =>
        Object.fromEntries(Object.entries(value as Record<string, unknown>).map(([key, item]) => [key, encode(item)]));
    }
    case "timestamp":
      // Seconds since 1970 with milliseconds as a fraction (Smithy, timestampFormat epoch-seconds).
      return (value) => (value as Date).getTime() / 1000;
    case "blob":
      return (value) => Buffer.from(value as Uint8Array).toString("base64");
    default:
      return (value) => value;
  }
}

/** Makes the encoder of an operation's response. */
export function compileJsonOutput(output: StructureShape): (value: unknown) => string {
  const encode = encodeStructure(output);
  return (value) => JSON.stringify(encode(value));
}

/** A fault of the JSON protocols (Smithy, AWS JSON 1.1: the error's name in a header and in `__type`). */
export function renderJsonFault(fault: Fault, requestId: string): Rendered {
  const content = fault.hasMessage ? { __type: fault.code, message: fault.message } : { __type: fault.code };
  return {
    status: fault.status,
    headers: {
      "content-type": JSON_CONTENT_TYPE,
      "x-amzn-requestid": requestId,
      "x-amzn-errortype": fault.code.replace(/[^\w.-]/g, ""),
    },
    body: JSON.stringify(content),
  };
}
