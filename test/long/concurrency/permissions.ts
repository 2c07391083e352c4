/** Users and roles whose permissions change in every way there is, and what must be answered to them at any moment. */
import type { SigningCredentials } from "../../../src/sigv4/sign.ts";
import { accountId, policyArn } from "../durability/subject.ts";
import type { Received } from "../../harness/http.ts";
import { allow, deny, document, trust } from "../../harness/world.ts";
import type { Random } from "../../harness/random.ts";

export interface Nodes {
  readonly count: number;
  readonly administrator: SigningCredentials;
  ask(node: number, service: string, parameters: Record<string, string>, keys: SigningCredentials): Promise<Received>;
}

export interface Subject {
  begin(): Promise<void>;
  /** Makes a random change at a random node. @returns what it was */
  change(): Promise<string>;
  /** What a node says to the subject now. */
  probe(node: number): Promise<string>;
  /** What it must say. */
  expected(): string;
  /** What it may have said besides while the last change was under way, where that took several requests. */
  readonly passing: readonly string[];
}

type Says = "nothing" | "allow" | "deny";
const all: readonly Says[] = ["nothing", "allow", "deny"];

const action = "iam:ListGroups";
const texts: Readonly<Record<Says, string>> = {
  nothing: document(allow("s3:GetObject")),
  allow: document(allow(action)),
  deny: document(deny(action)),
};

abstract class Base {
  protected readonly nodes: Nodes;
  protected readonly name: string;
  protected readonly random: Random;

  constructor(nodes: Nodes, name: string, random: Random) {
    this.nodes = nodes;
    this.name = name;
    this.random = random;
  }

  /** As the administrator, at a random node. */
  protected async admin(Action: string, parameters: Record<string, string>, service = "iam"): Promise<string> {
    const node = this.random.below(this.nodes.count);
    const { status, body } = await this.nodes.ask(node, service, { Action, ...parameters }, this.nodes.administrator);
    if (status !== 200) throw new Error(`${Action} at ${node}: ${status} ${body}`);
    return body;
  }

  /** Another value than now. */
  protected other<T>(values: readonly T[], now: T): T {
    return this.random.pick(values.filter((value) => value !== now));
  }

  protected async asked(node: number, keys: SigningCredentials): Promise<string> {
    const { status, body } = await this.nodes.ask(node, "iam", { Action: "ListGroups" }, keys);
    return status === 200 ? "allowed" : (/<Code>(\w+)<\/Code>/.exec(body)?.[1] ?? body);
  }

  protected decided(said: readonly Says[], bounded: boolean): string {
    if (said.includes("deny")) return "AccessDenied";
    return said.includes("allow") && !bounded ? "allowed" : "AccessDenied";
  }
}

export class UserSubject extends Base implements Subject {
  readonly passing = [];
  #inline: Says = "nothing";
  /** Which version of the managed policy is the default. */
  #managed: Says = "allow";
  #attached = false;
  #group: Says = "nothing";
  #member = false;
  #boundary: Says | null = null;
  #active = true;
  #keys!: SigningCredentials;

  async begin(): Promise<void> {
    const { name } = this;
    await this.admin("CreateUser", { UserName: name });
    await this.admin("CreateGroup", { GroupName: name });
    await this.admin("CreatePolicy", { PolicyName: name, PolicyDocument: texts.allow });
    await this.#version("nothing");
    await this.#version("deny");
    for (const says of ["nothing", "allow"] as const) {
      await this.admin("CreatePolicy", { PolicyName: `${name}-${says}`, PolicyDocument: texts[says] });
    }
    const body = await this.admin("CreateAccessKey", { UserName: name });
    const read = (element: string) => new RegExp(`<${element}>([^<]+)<`).exec(body)![1]!;
    this.#keys = { accessKeyId: read("AccessKeyId"), secretAccessKey: read("SecretAccessKey") };
  }

  #version(says: Says): Promise<string> {
    return this.admin("CreatePolicyVersion", { PolicyArn: policyArn(this.name), PolicyDocument: texts[says] });
  }

  async change(): Promise<string> {
    const changes = [
      () => this.#changeInline(),
      () => this.#changeDefault(),
      () => this.#changeAttachment(),
      () => this.#changeGroup(),
      () => this.#changeMembership(),
      () => this.#changeBoundary(),
      () => this.#changeKey(),
    ];
    // A key that is inactive hides everything else: it does not stay so for long.
    return this.#active ? this.random.pick(changes)() : this.#changeKey();
  }

  async #changeInline(): Promise<string> {
    const which = { UserName: this.name, PolicyName: "own" };
    this.#inline = this.other(all, this.#inline);
    const PolicyDocument = texts[this.#inline];
    await this.admin("PutUserPolicy", { ...which, PolicyDocument });
    if (this.#inline === "nothing") await this.admin("DeleteUserPolicy", which);
    return `the inline policy says ${this.#inline}`;
  }

  async #changeDefault(): Promise<string> {
    this.#managed = this.other(all, this.#managed);
    const VersionId = { allow: "v1", nothing: "v2", deny: "v3" }[this.#managed];
    await this.admin("SetDefaultPolicyVersion", { PolicyArn: policyArn(this.name), VersionId });
    return `the default version says ${this.#managed}`;
  }

  async #changeAttachment(): Promise<string> {
    this.#attached = !this.#attached;
    const Action = this.#attached ? "AttachUserPolicy" : "DetachUserPolicy";
    await this.admin(Action, { UserName: this.name, PolicyArn: policyArn(this.name) });
    return Action;
  }

  async #changeGroup(): Promise<string> {
    this.#group = this.other(all, this.#group);
    const PolicyDocument = texts[this.#group];
    await this.admin("PutGroupPolicy", { GroupName: this.name, PolicyName: "own", PolicyDocument });
    return `the group's policy says ${this.#group}`;
  }

  async #changeMembership(): Promise<string> {
    this.#member = !this.#member;
    const Action = this.#member ? "AddUserToGroup" : "RemoveUserFromGroup";
    await this.admin(Action, { GroupName: this.name, UserName: this.name });
    return Action;
  }

  async #changeBoundary(): Promise<string> {
    this.#boundary = this.other([null, "nothing", "allow"], this.#boundary);
    const UserName = this.name;
    if (this.#boundary === null) await this.admin("DeleteUserPermissionsBoundary", { UserName });
    else {
      const PermissionsBoundary = policyArn(`${this.name}-${this.#boundary}`);
      await this.admin("PutUserPermissionsBoundary", { UserName, PermissionsBoundary });
    }
    return `the boundary says ${this.#boundary}`;
  }

  async #changeKey(): Promise<string> {
    this.#active = !this.#active;
    const Status = this.#active ? "Active" : "Inactive";
    const AccessKeyId = this.#keys.accessKeyId;
    await this.admin("UpdateAccessKey", { UserName: this.name, AccessKeyId, Status });
    return `the key is ${Status}`;
  }

  probe(node: number): Promise<string> {
    return this.asked(node, this.#keys);
  }

  expected(): string {
    if (!this.#active) return "InvalidClientTokenId";
    const said = [this.#inline];
    if (this.#attached) said.push(this.#managed);
    if (this.#member) said.push(this.#group);
    return this.decided(said, this.#boundary === "nothing");
  }
}

export class RoleSubject extends Base implements Subject {
  passing: readonly string[] = [];
  #inline: Says = "nothing";
  /** Whether the role is the one that gave the session. */
  #alive = true;
  #session!: SigningCredentials;

  async begin(): Promise<void> {
    await this.#create();
    await this.#assume();
  }

  async #create(): Promise<void> {
    const AssumeRolePolicyDocument = trust({ AWS: accountId });
    await this.admin("CreateRole", { RoleName: this.name, AssumeRolePolicyDocument });
    this.#inline = "nothing";
  }

  async #assume(): Promise<void> {
    const RoleArn = `arn:aws:iam::${accountId}:role/${this.name}`;
    const body = await this.admin("AssumeRole", { RoleArn, RoleSessionName: "session" }, "sts");
    const read = (element: string) => new RegExp(`<${element}>([^<]+)<`).exec(body)![1]!;
    this.#session = {
      accessKeyId: read("AccessKeyId"),
      secretAccessKey: read("SecretAccessKey"),
      sessionToken: read("SessionToken"),
    };
    this.#alive = true;
  }

  async change(): Promise<string> {
    this.passing = [];
    if (!this.#alive) {
      await this.#assume();
      return "a new session";
    }
    return this.random.chance(0.25) ? this.#replace() : this.#changeInline();
  }

  /** The role goes and another of its name comes: the session was the former one's. */
  async #replace(): Promise<string> {
    const RoleName = this.name;
    this.#alive = false;
    // Its policy goes before it does.
    this.passing = ["AccessDenied"];
    await this.admin("DeleteRolePolicy", { RoleName, PolicyName: "own" }).catch(() => undefined);
    await this.admin("DeleteRole", { RoleName });
    await this.#create();
    return "another role of the same name";
  }

  async #changeInline(): Promise<string> {
    this.#inline = this.other(all, this.#inline);
    const PolicyDocument = texts[this.#inline];
    await this.admin("PutRolePolicy", { RoleName: this.name, PolicyName: "own", PolicyDocument });
    return `the role's policy says ${this.#inline}`;
  }

  probe(node: number): Promise<string> {
    return this.asked(node, this.#session);
  }

  expected(): string {
    return this.#alive ? this.decided([this.#inline], false) : "InvalidClientTokenId";
  }
}
