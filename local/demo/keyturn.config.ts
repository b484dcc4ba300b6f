/** The settings that the demo deploys: the defaults, but for the mode and the Slack secret. */
import { defineConfig } from '../../lib/config.ts';

const { KEYTURN_DEMO_MODE, KEYTURN_DEMO_SLACK_SECRET } = process.env;

export default defineConfig({
  mode: KEYTURN_DEMO_MODE === 'observe' ? 'observe' : 'enforce',
  notices: KEYTURN_DEMO_SLACK_SECRET ? { slack: { secretName: KEYTURN_DEMO_SLACK_SECRET } } : {},
});
