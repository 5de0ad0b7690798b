import type { Answer } from './answer.ts';
import type { Exchange } from './context.ts';
import { internalServerError } from './gateway-fault.ts';
import { type Mapping, mapRequest, mapResponse } from './mapping.ts';
import { newOverrides } from './template-variables.ts';

/**
 * Answers without calling anyone. The request template must give a `statusCode`, which chooses the response. It need not be
 * strict JSON: CDK writes `{ statusCode: 200 }`, which AWS takes
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html).
 *
 * @throws {GatewayFault} as mapping does, and 500 without a status code
 */
export function answerMock(mapping: Mapping, exchange: Exchange): Answer {
  const overrides = newOverrides();
  const body = mapRequest(mapping, exchange, overrides);
  const statusCode = Number(/^\s*\{[\s\S]*?["']?statusCode["']?\s*:\s*(\d{3})(?![\d.])/.exec(body)?.[1]);
  if (Number.isNaN(statusCode)) throw internalServerError(new Error('the request template gives no statusCode'));
  exchange.integration = { status: statusCode };
  return mapResponse(mapping, exchange, overrides, { statusCode, headers: {}, body: '' });
}
