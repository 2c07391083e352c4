/** What a ring's keys seal: session tokens, or secrets at rest. Each purpose has its own ring. */
export type RingPurpose = "tokens" | "secrets";
