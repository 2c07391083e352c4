/** AWS's shared files: `[section]` and `name = value` lines (AWS SDKs Reference, "Shared config and credentials files"). */
export interface Section {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The sections in their order; a repeated one overrides member by member, as in the SDKs. */
export function parseIni(text: string): readonly Section[] {
  const sections = new Map<string, Record<string, string>>();
  let current: Record<string, string> | null = null;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\[([^\]]+)\]/.exec(line);
    if (header !== null) {
      const name = header[1]!.trim();
      current = sections.get(name) ?? {};
      sections.set(name, current);
      continue;
    }
    const pair = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (pair !== null && current !== null) current[pair[1]!] = pair[2]!;
  }
  return [...sections].map(([name, values]) => ({ name, values }));
}

export function formatIni(comment: string, sections: readonly Section[]): string {
  const blocks = sections.map(({ name, values }) =>
    [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${value}`), ""].join("\n"),
  );
  return [`# ${comment}`, ...blocks].join("\n");
}
