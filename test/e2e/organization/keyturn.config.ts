/** The settings that these tests deploy: JSON in the environment, because the organisation's IDs are known only then. */
import { defineConfig } from '../../../lib/config.ts';

export default defineConfig(JSON.parse(process.env.KEYTURN_E2E_CONFIG ?? '{}'));
