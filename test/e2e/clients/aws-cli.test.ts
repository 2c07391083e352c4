/** Every operation that is built, through the aws CLI, where it is installed. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { contracts } from "../../../src/contracts/contracts.ts";
import { awsCli, awsCliVersion, awsCommand } from "./aws-cli.ts";
import type { AwsCli, CliAnswer } from "./aws-cli.ts";
import { built, operationCases, runCases, succeeded } from "../../harness/operation-cases.ts";
import type { Answered } from "../../harness/operation-cases.ts";
import { starter } from "../../harness/places.ts";
import { accountA, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

/** Operations that the SDK has and botocore, which the CLI is made of, does not have yet (data/botocore). */
const newer: ReadonlySet<string> = new Set(
  (["iam", "sts"] as const).flatMap((service) => {
    const { operations } = JSON.parse(
      readFileSync(new URL(`../../../data/botocore/${service}.json`, import.meta.url), "utf8"),
    ) as { readonly operations: object };
    return Object.keys(contracts[service].operations).filter((name) => !(name in operations));
  }),
);

const version = awsCliVersion();
if (version === null) {
  // Said in the name of a test, so that every reporter shows it.
  test("the aws CLI is not installed: nothing of it was tested", () => expect(version).toBeNull());
} else {
  describe("aws CLI", () => withCli(version));
}

function withCli(installed: string): void {
  const start = starter();
  let world: World;

  beforeAll(async () => {
    world = await startWorld(start, { accounts: [{ id: "444455556666", name: "b" }] });
  });

  // Hundreds of commands, one after the other: more than half a minute on a busy machine.
  const name = `every operation, with every optional parameter (${installed.split(" ", 1)[0]})`;
  test(name, { timeout: 600_000 }, async () => {
    const cli = awsCli(world.url, world.a.keys);
    try {
      await runCases(operationCases, async (service, operation, input) => {
        if (newer.has(operation)) return { unsent: true };
        if (operation === "CreateVirtualMFADevice") return createdDevice(cli, input);
        // One call, one page, as the cases say.
        const asked = ["--no-paginate", "--cli-input-json", JSON.stringify(input)];
        return cliAnswer(await cli.run(service, commandName(operation), ...asked));
      });
      const page = await cli.run(
        "iam",
        "list-policies",
        "--scope",
        "AWS",
        "--page-size",
        "300",
        "--query",
        "length(Policies)",
      );
      expect(Number(page.out)).toBeGreaterThan(1400);
    } finally {
      cli.close();
    }
    const done = await succeeded(world.server);
    expect(built.filter((name) => !done.has(name) && !newer.has(name))).toEqual([]);
  });

  test("the command as a person types it", async () => {
    const who = await awsCommand(world.url, world.a.keys, [
      "sts",
      "get-caller-identity",
      "--query",
      "Arn",
      "--output",
      "text",
    ]);
    expect(who).toEqual({ code: 0, out: `arn:aws:iam::${accountA}:user/administrator\n`, err: "" });
    const refused = await awsCommand(world.url, { ...world.a.keys, secretAccessKey: "wrong" }, ["iam", "list-users"]);
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain(
      "An error occurred (SignatureDoesNotMatch) when calling the ListUsers operation: The request signature we calculated",
    );
  });
}

/** `CreateUser` → `create-user`, `AssumeRoleWithSAML` → `assume-role-with-saml`, `CreateVirtualMFADevice` → … */
function commandName(operation: string): string {
  return operation
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .toLowerCase();
}

/** The one command that takes no JSON: it keeps a new device's seed from the screen, and writes it into a file. */
async function createdDevice(cli: AwsCli, input: object): Promise<Answered> {
  const given = input as { readonly VirtualMFADeviceName: string; readonly Path?: string; readonly Tags?: object };
  const folder = mkdtempSync(join(tmpdir(), "rolecall-seed-"));
  const file = join(folder, "seed");
  const options = ["--virtual-mfa-device-name", given.VirtualMFADeviceName];
  if (given.Path !== undefined) options.push("--path", given.Path);
  if (given.Tags !== undefined) options.push("--tags", JSON.stringify(given.Tags));
  options.push("--bootstrap-method", "Base32StringSeed", "--outfile", file);
  try {
    const answered = cliAnswer(await cli.run("iam", "create-virtual-mfa-device", ...options));
    if (answered.fault !== undefined) return answered;
    const { VirtualMFADevice: made } = answered.output as { readonly VirtualMFADevice: object };
    return { output: { VirtualMFADevice: { ...made, Base32StringSeed: readFileSync(file, "latin1") } } };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function cliAnswer({ code, out, err }: CliAnswer): Answered {
  if (code === 0) return { output: out.trim() === "" ? {} : JSON.parse(out) };
  if (err.includes("Parameter validation failed:")) return { unsent: true };
  const said = /An error occurred \((\w+)\) when calling the \w+ operation: ([^]*?)\n*$/.exec(err);
  return { fault: said === null ? err : `${said[1]}: ${said[2]}` };
}
