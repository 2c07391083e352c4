/**
 * The one seed of all that tests do by chance. It is fixed, so that a run says what the run before said; `npm run soak`
 * takes one from the clock and prints it, to look where none has looked before. `ROLECALL_SEED` repeats such a run.
 */
export const seed = Number(process.env["ROLECALL_SEED"] ?? 1);
