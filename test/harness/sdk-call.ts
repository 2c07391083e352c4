/** A call as data through the AWS SDK for JavaScript. */
import * as iamSdk from "@aws-sdk/client-iam";
import * as stsSdk from "@aws-sdk/client-sts";
import type { Caller } from "./clients.ts";

type Command = new (input: object) => never;

const commands: Readonly<Record<"iam" | "sts", Readonly<Record<string, unknown>>>> = {
  iam: { ...iamSdk },
  sts: { ...stsSdk },
};

/** @throws the SDK's own error of a fault */
export async function sdkCall(
  { iam, sts }: Caller,
  service: "iam" | "sts",
  operation: string,
  input: object,
): Promise<object> {
  const Command = commands[service][`${operation}Command`] as Command;
  const client = (service === "iam" ? iam : sts) as { send(command: never): Promise<object> };
  const { $metadata: _, ...output } = (await client.send(new Command(input))) as { $metadata: unknown };
  return output;
}

/** `CODE: MESSAGE` of an error that the SDK threw, the code as it was on the wire. */
export function sdkFault(error: unknown): string {
  const { name, message, Error: sent } = error as Error & { readonly Error?: { readonly Code?: string } };
  return `${sent?.Code ?? name.replace(/Exception$/, "")}: ${message}`;
}
