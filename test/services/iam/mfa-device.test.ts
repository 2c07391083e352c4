import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readQrCode } from "../../harness/qr-code.ts";
import * as mfaDevices from "../../../src/store/iam/mfa-devices.ts";
import { account, Harness } from "../harness.ts";
import { pairAt, virtualDevice } from "./mfa-devices.ts";

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.open();
  await harness.ok("CreateUser", { UserName: "alice", Path: "/p/" });
  await harness.ok("CreateUser", { UserName: "bob" });
});
afterEach(() => harness.close());

const serial = (name: string) => `arn:aws:iam::${account}:mfa/${name}`;
const invalid = "InvalidAuthenticationCode 403: Authentication code for device is not valid.";
const notOfUser = "NoSuchEntity 404: MFA Device invalid for user.";
const mustHaveMfa =
  "AccessDenied 403: To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this user.";
const wrong = { AuthenticationCode1: "000000", AuthenticationCode2: "000000" };

/** A new device that is enabled for a user. */
async function enabled(name: string, UserName: string) {
  const device = await virtualDevice(harness, name);
  await harness.ok("EnableMFADevice", { UserName, SerialNumber: device.serialNumber, ...pairAt(harness, device) });
  return device;
}

describe("a virtual device", () => {
  it("shows its seed once, as text and as what a phone reads, and keeps it sealed under its id", async () => {
    const tagged = { VirtualMFADeviceName: "+=,.@-_1", Path: "/phones/", Tags: [{ Key: "a", Value: "b" }] };
    const { VirtualMFADevice: made } = await harness.ok("CreateVirtualMFADevice", tagged);
    expect(made).toMatchObject({ SerialNumber: serial("phones/+=,.@-_1"), Tags: [{ Key: "a", Value: "b" }] });
    const base32 = Buffer.from(made.Base32StringSeed!).toString("latin1");
    expect(base32).toMatch(/^[A-Z2-7]{64}$/);
    expect(readQrCode(made.QRCodePNG!)).toBe(`otpauth://totp/%2B%3D%2C.%40-_1@${account}?secret=${base32}`);
    const stored = (await harness.store((tx) => mfaDevices.byName(tx, account, made.SerialNumber)))!;
    expect(harness.secrets.open(stored.sealedSecret, stored.id)).toHaveLength(40);
    expect(() => harness.secrets.open(stored.sealedSecret, serial("other"))).toThrow();
    expect(await harness.ok("ListVirtualMFADevices", {})).toEqual({
      VirtualMFADevices: [{ SerialNumber: made.SerialNumber }],
      IsTruncated: false,
    });
  });

  it("is one by path and name, whatever their case", async () => {
    await virtualDevice(harness, "phone");
    expect(await harness.refusal("CreateVirtualMFADevice", { VirtualMFADeviceName: "PHONE" })).toBe(
      "EntityAlreadyExists 409: MFA device already exists.",
    );
    await harness.ok("CreateVirtualMFADevice", { VirtualMFADeviceName: "phone", Path: "/x/" });
  });

  it("has a serial number that calls can name", async () => {
    const longest = 256 - serial("").length;
    await harness.ok("CreateVirtualMFADevice", { VirtualMFADeviceName: "n".repeat(longest) });
    expect(await harness.refusal("CreateVirtualMFADevice", { VirtualMFADeviceName: "n".repeat(longest + 1) })).toMatch(
      /^InvalidInput 400/,
    );
  });

  it("that is deleted and made again under its name is another", async () => {
    const former = await enabled("phone", "alice");
    const named = { UserName: "alice", SerialNumber: former.serialNumber };
    await harness.ok("TagMFADevice", { SerialNumber: former.serialNumber, Tags: [{ Key: "a", Value: "b" }] });
    expect(await harness.refusal("DeleteVirtualMFADevice", { SerialNumber: former.serialNumber })).toBe(
      "DeleteConflict 409: MFA VirtualDevice in use. Must deactivate first.",
    );
    await harness.ok("DeactivateMFADevice", named);
    await harness.ok("DeleteVirtualMFADevice", { SerialNumber: former.serialNumber });
    const latter = await virtualDevice(harness, "phone");
    expect(latter.codes.base32).not.toBe(former.codes.base32);
    expect(await harness.refusal("EnableMFADevice", { ...named, ...pairAt(harness, former, 2) })).toBe(invalid);
    await harness.ok("EnableMFADevice", { ...named, ...pairAt(harness, latter) });
    expect(await harness.ok("ListMFADeviceTags", { SerialNumber: former.serialNumber })).toMatchObject({ Tags: [] });
  });

  it("counts for its account, which may have as many as users", async () => {
    const small = await Harness.open({ usersPerAccount: 2 });
    await virtualDevice(small, "a");
    await virtualDevice(small, "b");
    expect(await small.refusal("CreateVirtualMFADevice", { VirtualMFADeviceName: "c" })).toBe(
      "LimitExceeded 409: Cannot exceed quota for MFADevicesPerAccount: 2",
    );
    await small.close();
  });
});

describe("enabling", () => {
  it("asks for the user, then for the device, then for the codes", async () => {
    const { serialNumber: SerialNumber } = await virtualDevice(harness, "phone");
    expect(await harness.refusal("EnableMFADevice", { UserName: "nobody", SerialNumber: serial("x"), ...wrong })).toBe(
      "NoSuchEntity 404: The user with name nobody cannot be found.",
    );
    expect(await harness.refusal("EnableMFADevice", { UserName: "alice", SerialNumber: serial("x"), ...wrong })).toBe(
      `NoSuchEntity 404: MFA Device with serial number ${serial("x")} does not exist.`,
    );
    expect(await harness.refusal("EnableMFADevice", { UserName: "alice", SerialNumber, ...wrong })).toBe(invalid);
  });

  it("takes two codes in their order, and a device that is nobody's", async () => {
    const device = await virtualDevice(harness, "phone");
    const named = { UserName: "alice", SerialNumber: device.serialNumber };
    const { AuthenticationCode1: first, AuthenticationCode2: second } = pairAt(harness, device);
    const codes = (AuthenticationCode1: string, AuthenticationCode2: string) => ({
      ...named,
      AuthenticationCode1,
      AuthenticationCode2,
    });
    expect(await harness.refusal("EnableMFADevice", codes(first, first))).toBe(invalid);
    expect(await harness.refusal("EnableMFADevice", codes(second, first))).toBe(invalid);
    await harness.ok("EnableMFADevice", codes(first, second));
    expect(await harness.refusal("EnableMFADevice", codes(first, second))).toBe(
      "EntityAlreadyExists 409: MFA Device for user alice already exists.",
    );
    expect(await harness.refusal("EnableMFADevice", { ...codes(first, second), UserName: "bob" })).toBe(
      "EntityAlreadyExists 409: MFA Device is already in use.",
    );
    const EnableDate = new Date(harness.clock.now());
    expect(await harness.ok("ListMFADevices", { UserName: "alice" })).toEqual({
      MFADevices: [{ UserName: "alice", SerialNumber: device.serialNumber, EnableDate }],
      IsTruncated: false,
    });
    expect((await harness.ok("ListVirtualMFADevices", { AssignmentStatus: "Assigned" })).VirtualMFADevices).toEqual([
      {
        SerialNumber: device.serialNumber,
        User: expect.objectContaining({ UserName: "alice", Path: "/p/" }) as object,
        EnableDate,
      },
    ]);
    expect((await harness.ok("ListVirtualMFADevices", { AssignmentStatus: "Unassigned" })).VirtualMFADevices).toEqual(
      [],
    );
  });

  it("once, however many try at once", async () => {
    const device = await virtualDevice(harness, "phone");
    const answers = await Promise.all(
      ["alice", "bob", "alice", "bob"].map((UserName) =>
        harness.call("EnableMFADevice", { UserName, SerialNumber: device.serialNumber, ...pairAt(harness, device) }),
      ),
    );
    expect(answers.filter(({ fault }) => fault === undefined)).toHaveLength(1);
  });

  it("gives a user eight devices at most", async () => {
    for (let number = 1; number <= 8; number++) await enabled(`device-${number}`, "alice");
    const ninth = await virtualDevice(harness, "device-9");
    const input = { UserName: "alice", SerialNumber: ninth.serialNumber, ...pairAt(harness, ninth) };
    expect(await harness.refusal("EnableMFADevice", input)).toBe(
      "LimitExceeded 409: Cannot exceed quota for MFADevicesPerUser: 8",
    );
    await harness.ok("EnableMFADevice", { ...input, UserName: "bob" });
  });
});

describe("whoever guesses", () => {
  it("has nine wrong pairs in three minutes, of a device, and waits for the next three", async () => {
    const device = await virtualDevice(harness, "phone");
    const other = await virtualDevice(harness, "other");
    const named = { UserName: "alice", SerialNumber: device.serialNumber };
    const until = new Date(Math.ceil((harness.clock.now() + 1) / 180_000) * 180_000);
    for (let count = 0; count < 9; count++) {
      expect(await harness.refusal("EnableMFADevice", { ...named, ...wrong })).toBe(invalid);
    }
    const tooMany = `LimitExceeded 409: Too many authentication codes for the device were not valid. Try again after ${until.toISOString().slice(0, 19)}Z.`;
    // Whoever has found the right one by then is not told.
    expect(await harness.refusal("EnableMFADevice", { ...named, ...pairAt(harness, device) })).toBe(tooMany);
    expect(await harness.refusal("EnableMFADevice", { ...named, ...wrong })).toBe(tooMany);
    await harness.ok("EnableMFADevice", {
      UserName: "alice",
      SerialNumber: other.serialNumber,
      ...pairAt(harness, other),
    });
    harness.clock.set(until.getTime());
    await harness.ok("EnableMFADevice", { ...named, ...pairAt(harness, device) });
  });

  it("has the same number when all come at once", async () => {
    const device = await enabled("phone", "alice");
    const named = { UserName: "alice", SerialNumber: device.serialNumber };
    const answers = await Promise.all(
      Array.from({ length: 14 }, () => harness.call("ResyncMFADevice", { ...named, ...wrong })),
    );
    expect(answers.filter(({ fault }) => fault?.code === "InvalidAuthenticationCode")).toHaveLength(9);
    expect(answers.filter(({ fault }) => fault?.code === "LimitExceeded")).toHaveLength(5);
  });
});

describe("a user's own devices", () => {
  it("the first needs a key alone; all else that adds or removes one, a session that was begun with a code", async () => {
    const caller = await harness.user("alice");
    const first = await virtualDevice(harness, "first");
    const second = await virtualDevice(harness, "second");
    const of = (device: typeof first, offset = 0) => ({
      UserName: "alice",
      SerialNumber: device.serialNumber,
      ...pairAt(harness, device, offset),
    });
    const named = { SerialNumber: first.serialNumber };
    await harness.ok("EnableMFADevice", of(first), { caller });
    expect(await harness.refusal("EnableMFADevice", of(second), { caller })).toBe(mustHaveMfa);
    expect(await harness.refusal("EnableMFADevice", of(first, 4), { caller })).toBe(mustHaveMfa);
    expect(await harness.refusal("DeactivateMFADevice", named, { caller })).toBe(mustHaveMfa);
    expect(await harness.refusal("DeactivateMFADevice", { SerialNumber: serial("none") }, { caller })).toBe(
      mustHaveMfa,
    );
    await harness.ok("ResyncMFADevice", of(first, 4), { caller });
    const others = { ...of(second), UserName: "bob" };
    await harness.ok("EnableMFADevice", others, { caller });
    await harness.ok("DeactivateMFADevice", { UserName: "bob", SerialNumber: second.serialNumber }, { caller });
    const session = await harness.userSession("alice", harness.clock.now());
    await harness.ok("EnableMFADevice", of(second, 4), { caller: session });
    await harness.ok("DeactivateMFADevice", { ...named, UserName: "alice" }, { caller: session });
  });
});

describe("a device of somebody", () => {
  it("is deactivated and synchronized for nobody else", async () => {
    const device = await enabled("phone", "alice");
    const SerialNumber = device.serialNumber;
    const codes = pairAt(harness, device, 4);
    expect(await harness.refusal("DeactivateMFADevice", { UserName: "bob", SerialNumber })).toBe(notOfUser);
    expect(await harness.refusal("ResyncMFADevice", { UserName: "bob", SerialNumber, ...codes })).toBe(notOfUser);
    await harness.ok("DeactivateMFADevice", { UserName: "alice", SerialNumber });
    expect(await harness.refusal("DeactivateMFADevice", { UserName: "alice", SerialNumber })).toBe(notOfUser);
    expect(await harness.refusal("ResyncMFADevice", { UserName: "alice", SerialNumber, ...codes })).toBe(notOfUser);
  });

  it("goes with the user's name, and keeps the user from being deleted", async () => {
    const device = await enabled("phone", "alice");
    await harness.ok("UpdateUser", { UserName: "alice", NewUserName: "carol" });
    expect((await harness.ok("ListMFADevices", { UserName: "carol" })).MFADevices).toMatchObject([
      { UserName: "carol" },
    ]);
    expect(await harness.refusal("DeleteUser", { UserName: "carol" })).toBe(
      "DeleteConflict 409: Cannot delete entity, must remove tokens from principal first.",
    );
    await harness.ok("DeactivateMFADevice", { UserName: "carol", SerialNumber: device.serialNumber });
    await harness.ok("DeleteUser", { UserName: "carol" });
  });

  it("is told of by GetMFADevice where it is a security key, of which there are none", async () => {
    const { serialNumber: SerialNumber } = await enabled("phone", "alice");
    const key = `arn:aws:iam::${account}:u2f/user/alice/k-ABC`;
    expect(await harness.refusal("GetMFADevice", { UserName: "nobody", SerialNumber })).toMatch(/^NoSuchEntity/);
    expect(await harness.refusal("GetMFADevice", { UserName: "alice", SerialNumber })).toBe(
      "ValidationError 400: The MFA device serial number sent in the request is invalid or not supported by this API. Currently, only hardware FIDO security keys are supported. Please use the compatible device or API.",
    );
    expect(await harness.refusal("GetMFADevice", { UserName: "alice", SerialNumber: key })).toBe(
      `NoSuchEntity 404: MFA Device with serial number ${key} does not exist.`,
    );
  });
});

describe("root", () => {
  it("has devices of its own: where the API demands a name, that is the account's id", async () => {
    const device = await virtualDevice(harness, "root-account-mfa-device");
    const SerialNumber = device.serialNumber;
    const named = { UserName: account, SerialNumber };
    expect(await harness.requirements("EnableMFADevice", { ...named, ...pairAt(harness, device) })).toMatchObject([
      { action: "iam:EnableMFADevice", resource: `arn:aws:iam::${account}:root` },
    ]);
    const EnableDate = new Date(harness.clock.now());
    expect((await harness.ok("ListMFADevices", {})).MFADevices).toEqual([{ SerialNumber, EnableDate }]);
    expect((await harness.ok("ListVirtualMFADevices", {})).VirtualMFADevices).toMatchObject([
      { SerialNumber, User: { UserId: account, Arn: `arn:aws:iam::${account}:root` }, EnableDate },
    ]);
    expect((await harness.ok("GetAccountSummary", {})).SummaryMap).toMatchObject({
      AccountMFAEnabled: 1,
      MFADevices: 1,
      MFADevicesInUse: 1,
    });
    await harness.ok("ResyncMFADevice", { ...named, ...pairAt(harness, device, 4) });
    await harness.ok("DeactivateMFADevice", { SerialNumber });
    expect((await harness.ok("GetAccountSummary", {})).SummaryMap).toMatchObject({
      AccountMFAEnabled: 0,
      MFADevices: 1,
      MFADevicesInUse: 0,
    });
  });

  it("is nobody else: a user has no say in its devices, and a user may have that name", async () => {
    const device = await virtualDevice(harness, "phone");
    const input = { UserName: account, SerialNumber: device.serialNumber, ...pairAt(harness, device) };
    const missing = `NoSuchEntity 404: The user with name ${account} cannot be found.`;
    expect(await harness.refusal("EnableMFADevice", input, { caller: await harness.user("alice") })).toBe(missing);
    await harness.ok("CreateUser", { UserName: account });
    await harness.ok("EnableMFADevice", input);
    expect((await harness.ok("ListMFADevices", { UserName: account })).MFADevices).toMatchObject([
      { UserName: account },
    ]);
  });
});
