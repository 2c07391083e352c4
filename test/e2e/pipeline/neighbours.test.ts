/** What one principal costs, another does not wait for. */
import { expect, test } from "vitest";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { until } from "../../harness/until.ts";
import { form, send } from "../../harness/http.ts";
import { onEachDatabase } from "../../harness/places.ts";
import { accountA, allow, document, startWorld } from "../../harness/world.ts";
import type { World } from "../../harness/world.ts";

/** A user whose policies try a thousand patterns against the User-Agent. */
async function costlyUser({ a, user }: World): Promise<SigningCredentials> {
  const eve = await user(a, "eve");
  for (const letter of ["p", "q", "r", "s"]) {
    const patterns = Array.from({ length: 250 }, (_, index) => `*${letter}${index}*`);
    const condition = { Condition: { StringLike: { "aws:UserAgent": patterns } } };
    const PolicyDocument = document(allow("iam:ListUsers", "*", condition));
    await a.iam.createPolicy({ PolicyName: letter, PolicyDocument });
    await a.iam.attachUserPolicy({ UserName: "eve", PolicyArn: `arn:aws:iam::${accountA}:policy/${letter}` });
  }
  return eve.keys;
}

onEachDatabase("neighbours", (start) => {
  test("who has caused costly work has one request at a time: a neighbour's comes in between", async () => {
    const world = await startWorld(start);
    const { url, server } = world;
    const eve = await costlyUser(world);
    const bob = (await world.user(world.a, "bob")).keys;
    const { costlyLine } = server.environment();
    const costly = async (): Promise<number> => {
      const { headers, ...request } = form(url, { Action: "ListUsers" }, eve, { service: "iam" });
      return (await send(url, { ...request, headers: { ...headers, "user-agent": "x".repeat(30_000) } })).status;
    };
    expect(await costly()).toBe(403);
    // Somebody's turn that lasts: whoever belongs into the line waits for it.
    await costlyLine.enter("somebody");
    const three = Promise.all([costly(), costly(), costly()]);
    await until(() => costlyLine.length === 3);
    expect((await send(url, form(url, { Action: "GetCallerIdentity" }, bob))).status).toBe(200);
    expect(costlyLine.length).toBe(3);
    costlyLine.leave();
    expect(await three).toEqual([403, 403, 403]);
    await until(() => costlyLine.length === 0);
  });

  test("large bodies are taken one at a time, and the line is empty when they have gone, whatever became of them", async () => {
    const world = await startWorld(start);
    const { url, server } = world;
    const { costlyLine } = server.environment();
    const bob = (await world.user(world.a, "bob")).keys;
    const forged = { ...bob, secretAccessKey: "x".repeat(40) };
    const large = (credentials: SigningCredentials) =>
      send(url, form(url, { Action: "GetUser", UserName: "x".repeat(1_000_000) }, credentials, { service: "iam" }));
    const answers = await Promise.all([forged, bob, forged, bob, forged].map(large));
    expect(answers.map(({ status }) => status)).toEqual([403, 400, 403, 400, 403]);
    expect(answers[0]!.body).toContain("<Code>SignatureDoesNotMatch</Code>");
    expect(answers[1]!.body).toContain("<Code>ValidationError</Code>");
    expect(costlyLine.length).toBe(0);
    // Nobody holds the place any more.
    await new Promise((resolve) => setImmediate(resolve));
    expect(costlyLine.enter("next")).toBeUndefined();
    costlyLine.leave();
  });
});
