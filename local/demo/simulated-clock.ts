/** Loaded before the CLI (`node --import`): its clock then shows the local AWS's time. The CLI itself knows nothing of it. */
import { setDateAhead, simulateDate } from '../runtime/simulated-date.ts';

simulateDate();
setDateAhead(Number(process.env.KEYTURN_DEMO_AHEAD_MS ?? 0));
