import { readFileSync } from "node:fs";

// Two folders up is the package's root from src/cli/ and from dist/cli/ alike.
const manifest = new URL("../../package.json", import.meta.url);

/** The package's version. */
export function version(): string {
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
