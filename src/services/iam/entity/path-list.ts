import type { OperationContext } from "../../../operation/context.ts";
import type { Shown } from "../../../operation/page.ts";
import type { Eventual } from "../../../store/sql/eventual.ts";
import { requirementOnList } from "./entity-names.ts";
import { familyOf } from "./family.ts";
import type { NameIn } from "./family.ts";
import { kinds, titleOf } from "./kinds.ts";
import type { EntityRecord, KindsOf, RecordOfKind, Title } from "./kinds.ts";
import { pages } from "./paging.ts";

/** The list that IAM has of the entities of a kind below a path: `ListUsers`. */
type Pattern = "List*s";
type ListedKind = KindsOf<Pattern>;
const operationOf = familyOf<Pattern, Title<ListedKind>>();

/** What the list of a kind is made of. */
type ShownOf<K extends ListedKind> = Shown<"iam", NameIn<Pattern, Title<K>>>;

export function pathListOperation<K extends ListedKind>(
  kind: K,
  show: (record: RecordOfKind<K>, context: OperationContext) => Eventual<ShownOf<K>>,
) {
  return operationOf(titleOf(kind), "List*s", (name) => ({
    writes: false,
    authorize: (input, _, context) => [requirementOnList(`iam:${name}`, kind, input.PathPrefix, context)],
    handle: (input, _, context) =>
      pages.list(name, input, {
        fetch: (after, limit): Promise<readonly EntityRecord[]> =>
          kinds[kind].records.list(context.tx, context.account, { after, limit, pathPrefix: input.PathPrefix }),
        keyOf: (record) => record.name,
        show: (record) => show(record as RecordOfKind<K>, context) as Eventual<ShownOf<ListedKind>>,
      }),
  }));
}
