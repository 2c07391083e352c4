/** Settings: each declared once, filled from flags, environment, configuration file and defaults. */
export { environmentName, flagName } from "./declaration.ts";
export { allDeclarations } from "./declarations.ts";
export { ConfigurationError } from "./problem.ts";
export type { Problem } from "./problem.ts";
export { resolveSettings } from "./resolve.ts";
export type { FurtherCheck } from "./resolve.ts";
export { isLoopback } from "./settings.ts";
export type { NamedAccount, Settings } from "./settings.ts";
