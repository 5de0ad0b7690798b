import type { SharedOffset } from '../clock.ts';

/**
 * Makes `Date` of this thread follow the local clock: `Date.now()`, `new Date()` and `Date()` read real time plus the
 * shared offset. Timers and `performance` stay real: they measure how long something took, not what time it is.
 */
export function shiftDate(offset: SharedOffset): void {
  const RealDate = Date;
  const realNow = Date.now.bind(Date);
  const now = () => realNow() + offset.ms();
  RealDate.now = now;
  const ShiftedDate = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.prototype.constructor = ShiftedDate;
  globalThis.Date = ShiftedDate;
}
