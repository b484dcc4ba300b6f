/** The CDK app: what `npx cdk deploy` deploys. `KEYTURN_CONFIG` may name another settings file. */
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { loadConfig } from '../lib/load-config.ts';
import { ConfigError } from '../lib/resolve-config.ts';
import { addStacks } from '../lib/stacks.ts';

const { KEYTURN_CONFIG, CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION } = process.env;
try {
  const current = { account: CDK_DEFAULT_ACCOUNT, region: CDK_DEFAULT_REGION };
  const config = await loadConfig(KEYTURN_CONFIG ?? join(import.meta.dirname, '..', 'keyturn.config.ts'), current);
  const app = new App();
  addStacks(app, config, current);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  // For people: what to correct, not where in our code it was noticed.
  console.error(error.message);
  process.exitCode = 1;
}
