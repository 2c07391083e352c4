/** Callers who sign with long-term keys and with sessions, without a pause, and none may ever be refused. */
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { form, send } from "../../harness/http.ts";

export interface Verifications {
  /** Whoever is verified from now on, at every URL. */
  readonly credentials: SigningCredentials[];
  readonly failures: string[];
  count: number;
  stop(): Promise<void>;
}

/** @param first may be refused nowhere; assumes the role again and again, and what it gets is verified, too */
export function verifyWithoutPause(
  urls: readonly string[],
  first: SigningCredentials,
  roleArn: string,
  userName: string,
): Verifications {
  let stopping = false;
  const call = async (url: string, parameters: Record<string, string>, keys: SigningCredentials, service: string) => {
    const { status, body } = await send(url, form(url, parameters, keys, { service }));
    load.count++;
    if (status !== 200) load.failures.push(`${parameters["Action"]} of ${keys.accessKeyId}: ${status} ${body}`);
    return body;
  };
  const credentials = [first];
  const keep = (body: string): void => {
    const read = (element: string) => new RegExp(`<${element}>([^<]+)<`).exec(body)?.[1];
    const [accessKeyId, secretAccessKey, sessionToken] = ["AccessKeyId", "SecretAccessKey", "SessionToken"].map(read);
    if (accessKeyId === undefined || secretAccessKey === undefined) return;
    credentials.push({ accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) });
  };
  const caller = async (lane: number): Promise<void> => {
    for (let turn = 0; !stopping; turn++) {
      const url = urls[(lane + turn) % urls.length]!;
      const keys = credentials[(turn * 7 + lane) % credentials.length]!;
      await call(url, { Action: "GetCallerIdentity" }, keys, "sts");
    }
  };
  const issuer = async (lane: number): Promise<void> => {
    for (let turn = 0; !stopping; turn++) {
      const url = urls[(lane + turn) % urls.length]!;
      keep(await call(url, { Action: "AssumeRole", RoleArn: roleArn, RoleSessionName: "session" }, first, "sts"));
      if (turn % 10 !== 0 || turn > 100) continue;
      // Every secret that is made meanwhile, under whichever key, is good as long as it is there.
      const UserName = `${userName}-${lane}-${turn}`;
      await call(url, { Action: "CreateUser", UserName }, first, "iam");
      keep(await call(url, { Action: "CreateAccessKey", UserName }, first, "iam"));
    }
  };
  const lanes = [caller(0), caller(1), caller(2), issuer(0), issuer(1)];
  const all = Promise.all(lanes);
  all.catch(() => undefined);
  const load: Verifications = {
    credentials,
    failures: [],
    count: 0,
    async stop() {
      stopping = true;
      await all;
    },
  };
  return load;
}
