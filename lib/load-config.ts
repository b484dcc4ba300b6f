import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Place } from './place.ts';
import { ConfigError, type ResolvedConfig, resolveConfig } from './resolve-config.ts';

/** Reads the default export of a settings file, for the place that the credentials at hand lead to; throws a ConfigError that says everything that is wrong with it. */
export async function loadConfig(file: string, current?: Place): Promise<ResolvedConfig> {
  const url = pathToFileURL(resolve(file)).href;
  const module: unknown = await import(url).catch((cause: unknown) => {
    throw new ConfigError([`${file} can't be loaded: ${cause instanceof Error ? cause.message : String(cause)}`]);
  });
  if (typeof module !== 'object' || module === null || !('default' in module)) {
    throw new ConfigError([`${file} has no default export: write 'export default defineConfig({ … })'`]);
  }
  return resolveConfig(module.default, current);
}
