import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '../json.ts';
import type { Recorder } from './recorder.ts';

const REFUSED_BY_GATEWAY = 'x-amzn-ErrorType';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The handler, with each of its answers written down: status, headers and body, which it hands over whole. Not written, since
 * no operator and no disk ever shows them: requests, and the body of the gateway's own refusals, which quotes to the caller,
 * and to nobody else, what the caller sent.
 */
export function recordAnswers(handle: Handle, recorder: Recorder): Handle {
  return (request, response) => {
    const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse;
    response.end = (...given: unknown[]) => {
      const [body] = given;
      const isShown = body instanceof Uint8Array && !response.hasHeader(REFUSED_BY_GATEWAY);
      recorder.write('answer', {
        method: request.method ?? '',
        status: response.statusCode,
        headers: response.getHeaders() as JsonObject,
        body: isShown ? Buffer.from(body).toString('utf8') : null,
      });
      return end(...given);
    };
    handle(request, response);
  };
}
