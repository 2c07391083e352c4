/** Inputs of operations, made from the contracts: nearly right, so that they get far. */
import type { Shape, StructureShape } from "../../../src/contracts/model.ts";
import type { Random } from "../random.ts";
import { policyText } from "./documents.ts";
import { arnLike, hostileText } from "./texts.ts";

export const account = "111122223333";
export const otherAccount = "444455556666";

/** Names of what the world has (1 to 3) and of what requests may make and remove. */
const names = ["1", "2", "3", "4", "5", "new", "New", "NEW"];
const arns = [
  `arn:aws:iam::${account}:role/role-1`,
  `arn:aws:iam::${account}:role/role-2`,
  `arn:aws:iam::${otherAccount}:role/role-1`,
  `arn:aws:iam::${account}:user/user-1`,
  `arn:aws:iam::${account}:policy/policy-1`,
  `arn:aws:iam::${account}:policy/policy-2`,
  "arn:aws:iam::aws:policy/ReadOnlyAccess",
  "arn:aws:iam::aws:policy/none",
];

const issuers = ["issuer.example.com", "issuer.example.com/x", "localhost:8443/realms/x"];
const samlMetadata = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="e"><IDPSSODescriptor/><!--${"-x".repeat(500)}--></EntityDescriptor>`;

/** What requests may name beside the fixed pools; the keys of the world's users. */
export interface Pools {
  readonly accessKeyIds: readonly string[];
}

/** What the world would expect of a text member, by the member's name; null where the name says nothing. */
function plausible(member: string, random: Random, pools: Pools): string | null {
  if (/(User|Role|Group|Policy)Name$/.test(member)) {
    const kind = /(User|Role|Group|Policy)Name$/.exec(member)![1]!.toLowerCase();
    return `${kind}-${random.pick(names)}`;
  }
  if (member === "OpenIDConnectProviderArn") return `arn:aws:iam::${account}:oidc-provider/${random.pick(issuers)}`;
  if (member === "SAMLProviderArn") return `arn:aws:iam::${account}:saml-provider/${random.pick(names)}`;
  if (member === "SAMLMetadataDocument") return random.pick([samlMetadata, samlMetadata.replace(">", "><x/>")]);
  if (/Document$|^Policy$|^ResourcePolicy$|PolicyInputList$/.test(member)) return policyText(random);
  if (/Arns?$|ARN$|arn$|PermissionsBoundary$|^Resources?$/.test(member)) return random.pick(arns);
  if (member.endsWith("AccessKeyId")) return random.pick(pools.accessKeyIds);
  if (member === "OrganizationPath" || member === "ParentPath") return "o-0123456789/r-0123/";
  if (/Path(Prefix)?$/.test(member)) return random.pick(["/", "/a/", "/a/b/", "/aws-service-role/"]);
  if (member.endsWith("VersionId")) return `v${random.below(7)}`;
  if (/Marker$|NextToken$/.test(member)) return random.pick(["cm9sZS0x", "AAAA", "eyJhIjoxfQ==", account]);
  if (/^(Key|TagKey|TagKeys|member)$/.test(member)) return random.pick(["a", "A", "team", "aws:x", ""]);
  if (/SessionName$|^Name$/.test(member)) return random.pick(["session", "s", "a@b"]);
  if (/AccountId$|Account$/.test(member)) return random.pick([account, otherAccount, "999988887777"]);
  if (member === "Action") return random.pick(["s3:GetObject", "iam:GetRole"]);
  if (member.startsWith("AuthenticationCode")) return "123456";
  if (member === "Url") return "/key?X-Amz-Date=20260101T000000Z";
  if (member === "Method") return "GET";
  return null;
}

/** What the query protocol writes otherwise than a structure, and JSON does not. */
const maps = new WeakSet<object>();

function asMap(entries: readonly (readonly [string, unknown])[]): object {
  const map = Object.fromEntries(entries);
  maps.add(map);
  return map;
}

export function isMap(value: object): boolean {
  return maps.has(value);
}

/** A value of a shape. `sharp` is the probability that a leaf is hostile. */
export function valueOf(member: string, shape: Shape, random: Random, pools: Pools, sharp: number): unknown {
  switch (shape.type) {
    case "string": {
      if (random.chance(sharp)) return hostileText(random);
      if (shape.enum !== undefined) return random.pick(shape.enum);
      return (
        plausible(member, random, pools) ??
        random.pick(["a", "text", arnLike(random), "x".repeat(shape.max ?? 10).slice(0, 70_000)])
      );
    }
    case "integer":
    case "long":
    case "double":
      return random.chance(sharp)
        ? random.pick<unknown>([-1, 0, 2 ** 31, 2 ** 53, -(2 ** 63), 1.5, 1e300, hostileText(random)])
        : (shape.min ?? 1) + random.below(5);
    case "boolean":
      return random.chance(sharp) ? hostileText(random) : random.chance(0.5);
    case "timestamp":
      return random.chance(sharp) ? hostileText(random) : "2026-01-01T00:00:00Z";
    case "blob":
      return random.chance(sharp) ? hostileText(random) : "AAAA";
    case "document":
      return { a: hostileText(random) };
    case "list": {
      const length = random.chance(0.02) ? random.pick([51, 120]) : random.below(3);
      return Array.from({ length }, () => valueOf(member, shape.member, random, pools, sharp));
    }
    case "map":
      return asMap(
        random.list(0, 3, () => [hostileText(random).slice(0, 50), valueOf(member, shape.value, random, pools, sharp)]),
      );
    case "structure":
      return structureOf(shape, random, pools, sharp);
  }
}

export function structureOf(
  shape: StructureShape,
  random: Random,
  pools: Pools,
  sharp: number,
): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(shape.members)) {
    const present = member.required === true ? 0.97 : name === "MaxItems" || name === "MaxResults" ? 0.8 : 0.35;
    if (random.chance(present)) made[name] = valueOf(name, member.shape, random, pools, sharp);
  }
  return made;
}
