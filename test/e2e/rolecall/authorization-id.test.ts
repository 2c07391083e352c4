import { beforeAll, describe, expect, it } from "vitest";
import type { RolecallOperations } from "../../../src/contracts/rolecall/contract.ts";
import { rolecall } from "../../harness/cli.ts";
import { dataDirectory, starter } from "../../harness/places.ts";
import { accountA, accountB, allow, arn, deny, document, startWorld, trust } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

interface Refusal {
  readonly message: string;
  readonly $metadata: { readonly requestId: string };
}

async function refusal(call: Promise<unknown>): Promise<Refusal> {
  return call.then(
    () => expect.fail("it was not refused"),
    (error: unknown) => error as Refusal,
  );
}

/** The id, which AWS's own tools and everybody's look for by these words. */
function idIn(message: string): string | undefined {
  return / for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: ([0-9a-z]{25})$/.exec(
    message,
  )?.[1];
}

describe("AccessDenied of IAM", () => {
  const start = starter();
  let world: World;
  beforeAll(async () => {
    world = await startWorld(start, { wayToAsk: { console: null } });
  });

  it("ends in an id by which the caller's account is told why", async () => {
    const bob = await world.user(world.a, "bob");
    const { message, $metadata } = await refusal(bob.iam.getUser({ UserName: "other" }));
    const id = idIn(message)!;
    expect(message).toBe(
      `User: ${arn(accountA, "user/bob")} is not authorized to perform: iam:GetUser on resource: user other because no identity-based policy allows the iam:GetUser action. Run rolecall explain --request ${id} for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: ${id}`,
    );
    const { body } = await world.a.rolecall("ExplainRequest", { RequestId: id });
    expect(body).toMatchObject({ RequestId: $metadata.requestId, ErrorMessage: message } satisfies Partial<
      RolecallOperations["ExplainRequest"]["output"]
    >);
    const environment = {
      AWS_ACCESS_KEY_ID: world.a.keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: world.a.keys.secretAccessKey,
    };
    const command = ["explain", "--request", id, "--endpoint-url", world.url];
    const { code, out } = await rolecall(dataDirectory(), command, environment);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("What would allow it") as string });
    const unknown = ["explain", "--request", "0".repeat(25), "--endpoint-url", world.url];
    expect(await rolecall(dataDirectory(), unknown, environment)).toMatchObject({
      code: 1,
      err: expect.stringContaining("The trail has no record of the request 000") as string,
    });
    // Nobody of another account is told anything by it.
    expect(await world.b.rolecall("ExplainRequest", { RequestId: id })).toMatchObject({ status: 404 });
  });

  it("has it behind the name of the policy that denies, and whatever the call would do", async () => {
    const PolicyDocument = document(deny("iam:*"));
    const { Policy } = await world.a.iam.createPolicy({ PolicyName: "no", PolicyDocument });
    const eve = await world.user(world.a, "eve", allow("*"));
    await world.a.iam.attachUserPolicy({ UserName: "eve", PolicyArn: Policy!.Arn });
    for (const call of [eve.iam.listUsers({}), eve.iam.createUser({ UserName: "new" })]) {
      const { message } = await refusal(call);
      expect(message).toContain(
        " with an explicit deny in an identity-based policy: arn:aws:iam::111122223333:policy/no. Run ",
      );
      expect(idIn(message)).toBeDefined();
    }
  });

  it("has none about what another account owns, AWS's own policies included, as on AWS", async () => {
    const fay = await world.user(world.a, "fay");
    for (const PolicyArn of ["arn:aws:iam::aws:policy/ReadOnlyAccess", arn(accountB, "policy/theirs")]) {
      expect((await refusal(fay.iam.getPolicy({ PolicyArn }))).message).toMatch(/ action$/);
    }
  });

  it("is IAM's alone", async () => {
    const role = await world.role(world.a, "closed", trust({ AWS: accountB }));
    const gus = await world.user(world.a, "gus");
    const { message } = await refusal(gus.sts.assumeRole({ RoleArn: role, RoleSessionName: "session" }));
    expect(message).toMatch(/ is not authorized to perform: sts:AssumeRole on resource: [^ ]+$/);
    const { body } = await gus.rolecall("ListAccounts");
    expect(body).toMatchObject({ message: expect.stringMatching(/ action$/) as string });
  });
});

describe("the way to ask why", () => {
  const start = starter();

  it("is a link where there is a console", async () => {
    const world = await startWorld(start, { wayToAsk: { console: "https://console.example.com/iam/home" } });
    const bob = await world.user(world.a, "bob");
    const { message } = await refusal(bob.iam.listUsers({}));
    const id = idIn(message)!;
    expect(message).toContain(
      ` action. Go to https://console.example.com/iam/home#/authorization-details/${id} for complete details, `,
    );
  });

  it("is not there where it is turned off", async () => {
    const world = await startWorld(start, { wayToAsk: null });
    const bob = await world.user(world.a, "bob");
    expect((await refusal(bob.iam.listUsers({}))).message).toMatch(/ action$/);
  });
});
