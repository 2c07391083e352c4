/** Principals from what a case file or a simulation gives: an ARN. */
import { assumedRoleArn, isAccountId, parseArn } from "../../arn/arn.ts";
import type { Principal } from "../types.ts";

/** Name of the session that stands for a role named by its ARN alone. */
const sessionName = "session";

/**
 * The principal that a text names: the ARN of a user, role (a session of it), role session, federated user, group
 * (whose policies are asked about), account root, OIDC or SAML provider; a service's domain name; `*` or `anonymous`.
 * Unique ids are not known from an ARN and stay empty: an empty id matches nothing.
 *
 * @throws RangeError for any other text
 */
export function principalFromArn(text: string): Principal {
  if (text === "*" || text === "anonymous") return { type: "Anonymous" };
  const arn = parseArn(text);
  if (arn === null) {
    if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(text)) throw new RangeError(`not a principal: ${text}`);
    return { type: "Service", service: text };
  }
  const { partition, service, account, resource } = arn;
  const [type = "", ...path] = resource.split("/");
  const name = path.join("/");
  // Only the root user has no name.
  if (isAccountId(account) && (type === "root" ? path.length === 0 : name !== "")) {
    switch (`${service}:${type}`) {
      case "iam:root":
        return { type: "Root", account, arn: text };
      case "iam:user":
      case "iam:group":
        return { type: "User", account, arn: text, id: "" };
      case "iam:role": {
        const session = assumedRoleArn(partition, account, lastOf(name), sessionName);
        return { type: "RoleSession", account, arn: session, roleArn: text, roleId: "", sessionName };
      }
      case "sts:assumed-role": {
        const [role, session, ...more] = path;
        if (!role || !session || more.length > 0) break;
        const roleArn = `arn:${partition}:iam::${account}:role/${role}`;
        return {
          type: "RoleSession",
          account,
          arn: text,
          roleArn,
          pathUnknown: true,
          roleId: "",
          sessionName: session,
        };
      }
      case "sts:federated-user": {
        // Who federated is not in the ARN; a user that nothing names grants nothing by being named.
        const issuer = { type: "User", arn: "", id: "" } as const;
        return { type: "FederatedUser", account, arn: text, name, issuer };
      }
      case "iam:oidc-provider":
        return { type: "WebIdentity", provider: text, account };
      case "iam:saml-provider":
        return { type: "SAML", provider: text, account };
    }
  }
  throw new RangeError(`not a principal: ${text}`);
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
