import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject, JsonValue } from '../json.ts';
import { AwsError } from './wire.ts';

export type WireCall = { readonly action: string; readonly input: JsonObject };
export type WireAnswer = {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
};

/**
 * AWS JSON 1.0 and 1.1 (https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html): the action is the part of
 * X-Amz-Target after its last dot, the body is the input.
 *
 * @throws {AwsError} UnknownOperationException or SerializationException
 */
export function parseJsonCall(headers: IncomingHttpHeaders, body: Buffer): WireCall {
  const target = headers['x-amz-target'];
  const action = typeof target === 'string' ? target.slice(target.lastIndexOf('.') + 1) : '';
  if (action === '') throw new AwsError('UnknownOperationException', 'X-Amz-Target names no operation');
  return { action, input: parseObject(body) };
}

/** @throws {AwsError} SerializationException for what is no JSON object; nothing at all is an empty one */
export function parseObject(body: Buffer): JsonObject {
  if (body.length === 0) return {};
  let value: JsonValue;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new AwsError('SerializationException', 'the body is not JSON', { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new AwsError('SerializationException', 'the body is not an object');
}

export function renderJsonAnswer(contentType: string, output: JsonObject): WireAnswer {
  return { statusCode: 200, headers: { 'content-type': contentType }, body: JSON.stringify(output) };
}

/** `x-amzn-query-error` serves services that once spoke AWS Query: SDKs read the older code from it. */
export function renderJsonError(contentType: string, error: AwsError): WireAnswer {
  const fault = error.statusCode < 500 ? 'Sender' : 'Receiver';
  const headers: Record<string, string> = { 'content-type': contentType, 'x-amzn-errortype': error.code };
  if (error.queryCode) headers['x-amzn-query-error'] = `${error.queryCode};${fault}`;
  const body = JSON.stringify({ ...error.fields, __type: error.code, message: error.message });
  return { statusCode: error.statusCode, headers, body };
}
