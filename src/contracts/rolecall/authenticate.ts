/** rolecall:Authenticate: a service asks whose a password, a secret or an SSH key is. */
import { list, optional, structure } from "../value-of.ts";
import { flag, instant, text } from "./values.ts";

const name = { type: "string", min: 1, max: 200, pattern: "[\\w+=,.@-]+" } as const;

export const authenticateInput = structure({
  /** Whose credentials they have to be (`codecommit.amazonaws.com`); of an SSH key, which service asks. */
  Service: { type: "string", min: 1, max: 128, pattern: "[a-z0-9][a-z0-9.-]*" },
  /** The user's name at the service; beside an SSH key his name in IAM, where several may have the key. */
  UserName: optional(name),
  /** Either a password, or the one secret of services that have no user names, or an SSH key. */
  Password: optional({ type: "string", min: 1, max: 256, sensitive: true }),
  Secret: optional({ type: "string", min: 1, max: 1024, sensitive: true }),
  /** Its fingerprint as `ssh-keygen -l` prints it (`SHA256:…`, `MD5:…`) or IAM shows it, or the public key itself. */
  SshKey: optional({ type: "string", min: 1, max: 16_384, pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+" }),
  /** Which of the users' keys it has to be. */
  SshPublicKeyId: optional({ type: "string", min: 20, max: 128, pattern: "\\w+" }),
  /** Address of the service's client: failed tries are counted by it too, and the trail has it. */
  SourceIp: optional({ type: "string", min: 2, max: 45, pattern: "[0-9a-fA-F.:]+" }),
});

const principal = structure({
  Type: { type: "string", enum: ["User"] },
  Arn: text,
  UserId: text,
  /** In IAM. */
  UserName: text,
  Account: text,
});

export const authenticateOutput = structure({
  Authenticated: flag,
  /** When authenticated, this and the three after it. */
  Principal: optional(principal),
  CredentialId: optional(text),
  /** For rolecall:Authorize, in the place of a signed request: good for the service that asked, as long as the credential is. */
  Token: optional({ type: "string", sensitive: true }),
  TokenExpiration: optional(instant),
  /** Not authenticated because several users have the SSH key: who, for the service to choose with UserName or SshPublicKeyId. */
  Holders: optional(list(structure({ Principal: principal, SshPublicKeyId: text }), 0, 100)),
  EventId: text,
});
