import type { TextOverrides } from './words.ts';

/** What notices say as the deployment wants it. */
export interface HouseStyle {
  /** Texts in place of the catalogue's, by ID. */
  readonly texts?: TextOverrides;
  /** How its people call Keyturn's command line; absent: DEFAULT_COMMAND. */
  readonly command?: string;
  /** Where the guide to leaving access keys is published, without an anchor; absent: it is named in words. */
  readonly guideUrl?: string;
}

/** The installed tool. Nothing that fetches it: no registry has it under this name. */
export const DEFAULT_COMMAND = 'keyturn';
