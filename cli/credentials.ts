import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { CommandError } from './errors.ts';
import type { Terminal } from './terminal.ts';

type CredentialSource = ReturnType<typeof fromNodeProviderChain>;

/**
 * The standard AWS credential chain: environment, profile (SSO, assumed roles, credential_process), container, instance.
 * A profile that wants a second factor asks for its code at the terminal, once for all clients that share the source.
 */
export function credentialsFor(
  { profile, region }: { readonly profile?: string; readonly region?: string },
  terminal: Terminal,
): CredentialSource {
  const chain = fromNodeProviderChain({
    mfaCodeProvider: (serial) => terminal.ask(`MFA code for ${serial}`),
    ...(region === undefined ? {} : { clientConfig: { region } }),
    // Who names a profile means it: no warning that the environment holds keys as well.
    ...(profile === undefined ? {} : { profile, logger: silent }),
  });
  return async (properties) => {
    try {
      return await chain(properties);
    } catch (cause) {
      const name = profile ?? process.env.AWS_PROFILE;
      // The chain has tried all else by then, so its message no longer tells of the profile.
      const isEmpty = cause instanceof Error && /from any providers/.test(cause.message);
      if (name === undefined || !isEmpty) throw cause;
      throw new CommandError(
        `There are no AWS credentials for profile '${name}': check its name in ~/.aws/config, or sign in to it.`,
      );
    }
  };
}

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };
