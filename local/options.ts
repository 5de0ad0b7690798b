import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';

/** What `npm start` was asked for. */
export type StartOptions = {
  /** Of the API; 0 for any free one. */
  readonly port: number;
  /** Of the AWS endpoint; 0 for any free one. */
  readonly awsPort: number;
  /** Another Monoova than our own simulator. */
  readonly monoova: { readonly url: string; readonly apiKey: string; readonly webhookToken: string } | undefined;
  /** Where tables, queues and executions outlive the process. */
  readonly dataDirectory: string | undefined;
  /** Where everything that could ever be seen is written down. */
  readonly recordDirectory: string | undefined;
  readonly isDemoWanted: boolean;
  readonly isVerbose: boolean;
};

/** The command line cannot be carried out; the message says what to change. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError' as const;
}

type RawOptions = {
  port: number;
  awsPort: number;
  monoovaUrl?: string;
  monoovaApiKey?: string;
  webhookToken?: string;
  data?: string;
  record?: string;
  demo: boolean;
  verbose: boolean;
};

/** @throws {OptionsError}; for `--help` and a malformed option commander prints and ends the process itself */
export function parseOptions(args: readonly string[]): StartOptions {
  const command = new Command('npm start --')
    .description('Runs the whole payout system on this machine, from the template that would be deployed.')
    .option('--port <port>', 'port of the API', toPort, 3000)
    .option('--aws-port <port>', 'port of the AWS APIs', toPort, 3001)
    .option('--monoova-url <url>', 'use this Monoova in place of the simulator', toUrl)
    .option('--monoova-api-key <key>', 'the API key for it')
    .option('--webhook-token <token>', 'the bearer token that its webhooks carry')
    .option('--data <dir>', 'keep tables, queues and executions in this folder')
    .option('--record <dir>', 'write down everything an operator could ever see')
    .option('--no-demo', 'send no demonstration payout')
    .option('--verbose', 'print what of the template is inert here, and why', false)
    .allowExcessArguments(false);
  const raw = command.parse(args, { from: 'user' }).opts<RawOptions>();
  if (raw.data !== undefined && raw.record !== undefined && resolve(raw.data) === resolve(raw.record)) {
    throw new OptionsError('--data and --record need a folder each.');
  }
  return {
    port: raw.port,
    awsPort: raw.awsPort,
    monoova: monoovaOf(raw),
    dataDirectory: raw.data,
    recordDirectory: raw.record,
    isDemoWanted: raw.demo,
    isVerbose: raw.verbose,
  };
}

function monoovaOf({ monoovaUrl, monoovaApiKey, webhookToken }: RawOptions): StartOptions['monoova'] {
  const given = [monoovaUrl, monoovaApiKey, webhookToken];
  if (given.every((value) => value === undefined)) return undefined;
  if (monoovaUrl === undefined || !monoovaApiKey || !webhookToken) {
    throw new OptionsError(
      '--monoova-url, --monoova-api-key and --webhook-token belong together: give all three or none.',
    );
  }
  return { url: monoovaUrl, apiKey: monoovaApiKey, webhookToken };
}

function toPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

/** Without a slash at the end, since paths are appended. */
function toUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError('It must be an http or https address.');
  }
  return text.replace(/\/+$/, '');
}
