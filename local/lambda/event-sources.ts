import type { Queue } from '../aws/sqs/queue.ts';
import type { SqsService } from '../aws/sqs/service.ts';
import type { Clock } from '../clock.ts';
import type { JsonObject } from '../json.ts';
import { EventSource, type EventSourceSettings } from './event-source.ts';
import type { LambdaService } from './lambda-service.ts';

export type EventSourcesDeps = {
  readonly clock: Clock;
  readonly lambda: LambdaService;
  readonly sqs: SqsService;
  callAsRole(service: string, action: string, input: JsonObject, roleArn: string): Promise<JsonObject>;
};

/** The mappings of a template, each at rest until all of them are started. */
export class EventSources {
  readonly #deps: EventSourcesDeps;
  readonly #sources: EventSource[] = [];

  constructor(deps: EventSourcesDeps) {
    this.#deps = deps;
  }

  /** @throws {RangeError} for what Lambda refuses, in its words */
  add(settings: EventSourceSettings): void {
    const { clock, lambda, sqs, callAsRole } = this.#deps;
    const queue = sqs.findByArn(settings.queueArn);
    if (!queue) throw new RangeError(`there is no queue ${settings.queueArn}`);
    const { roleArn, timeoutMs } = lambda.describe(settings.functionName);
    refuseImpatient(queue, timeoutMs);
    this.#sources.push(
      new EventSource(settings, {
        clock,
        queueUrl: queue.url,
        untilVisible: () => queue.untilVisible(),
        callSqs: (action, input) => callAsRole('sqs', action, input, roleArn),
        invoke: (payload) => lambda.invoke(settings.functionName, payload),
      }),
    );
  }

  start(): void {
    for (const source of this.#sources) source.start();
  }

  stop(): void {
    for (const source of this.#sources) source.stop();
  }
}

function refuseImpatient({ settings }: Queue, timeoutMs: number): void {
  const { visibilityTimeoutS } = settings;
  if (visibilityTimeoutS * 1000 >= timeoutMs) return;
  throw new RangeError(
    `Queue visibility timeout: ${visibilityTimeoutS} seconds is less than Function timeout: ${timeoutMs / 1000} seconds`,
  );
}
