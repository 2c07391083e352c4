import type { Fault } from "../contracts/fault.ts";
import type { Shape, StructureShape } from "../contracts/model.ts";
import { jsonText, quoted } from "./json-text.ts";
import type { Rendered } from "./rendered.ts";

/** The json-1.1 protocol's output, written as text: only what the contract names leaves the server. */
type Encode = (value: unknown) => string;

export const JSON_CONTENT_TYPE = "application/x-amz-json-1.1";

function encodeStructure(shape: StructureShape): Encode {
  const members = Object.entries(shape.members).map(([name, member]) => ({
    name,
    key: `${quoted(name)}:`,
    required: member.required === true,
    encode: encoder(member.shape),
  }));
  return (value) => {
    const structure = value as Readonly<Record<string, unknown>>;
    let text = "";
    for (const { name, key, required, encode } of members) {
      const item = structure[name];
      if (item !== undefined) text += (text === "" ? key : `,${key}`) + encode(item);
      else if (required) throw new TypeError(`the output lacks ${name}`);
    }
    return `{${text}}`;
  };
}

function encoder(shape: Shape): Encode {
  switch (shape.type) {
    case "structure":
      return encodeStructure(shape);
    case "list": {
      const encode = encoder(shape.member);
      return (value) => `[${(value as readonly unknown[]).map(encode).join(",")}]`;
    }
    case "map": {
      const encode = encoder(shape.value);
      return (value) => {
        const entries = Object.entries(value as Record<string, unknown>);
        return `{${entries.map(([key, item]) => `${quoted(key)}:${encode(item)}`).join(",")}}`;
      };
    }
    case "timestamp":
      // Seconds since 1970 with milliseconds as a fraction (Smithy, timestampFormat epoch-seconds).
      return (value) => jsonText((value as Date).getTime() / 1000);
    case "blob":
      return (value) => `"${Buffer.from(value as Uint8Array).toString("base64")}"`;
    case "string":
      return (value) => quoted(value as string);
    default:
      return jsonText;
  }
}

/** Makes the encoder of an operation's response. */
export function compileJsonOutput(output: StructureShape): (value: unknown) => string {
  return encodeStructure(output);
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
