/**
 * The repository's TypeScript modules as functions: each is compiled once and evaluated anew as often as one likes, with
 * a state of its own. Loading the policy engine and a file of its tests takes some milliseconds that way, and a mutation
 * run does so tens of thousands of times.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";
import { moduleRunnerTransform, transformWithOxc } from "vite";

/** The names that Vite's transform gives to what a module needs from outside; `import` and `export` become calls of them. */
const parameters = [
  "__vite_ssr_import__",
  "__vite_ssr_dynamic_import__",
  "__vite_ssr_exportName__",
  "__vite_ssr_exportAll__",
  "__vite_ssr_import_meta__",
];

const compiled = new Map();

async function compile(file) {
  const javascript = await transformWithOxc(readFileSync(file, "utf8"), file);
  const { code } = await moduleRunnerTransform(javascript.code, null, file, javascript.code);
  return runInThisContext(`(async (${parameters.join(", ")}) => {"use strict";${code}\n})`, { filename: file });
}

/** A set of modules that share their instances; what is not a file of the repository is the process's own. */
export class Modules {
  #loaded = new Map();
  #replaced;

  /** @param replaced modules that are given instead of what their name would load */
  constructor(replaced) {
    this.#replaced = replaced;
  }

  async load(file) {
    const known = this.#loaded.get(file);
    // In a cycle of imports this is a module that is still being evaluated, as the language has it.
    if (known !== undefined) return known;
    // An ordinary object: one without a prototype is looked up in slowly, and every call goes through it.
    const exports = {};
    this.#loaded.set(file, exports);
    let evaluate = compiled.get(file);
    if (evaluate === undefined) compiled.set(file, (evaluate = await compile(file)));
    const load = (name) => this.#import(name, file);
    const define = (name, get) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, get });
    const defineAll = (from) => {
      for (const name of Object.keys(from))
        if (name !== "default" && !Object.hasOwn(exports, name)) define(name, () => from[name]);
    };
    await evaluate(load, load, define, defineAll, { url: pathToFileURL(file).href, filename: file });
    return exports;
  }

  #import(name, from) {
    const replacement = this.#replaced[name];
    if (replacement !== undefined) return replacement;
    return name.startsWith(".") ? this.load(resolve(dirname(from), name)) : import(name);
  }
}
