import { CommandError } from '../errors.ts';
import { type Section, sectionsOf } from './ini.ts';

/** The two files differ in how a profile's section is called: `[build]` here, `[profile build]` there. */
export type SharedFileKind = 'credentials' | 'config';

/** One of AWS's shared files as it was read. */
export interface SharedFile {
  readonly kind: SharedFileKind;
  readonly path: string;
  /** Latin-1, one character a byte; empty when there is no such file. */
  readonly text: string;
}

export interface Profile {
  readonly name: string;
  readonly section: Section;
}

export const previousOf = (profile: string): string => `${profile}-previous`;

/** Text of a file or a name as the files' bytes, one character each. */
export const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const asText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

/** Every profile of the file, in its order. */
export function profilesOf({ kind, text }: Pick<SharedFile, 'kind' | 'text'>): readonly Profile[] {
  return sectionsOf(text).flatMap((section) => {
    const name = kind === 'credentials' ? section.header : nameInConfig(section.header);
    return name === undefined || name === '' ? [] : [{ name: asText(name), section }];
  });
}

function nameInConfig(header: string): string | undefined {
  if (header === 'default') return header;
  const [, , name] = /^profile[ \t]+(["']?)(.*)\1$/.exec(header) ?? [];
  return name;
}

/** Header of a profile's section in that file. */
export function headerOf(kind: SharedFileKind, profile: string): string {
  const name = asBytes(profile);
  if (kind === 'credentials') return name;
  if (name === 'default') return name;
  return /\s/.test(name) ? `profile "${name}"` : `profile ${name}`;
}

/** The one section of that profile; undefined when there is none. Throws CommandError when there are several. */
export function profileIn(file: SharedFile, name: string): Section | undefined {
  const [found, second] = profilesOf(file).filter((profile) => profile.name === name);
  if (second === undefined) return found?.section;
  throw new CommandError(
    `Profile '${name}' is in ${file.path} twice, in lines ${found?.section.line} and ${second.section.line}, and AWS's ` +
      'tools do not agree which one counts: remove one of them. Nothing was changed.',
  );
}

/** Value of a property; undefined when there is none or it is empty. Throws CommandError when it is there twice. */
export function valueIn(section: Section | undefined, name: string): string | undefined {
  const found = section?.properties.filter((property) => property.name === name) ?? [];
  if (found.length < 2) return found[0]?.value || undefined;
  throw new CommandError(
    `The section in line ${section?.line}, [${asText(section?.header ?? '')}], has ${name} twice: remove one of them. ` +
      'Nothing was changed.',
  );
}
