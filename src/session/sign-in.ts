import type { Session } from "./token.ts";

/** The context key, which policies see, of a session that began with a sign-in: how, as in the console and not by an API call of STS. */
export const signInKey = "rolecall:SignIn";

/** `password-change`: a password was shown that has to be replaced before the session may do anything else. */
export type SignIn = "password" | "password-change";

/** How a session began; undefined for all that STS has given. */
export function signInOf(session: Pick<Session, "context"> | null): SignIn | undefined {
  return session?.context[signInKey] as SignIn | undefined;
}
