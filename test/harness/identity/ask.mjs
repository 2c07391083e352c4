// For each line of standard input: the access key that the SDK for JavaScript finds by itself, and whose it is.
import { createInterface } from "node:readline";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const client = new STSClient({ maxAttempts: 1 });
for await (const _line of createInterface({ input: process.stdin })) {
  const { Arn } = await client.send(new GetCallerIdentityCommand());
  const { accessKeyId } = await client.config.credentials();
  console.log(`${accessKeyId} ${Arn}`);
}
