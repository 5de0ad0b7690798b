import type { Context } from './context.ts';
import { type JsonAnswer, OK_TEXT } from './envelope.ts';
import type { Incoming } from './incoming.ts';
import { sydneyDateTime } from './sydney.ts';

/** GET /public/v1/ping and GET /tools/v1/ping; the second one proves the credentials. */
export function ping(context: Context, incoming: Incoming): JsonAnswer {
  const nowMs = context.time.nowMs();
  const { environment } = context.settings;
  return {
    httpStatus: 200,
    json: {
      durationMs: nowMs - incoming.receivedAtMs,
      status: 'Ok',
      statusDescription: OK_TEXT,
      version: `Simulator of the Monoova Payments Platform V5.29 Environment: ${environment} DateTime: ${sydneyDateTime(nowMs)}`,
      environment,
    },
  };
}
