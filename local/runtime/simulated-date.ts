const RealDate = globalThis.Date;
const realNow = RealDate.now;
let aheadMs = 0;

/** From now on `new Date()` and `Date.now()` run this many milliseconds ahead; timers are not touched. */
export function setDateAhead(ms: number): void {
  aheadMs = ms;
}

/** Puts a Date that can be ahead of this machine in place of the global one. */
export function simulateDate(): void {
  const now = () => realNow() + aheadMs;
  const simulated = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.now = now;
  RealDate.prototype.constructor = simulated;
  globalThis.Date = simulated;
}
