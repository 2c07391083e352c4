import { createHash, createHmac } from "node:crypto";

/** SHA-256 in hexadecimal. */
export function sha256(data) {
  return createHash("sha256").update(data).digest("hex");
}

/**
 * Signs a POST to rolecall with AWS Signature Version 4 (IAM User Guide, "Create a signed AWS API request"). Any AWS SDK
 * has this; it stands here so that the example needs nothing but Node.
 *
 * @param {{url: URL, headers: Record<string, string>, body: string}} request
 * @param {{accessKeyId: string, secretAccessKey: string, sessionToken?: string, region: string}} credentials
 * @returns {Record<string, string>} the headers to send
 */
export function sign({ url, headers, body }, credentials) {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const date = time.slice(0, 8);
  const scope = `${date}/${credentials.region}/rolecall/aws4_request`;
  const all = { ...headers, host: url.host, "x-amz-date": time };
  if (credentials.sessionToken !== undefined) all["x-amz-security-token"] = credentials.sessionToken;
  const names = Object.keys(all).sort();
  const canonical = [
    "POST",
    "/",
    "",
    ...names.map((name) => `${name}:${all[name]}`),
    "",
    names.join(";"),
    sha256(body),
  ].join("\n");
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const mac = (key, data) => createHmac("sha256", key).update(data).digest();
  const key = ["rolecall", "aws4_request"].reduce(
    mac,
    mac(mac(`AWS4${credentials.secretAccessKey}`, date), credentials.region),
  );
  const signature = mac(key, text).toString("hex");
  all.authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return all;
}
