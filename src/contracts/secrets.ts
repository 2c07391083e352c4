import type { Shape } from "./model.ts";

/** Where a shape's values are secret: altogether, or in parts; null where nothing is. */
export type Secrets = "all" | SecretParts | null;

/** Members of structures by their names, and what every member of a list or map has in common. */
export interface SecretParts {
  readonly members: ReadonlyMap<string, Exclude<Secrets, null>>;
  readonly each: SecretParts | null;
}

/** What the contract marks as sensitive in a shape, whatever is between. A list of secrets is a secret. */
export function secretsIn(shape: Shape): Secrets {
  if (shape.sensitive === true) return "all";
  if (shape.type === "list") return ofEach(secretsIn(shape.member));
  if (shape.type === "map") return secretsIn(shape.key) === null ? ofEach(secretsIn(shape.value)) : "all";
  if (shape.type !== "structure") return null;
  const members = new Map<string, Exclude<Secrets, null>>();
  for (const [name, member] of Object.entries(shape.members)) {
    const secrets = secretsIn(member.shape);
    if (secrets !== null) members.set(name, secrets);
  }
  return members.size === 0 ? null : { members, each: null };
}

function ofEach(secrets: Secrets): Secrets {
  return secrets === null || secrets === "all" ? secrets : { members: new Map(), each: secrets };
}
