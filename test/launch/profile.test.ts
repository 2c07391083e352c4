import { appendFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseIni } from "../../src/launch/ini.ts";
import { Profile } from "../../src/launch/profile.ts";
import { emptyDirectory } from "../harness/cli.ts";

const first = { accountId: "111122223333", accessKeyId: "AKIA1", secretAccessKey: "one/+=" };
const second = { accountId: "444455556666", accessKeyId: "AKIA2", secretAccessKey: "two" };

describe("the AWS profile", () => {
  let directory = emptyDirectory();
  let profile: Profile;
  beforeEach(() => {
    directory = emptyDirectory();
    profile = new Profile(join(directory.path, "data"));
  });
  afterEach(() => directory.remove());

  it("is empty before the first start", () => {
    expect(profile.entries()).toEqual([]);
    expect(profile.reach()).toBeNull();
  });

  it("names the operator rolecall and others after their account", () => {
    profile.put([second, first], first.accountId);
    expect(profile.entries().map(({ name }) => name)).toEqual(["rolecall", "rolecall-444455556666"]);
    expect(profile.entry(undefined)).toMatchObject(first);
    expect(profile.entry(second.accountId)).toMatchObject(second);
  });

  it("is for its owner alone", () => {
    profile.put([first], first.accountId);
    expect(statSync(profile.credentialsFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory.path, "data")).mode & 0o777).toBe(0o700);
  });

  it("replaces an account's key and keeps the others", () => {
    profile.put([first, second], first.accountId);
    profile.put([{ ...second, accessKeyId: "AKIA3" }], first.accountId);
    expect(profile.entries().map(({ accessKeyId }) => accessKeyId)).toEqual(["AKIA1", "AKIA3"]);
  });

  it("loses no secret when another database has another operator", () => {
    profile.put([first], first.accountId);
    profile.put([second], second.accountId);
    expect(profile.entries()).toMatchObject([
      { name: "rolecall", ...second },
      { name: "rolecall-111122223333", ...first },
    ]);
  });

  it("takes back what never became good", () => {
    profile.put([first], first.accountId);
    const before = profile.entries();
    profile.put([second], first.accountId);
    profile.restore(before);
    expect(profile.entries()).toEqual(before);
  });

  it("keeps what somebody else put into the files", () => {
    profile.put([first], first.accountId);
    profile.writeReach({ url: "http://127.0.0.1:1", region: "us-east-1", caBundle: null });
    appendFileSync(profile.credentialsFile, "\n[bob]\naws_access_key_id = AKIABOB\naws_secret_access_key = secret\n");
    appendFileSync(profile.configFile, "\n[profile bob]\nregion = eu-west-1\n");
    profile.put([second], first.accountId);
    profile.writeReach({ url: "http://127.0.0.1:2", region: "us-east-1", caBundle: null });
    expect(readFileSync(profile.credentialsFile, "utf8")).toContain("[bob]\naws_access_key_id = AKIABOB");
    expect(readFileSync(profile.configFile, "utf8")).toContain("[profile bob]\nregion = eu-west-1");
    expect(profile.entries().map(({ name }) => name)).toEqual(["rolecall", `rolecall-${second.accountId}`]);
  });

  it("tells every profile where the server is", () => {
    profile.put([first, second], first.accountId);
    profile.writeReach({ url: "http://127.0.0.1:1", region: "eu-west-1", caBundle: "/c.pem" });
    expect(profile.reach()).toEqual({ url: "http://127.0.0.1:1", region: "eu-west-1", caBundle: "/c.pem" });
    const sections = parseIni(readFileSync(profile.configFile, "utf8"));
    expect(sections.map(({ name }) => name)).toEqual(["profile rolecall", "profile rolecall-444455556666"]);
  });
});
