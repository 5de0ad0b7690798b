import type { WireService } from '../../local/aws/wire.ts';
import type { TestRun } from '../support/local-run.ts';

const WRITES: ReadonlySet<string> = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'SendMessage',
  'SendMessageBatch',
]);
/** As the template names its roles. */
const RECEIVERS = /assumed-role\/[^/]*(?:ReceiveWebhook|RetryWebhook)/;

/** Counts what the functions behind webhooks write, be it tables or queues, from now on. */
export function watchWrites(run: TestRun): { count(): number; stop(): void } {
  let writes = 0;
  const stops = [run.services.dynamodb, run.services.sqs].map((service: WireService) => {
    const handle = service.handle;
    service.handle = (request) => {
      if (WRITES.has(request.action) && RECEIVERS.test(request.principal.principalArn)) writes += 1;
      return handle.call(service, request);
    };
    return () => {
      service.handle = handle;
    };
  });
  return {
    count: () => writes,
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}
