import { apiDefinition } from '../../../local/api-gateway/definition.ts';
import { type ApiGatewayOptions, createApiGateway } from '../../../local/api-gateway/gateway.ts';
import { CredentialStore } from '../../../local/aws/credentials.ts';
import type { TemplateResource } from '../../../local/aws/resource-type.ts';
import type { JsonObject } from '../../../local/json.ts';
import { type Call, call, type Reply, type Signing, signed } from './api.ts';
import { ManualClock } from './manual-clock.ts';

/** What the services behind the gateway were asked, and what they answer; tests replace the answers. */
export type Backend = Pick<ApiGatewayOptions, 'invokeLambda' | 'startSyncExecution'> & {
  readonly events: JsonObject[];
  readonly starts: { roleArn: string; input: JsonObject }[];
  answer: (event: JsonObject) => Promise<unknown>;
  output: () => Promise<JsonObject>;
};

export type Served = {
  readonly port: number;
  readonly clock: ManualClock;
  readonly backend: Backend;
  readonly accessLog: string[];
  readonly faults: string[];
  readonly credentials: CredentialStore;
  send(request: Call): Promise<Reply>;
  sendSigned(request: Call, signing?: Signing): Promise<Reply>;
  close(): Promise<void>;
};

export async function serveApi(resources: readonly TemplateResource[]): Promise<Served> {
  const clock = new ManualClock();
  const backend = newBackend();
  const [accessLog, faults]: [string[], string[]] = [[], []];
  const credentials = new CredentialStore();
  const gateway = createApiGateway({
    clock,
    credentials,
    api: apiDefinition(resources),
    invokeLambda: backend.invokeLambda,
    startSyncExecution: backend.startSyncExecution,
    accessLog: (line) => accessLog.push(line),
    onFault: ({ cause }) => faults.push(cause instanceof Error ? cause.message : String(cause)),
  });
  const port = await gateway.listen(0);
  return {
    port,
    clock,
    backend,
    accessLog,
    faults,
    credentials,
    send: (request) => call(port, request),
    sendSigned: async (request, signing) => call(port, await signed(port, request, signing)),
    close: gateway.close,
  };
}

function newBackend(): Backend {
  const backend: Backend = {
    events: [],
    starts: [],
    answer: () => Promise.resolve({ statusCode: 200, body: '{}' }),
    output: () => Promise.resolve({ status: 'SUCCEEDED', output: '{}' }),
    invokeLambda: async (_arn, payload) => {
      const event = JSON.parse(payload) as JsonObject;
      backend.events.push(event);
      const answer = await backend.answer(event);
      return { payload: typeof answer === 'string' ? answer : JSON.stringify(answer) };
    },
    startSyncExecution: (roleArn, input) => {
      backend.starts.push({ roleArn, input });
      return backend.output();
    },
  };
  return backend;
}
