import { Option } from 'commander';

/** For verbs that read IAM; the tables are the hub's in any case. */
export const memberProfile = (): Option =>
  new Option('--member-profile <name>', 'AWS profile of another account to read IAM in (default: the hub)');
