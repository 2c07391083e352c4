/** What the members of rolecall's operations have in common. */
export const text = { type: "string" } as const;
export const flag = { type: "boolean" } as const;
export const count = { type: "integer", min: 0 } as const;
export const instant = { type: "timestamp" } as const;
export const accountId = { type: "string", pattern: "\\d{12}" } as const;
export const arn = { type: "string", min: 1, max: 2048 } as const;
export const action = { type: "string", min: 3, max: 256, pattern: "[A-Za-z0-9-]+:[A-Za-z0-9-]+" } as const;
export const nextToken = { type: "string", min: 1, max: 2048 } as const;
/** A place in the trail: it names each worker's file. */
export const placeToken = { type: "string", min: 1, max: 8192 } as const;
export const maxResults = { type: "integer", min: 1, max: 1000 } as const;
/** `o-…/r-…/ou-…/ou-…/`: the form of the condition key aws:PrincipalOrgPaths. */
export const organizationPath = {
  type: "string",
  min: 1,
  max: 1024,
  pattern: "o-[a-z0-9]{10,32}/r-[0-9a-z]{4,32}/(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}/)*",
} as const;
export const tagKey = { type: "string", min: 1, max: 128 } as const;
export const tagValue = { type: "string", max: 256 } as const;

/** How a requirement was decided, and by which layer of policies. */
export const outcome = { type: "string", enum: ["Allowed", "ExplicitlyDenied", "ImplicitlyDenied"] } as const;
export const layer = {
  type: "string",
  enum: ["identity", "resource", "trust", "boundary", "session", "scp", "rcp", "endpoint"],
} as const;
