import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Payout } from '../../domain/payout.ts';
import type { TestRun } from '../support/local-run.ts';
import { recordsOf } from '../support/records.ts';
import { Said } from './explained.ts';
import type { Header } from './headers.ts';
import { leaksIn, leaksInFolder } from './leaks.ts';
import { changedBetween, makePayouts } from './payouts-under-fire.ts';
import { type Proven, provenBy, type Signer } from './proofs.ts';
import { watchWrites } from './receiver-writes.ts';
import type { Report } from './report.ts';
import { type Heard, Sender } from './send.ts';
import { type Webhook, webhooksOf } from './webhook.ts';

const CONNECTIONS = 8;
const PAYOUTS_PER_WEBHOOK = 1 / 250;
const PAYOUTS_MIN = 10;
const PAYOUTS_MAX = 80;
/** Letters that wait are tried again meanwhile, and whatever they log is in the record too. */
const AFTERWARDS_MS = 45 * 60_000;

type Sent = {
  readonly number: number;
  readonly webhook: Webhook;
  readonly body: Buffer;
  readonly headers: readonly Header[];
  readonly proven: Proven;
};

/**
 * Sends mutated webhooks to a run over HTTP: first those that prove nothing, after which nothing may have been written, then the others with
 * unproven ones among them. Never throws for what it finds.
 *
 * @param recordDirectory where the run writes down what could ever be seen of it
 */
export async function fuzzWebhooks(
  run: TestRun,
  options: { readonly runs: number; readonly seed: number; readonly recordDirectory: string },
): Promise<Report> {
  const { runs, seed, recordDirectory } = options;
  const payouts = await makePayouts(run, seed, payoutCount(runs));
  const sent = await prepared(run, webhooksOf(seed, runs), payouts);
  const fuzz = new Fuzz(run);
  const startedMs = performance.now();
  const unproven = sent.filter(({ proven }) => proven === 'not proven');
  const first = unproven.slice(0, Math.ceil(unproven.length / 2));
  const writesWithoutProof = await fuzz.sendWithoutEffect(first, payouts);
  const isFirst = new Set(first);
  await fuzz.sendAll(sent.filter((one) => !isFirst.has(one)));
  const elapsedMs = performance.now() - startedMs;
  await run.advance(AFTERWARDS_MS);
  const after = await recordsOf(run);
  fuzz.explain(payouts, after);
  for (const leak of leaksInFolder(recordDirectory)) fuzz.findings.push(`the record shows ${leak}`);
  fuzz.close();
  return {
    seed,
    runs,
    elapsedMs,
    answers: fuzz.answers,
    payouts: payouts.length,
    changedPayouts: changedBetween(payouts, after).length,
    answeredAgain: fuzz.answeredAgain,
    writesWithoutProof,
    sentWithoutProofFirst: first.length,
    findings: fuzz.findings,
  };
}

function payoutCount(runs: number): number {
  return Math.min(PAYOUTS_MAX, Math.max(PAYOUTS_MIN, Math.round(runs * PAYOUTS_PER_WEBHOOK)));
}

/** Everything as it goes over the wire, so that what it proves is known before it is sent. */
async function prepared(run: TestRun, webhooks: readonly Webhook[], payouts: readonly Payout[]): Promise<Sent[]> {
  const signer = signerOf(run);
  const key = await publishedKey(run);
  const all: Sent[] = [];
  for (const [number, webhook] of webhooks.entries()) {
    const { uniqueReference = '' } = payouts[webhook.payout % payouts.length] ?? {};
    const earlier = webhook.repeats > 0 ? all[number - webhook.repeats] : undefined;
    const body = earlier?.body ?? webhook.body.bytes(uniqueReference);
    const headers = [...webhook.headers, ...(await webhook.proof.headers(body, signer))];
    const told = earlier ? { ...webhook, body: earlier.webhook.body, eventName: earlier.webhook.eventName } : webhook;
    all.push({ number, webhook: told, body, headers, proven: provenBy(headers, body, key) });
  }
  return all;
}

function signerOf({ simulator }: TestRun): Signer {
  if (!simulator) throw new Error('Only the simulated Monoova signs for us');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    genuinely: (body) => simulator.sign(body),
    asStranger: (body) => sign('sha256', body, privateKey).toString('base64'),
  };
}

/** As anybody may fetch it. */
async function publishedKey({ monoovaUrl }: TestRun): Promise<KeyObject> {
  const hex = await (await fetch(`${monoovaUrl}/public/v1/certificate/public-key`)).text();
  return createPublicKey({ key: Buffer.from(hex, 'hex'), format: 'der', type: 'pkcs1' });
}

function isOwnPath({ suffix, eventName }: Webhook): boolean {
  return suffix === '' || suffix === `/${eventName}`;
}

class Fuzz {
  readonly answers = new Map<Proven, Map<number, number>>();
  readonly findings: string[] = [];
  /** Answers of 500 or more that a second try did not bear out, or did. */
  answeredAgain = 0;
  readonly #run: TestRun;
  readonly #sender: Sender;
  readonly #said = new Said();

  constructor(run: TestRun) {
    this.#run = run;
    this.#sender = new Sender(run.apiUrl, CONNECTIONS);
  }

  /** @returns how much was written for nothing but these, which prove nothing */
  async sendWithoutEffect(sent: readonly Sent[], before: readonly Payout[]): Promise<number> {
    const writes = watchWrites(this.#run);
    await this.sendAll(sent);
    writes.stop();
    if (writes.count() > 0) this.findings.push(`${writes.count()} writes followed webhooks without a proof`);
    for (const id of changedBetween(before, await recordsOf(this.#run))) {
      this.findings.push(`${id} was changed without a proof`);
    }
    return writes.count();
  }

  async sendAll(sent: readonly Sent[]): Promise<void> {
    const rest = sent.values();
    const line = async () => {
      for (const one of rest) await this.#send(one);
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, line));
  }

  explain(before: readonly Payout[], after: readonly Payout[]): void {
    const earlier = new Map(before.map((payout) => [payout.transaction_id, payout]));
    for (const payout of after) {
      for (const { kind } of this.#said.unexplained(payout, earlier.get(payout.transaction_id))) {
        this.findings.push(`${payout.transaction_id} is ${kind}, and no proven webhook has said so`);
      }
    }
  }

  close(): void {
    this.#sender.close();
  }

  async #send(one: Sent): Promise<void> {
    const { webhook, headers, body, proven } = one;
    if (proven === 'signed' || proven === 'bearer alone') this.#said.note(body);
    const post = () => this.#sender.post(`/webhooks/monoova${webhook.suffix}`, headers, body);
    try {
      const heard = await post();
      if (heard.status < 500) return this.#judge(one, heard);
      // Monoova asks again too. A machine that is short of time has answered so once; a defect does it again.
      this.answeredAgain += 1;
      this.#judge(one, await post());
    } catch (error) {
      this.#find(one, `was not answered: ${String(error)}`);
    }
  }

  #judge(one: Sent, { status, text }: Heard): void {
    const { webhook, proven } = one;
    const row = this.answers.get(proven) ?? new Map<number, number>();
    this.answers.set(proven, row.set(status, (row.get(status) ?? 0) + 1));
    const isProven = proven === 'signed' || proven === 'bearer alone';
    if (status >= 500) this.#find(one, `was answered ${status} twice`);
    if (!isProven && status < 400) this.#find(one, `was answered ${status} without a proof`);
    if (isProven && status === 401) this.#find(one, 'was refused with a proof');
    if (isProven && webhook.body.isGenuine && isOwnPath(webhook) && status !== 200) {
      this.#find(one, `was answered ${status}, and is as Monoova sends it`);
    }
    for (const secret of leaksIn(text)) this.#find(one, `was answered with ${secret}`);
  }

  #find({ number, webhook, proven }: Sent, what: string): void {
    const { eventName, body, suffix, proof } = webhook;
    this.findings.push(`webhook ${number} (${eventName}: ${body.what}; ${proof.what}, ${proven}; ${suffix}) ${what}`);
  }
}
