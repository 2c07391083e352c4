/** The program, compiled with that of its workers beside it. Started by a test. */
import type {} from "../../../src/launch/workers/process.ts";
import "../../../src/main.ts";
