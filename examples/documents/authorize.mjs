import { sha256, sign } from "./sign.mjs";

/** rolecall could not be asked, or would not answer us. Nothing is known about the caller then. */
export class NoAnswer extends Error {}

/**
 * Asks rolecall who signed a request and whether they may do what it asks for.
 *
 * @param {{endpoint: string, accessKeyId: string, secretAccessKey: string, sessionToken?: string, region: string}} rolecall
 *   where rolecall is, and this service's own credentials there
 * @param {import("node:http").IncomingMessage} incoming as it came: the signature covers its very bytes
 * @param {Buffer} body
 * @param {{action: string, resource: string, account?: string, policy?: object}} question
 * @returns {Promise<{Allowed: boolean, Principal?: {Arn: string, OriginArn?: string}, Fault?: {Code: string, Status: number, Message: string}}>}
 * @throws NoAnswer
 */
export async function authorize(rolecall, incoming, body, { action, resource, account, policy }) {
  const raw = incoming.rawHeaders;
  const question = {
    Request: {
      Method: incoming.method,
      Url: incoming.url,
      Headers: raw.flatMap((name, index) => (index % 2 === 0 ? [{ Name: name, Value: raw[index + 1] }] : [])),
      BodySha256: sha256(body),
    },
    Service: "documents",
    Action: action,
    Resources: [resource],
    ...(account === undefined ? {} : { ResourceAccount: account }),
    // What only we have seen. Everything about the caller is rolecall's to know.
    Context: [
      { Key: "aws:SourceIp", Values: [incoming.socket.remoteAddress.replace(/^::ffff:/, "")] },
      { Key: "aws:SecureTransport", Values: [String(incoming.socket.encrypted === true)] },
    ],
    ...(policy === undefined ? {} : { ResourcePolicy: JSON.stringify(policy) }),
  };
  return ask(rolecall, "Authorize", question);
}

async function ask(rolecall, operation, input) {
  const url = new URL("/", rolecall.endpoint);
  const text = JSON.stringify(input);
  const headers = sign(
    {
      url,
      headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `Rolecall.${operation}` },
      body: text,
    },
    rolecall,
  );
  let response;
  let answer;
  try {
    response = await fetch(url, { method: "POST", headers, body: text, signal: AbortSignal.timeout(10_000) });
    answer = await response.json();
  } catch (cause) {
    throw new NoAnswer(`rolecall at ${url.origin} does not answer`, { cause });
  }
  if (response.status !== 200) throw new NoAnswer(`rolecall refused this service: ${answer.__type}: ${answer.message}`);
  return answer;
}
