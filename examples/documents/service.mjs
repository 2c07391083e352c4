/**
 * Documents in buckets: a service that knows no keys, no users and no policies of its callers. For every request it asks
 * rolecall:Authorize, and does what it is told.
 *
 *   PUT    /BUCKET/KEY   documents:PutDocument      GET /BUCKET/KEY   documents:GetDocument
 *   DELETE /BUCKET/KEY   documents:DeleteDocument   GET /BUCKET       documents:ListBucket
 */
import { readFileSync, realpathSync } from "node:fs";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { authorize, NoAnswer } from "./authorize.mjs";

const largestDocument = 1024 * 1024;

class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * @param {object} options
 * @param {{endpoint: string, accessKeyId: string, secretAccessKey: string, sessionToken?: string, region: string}} options.rolecall
 * @param {string} [options.account] owner of the buckets; without it, the account of this service's credentials
 * @param {Record<string, object>} [options.bucketPolicies] resource policies by bucket
 * @returns {Promise<{url: string, close: () => Promise<void>}>}
 */
export async function startDocuments({ rolecall, account, bucketPolicies = {}, host = "127.0.0.1", port = 0 }) {
  const documents = new Map();
  const server = createServer((incoming, outgoing) => {
    answer({ rolecall, account, bucketPolicies, documents }, incoming).then(
      ({ status, body, type }) => send(outgoing, status, type ?? "application/json", body ?? ""),
      (error) => sendError(outgoing, error),
    );
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  return {
    url: `http://${host}:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function answer(service, incoming) {
  const { bucket, key } = place(incoming.url);
  const operation = operationOf(incoming.method, key);
  const body = await read(incoming);
  const resource = `arn:aws:documents:::${bucket}${key === null ? "" : `/${key}`}`;
  const decision = await authorize(service.rolecall, incoming, body, {
    action: `documents:${operation}`,
    resource,
    account: service.account,
    policy: service.bucketPolicies[bucket],
  });
  if (decision.Allowed !== true) {
    const { Status: status, Code: code, Message: message } = decision.Fault;
    throw new Refusal(status, code, message);
  }
  return operations[operation](service.documents, bucket, key, body);
}

const operations = {
  PutDocument(documents, bucket, key, body) {
    documents.set(`${bucket}/${key}`, body);
    return { status: 204 };
  },
  GetDocument(documents, bucket, key) {
    const body = documents.get(`${bucket}/${key}`);
    if (body === undefined) throw new Refusal(404, "NoSuchDocument", `There is no document ${key} in ${bucket}.`);
    return { status: 200, type: "application/octet-stream", body };
  },
  DeleteDocument(documents, bucket, key) {
    documents.delete(`${bucket}/${key}`);
    return { status: 204 };
  },
  ListBucket(documents, bucket) {
    const prefix = `${bucket}/`;
    const keys = [...documents.keys()].filter((name) => name.startsWith(prefix));
    return { status: 200, body: JSON.stringify({ Keys: keys.map((name) => name.slice(prefix.length)).sort() }) };
  },
};

function operationOf(method, key) {
  if (key === null && method === "GET") return "ListBucket";
  const ofDocument = { GET: "GetDocument", PUT: "PutDocument", DELETE: "DeleteDocument" };
  if (key !== null && Object.hasOwn(ofDocument, method)) return ofDocument[method];
  throw new Refusal(405, "MethodNotAllowed", `${method} is not for ${key === null ? "buckets" : "documents"}.`);
}

/** The names decide what is asked about, so only one spelling of each is let in. */
function place(url) {
  const path = url.split("?", 1)[0];
  const [, bucket, ...rest] = path.split("/");
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket ?? "")) {
    throw new Refusal(400, "InvalidBucketName", "A bucket's name has 3 to 63 lower-case letters, digits and hyphens.");
  }
  if (rest.length === 0) return { bucket, key: null };
  const key = rest.join("/");
  if (!/^[\w.-]+(\/[\w.-]+)*$/.test(key) || rest.some((part) => part === "." || part === "..") || key.length > 512) {
    throw new Refusal(
      400,
      "InvalidKey",
      "A key has letters, digits, dots, hyphens and underscores, in parts between slashes.",
    );
  }
  return { bucket, key };
}

async function read(incoming) {
  const chunks = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > largestDocument)
      throw new Refusal(413, "DocumentTooLarge", `A document has at most ${largestDocument} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function sendError(outgoing, error) {
  if (error instanceof Refusal)
    return send(outgoing, error.status, "application/json", fault(error.code, error.message));
  // Without rolecall's word nobody gets in. The reason is ours to read, not the caller's.
  console.error(error instanceof NoAnswer ? error.message : error);
  return error instanceof NoAnswer
    ? send(
        outgoing,
        503,
        "application/json",
        fault("ServiceUnavailable", "Requests cannot be authorized at the moment."),
      )
    : send(outgoing, 500, "application/json", fault("InternalFailure", "The request failed."));
}

function fault(code, message) {
  return JSON.stringify({ Code: code, Message: message });
}

function send(outgoing, status, type, body) {
  outgoing.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  outgoing.end(body);
}

function required(name) {
  const value = process.env[name];
  if (value) return value;
  console.error(`set ${name} (README.md beside this file says how)`);
  process.exit(2);
}

// By the real path: the service may be started through a link.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const policies = process.env.DOCUMENTS_BUCKET_POLICIES;
  const { url } = await startDocuments({
    rolecall: {
      endpoint: required("AWS_ENDPOINT_URL"),
      accessKeyId: required("AWS_ACCESS_KEY_ID"),
      secretAccessKey: required("AWS_SECRET_ACCESS_KEY"),
      sessionToken: process.env.AWS_SESSION_TOKEN,
      region: process.env.AWS_REGION ?? "us-east-1",
    },
    bucketPolicies: policies ? JSON.parse(readFileSync(policies, "utf8")) : {},
    port: Number(process.env.DOCUMENTS_PORT ?? "7654"),
  });
  console.log(`documents in buckets on ${url}`);
}
