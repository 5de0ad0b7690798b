import { parseArgs } from 'node:util';
import { createMonoovaSimulator } from './server.ts';
import type { WebhookTarget } from './subscriptions.ts';

const USAGE = `npm run monoova -- [--port 3002] [--api-key KEY] [--webhook-url URL --webhook-token TOKEN] [--webhook-delay-ms 1000]

Runs the simulator of Monoova's Payments API alone, on 127.0.0.1, until TERM or Ctrl-C.`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3002' },
    'api-key': { type: 'string', default: 'local-monoova-api-key' },
    'webhook-url': { type: 'string' },
    'webhook-token': { type: 'string' },
    'webhook-delay-ms': { type: 'string', default: '1000' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(USAGE);
} else {
  await run();
}

async function run(): Promise<void> {
  const webhook = webhookTarget(values['webhook-url'], values['webhook-token']);
  const simulator = createMonoovaSimulator({
    apiKey: values['api-key'],
    ...(webhook && { webhook }),
    settings: { webhookDelayMs: wholeNumber('webhook-delay-ms', values['webhook-delay-ms']) },
    control: true,
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.stop());
  const { url } = await simulator.listen(wholeNumber('port', values.port));
  console.log(`Ready ${url} (pid ${process.pid}), API key ${values['api-key']}`);
  console.log(`See ${url}/_simulator/payments, /_simulator/requests and /_simulator/webhooks`);
}

function webhookTarget(url: string | undefined, token: string | undefined): WebhookTarget | undefined {
  if (url === undefined && token === undefined) return undefined;
  if (url === undefined || token === undefined)
    throw new RangeError('--webhook-url and --webhook-token belong together');
  return { url, token };
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`--${option} must be a whole number, not ${text}`);
  return Number(text);
}
