import type { LastUse } from './facts.ts';
import { DAY, type Instant } from './time.ts';
import { hints, type WayOutId } from './ways-out-by-service.ts';

/** What may take the place of a long-lived key. */
export interface WayOut {
  readonly id: WayOutId;
  /** As it stands in a sentence: `Likely replacement: IAM Roles Anywhere`. */
  readonly name: string;
  /** One sentence: why this is likely for this key. A guess, and worded as one. */
  readonly why: string;
  /** Heading of its section in the guide. */
  readonly title: string;
  /** The same as Markdown links name it. */
  readonly anchor: string;
}

/** The guide to every way out; relative to this repository, as it has no home page to link to. */
export const LEAVING_GUIDE = 'docs/leaving-access-keys.md';

/** Link to the section of the guide that tells how. */
export const linkToWay = ({ anchor }: Pick<WayOut, 'anchor'>): string => `${LEAVING_GUIDE}#${anchor}`;

const way = (name: string, title: string): Pick<WayOut, 'name' | 'title' | 'anchor'> => ({
  name,
  title,
  anchor: title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-'),
});

/** Every way out: what it is called, and where the guide tells of it. */
export const waysOut: Readonly<Record<WayOutId, Pick<WayOut, 'name' | 'title' | 'anchor'>>> = {
  'delete-it': way('no key at all', 'A key that nobody uses'),
  'workload-role': way('a role of the workload itself', 'EC2, ECS, Lambda and EKS'),
  'roles-anywhere': way('IAM Roles Anywhere', 'Servers and Azure DevOps agents outside AWS'),
  'pipeline-oidc': way('OpenID Connect of the pipeline', 'GitHub, GitLab and Bitbucket pipelines'),
  'identity-center': way('IAM Identity Center', 'People'),
  'cross-account-role': way('a role in the other account', 'Other accounts'),
  'ses-smtp': way('the SES API in place of SMTP', 'Mail by SES'),
  'codecommit-role': way('Git with temporary credentials', 'Git on CodeCommit'),
  'find-out': way('depends on who uses it', 'Which way is yours'),
};

/** A key that rested for longer than any monthly or quarterly job is likely not needed. */
const ABANDONED_AFTER_DAYS = 100;

/**
 * The likely replacements of a key, the likeliest first, by the service that it was last used for; never empty. The
 * Region decides nothing: it says where the service is, not where its caller runs.
 */
export function waysOutFor(lastUse: LastUse, now: Instant): readonly WayOut[] {
  switch (lastUse.kind) {
    case 'never':
      return [wayOut('delete-it', 'AWS has never seen this key used, so likely nobody needs it.')];
    case 'unread':
      return [wayOut('find-out', 'What this key is used for is not known.')];
    case 'used': {
      const byService = waysByService(lastUse.service);
      if (now - lastUse.at <= ABANDONED_AFTER_DAYS * DAY) return byService;
      const why = `AWS has not seen this key used for over ${ABANDONED_AFTER_DAYS} days, so likely nobody needs it.`;
      return [wayOut('delete-it', why), ...byService];
    }
    default:
      return lastUse satisfies never;
  }
}

function waysByService(service: string): readonly WayOut[] {
  const name = namespaceOf(service);
  const found = hints.find(({ services }) => services.includes(name));
  return found === undefined
    ? [wayOut('find-out', 'The service that it was last used for does not tell who uses it.')]
    : found.ways.map(([id, why]) => wayOut(id, why));
}

/** AWS names a service by its namespace in policies; some clients sign with another name of the same service. */
function namespaceOf(service: string): string {
  const name = service
    .trim()
    .toLowerCase()
    .replace(/\.amazonaws\.com(\.cn)?$/, '');
  return alsoKnownAs.get(name) ?? name;
}

const alsoKnownAs: ReadonlyMap<string, string> = new Map([
  ['email', 'ses'],
  ['monitoring', 'cloudwatch'],
  ['api.ecr', 'ecr'],
  ['tagging', 'tag'],
  ['iotdata', 'iot'],
  ['awsssoportal', 'sso'],
]);

const wayOut = (id: WayOutId, why: string): WayOut => ({ id, ...waysOut[id], why });
