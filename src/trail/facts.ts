import type { Verdict } from "../authorization/authorizer.ts";
import type { Actor } from "../session/actor.ts";
import type { PolicyDocuments } from "./policy-snapshots.ts";
import type { RecordedOperation } from "./recorded-operation.ts";

/** What happened, as the pipeline knows it. */
export interface CallFacts {
  readonly eventId: string;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly operation: RecordedOperation;
  readonly region: string;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  readonly secure: boolean;
  readonly host: string | undefined;
  /** Null when nobody was authenticated. */
  readonly caller: Actor | null;
  /** What an unauthenticated request claimed; a claim, never a fact. */
  readonly claimedAccessKeyId: string | undefined;
  /** When there is no caller: the account that the request is known to be about, which then has the record. */
  readonly aboutAccount?: string | undefined;
  /** The user of that account that whoever sent it says to be. */
  readonly aboutUser?: string | undefined;
  /** The account that the record belongs to where neither is known, and that what is only counted is told to. */
  readonly fallbackAccount: string;
  readonly input: object | null;
  readonly output: object | null;
  readonly fault: { readonly code: string; readonly message: string } | null;
  readonly verdicts: readonly Verdict[];
  /** Decisions made for somebody else (rolecall:Authorize). */
  readonly asked: readonly Verdict[];
  /** What an operation adds, e.g. the id of a session it issued. */
  readonly additional?: Readonly<Record<string, unknown>> | undefined;
  /** Other accounts that the call was about without acting in them. */
  readonly concerned: readonly ConcernedAccount[];
}

/** An account that has a record of another account's call because it was asked about (rolecall:Authorize). */
export interface ConcernedAccount {
  readonly account: string;
  /** What it may see of the call's parameters. */
  readonly parameters: object;
  /** Members of `additional` as it may see them. */
  readonly note?: Readonly<Record<string, unknown>>;
  /** The caller's record does not tell that there is this one: that somebody was meant is not for the caller to know. */
  readonly apart?: boolean;
}

/** One of the records of a call. */
export interface RecordPlace {
  readonly eventId: string;
  readonly account: string;
  /** Joins the records of one call; undefined where there is one only. */
  readonly shared: string | undefined;
  /** Whether it is the record of an account that is not the caller's. */
  readonly fromOutside: boolean;
}

/** A record of the trail and its private sidecar, both as JSON text without line breaks. */
export interface TrailRecord {
  readonly eventId: string;
  readonly account: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
  /** What a replay needs: requirements with context keys and values. Null when nothing was asked. */
  readonly private: string | null;
  /** Policy documents that the sidecar refers to, by hash. */
  readonly policies: PolicyDocuments;
}
