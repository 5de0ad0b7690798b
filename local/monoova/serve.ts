import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authentication } from './authentication.ts';
import type { Context } from './context.ts';
import { CONTROL_PREFIX, control } from './control.ts';
import { dispatch } from './dispatch.ts';
import { errorAnswer } from './envelope.ts';
import { type Incoming, readIncoming } from './incoming.ts';
import { Refusal } from './refusal.ts';
import { jsonReply, type Reply } from './reply.ts';
import { findRoute } from './routes.ts';
import type { Simulator } from './simulator.ts';
import { readBody, writeReply } from './wire.ts';
import type { RequestWitness } from './witness.ts';

export type Served = {
  readonly context: Context;
  readonly witness: RequestWitness;
  readonly authentication: Authentication;
  /** The simulator itself when its control surface is on. */
  readonly controlled: Simulator | undefined;
};

type Arrived = { readonly method: string; readonly url: string; readonly bodyText: string; readonly atMs: number };

/** Reads one request, answers it and never rejects. */
export async function serve(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const atMs = served.context.time.nowMs();
  const { method = 'GET', url = '/' } = request;
  try {
    const bodyText = await readBody(request);
    const arrived = { method, url, atMs, bodyText: bodyText ?? '' };
    writeReply(
      response,
      bodyText === undefined ? refuse('RequestTooLarge', 413) : await answer(served, request, arrived),
    );
  } catch (error) {
    // A caller that hung up while it was sending has nobody to answer.
    if (!request.complete) return;
    console.error('The Monoova simulator failed on a request', error);
    if (!response.headersSent) writeReply(response, refuse('Exception', 500));
  }
}

async function answer(served: Served, { headers }: IncomingMessage, arrived: Arrived): Promise<Reply> {
  const { method, url, bodyText, atMs } = arrived;
  if (served.controlled && url.startsWith(CONTROL_PREFIX)) {
    return control(served.controlled, { method, url, contentType: headers['content-type'], bodyText });
  }
  const [path = '', queryText = ''] = url.split('?');
  const route = findRoute(method, path);
  const query = new URLSearchParams(queryText);
  const incoming = route && readIncoming({ route, query, headers, bodyText, receivedAtMs: atMs });
  const noteStatus = served.witness.note({
    atMs,
    method,
    path: url,
    route: route?.name ?? null,
    uniqueReference: incoming?.uniqueReference ?? null,
    body: bodyText,
  });
  const reply = incoming ? await answerEndpoint(served, incoming) : refuse('NotFound', 404);
  if (reply.kind !== 'cut') noteStatus(reply.httpStatus);
  return reply;
}

async function answerEndpoint(served: Served, incoming: Incoming): Promise<Reply> {
  try {
    if (!incoming.route.isPublic) served.authentication.check(incoming.headers.authorization);
  } catch (error) {
    if (error instanceof Refusal) return jsonReply(errorAnswer(error, 0));
    throw error;
  }
  return dispatch(served.context, incoming);
}

function refuse(code: string, httpStatus: number): Reply {
  return jsonReply(errorAnswer(new Refusal(code, code, { httpStatus }), 0));
}
