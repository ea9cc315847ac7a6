/** Sections of an AWS configuration file: for each, its settings. */
export type IniSections = ReadonlyMap<string, ReadonlyMap<string, string>>;

const COMMENT = /(?:^|\s)[#;].*$/s;
const KIND_AND_NAME = /^([\w-]+)\s(["']?)([\w\-@+.%:/]+)\2$/;
const KINDS: readonly string[] = ["profile", "services", "sso-session"];

/**
 * Reads the syntax of the shared AWS configuration files as the AWS SDK for JavaScript does.
 *
 * `[profile x]` and `[services x]` become `profile.x` and `services.x`; a section with another kind before
 * its name is left out. A setting without a value opens a group, and the indented ones below it are named
 * after it: `group.setting`. A section that occurs twice is merged, the later setting wins. Lines that are
 * none of this are ignored.
 */
export function parseIni(text: string): IniSections {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let group: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const content = line.replace(COMMENT, "").trim();
    if (content.startsWith("[") && content.endsWith("]")) {
      section = openSection(sections, content.slice(1, -1));
      group = undefined;
      continue;
    }
    const equals = content.indexOf("=");
    if (section === undefined || equals < 1) continue;
    const name = content.slice(0, equals).trim();
    const value = content.slice(equals + 1).trim();
    if (value === "") {
      group = name;
      continue;
    }
    if (!/^\s/.test(line)) group = undefined;
    section.set(group === undefined ? name : `${group}.${name}`, value);
  }
  return sections;
}

function openSection(
  sections: Map<string, Map<string, string>>,
  header: string,
): Map<string, string> | undefined {
  const match = KIND_AND_NAME.exec(header);
  const kind = match?.[1] ?? "";
  if (header === "" || (match !== null && !KINDS.includes(kind))) return undefined;
  const name = match === null ? header : `${kind}.${match[3]}`;
  const section = sections.get(name) ?? new Map<string, string>();
  sections.set(name, section);
  return section;
}
