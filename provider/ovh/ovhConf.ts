import { homedir } from "node:os";
import { join } from "node:path";

/** Section name -> key -> value. Keys in lower case, sections as written. */
export type OvhConf = Map<string, Map<string, string>>;

/** The files that OVHcloud's own tools read, the one with the highest priority first. */
export function defaultOvhFiles(environment: NodeJS.ProcessEnv, cwd: string): string[] {
  const home = environment["HOME"] || homedir();
  return [join(cwd, "ovh.conf"), join(home, ".ovh.conf"), "/etc/ovh.conf"];
}

/** Reads the INI dialect that the vendor's Go and Python clients share: `=` or `:`, comments with `;` or `#`. */
export function parseOvhConf(text: string): OvhConf {
  const sections: OvhConf = new Map();
  let section = new Map<string, string>();
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/(^|\s)[;#].*$/, "").trim(); // a byte order mark counts as blank
    const header = /^\[(.*)\]$/.exec(line)?.[1]?.trim();
    if (header !== undefined) {
      section = sections.get(header) ?? new Map();
      sections.set(header, section);
      continue;
    }
    const [, key, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (key && value !== undefined) section.set(key.toLowerCase(), value.replace(/^(["'])(.*)\1$/, "$2"));
  }
  return sections;
}
