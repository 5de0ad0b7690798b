import type { AddressInfo } from 'node:net';
import { CredentialStore } from '../../../local/aws/credentials.ts';
import { createAwsAnswers, createAwsEndpoint } from '../../../local/aws/endpoint.ts';
import type { WireService } from '../../../local/aws/wire.ts';
import { ShiftableClock } from '../../../local/clock.ts';

/** What a stock SDK client is given to speak to the local endpoint. */
export type ClientSettings = {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
};

export type Served = { settings: ClientSettings; credentials: CredentialStore; close(): Promise<void> };

/** The services over HTTP on a port of the system's choosing. The first answer counts: clients do not retry. */
export async function serve(services: WireService[], clock = new ShiftableClock()): Promise<Served> {
  const credentials = new CredentialStore();
  const server = createAwsEndpoint(createAwsAnswers({ services, credentials, clock }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    credentials,
    settings: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'ap-southeast-2',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    },
    close: () =>
      new Promise((resolve) => {
        clock.stop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
