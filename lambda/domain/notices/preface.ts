import type { Unreached } from './item.ts';
import { code, type Phrase, quote, strong, toPlain } from './phrase.ts';
import type { Voice } from './wording/wording.ts';

/** Tells operators why they get what was meant for an owner; nothing for what was meant for them. */
export function prefaceFor(insteadOf: Unreached | undefined, { words, keyturn }: Voice): readonly Phrase[] {
  const byImport = code(`${keyturn} owners import`);
  switch (insteadOf?.kind) {
    case undefined:
      return [];
    case 'no-owner':
      return [titled(words('preface.no-owner.title'), words('preface.no-owner', { import: byImport }))];
    case 'unknown-owner': {
      const owner = code(insteadOf.ownerId);
      return [
        titled(words('preface.unknown-owner.title'), words('preface.unknown-owner', { owner, import: byImport })),
      ];
    }
    case 'unreachable': {
      const { owner, why } = insteadOf;
      const values = { name: quote(owner.name, 80), owner: code(owner.id), why: quote(why) };
      return [
        titled(words('preface.unreachable.title'), words('preface.unreachable', values)),
        words('preface.unreachable.repair'),
      ];
    }
  }
}

const titled = (title: Phrase, text: Phrase): Phrase => [strong(toPlain(title)), ' ', ...text];
