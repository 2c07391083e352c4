/** What is read of the metadata of SAML providers, and what is refused (test/cases/saml-metadata). */
import { expect, it } from "vitest";
import { readMetadata, TooMuchMetadata, UnreadableMetadata } from "../../src/federation/saml-metadata.ts";
import { casesIn } from "../harness/cases.ts";

interface Case {
  readonly name: string;
  /** `${rsa}` is a certificate in Base64, `${rsa:20}` its first 20 characters, `${rsa:rest}` what follows them. */
  readonly document: string;
  readonly providers?: readonly object[];
  readonly refused?: true;
  /** Which quota is exceeded. */
  readonly quota?: string;
}

const certificates = new Map(
  casesIn<{ name: string; der: string }>("saml-metadata/certificates.jsonl").map(({ name, der }) => [name, der]),
);

function filled(text: string): string {
  return text.replace(/\$\{(\w+)(:20|:rest)?\}/g, (_, name: string, part?: string) => {
    const der = certificates.get(name)!;
    return part === undefined ? der : part === ":20" ? der.slice(0, 20) : der.slice(20);
  });
}

const atOnce = () => Promise.resolve();

it.each(casesIn<Case>("saml-metadata/documents.jsonl"))("$name", async ({ document, providers, quota }) => {
  const reading = readMetadata(filled(document), atOnce);
  if (quota !== undefined) await expect(reading).rejects.toThrow(new TooMuchMetadata(...quotaOf(quota)));
  else if (providers === undefined) await expect(reading).rejects.toBeInstanceOf(UnreadableMetadata);
  else expect(await reading).toEqual(JSON.parse(filled(JSON.stringify(providers))));
});

function quotaOf(text: string): [string, number] {
  const [quota = "", limit] = text.split(": ");
  return [quota, Number(limit)];
}

it("reads a long document in pieces, between which others have their turn, and ends at the first that is wrong", async () => {
  const metadata = 'xmlns="urn:oasis:names:tc:SAML:2.0:metadata"';
  const [begin, end] = [`<EntityDescriptor ${metadata} entityID="e"><IDPSSODescriptor/>`, "</EntityDescriptor>"];
  let turns = 0;
  const pause = async () => void turns++;
  const long = begin + "<x>\u{1F600}</x>".repeat(100_000) + end;
  expect(await readMetadata(long, pause)).toHaveLength(1);
  expect(turns).toBe(Math.ceil(long.length / 32_768) - 1);
  turns = 0;
  await expect(readMetadata(begin + "<x>".repeat(1_000_000) + end, pause)).rejects.toBeInstanceOf(UnreadableMetadata);
  expect(turns).toBe(0);
  const attributes = Array.from({ length: 200_000 }, (_, index) => ` a${index}=""`).join("");
  await expect(readMetadata(`<x${attributes}/>`, pause)).rejects.toBeInstanceOf(UnreadableMetadata);
  expect(turns).toBe(0);
});
