/** `rolecall sign-in`: where the password comes from, and what is said. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Started } from "../../../src/launch/runtime.ts";
import { caller } from "../../harness/clients.ts";
import { emptyDirectory, rolecall, serveIn } from "../../harness/cli.ts";
import { phoneOf } from "../../harness/phone.ts";
import type { Phone } from "../../harness/phone.ts";

const directory = emptyDirectory();
const words = ["sign-in", "--user", "ann", "--account"];
const password = "What it Was 1";
let served: Started;
let account: string;
/** Of the user bea. */
let bea: Phone;

beforeAll(async () => {
  served = await serveIn(directory.path);
  const { out } = await rolecall(directory.path, ["env", "--json"]);
  const { AccountId, ...variables } = JSON.parse(out) as Record<string, string>;
  account = AccountId!;
  const administrator = caller(variables["AWS_ENDPOINT_URL"]!, {
    accessKeyId: variables["AWS_ACCESS_KEY_ID"]!,
    secretAccessKey: variables["AWS_SECRET_ACCESS_KEY"]!,
  });
  const { iam } = administrator;
  await iam.createUser({ UserName: "ann" });
  await iam.createLoginProfile({ UserName: "ann", Password: password, PasswordResetRequired: true });
  await iam.createUser({ UserName: "bea" });
  await iam.createLoginProfile({ UserName: "bea", Password: password });
  bea = await phoneOf(administrator, "bea");
});
afterAll(async () => {
  await served.close();
  directory.remove();
});

const run = (more: readonly string[], input = "", secrets: string | readonly string[] | null = null) =>
  rolecall(directory.path, [...words, account, ...more], {}, input, secrets);

test("asks on the terminal, and tells apart what is for eval and what is said", async () => {
  const { code, out, err } = await run([], "", password);
  expect(err).toMatch(/^Password: The password has to be changed before anything else/);
  expect(out).toMatch(/^export AWS_ENDPOINT_URL=http:\S+\nexport AWS_ACCESS_KEY_ID=ASIA/);
  expect(code).toBe(0);
});

test("reads standard input, and answers what credential_process wants", async () => {
  const { out } = await run(["--password-stdin", "--json", "--duration-seconds", "900"], `${password}\n`);
  expect(JSON.parse(out)).toMatchObject({
    Version: 1,
    AccessKeyId: expect.stringMatching(/^ASIA/),
    Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
});

test("asks for a code of the user's MFA device, or takes it from the command line", async () => {
  const asBea = (more: readonly string[], secrets: readonly string[]) =>
    rolecall(directory.path, ["sign-in", "--user", "bea", "--account", account, ...more], {}, password, secrets);
  const asked = await asBea([], [password, `${bea.code(0)} `]);
  expect(asked.err).toBe("Password: MFA code: ");
  expect(asked).toMatchObject({ code: 0, out: expect.stringContaining("AWS_SESSION_TOKEN") as string });
  expect(await asBea(["--password-stdin", "--mfa-code", bea.code(1)], [])).toMatchObject({ code: 0, err: "" });
  const wrong = await asBea(["--password-stdin", "--mfa-code", bea.code(1), "--mfa-serial", "another-device"], []);
  expect(wrong).toMatchObject({
    code: 1,
    err: expect.stringMatching(/the password, or the code, is not right/) as string,
  });
  expect(await asBea(["--password-stdin"], [])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/--mfa-code/) as string,
  });
  expect(await asBea([], [password, "12345"])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/six digits/) as string,
  });
  expect(await asBea(["--mfa-code", "12345x"], [])).toMatchObject({ code: 2 });
});

test.each([
  [[], "", null, 2, /no terminal to ask/],
  [["--password-stdin"], "\n", null, 1, /no password was given/],
  [["--duration-seconds", "899"], "", password, 2, /900 to 43200/],
  [["--password-stdin"], "wrong", null, 1, /does not let you in/],
])("%j of %j says what is wrong", async (more, input, secret, exit, said) => {
  const { code, err } = await run(more, input, secret);
  expect(err).toMatch(said);
  expect(code).toBe(exit);
});
