/** Hardware tokens: registered with the seed that their maker gave away, enabled by their serial numbers. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { refusal } from "../../harness/clients.ts";
import { rolecall } from "../../harness/cli.ts";
import { dataDirectory, onEachDatabase } from "../../harness/places.ts";
import { shownCode } from "../../harness/shown-code.ts";
import { accountA, allow, arn, startWorld } from "../../harness/world.ts";
import { trailEvents } from "../../harness/trail-events.ts";

const Seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const SerialNumber = "GAHT12345678";
const missing = `NoSuchEntityException 404: MFA Device with serial number ${SerialNumber} does not exist.`;
const codes = (step = 0) => ({
  AuthenticationCode1: shownCode(Seed, step - 1),
  AuthenticationCode2: shownCode(Seed, step),
});

onEachDatabase("a hardware token", (start) => {
  it("is registered, enabled by its serial number, and taken back", async () => {
    const world = await startWorld(start);
    const { a, b } = world;
    await a.iam.createUser({ UserName: "ada" });
    const enable = { UserName: "ada", SerialNumber };
    expect(await refusal(a.iam.enableMFADevice({ ...enable, ...codes() }))).toBe(missing);
    const made = await a.rolecall("RegisterHardwareToken", { SerialNumber, Seed });
    expect(made).toMatchObject({ status: 200, body: { HardwareToken: { SerialNumber } } });
    expect(await a.rolecall("RegisterHardwareToken", { SerialNumber: SerialNumber.toLowerCase(), Seed })).toMatchObject(
      { status: 409, body: { __type: "ConflictException" } },
    );
    for (const bad of [Seed.slice(0, 24) + "==", "0".repeat(32), `${Seed}===${Seed}`]) {
      expect(await a.rolecall("RegisterHardwareToken", { SerialNumber: "GAHT00000000", Seed: bad })).toMatchObject({
        status: 400,
      });
    }
    // It is the account's own, and no virtual device.
    expect(await refusal(b.iam.enableMFADevice({ UserName: "administrator", SerialNumber, ...codes() }))).toBe(missing);
    expect((await a.iam.listVirtualMFADevices({})).VirtualMFADevices).toEqual([]);
    for (const call of [
      a.iam.deleteVirtualMFADevice({ SerialNumber }),
      a.iam.tagMFADevice({ SerialNumber, Tags: [{ Key: "k", Value: "v" }] }),
    ]) {
      expect(await refusal(call)).toBe(missing);
    }
    await a.iam.enableMFADevice({ ...enable, ...codes() });
    expect((await a.iam.listMFADevices({ UserName: "ada" })).MFADevices).toMatchObject([enable]);
    expect((await a.rolecall("ListHardwareTokens")).body).toMatchObject({
      HardwareTokens: [{ SerialNumber, EnabledFor: arn(accountA, "user/ada") }],
    });
    await a.iam.resyncMFADevice({ ...enable, ...codes(8) });
    expect(await a.rolecall("DeregisterHardwareToken", { SerialNumber })).toMatchObject({ status: 409 });
    await a.iam.deactivateMFADevice(enable);
    expect(await a.rolecall("DeregisterHardwareToken", { SerialNumber })).toMatchObject({ status: 200 });
    expect(await a.rolecall("DeregisterHardwareToken", { SerialNumber })).toMatchObject({ status: 404 });
    // Neither seeds nor codes are in any record.
    const trail = JSON.stringify(await trailEvents(world.server));
    expect(trail).toContain("RegisterHardwareToken");
    expect(trail).not.toContain(Seed);
    expect(trail.toLowerCase()).not.toContain("authenticationcode");
  });

  it("is for those who may, by serial number; and for the command line", async () => {
    const world = await startWorld(start);
    const own = await world.user(
      world.a,
      "keeper",
      allow("rolecall:RegisterHardwareToken", `arn:aws:rolecall::${accountA}:hardware-token/GAHT*`),
    );
    expect(await own.rolecall("RegisterHardwareToken", { SerialNumber, Seed })).toMatchObject({ status: 200 });
    expect(await own.rolecall("RegisterHardwareToken", { SerialNumber: "OTHER12345", Seed })).toMatchObject({
      body: { __type: "AccessDenied" },
    });
    expect(await own.rolecall("ListHardwareTokens")).toMatchObject({ body: { __type: "AccessDenied" } });
    const directory = dataDirectory();
    writeFileSync(join(directory, "seed"), `${Seed}\n`);
    const environment = {
      AWS_ACCESS_KEY_ID: world.a.keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: world.a.keys.secretAccessKey,
    };
    const run = (...command: string[]) => rolecall(directory, [...command, "--endpoint-url", world.url], environment);
    const seedFile = join(directory, "seed");
    expect(await run("tokens", "register", "--serial", "CLI123456", "--seed-file", seedFile)).toMatchObject({
      code: 0,
      out: "token     CLI123456 is registered\n",
    });
    expect((await run("tokens", "list")).out).toMatch(/^CLI123456  \S+  nobody\nGAHT12345678  \S+  nobody\n$/);
    expect(await run("tokens", "deregister", "--serial", "CLI123456")).toMatchObject({ code: 0 });
  });
});
