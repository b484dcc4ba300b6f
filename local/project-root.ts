import { dirname } from 'node:path';

/** The folder that holds package.json, node_modules and `.local/`. */
export const projectRoot = dirname(import.meta.dirname);
