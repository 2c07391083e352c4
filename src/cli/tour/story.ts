/** The story of one role really put on, step by step; each chapter is a file of its own. */
import { chainSteps } from "./chain.ts";
import { hatSteps } from "./hat.ts";
import { outsiderSteps } from "./outsider.ts";
import { preparationSteps } from "./preparation.ts";
import { revocationSteps } from "./revocation.ts";
import type { Step } from "./step.ts";
import { trailSteps } from "./testimony.ts";

export const story: readonly Step[] = [
  ...preparationSteps,
  ...hatSteps,
  ...outsiderSteps,
  ...chainSteps,
  ...revocationSteps,
  ...trailSteps,
];
