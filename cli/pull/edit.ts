import { type Section, type Splice, spliced } from './ini.ts';
import type { KeyPair } from './key-pair.ts';
import { headerOf, previousOf, profileIn, type SharedFile } from './profile.ts';

const ID = 'aws_access_key_id';
const SECRET = 'aws_secret_access_key';
const TOKEN = 'aws_session_token';

/**
 * The file's text with the incoming key in the profile and the outgoing one in `<profile>-previous`, which is made at the
 * end where there is none. Every other byte stays. Undefined when the profile no longer holds the outgoing key.
 */
export function withIncomingKey(
  file: SharedFile,
  { profile, outgoing, incoming }: { readonly profile: string; readonly outgoing: KeyPair; readonly incoming: KeyPair },
): string | undefined {
  const section = profileIn(file, profile);
  const previous = profileIn(file, previousOf(profile));
  const held = section?.properties.find(({ name }) => name === ID);
  if (section === undefined || held?.value !== outgoing.keyId) return undefined;
  const kept =
    previous === undefined ? appended(file, section, profile, outgoing) : replaced(previous, section, outgoing);
  return spliced(file.text, [...replaced(section, section, incoming), ...kept]);
}

/** Puts the key into a section: over the key that is there, else below the header. */
function replaced(section: Section, { lineEnding }: Section, key: KeyPair): readonly Splice[] {
  const splices: Splice[] = [];
  const missing: string[] = [];
  for (const [name, value] of valuesOf(key)) {
    const found = section.properties.find((property) => property.name === name);
    if (found === undefined) missing.push(`${name} = ${value}`);
    else splices.push({ from: found.from, to: found.to, text: value });
  }
  // A token belongs to the key that was here before, and would spoil this one.
  for (const { name, lineFrom, lineTo } of section.properties) {
    if (name === TOKEN) splices.push({ from: lineFrom, to: lineTo, text: '' });
  }
  if (missing.length > 0) {
    const ending = lineEnding || '\n';
    const before = section.lineEnding === '' ? ending : '';
    const text = before + missing.map((line) => line + ending).join('');
    splices.push({ from: section.bodyFrom, to: section.bodyFrom, text });
  }
  return splices;
}

function appended({ kind, text }: SharedFile, { lineEnding }: Section, profile: string, key: KeyPair) {
  const ending = lineEnding || '\n';
  const gap = /\n\r?\n$/.test(text) ? '' : text.endsWith('\n') ? ending : ending + ending;
  const lines = [
    `[${headerOf(kind, previousOf(profile))}]`,
    ...valuesOf(key).map(([name, value]) => `${name} = ${value}`),
  ];
  return [{ from: text.length, to: text.length, text: gap + lines.map((line) => line + ending).join('') }];
}

const valuesOf = ({ keyId, secret }: KeyPair) =>
  [
    [ID, keyId],
    [SECRET, secret.reveal()],
  ] as const;
