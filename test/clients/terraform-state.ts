/** What terraform tells of its state, as far as an import needs it. */

interface Resource {
  /** `data` for what is only asked for. */
  readonly mode: "managed" | "data";
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** By what a resource is imported, in its members; `{id}` where nothing is said, null for what cannot be imported. */
const importIds: Readonly<Record<string, string | null>> = {
  aws_iam_group_membership: null,
  aws_iam_group_policies_exclusive: "{group_name}",
  aws_iam_group_policy_attachment: "{group}/{policy_arn}",
  aws_iam_group_policy_attachments_exclusive: "{group_name}",
  aws_iam_policy_attachment: null,
  aws_iam_role_policies_exclusive: "{role_name}",
  aws_iam_role_policy_attachment: "{role}/{policy_arn}",
  aws_iam_role_policy_attachments_exclusive: "{role_name}",
  aws_iam_security_token_service_preferences: null,
  aws_iam_server_certificate: "{name}",
  aws_iam_user_group_membership: "{user}/{groups}",
  aws_iam_user_policies_exclusive: "{user_name}",
  aws_iam_user_policy_attachment: "{user}/{policy_arn}",
  aws_iam_user_policy_attachments_exclusive: "{user_name}",
  aws_iam_user_ssh_key: "{username}:{ssh_public_key_id}:{encoding}",
};

/** What the configuration manages. @param shown what `terraform show -json` printed */
export function madeResources(shown: string): readonly Resource[] {
  const state = JSON.parse(shown) as { values: { root_module: { resources: readonly Resource[] } } };
  return state.values.root_module.resources.filter(({ mode }) => mode === "managed");
}

export interface Imports {
  /** A file of `import` blocks. */
  readonly text: string;
  /** Addresses of what cannot be imported. */
  readonly cannot: readonly string[];
}

export function imports(resources: readonly Resource[]): Imports {
  const blocks: string[] = [];
  const cannot: string[] = [];
  for (const { address, type, values } of resources) {
    const form = type in importIds ? importIds[type]! : "{id}";
    if (form === null) cannot.push(address);
    else blocks.push(`import {\n  to = ${address}\n  id = ${JSON.stringify(filled(form, values))}\n}\n`);
  }
  return { text: blocks.join("\n"), cannot };
}

function filled(form: string, values: Readonly<Record<string, unknown>>): string {
  return form.replaceAll(/\{(\w+)\}/g, (_, name: string) => [values[name]].flat().join("/"));
}

/** The types of resources that the provider has for IAM. @param shown what `terraform providers schema -json` printed */
export function resourceTypes(shown: string): readonly string[] {
  interface Schemas {
    readonly provider_schemas: Readonly<Record<string, { readonly resource_schemas: object }>>;
  }
  const { provider_schemas } = JSON.parse(shown) as Schemas;
  const types = Object.values(provider_schemas).flatMap(({ resource_schemas }) => Object.keys(resource_schemas));
  return types.filter((type) => type.startsWith("aws_iam_"));
}
