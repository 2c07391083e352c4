import type { SigningRules } from "./rules.ts";
import { encodePath, recodePath } from "./uri-encoding.ts";

/**
 * The canonical URI.
 *
 * Two paths that are equal after normalisation share a signature: whoever routes a request by its path must route by
 * the normalised one or take only paths that are already normal.
 * @throws EncodingError
 */
export function canonicalPath(path: string, rules: Pick<SigningRules, "normalizePath" | "encodePathTwice">): string {
  if (path === "/" || path === "") return "/";
  const normal = rules.normalizePath ? normalizePath(path) : path;
  return rules.encodePathTwice ? encodePath(normal) : recodePath(normal);
}

/** Resolves dot segments and collapses slashes as the SDKs do: `/a/.` is `/a`, and nothing climbs above the root. */
export function normalizePath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const end = kept.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${kept.join("/")}${end}`;
}
