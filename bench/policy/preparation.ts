import { compile, parse } from "../../src/policy/index.ts";
import { below, median, stated } from "../row.ts";
import type { Row } from "../row.ts";
import { rounds, time } from "./measure.ts";
import { textOf } from "./work.ts";
import type { Work } from "./work.ts";

/** Milliseconds. */
const goal = 25;

/** Compiling the ten policies of W3 from documents and from text; the cache is avoided by a new Sid each time. */
export function compileRows({ name, documents: { identity } }: Work): Row[] {
  const texts = identity.map(textOf);
  let run = 0;
  const fresh = () => texts.map((text) => text.replace('{"Effect"', `{"Sid":"s${run++}","Effect"`));
  const fromText: number[] = [];
  const fromDocument: number[] = [];
  for (let index = 0; index < rounds; index++) {
    const some = fresh();
    fromText.push(time(1, () => some.forEach((text) => compile(text, "identity"))));
    const documents = some.map((text) => parse(text));
    fromDocument.push(time(1, () => documents.forEach((one) => compile(one, "identity"))));
  }
  return [
    below(name, "compile from text", median(fromText) / 1e6, "ms", goal),
    below(name, "compile from document", median(fromDocument) / 1e6, "ms", goal),
    ...compiledSizeRows(name, texts),
  ];
}

/**
 * Heap that a compiled W3 holds beside its documents: the median of several, for the collector frees other things
 * meanwhile. Only where it can be called (node --expose-gc).
 */
function compiledSizeRows(name: string, texts: readonly string[]): Row[] {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) return [];
  const used = (): number => {
    collect();
    collect();
    return process.memoryUsage().heapUsed;
  };
  const kept: unknown[] = [];
  const sizes = Array.from({ length: 9 }, () => {
    const documents = texts.map((text) => parse(text));
    kept.push(documents);
    const before = used();
    kept.push(documents.map((one) => compile(one, "identity")));
    return used() - before;
  });
  return [stated(name, `compiled size of ${texts.length} policies`, median(sizes) / 1024, "KiB")];
}
