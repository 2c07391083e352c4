import { iamArn } from "../../../arn/arn.ts";
import type { Requirement } from "../../../authorization/requirement.ts";
import type { OperationContext } from "../../../operation/context.ts";
import type { Input } from "../../../operation/operation.ts";
import type { Ref } from "../../../store/iam/entities.ts";
import type { Tx } from "../../../store/sql/database.ts";
import { existing, findIn, requirementOn } from "./entity-names.ts";
import type { Found } from "./entity-names.ts";
import { familyOf } from "./family.ts";
import type { NameIn } from "./family.ts";
import { entityAlreadyExists } from "./faults.ts";
import { kinds, titleOf } from "./kinds.ts";
import type { EntityRecord, KindsOf, Title } from "./kinds.ts";
import { unlessTaken } from "./taken-name.ts";

/** The operation that gives an entity another name or path: `UpdateUser`. */
type Pattern = "Update*";
type RenamedKind = {
  [K in KindsOf<Pattern>]: "NewPath" extends keyof Input<"iam", NameIn<Pattern, Title<K>>> ? K : never;
}[KindsOf<Pattern>];
const operationOf = familyOf<Pattern, Title<RenamedKind>>();

interface Place {
  readonly name: string;
  readonly path: string;
}

type Move = (tx: Tx, entity: Ref, to: Place) => Promise<unknown>;

export function renameOperation<K extends RenamedKind>(kind: K) {
  const title = titleOf(kind);
  const newName = (input: object) => (input as Readonly<Record<string, string | undefined>>)[`New${title}Name`];
  return operationOf(title, "Update*", (name) => ({
    writes: true,
    load: (input, context) => findIn(kind, input, context),
    authorize: (input, found, context) =>
      requirementsToMove(`iam:${name}`, found, { name: newName(input), path: input.NewPath }, context),
    handle: async (input, found, context) => {
      const entity = existing(found);
      const to = { name: newName(input) ?? entity.name, path: input.NewPath ?? entity.path };
      const update: Move = kinds[kind].records.update;
      await unlessTaken(update(context.tx, entity, to), () => entityAlreadyExists(kind, to.name));
      return {};
    },
  }));
}

/** An entity is moved from one ARN to another, so both must be allowed (API reference, UpdateUser and UpdateGroup). */
function requirementsToMove(
  action: string,
  found: Found<EntityRecord>,
  to: { readonly [Part in keyof Place]: string | undefined },
  context: OperationContext,
): readonly Requirement[] {
  const before = requirementOn(action, found, context);
  const name = to.name ?? found.record?.name ?? found.name;
  const resource = iamArn(context.partition, context.account, found.kind, name, to.path ?? found.record?.path);
  return resource === before.resource ? [before] : [before, { ...before, resource, shownAs: resource }];
}
