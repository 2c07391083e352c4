/** The thread that verifies: one that takes too long is ended, and the next one works. */
import { afterAll, expect, test } from "vitest";
import { SignatureThread, VerificationTimeout } from "../../../src/federation/saml/signature-thread.ts";
import { IdentityProvider } from "../../harness/saml/identity-provider.ts";

const idp = new IdentityProvider();
const certificates = [idp.certificate.cert];
const assertion = idp.assertion();
const xml = idp.response(idp.signed(assertion));
const threads: SignatureThread[] = [];
afterAll(() => Promise.all(threads.map((thread) => thread.close())));

function made(longest?: number): SignatureThread {
  const thread = new SignatureThread(longest);
  threads.push(thread);
  return thread;
}

test("gives what is signed, in canonical form, and nothing where another key has signed", async () => {
  const thread = made();
  expect(await thread.verify({ xml, place: "assertion", certificates })).toBe(assertion);
  const other = new IdentityProvider(idp.entityId, "other").certificate.cert;
  expect(await thread.verify({ xml, place: "assertion", certificates: [other] })).toBeNull();
  expect(await thread.verify({ xml, place: "root", certificates })).toBeNull();
  expect(await thread.verify({ xml: "<", place: "root", certificates })).toBeNull();
});

test("ends what takes too long, and begins anew", async () => {
  const thread = made(0);
  await expect(thread.verify({ xml, place: "assertion", certificates })).rejects.toBeInstanceOf(VerificationTimeout);
  await expect(thread.verify({ xml, place: "assertion", certificates })).rejects.toBeInstanceOf(VerificationTimeout);
  await thread.close();
});
