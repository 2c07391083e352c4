/** Every member of a request is read by somebody, and every member of an answer is written: a name in the sources says so. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { OperationContract } from "../../src/contracts/model.ts";
import { notBuilt } from "../../src/operation/operation.ts";
import { services } from "../../src/services/services.ts";

/** Those of a proof in the input are read by its strategy. */
const sources = ["services", "pipeline/strategy"].map((room) => join(import.meta.dirname, "../../src", room));
const words: ReadonlySet<string> = new Set(
  sources.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => readFileSync(join(folder, file), "utf8").match(/\w+/g) ?? []),
  ),
);

/** Names that families make from the title of a kind (services/iam/entity/family.ts). */
const madeOfTitles = /^New\w+Name$/;

const noTemplates = "there is no role template, whatever is asked of it (services/iam/role-template)";

/** What is not named there, and why. */
const left: Readonly<Record<string, string>> = {
  "AcquireRole: ReplacementValues": noTemplates,
  "AcquireRole: TemplateMinorVersion": noTemplates,
  "GetRoleTemplateVersion: MinorVersion": noTemplates,
  "GetRoleTemplateVersion: RoleTemplateVersion": noTemplates,
  "AssumeRoleWithSAML: SAMLAssertion": "verified before any operation is reached (pipeline/strategy/saml.ts)",
  "GetMFADevice: Certifications": "of FIDO security keys, which AWS's console alone registers",
};

function unnamed({ name, input, output, pagination }: OperationContract): readonly string[] {
  // What a list is called, its contract says (operation/page.ts).
  const paged = new Set([...(pagination?.items ?? []), pagination?.more]);
  const members = [
    ...Object.keys(input.members),
    ...Object.keys(output.members).filter((member) => !paged.has(member)),
  ];
  return members
    .filter((member) => !words.has(member) && !madeOfTitles.test(member))
    .map((member) => `${name}: ${member}`)
    .filter((member) => !(member in left));
}

test.each(Object.entries(services))("%s", (_, { registry, codec }) => {
  const built = Object.values(codec.contract.operations).filter(({ name }) => registry[name] !== notBuilt);
  expect(built.flatMap(unnamed)).toEqual([]);
});
