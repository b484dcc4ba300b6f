import { sendOver } from '../../lambda/workflows/deliver-messages.ts';
import { Receipts } from '../../lambda/workflows/deliver-receipts.ts';
import { anEvent, anOwner, NOW } from '../support/builders.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeIds } from '../support/fake-ids.ts';
import { FakeLedger } from '../support/fake-ledger.ts';
import { FakeLog } from '../support/fake-log.ts';

test("the deployment's own texts are those that are sent, on every channel", async () => {
  const world = { history: new FakeLedger(), ids: new FakeIds(), clock: new FakeClock(), log: new FakeLog() };
  const texts = { 'greeting.owner': 'Good morning {name},' };
  for (const name of ['sns', 'email', 'webhook'] as const) {
    const channel = new FakeChannel(name);
    const sending = { channel, to: anOwner(), receipts: new Receipts(), deadline: NOW + 60_000 };
    await sendOver({ ...world, style: { texts } }, sending, [{ event: anEvent('key-replaced') }]);
    await sendOver(world, sending, [{ event: anEvent('key-replaced') }]);
    const [own, plain] = channel.sent;
    expect(own?.text).toContain('Good morning Payments,');
    expect(plain?.text).toContain('Hello Payments,');
    if (name === 'email') expect(own?.html).toContain('Good morning Payments,');
  }
});
