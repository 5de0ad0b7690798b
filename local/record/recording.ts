import type { LogLine } from '../aws/logs/service.ts';
import type { Published } from '../aws/sns/published.ts';
import type { Keep } from '../data/kept-map.ts';
import type { JsonObject } from '../json.ts';
import type { ExecutionRecord } from '../step-functions/execution.ts';
import type { HistoryEvent } from '../step-functions/history.ts';
import { metricsOf } from './metrics.ts';
import { ownedLine, recordedMap } from './recorded-map.ts';
import type { Recorder } from './recorder.ts';

/** Where a run tells what happens, so that it can be written down. */
export type Recording = {
  /** As given, with each message and item told of as it is stored. Secrets, keys and parameters are not. */
  readonly keep: Keep;
  onLogLine(line: LogLine): void;
  onPublished(message: Published): void;
  /** Of executions of both types, whatever their machine logs: inputs, outputs, arguments, results, variables. */
  onEvent(execution: ExecutionRecord, event: HistoryEvent): void;
};

export function createRecording(recorder: Recorder, keep: Keep): Recording {
  return {
    keep(service) {
      if (service === 'dynamodb') {
        return recordedMap(keep(service), (change) => recorder.write('item', ownedLine(change, 'table', 'item')));
      }
      if (service === 'sqs') {
        return recordedMap(keep(service), (change) => recorder.write('queue', ownedLine(change, 'queue', 'message')));
      }
      return keep(service);
    },
    onLogLine(line) {
      recorder.write('log', { ...line });
      for (const metric of metricsOf(line.message)) recorder.write('metric', metric);
    },
    onPublished: (message) => recorder.write('topic', message as unknown as JsonObject),
    onEvent: ({ executionArn }, event) => recorder.write('state', { executionArn, ...event }),
  };
}
