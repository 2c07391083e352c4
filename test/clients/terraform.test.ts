/** The resources that the AWS provider has for IAM, through the real terraform: made, unchanged, imported, unmade. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { selfSigned } from "../harness/certificate.ts";
import { material } from "../harness/material.ts";
import { dataDirectory, starter } from "../harness/places.ts";
import { startWorld } from "../harness/world.ts";
import type { World } from "../harness/world.ts";
import { imports, madeResources, resourceTypes } from "./terraform-state.ts";
import { mirrorVariable, providerMirror, terraformIn, terraformVersion } from "./terraform.ts";
import type { Terraform, TerraformAnswer } from "./terraform.ts";

/** Resources of the provider that the configuration does not have, and why. */
const leftOut: Readonly<Record<string, string>> = {
  aws_iam_organizations_features: "central root access comes with organizations",
  aws_iam_service_linked_role: "service-linked roles are not built",
};

const configuration = fileURLToPath(new URL("terraform", import.meta.url));
const tried = new Set(
  readdirSync(configuration)
    .map((name) => readFileSync(join(configuration, name), "utf8"))
    .flatMap((text) => [...text.matchAll(/^resource "(\w+)"/gm)].map(([, type]) => type!)),
);

const version = terraformVersion();
const mirror = providerMirror();
if (version === null) {
  test("terraform is not installed: nothing of it was tried", () => expect(version).toBeNull());
} else if (mirror === null) {
  const where = `${mirrorVariable} names a folder that has it`;
  test(`terraform's AWS provider is not there (${where}): nothing of it was tried`, () => expect(mirror).toBeNull());
} else {
  describe(version, () => withTerraform(mirror));
}

function withTerraform(plugins: string): void {
  const start = starter();
  const folder = dataDirectory();
  const { cert, key } = selfSigned();
  const files = {
    "certificate.pem": cert,
    "key.pem": key,
    "metadata.xml": material.metadata,
    "ssh.pub": material.sshKey,
  };
  let world: World;
  let made: Terraform;
  let before: unknown;

  /** The configuration in a folder of its own, with the provider at hand. */
  async function configured(place: string): Promise<Terraform> {
    mkdirSync(place);
    cpSync(configuration, place, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
    const terraform = terraformIn(place, world.url, world.a.keys);
    await done(terraform("init", `-plugin-dir=${plugins}`, ...quiet));
    return terraform;
  }

  beforeAll(async () => {
    world = await startWorld(start);
    before = await present(world);
    made = await configured(join(folder, "made"));
  });

  test("every resource is made, and a plan finds nothing to do", async () => {
    await done(made("apply", "-auto-approve", ...quiet));
    await done(made("plan", "-detailed-exitcode", ...quiet));
  });

  test("all are imported as they are, and a plan finds nothing to do", async () => {
    const { text, cannot } = imports(madeResources(await done(made("show", "-json"))));
    const place = join(folder, "imported");
    const imported = await configured(place);
    writeFileSync(join(place, "imports.tf"), text);
    const said = await done(imported("apply", "-auto-approve", ...quiet));
    expect(said).toContain(` imported, ${cannot.length} added, 0 changed, 0 destroyed.`);
    await done(imported("plan", "-detailed-exitcode", ...quiet));
  });

  test("what was made is unmade, and nothing of it is left", async () => {
    await done(made("destroy", "-auto-approve", ...quiet));
    expect(await present(world)).toEqual(before);
  });

  for (const [type, reason] of Object.entries(leftOut)) {
    test(`not tried: ${type}, because ${reason}`, () => expect(tried.has(type)).toBe(false));
  }

  test("every resource of the provider is tried, or said not to be", async () => {
    const there = resourceTypes(await done(made("providers", "schema", "-json")));
    expect(there.filter((type) => !tried.has(type) && leftOut[type] === undefined)).toEqual([]);
  });
}

const quiet = ["-input=false", "-no-color"] as const;

/** @returns what it printed. @throws with what it said, where it found something to do or failed */
async function done(running: Promise<TerraformAnswer>): Promise<string> {
  const { code, out } = await running;
  if (code !== 0) throw new Error(`terraform ended with ${code}:\n${out}`);
  return out;
}

/** What the account has, in numbers. */
async function present({ a }: World): Promise<unknown> {
  return (await a.iam.getAccountSummary({})).SummaryMap;
}
