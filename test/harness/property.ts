/** fast-check by the seed of the run (./seed.ts): every property of every test comes from here. */
import fc from "fast-check";
import { seed } from "./seed.ts";

fc.configureGlobal({ seed });

export { fc };
