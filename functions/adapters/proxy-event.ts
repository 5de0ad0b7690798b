import * as z from 'zod';

const texts = z.record(z.string(), z.string().optional()).nullish();
const lists = z.record(z.string(), z.array(z.string()).optional()).nullish();

/** What is read of API Gateway's proxy event (payload version 1.0, https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html). */
const proxyEventSchema = z.object({
  headers: texts,
  multiValueHeaders: lists,
  pathParameters: texts,
  queryStringParameters: texts,
  multiValueQueryStringParameters: lists,
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().optional(),
  requestContext: z.object({ requestId: z.string().optional(), extendedRequestId: z.string().optional() }).optional(),
});

export type ProxyRequest = {
  /** The value of a header that is there exactly once, in any letter case. */
  header(name: string): string | undefined;
  /** Every value of a header, in any letter case. */
  headerValues(name: string): readonly string[];
  /** The bytes as they were sent. */
  readonly body: Buffer;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /** Every value of every parameter. */
  readonly query: ReadonlyMap<string, readonly string[]>;
  readonly requestId: string;
};

/** @throws {ZodError} for anything but a proxy event. */
export function parseProxyEvent(event: unknown): ProxyRequest {
  const parsed = proxyEventSchema.parse(event);
  const headers = valuesOf(parsed.multiValueHeaders, parsed.headers);
  const { extendedRequestId, requestId } = parsed.requestContext ?? {};
  const headerValues = (name: string) => headers.flatMap(([key, values]) => (key.toLowerCase() === name ? values : []));
  return {
    header(name) {
      const [value, ...others] = headerValues(name);
      return others.length === 0 ? value : undefined;
    },
    headerValues,
    body: Buffer.from(parsed.body ?? '', parsed.isBase64Encoded ? 'base64' : 'utf8'),
    pathParameters: parsed.pathParameters ?? {},
    query: new Map(valuesOf(parsed.multiValueQueryStringParameters, parsed.queryStringParameters)),
    requestId: extendedRequestId ?? requestId ?? 'unknown',
  };
}

/** The single values are API Gateway's choice among several, so the lists are preferred. */
function valuesOf(many: z.output<typeof lists>, single: z.output<typeof texts>): [string, string[]][] {
  if (many) return Object.entries(many).map(([name, values]) => [name, values ?? []]);
  return Object.entries(single ?? {}).map(([name, value]) => [name, value === undefined ? [] : [value]]);
}
