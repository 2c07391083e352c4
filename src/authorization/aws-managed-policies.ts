import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { LRUCache } from "lru-cache";
import { partitions } from "../arn/partition.ts";

/** A policy that AWS owns: the same in every account of a partition, and never editable. */
export interface AwsManagedPolicy {
  readonly arn: string;
  readonly name: string;
  /** Begins and ends with `/`: `/`, `/service-role/`, `/aws-service-role/`, `/job-function/`, `/root-task/`. */
  readonly path: string;
  /** `ANPA…`, derived from the ARN, so that it is the same on every server and after every start. */
  readonly policyId: string;
  /** `v1`, `v188` …: the one version that is known. */
  readonly defaultVersionId: string;
  /** Milliseconds since the epoch: when the known version was made. */
  readonly createdAt: number;
  /** The JSON text of the known version, made when it is asked for. */
  readonly document: string;
}

/**
 * Whether AWS keeps a policy for itself: nobody can attach it, nor have it as a boundary (observed on AWS, September 2026,
 * radkawar/stackd captures; those of service roles anybody can).
 */
export function isReserved({ path }: AwsManagedPolicy): boolean {
  return path.startsWith("/aws-service-role/") || path.startsWith("/root-task/");
}

export interface AwsManagedPolicies {
  /** By ARN; an ARN of another partition finds the same policy. Undefined where AWS has no such policy. */
  get(arn: string): AwsManagedPolicy | undefined;
  /** All of them with the partition's ARNs, by name. */
  list(partition: string): readonly AwsManagedPolicy[];
}

/** As the data file has it; see data/README.md. */
interface DatasetEntry {
  readonly arn: string;
  readonly name: string;
  readonly version: string;
  readonly createdate: string;
  readonly document: Readonly<Record<string, unknown>>;
}

// Two folders up is the package's root from src/authorization/ and from dist/authorization/ alike.
const dataFile = new URL("../../data/aws-managed-policies.json.gz", import.meta.url);

/**
 * The AWS managed policies. Nothing is read before the first question; then the file is read once, synchronously
 * (about 35 ms and 7 MB of heap for 1,570 policies), because an answer is needed in the middle of a transaction.
 */
export function loadAwsManagedPolicies(file: URL = dataFile): AwsManagedPolicies {
  let dataset: Map<string, DatasetEntry> | undefined;
  const partitions = new Map<string, PartitionIndex>();
  const indexOf = (partition: string): PartitionIndex => {
    let index = partitions.get(partition);
    if (index === undefined) {
      dataset ??= readDataset(file);
      index = new PartitionIndex(partition, dataset);
      partitions.set(partition, index);
    }
    return index;
  };
  return {
    get: (arn) => {
      const match = managedArn.exec(arn);
      return match === null ? undefined : indexOf(match[1]!).get(match[2]!);
    },
    list: (partition) => indexOf(partition).list(),
  };
}

// The partition is bounded so that made-up ones in request input cannot fill the table of partitions.
const managedArn = new RegExp(`^arn:(${partitions.join("|")}):iam::aws:policy(/.+)$`);

/** Policies of one partition, made one by one as they are asked for. */
class PartitionIndex {
  readonly #partition: string;
  readonly #dataset: ReadonlyMap<string, DatasetEntry>;
  readonly #made = new Map<string, AwsManagedPolicy>();
  #sorted: readonly AwsManagedPolicy[] | undefined;

  constructor(partition: string, dataset: ReadonlyMap<string, DatasetEntry>) {
    this.#partition = partition;
    this.#dataset = dataset;
  }

  /** @param pathAndName `/service-role/NAME` */
  get(pathAndName: string): AwsManagedPolicy | undefined {
    const made = this.#made.get(pathAndName);
    if (made !== undefined) return made;
    const entry = this.#dataset.get(pathAndName);
    if (entry === undefined) return undefined;
    const policy = new DatasetPolicy(this.#partition, pathAndName, entry);
    this.#made.set(pathAndName, policy);
    return policy;
  }

  list(): readonly AwsManagedPolicy[] {
    this.#sorted ??= [...this.#dataset.keys()]
      .map((pathAndName) => this.get(pathAndName)!)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.#sorted;
  }
}

/** Documents by ARN; all of one partition are 3.1 million characters. */
const texts = new LRUCache<string, string>({ maxSize: 2_000_000, sizeCalculation: ({ length }) => length });

class DatasetPolicy implements AwsManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly policyId: string;
  readonly defaultVersionId: string;
  readonly createdAt: number;
  readonly #source: Readonly<Record<string, unknown>>;

  constructor(partition: string, pathAndName: string, entry: DatasetEntry) {
    this.arn = `arn:${partition}:iam::aws:policy${pathAndName}`;
    this.name = entry.name;
    this.path = pathAndName.slice(0, pathAndName.lastIndexOf("/") + 1);
    this.policyId = policyIdOf(entry.arn);
    this.defaultVersionId = entry.version;
    this.createdAt = Date.parse(entry.createdate);
    this.#source = entry.document;
  }

  /** Kept for a while: authorization asks for the same few again and again. */
  get document(): string {
    const kept = texts.get(this.arn);
    if (kept !== undefined) return kept;
    const text = this.#write();
    texts.set(this.arn, text);
    return text;
  }

  /** In another partition the resources named inside belong to that partition too, as in AWS's own editions. */
  #write(): string {
    const { Version, ...rest } = this.#source;
    const text = JSON.stringify({ Version, ...rest });
    const partition = this.arn.slice("arn:".length, this.arn.indexOf(":", "arn:".length));
    return partition === "aws" ? text : text.replaceAll('"arn:aws:', `"arn:${partition}:`);
  }
}

function readDataset(file: URL): Map<string, DatasetEntry> {
  const content = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as { policies: readonly DatasetEntry[] };
  const dataset = new Map<string, DatasetEntry>();
  for (const entry of content.policies) dataset.set(entry.arn.slice(entry.arn.indexOf("/")), entry);
  return dataset;
}

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * `ANPA` and 17 characters. The first of them is `I`, as in AWS's own ids of these policies: ids that carry an account
 * (see arn/unique-id.ts) begin with a letter of the alphabet's second half, and these belong to none.
 */
function policyIdOf(arn: string): string {
  const hash = createHash("sha256").update(arn).digest();
  let id = "ANPAI";
  for (let index = 0; index < 16; index++) id += base32[hash[index]! & 31];
  return id;
}
