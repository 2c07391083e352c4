/**
 * Forms of principals (IAM User Guide, reference_policies_elements_principal). Only the form: whether the principal
 * exists is the store's to say.
 */
import { isAccountId, parseArn } from "../../arn/arn.ts";
import { isUniqueId } from "../../arn/unique-id.ts";
import type { PrincipalType } from "../document/document.ts";
import { PolicyGrammarError, invalidPrincipalMessage } from "./fault.ts";
import { isAmazonName, isAwsService, similarService } from "./service-principal.ts";

const federatedForm = "Federated principals must be valid domain names or SAML metadata ARNs";
const domainName = /^(?=.{3,255}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i;
const entityPath = /^[\w+=,.@/-]+$/;
const sessionPath = /^[\w+=,.@-]+\/[\w+=,.@-]+$/;
const canonicalUser = /^[0-9a-f]{64}$/;

export interface PrincipalRules {
  /** Partitions of the ARNs that may be named; any without them. */
  readonly partitions?: ReadonlySet<string>;
  /** Services beside those of AWS. */
  readonly ownServices?: ReadonlySet<string>;
}

/** Throws PolicyGrammarError when a value cannot be a principal of its type. `*` is an AWS principal here. */
export function checkPrincipalForm(type: PrincipalType, value: string, { partitions }: PrincipalRules = {}): void {
  if (type === "Federated") {
    if (!isFederated(value, partitions)) throw new PolicyGrammarError(federatedForm);
    return;
  }
  const valid =
    type === "AWS"
      ? value === "*" || isAwsPrincipal(value, partitions)
      : type === "Service"
        ? domainName.test(value)
        : canonicalUser.test(value);
  if (!valid) throw new PolicyGrammarError(invalidPrincipalMessage(type, value));
}

/** Throws PolicyGrammarError for a service that neither AWS nor the owner of the server has. */
export function checkService(value: string, { partitions, ownServices }: PrincipalRules): void {
  if (ownServices?.has(value) || isAwsService(value, partitions)) return;
  const message = invalidPrincipalMessage("Service", value);
  const hint = () => `No service of AWS has this name.${similarService(value)}`;
  throw new PolicyGrammarError(
    isAmazonName(value) ? message : `${message}. The setting servicePrincipals names services of your own.`,
    { hint },
  );
}

function inPartition(partition: string, partitions: ReadonlySet<string> | undefined): boolean {
  return partitions === undefined ? /^aws[a-z-]*$/.test(partition) : partition !== "*" && partitions.has(partition);
}

function isAwsPrincipal(value: string, partitions: ReadonlySet<string> | undefined): boolean {
  // AROA…:session is a session of a role that is known by its id only.
  const [id, session, ...rest] = value.split(":");
  if (isAccountId(value) || (isUniqueId(id!) && rest.length === 0 && session !== "")) return true;
  const arn = parseArn(value);
  // A wildcard within an ARN is no principal: the account and path characters below have none.
  if (arn === null || !inPartition(arn.partition, partitions) || arn.region !== "" || !isAccountId(arn.account))
    return false;
  const slash = arn.resource.indexOf("/");
  const type = slash < 0 ? arn.resource : arn.resource.slice(0, slash);
  const name = slash < 0 ? "" : arn.resource.slice(slash + 1);
  if (arn.service === "iam") {
    if (arn.resource === "root") return true;
    return (type === "user" || type === "role") && entityPath.test(name) && !name.endsWith("/");
  }
  if (arn.service !== "sts") return false;
  return type === "assumed-role" ? sessionPath.test(name) : type === "federated-user" && /^[\w+=,.@-]+$/.test(name);
}

function isFederated(value: string, partitions: ReadonlySet<string> | undefined): boolean {
  if (domainName.test(value)) return true;
  const arn = parseArn(value);
  if (
    arn === null ||
    !inPartition(arn.partition, partitions) ||
    arn.service !== "iam" ||
    arn.region !== "" ||
    !isAccountId(arn.account)
  )
    return false;
  return /^saml-provider\/[\w.-]+$/.test(arn.resource) || /^oidc-provider\/[\w.:%/~-]+$/.test(arn.resource);
}
