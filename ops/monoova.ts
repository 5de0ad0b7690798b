import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createControls } from '../functions/adapters/controls.ts';
import { createMonoova, type WholeLine } from '../functions/adapters/monoova/client.ts';
import { exchangeOverHttp } from '../functions/adapters/monoova/http-exchange.ts';
import { createApiKeySecret } from '../functions/adapters/secrets.ts';
import { type GateDeps, passFor, reportLookUp } from '../functions/shared/gate.ts';
import type { Log, NowMs, Told } from '../functions/shared/ports.ts';
import { documentClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { CommandError } from './errors.ts';
import type { Resources } from './resources.ts';

/** A person waits longer than a state machine. */
const LOOK_UP_TIMEOUT_MS = 10_000;
/** Payments are made by SubmitPayment alone: one that began here would be over before it was sent. */
const NO_POST = { remitter: { name: '', mAccountToken: '' }, postTimeoutMs: 0 };
/** Only payments open the breaker, and none is made from here. */
const NO_BREAKER = { failuresToOpen: Number.MAX_SAFE_INTEGER, cooldownMs: 0, cooldownMaxMs: 0 };
/** Longer than a command's calls take: until then one that has to find out about a key keeps others out. */
const COMMAND_MS = 60_000;

export type Around = { readonly nowMs: NowMs; readonly log: Log };

/** Monoova behind the gate that everybody passes, asked with the stage's own key as far as whoever runs the command may read it. */
export async function openMonoova(
  connection: Connection,
  resources: Resources,
  { nowMs, log }: Around,
): Promise<GateDeps<WholeLine>> {
  const client = await documentClient(connection);
  return {
    controls: createControls(client, resources.controls_table),
    monoova: createMonoova({
      readApiKey: createApiKeySecret({
        provider: new SecretsProvider({ awsSdkV3Client: new SecretsManagerClient(connection.client) }),
        secretArn: resources.api_key_secret,
        environment: resources.monoova_environment,
        hosts: resources.monoova_hosts,
      }),
      exchange: exchangeOverHttp,
      nowMs,
      lookupTimeoutMs: LOOK_UP_TIMEOUT_MS,
      ...NO_POST,
    }),
    // Metrics are for what happens while nobody looks.
    metrics: { count: () => undefined, measure: () => undefined },
    log,
    nowMs,
    breaker: NO_BREAKER,
  };
}

/** Asks Monoova something and gives its answer. @throws {CommandError} where it gives none, or refuses the key. */
export type AskMonoova = <Answer extends object>(
  question: (line: WholeLine) => Promise<Told<Answer>>,
) => Promise<{ readonly kind: 'told' } & Answer>;

/** An answer that will be the same again; 408 and 429 ask for a repeat. */
const REFUSED = /^HTTP 4(?!08|29)/;

/**
 * One pass for all questions of a command; none of them moves money.
 * @throws {CommandError} where Monoova refuses the key, so that nobody shows it.
 */
export async function askerOf(gate: GateDeps<WholeLine>, attempt: string): Promise<AskMonoova> {
  const untilMs = gate.nowMs() + COMMAND_MS;
  const pass = await passFor(gate, { call: 'look-up', attempt, controls: await gate.controls.read(), untilMs });
  if (pass.kind === 'held') {
    throw new CommandError(
      "Monoova refuses the stage's key, so nobody shows it: put the right one (docs/runbook.md), then payouts resume",
    );
  }
  return async (question) => {
    const answer = await question(pass.line);
    await reportLookUp(gate, pass, answer);
    if (answer.kind === 'told') return answer;
    if (answer.kind === 'credentials-refused')
      throw new CommandError(`Monoova refuses the stage's key (${answer.code})`);
    if (REFUSED.test(answer.detail)) throw new CommandError(`Monoova refuses that: ${answer.detail}`);
    throw new CommandError(`Monoova gave no answer to go by (${answer.detail}): run it again, it is safe to repeat`);
  };
}
