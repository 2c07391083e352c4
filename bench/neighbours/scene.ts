/** Who is there when somebody attacks: a neighbour who only wants to be answered, and an attacker with what he may have. */
import type { SigningCredentials } from "../../src/sigv4/sign.ts";
import { Connection } from "../server/connection.ts";
import type { Answer } from "../server/connection.ts";
import { finished, queryCall } from "../server/requests.ts";
import type { Call } from "../server/requests.ts";

export interface Scene {
  readonly port: number;
  readonly account: string;
  readonly administrator: SigningCredentials;
  /** A user without any permission. */
  readonly neighbour: SigningCredentials;
  /** A user whose four policies compare addresses, and who may put on the role `hat`. */
  readonly attacker: SigningCredentials;
  /** A user who may ask rolecall:Authorize, search the trail and change roles of his own. */
  readonly service: SigningCredentials;
}

/** Patterns that no address matches, so that all of them are tried. */
function manyAddresses(from: number): string[] {
  return Array.from({ length: 250 }, (_, index) => `10.${from}.${index}.0/24`);
}

/** Makes the users and roles of the scene. */
export async function makeScene(port: number, account: string, administrator: SigningCredentials): Promise<Scene> {
  const connection = await Connection.open(port);
  let count = 0;
  const iam = async (parameters: Record<string, string>): Promise<Answer> => {
    const answer = await connection.ask(finished(queryCall("iam", administrator, parameters), port, count++));
    if (answer.status !== 200) throw new Error(`${parameters["Action"]}: ${answer.status} ${answer.body}`);
    return answer;
  };
  const user = async (UserName: string, statements: readonly object[]): Promise<SigningCredentials> => {
    await iam({ Action: "CreateUser", UserName });
    for (const [index, statement] of statements.entries()) {
      const PolicyName = `${UserName}-${index}`;
      await iam({ Action: "CreatePolicy", PolicyName, PolicyDocument: document(statement) });
      await iam({ Action: "AttachUserPolicy", UserName, PolicyArn: `arn:aws:iam::${account}:policy/${PolicyName}` });
    }
    const { body } = await iam({ Action: "CreateAccessKey", UserName });
    return { accessKeyId: element(body, "AccessKeyId"), secretAccessKey: element(body, "SecretAccessKey") };
  };
  const neighbour = await user("neighbour", []);
  const attacker = await user("attacker", [
    ...[1, 2, 3, 4].map((from) => ({
      Effect: "Allow",
      Action: "iam:ListUsers",
      Resource: "*",
      Condition: { IpAddress: { "aws:UserAgent": manyAddresses(from) } },
    })),
    { Effect: "Allow", Action: ["sts:AssumeRole", "sts:TagSession"], Resource: "*" },
  ]);
  const service = await user("service", [
    { Effect: "Allow", Action: ["rolecall:Authorize", "rolecall:LookupEvents"], Resource: "*" },
    { Effect: "Allow", Action: "iam:*", Resource: `arn:aws:iam::${account}:role/his/*` },
  ]);
  await iam({
    Action: "CreateRole",
    RoleName: "hat",
    AssumeRolePolicyDocument: document({
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:user/attacker` },
      Action: ["sts:AssumeRole", "sts:TagSession"],
    }),
  });
  connection.close();
  return { port, account, administrator, neighbour, attacker, service };
}

/** Takes a session of the role `hat`. */
export function takeHat(scene: Scene, parameters: Readonly<Record<string, string>>): Call {
  return queryCall("sts", scene.attacker, {
    Action: "AssumeRole",
    RoleArn: `arn:aws:iam::${scene.account}:role/hat`,
    RoleSessionName: "attack",
    ...parameters,
  });
}

export function sessionIn({ body }: Answer): SigningCredentials {
  return {
    accessKeyId: element(body, "AccessKeyId"),
    secretAccessKey: element(body, "SecretAccessKey"),
    sessionToken: element(body, "SessionToken"),
  };
}

export function document(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

function element(text: string, name: string): string {
  const found = new RegExp(`<${name}>([^<]+)</${name}>`).exec(text);
  if (found === null) throw new Error(`no ${name} in ${text.slice(0, 500)}`);
  return found[1]!;
}
