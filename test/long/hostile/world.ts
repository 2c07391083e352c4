/** A server with something in it, and callers of every kind to attack it with. */
import { rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningServer } from "../../../src/server/server.ts";
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import type { DatabaseLocation } from "../../../src/store/sql/database.ts";
import { startTestServer } from "../../harness/server.ts";
import type { TestServerOptions } from "../../harness/server.ts";
import { allow, document, trust, worldOf } from "../../harness/world.ts";
import { account, otherAccount } from "../../harness/hostile/inputs.ts";
import type { Pools } from "../../harness/hostile/inputs.ts";

export interface HostileWorld {
  readonly server: RunningServer;
  /** Whoever signs: administrators, sessions, somebody without rights, and somebody who is not known at all. */
  readonly signers: readonly SigningCredentials[];
  readonly pools: Pools;
  /** What the server called its own defect, since it was last looked at. */
  readonly defects: unknown[];
  /** Good tokens of this server. */
  readonly tokens: readonly string[];
  close(): Promise<void>;
}

export async function hostileWorld(
  database: DatabaseLocation,
  trail: "files" | "memory",
  limits: TestServerOptions["limits"] = {},
): Promise<HostileWorld> {
  const defects: unknown[] = [];
  const directory = mkdtempSync(join(tmpdir(), "rolecall-hostile-"));
  const server = await startTestServer({
    database,
    dataDirectory: trail === "files" ? directory : null,
    first: { id: account },
    accounts: [{ id: otherAccount, name: "other" }],
    externalAccounts: new Set(["999988887777"]),
    limits,
    onError: (error) => defects.push(error),
  });
  const { a, user, role, assume, as } = worldOf(server);
  const attacker = await user(a, "attacker", allow("*"));
  const powerless = await user(a, "powerless");
  const hat = await role(a, "attackers-hat", trust({ AWS: account }), allow("*"));
  const session = await assume(attacker, hat);
  const accessKeyIds: string[] = [];
  for (const number of [1, 2, 3]) {
    const victim = await user(a, `user-${number}`);
    accessKeyIds.push(victim.keys.accessKeyId);
    await role(a, `role-${number}`, trust({ AWS: account }));
    await a.iam.createGroup({ GroupName: `group-${number}` });
    await a.iam.createPolicy({ PolicyName: `policy-${number}`, PolicyDocument: document(allow("s3:*")) });
  }
  const unknown = as({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "unknown" });
  // Most requests come from those who get far.
  const weighted = [
    ...Array.from({ length: 6 }, () => attacker),
    ...Array.from({ length: 3 }, () => session),
    powerless,
    unknown,
    a,
  ];
  return {
    server,
    signers: weighted.map(({ keys }) => keys),
    defects,
    pools: { accessKeyIds: [...accessKeyIds, "AKIAIOSFODNN7EXAMPLE"] },
    tokens: [session.keys.sessionToken!],
    async close() {
      await server.close(0);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
