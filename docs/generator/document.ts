import { createDocument, type ZodOpenApiObject } from 'zod-openapi';
import { problemSchema } from '../../domain/answers.ts';
import { REGION, STAGES } from '../../infra/stages.ts';
import { readHealth, receiveWebhook } from './other-operations.ts';
import { createPayout, listPayouts, readPayout } from './payout-operations.ts';

/** The HTTP API as an OpenAPI document, from the schemas and problems that the code itself uses. */
export function apiDocument(): ReturnType<typeof createDocument> {
  return createDocument(definition(), {
    override({ jsonSchema, io }) {
      // A client must bear a field that it does not know: only a request is closed.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // Of TypeScript alone: an answer is not sent back.
      delete jsonSchema.readOnly;
      // What the format says already, in 300 characters.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
}

function definition(): ZodOpenApiObject {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Payouts',
      version: '1',
      description:
        'Pays people in Australia over the NPP. It never pays twice, never loses a payout, and never says Failed when money moved. ' +
        "Pages of a browser get CORS headers where their origin is the stage's.",
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      {
        url: `https://{api}.execute-api.${REGION}.amazonaws.com/{stage}`,
        description: 'A stage on AWS: the output ApiUrl of its stack.',
        variables: {
          api: { default: 'api', description: 'The id of the REST API.' },
          stage: { default: 'dev', enum: Object.keys(STAGES) },
        },
      },
      { url: 'http://127.0.0.1:3000/dev', description: 'The local run.' },
    ],
    tags: [{ name: 'Payouts' }, { name: 'Health' }, { name: 'Webhooks' }],
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'AWS Signature Version 4, service `execute-api`, by a principal that may invoke the route.',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
        webhookToken: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'What was agreed with Monoova at the subscription, word for word.',
        },
      },
    },
    paths: {
      '/payouts': { post: createPayout(amountMaxCents()), get: listPayouts },
      '/payouts/{transaction_id}': { get: readPayout },
      '/health': { get: readHealth },
      '/webhooks/monoova': { post: receiveWebhook(false) },
      '/webhooks/monoova/{eventName}': { post: receiveWebhook(true) },
    },
  };
}

/** @throws {RangeError} where stages differ: one document could not speak for them all. */
function amountMaxCents(): number {
  const [highest, ...others] = new Set(Object.values(STAGES).map((stage) => stage.amountMaxCents));
  if (highest === undefined || others.length > 0)
    throw new RangeError('The stages allow different amounts: give each its own document');
  return highest;
}
