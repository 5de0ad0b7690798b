import type { Clock } from '../clock.ts';
import { GatewayFault } from './gateway-fault.ts';

/**
 * Runs `call` for at most `timeoutMs` of the clock's time. A call that is late goes on, as an integration's does on AWS; its
 * signal says that nobody waits any more, and what it comes to is dropped.
 *
 * @throws {GatewayFault} 504, or whatever the call rejects with
 */
export async function withinTime<Result>(
  clock: Clock,
  timeoutMs: number,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const cancel = clock.after(timeoutMs, () => {
    const fault = new GatewayFault('INTEGRATION_TIMEOUT', 'Endpoint request timed out', {
      errorType: 'InternalServerErrorException',
    });
    late.reject(fault);
    controller.abort(fault);
  });
  const called = call(controller.signal);
  called.catch(() => undefined);
  try {
    return await Promise.race([called, late.promise]);
  } finally {
    cancel();
  }
}
