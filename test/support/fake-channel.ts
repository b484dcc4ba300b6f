import type { NoticeChannel } from '../../lambda/domain/events.ts';
import type { Channel, OutgoingNotice } from '../../lambda/ports.ts';
import { Calls } from './calls.ts';

/** Keeps the notices it took; `calls.failOn('channel.slack', …)` makes it refuse one. */
export class FakeChannel implements Channel {
  readonly name: NoticeChannel;
  readonly sent: OutgoingNotice[] = [];
  readonly calls: Calls;

  constructor(name: NoticeChannel, calls: Calls = new Calls()) {
    this.name = name;
    this.calls = calls;
  }

  send(notice: OutgoingNotice): Promise<void> {
    return this.calls.run(`channel.${this.name}`, [notice], () => {
      this.sent.push(notice);
    });
  }
}
