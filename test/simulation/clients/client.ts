import type { Answer } from '../../../domain/problem.ts';
import { DELIVERY_FAULTS } from '../faults.ts';
import { latencyMs, type Surroundings } from '../surroundings.ts';
import type { Intent } from './intent.ts';

/** What the API answered, or undefined where no answer came. */
export type Heard = Answer | undefined;

export type ClientDeps = {
  readonly around: Surroundings;
  /** `POST /payouts`; `respond` is called with what the gateway would answer. */
  readonly post: (request: PostRequest, name: string, respond: (answer: Answer) => void) => void;
  /** `GET /payouts/{id}`, or a customer's list; checks what it shows. */
  readonly look: (asked: Look, name: string) => void;
  /** Takes the customer's record away: whoever was paid may leave. */
  readonly leave: () => void;
  /** Called with each answer that left the API, heard or not. */
  readonly onAnswer: (intent: Intent, answer: Answer, asked: Asked) => void;
};

export type Look = { readonly transactionId: string } | { readonly customerId: string };

/** A request as it reached the API: when, in virtual milliseconds, and whether its body was another than the intent's. */
export type Asked = { readonly begunAtMs: number; readonly isAnother: boolean };

export type PostRequest = { readonly body: string; readonly key: string | undefined };

const ACCEPTED_STATUS = 202;
const UNAVAILABLE_STATUS = 503;
const SERVER_ERROR_STATUS = 500;
/** As long as API Gateway holds a request. */
const PATIENCE_MS = 29_000;
const TRIES_MAX = 4;
const TRY_AGAIN_MS = { min: 200, max: 60_000 } as const;
const LOOKS_SHARE = 0.3;
const LOOKS_MS = { min: 500, max: 86_400_000 } as const;
const LEAVES_MS = { min: 1, max: 80_000_000 } as const;
const BEGINS_MS = { min: 1, max: 5_000 } as const;
/** Something else by the same key. */
const ANOTHER_MS = { min: 1, max: 60_000 } as const;
const AGAIN_MS: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  'at once': { min: 1, max: 60 },
  soon: { min: 60, max: 20_000 },
  'in minutes': { min: 20_000, max: 1_800_000 },
  'in hours': { min: 1_800_000, max: 80_000_000 },
  'another amount': ANOTHER_MS,
  'another amount in hours': { min: 1_800_000, max: 80_000_000 },
  'another customer': ANOTHER_MS,
  'another method': ANOTHER_MS,
  'another description': ANOTHER_MS,
};

/** Asks for one payout until it hears an answer that needs no repeat, and now and then again, or for something else by its key. */
export class Client {
  readonly #deps: ClientDeps;
  readonly #intent: Intent;

  constructor(deps: ClientDeps, intent: Intent) {
    this.#deps = deps;
    this.#intent = intent;
  }

  begin(): void {
    const { name } = this.#intent;
    const { around } = this.#deps;
    const firstMs = Math.round(around.chance.spread(`${name} begins`, BEGINS_MS.min, BEGINS_MS.max));
    around.time.after(firstMs, () => this.#ask(bodyOf(this.#intent), `${name} request 1`));
    const leaving = { name: `${name} leaves`, label: 'client: the customer', service: 'client', kinds: ['leaves'] };
    if (around.gate.at({ ...leaving, rate: 0.1 }) !== undefined)
      around.time.after(firstMs + Math.round(around.chance.spread(leaving.name, LEAVES_MS.min, LEAVES_MS.max)), () =>
        this.#deps.leave(),
      );
    for (let again = 2; again <= 3; again++) {
      const kinds = Object.keys(AGAIN_MS).filter((kind) => !isAnother(kind) || this.#intent.key !== undefined);
      const point = `${name} request ${again}`;
      const kind = around.gate.at({ name: point, label: 'client: asks again', service: 'client', kinds, rate: 0.3 });
      if (kind === undefined) continue;
      const { min, max } = AGAIN_MS[kind] ?? { min: 1, max: 1 };
      const afterMs = firstMs + Math.round(around.chance.spread(`${point} comes`, min, max));
      const body = bodyOf({ ...this.#intent, ...changedBy(kind, this.#intent) });
      around.time.after(afterMs, () => this.#ask(body, point, 1, isAnother(kind)));
    }
  }

  #ask(body: string, name: string, tries = 1, isAnother = false): void {
    const { around, onAnswer } = this.#deps;
    const { time, gate, chance, trace } = around;
    const point = `${name} try ${tries}`;
    const takesMs = latencyMs(chance, point);
    let isOver = false;
    const heard = (answer: Heard) => {
      if (isOver) return;
      isOver = true;
      trace.note(point, () => (answer ? `hears ${answer.statusCode} ${answer.body}` : 'hears nothing'));
      if (answer?.statusCode === ACCEPTED_STATUS) this.#lookLater(answer, point);
      if (answer && answer.statusCode < SERVER_ERROR_STATUS) return;
      if (tries >= TRIES_MAX) return;
      const pauseMs = Math.round(chance.spread(`${point} pauses`, TRY_AGAIN_MS.min, TRY_AGAIN_MS.max));
      time.after(pauseMs, () => this.#ask(body, name, tries + 1, isAnother));
    };
    const run = (respond: (answer: Answer) => void) => {
      const begunAtMs = time.nowMs();
      this.#deps.post({ body, key: this.#intent.key }, point, (answer) => {
        onAnswer(this.#intent, answer, { begunAtMs, isAnother });
        respond(answer);
      });
    };
    trace.note(point, () => `asks ${body} ${this.#intent.key ?? 'without a key'}`);
    time.after(PATIENCE_MS, () => heard(undefined));
    const fault = gate.at({ name: point, label: 'client: POST /payouts', service: 'api', kinds: DELIVERY_FAULTS });
    switch (fault) {
      case undefined:
        return void time.after(takesMs, () => run(heard));
      case 'refused':
        return void time.after(takesMs, () => heard({ statusCode: UNAVAILABLE_STATUS, headers: {}, body: '' }));
      case 'unheard':
        return void time.after(takesMs, () => run(() => undefined));
      case 'late':
        return void time.after(PATIENCE_MS + takesMs * 100, () => run(() => undefined));
      default:
        throw new Error(`A request does not know the fault ${fault}`);
    }
  }

  /** Whoever was told that a payout is on its way asks now and then how it went. */
  #lookLater({ body }: Answer, point: string): void {
    const { time, chance } = this.#deps.around;
    const name = `${point} looks`;
    const draw = chance.unit(name);
    if (draw >= LOOKS_SHARE) return;
    const { transaction_id: transactionId } = JSON.parse(body) as { readonly transaction_id: string };
    const asked = draw < LOOKS_SHARE / 3 ? { customerId: this.#intent.customerId } : { transactionId };
    const afterMs = Math.round(chance.spread(`${name} at`, LOOKS_MS.min, LOOKS_MS.max));
    time.after(afterMs, () => this.#deps.look(asked, name));
  }
}

function isAnother(kind: string): boolean {
  return kind.startsWith('another ');
}

/** Each of the four fields makes it another request. */
function changedBy(kind: string, { amountCents, method }: Intent): Partial<Intent> {
  switch (kind) {
    case 'another amount':
    case 'another amount in hours':
      return { amountCents: amountCents + 1 };
    case 'another customer':
      return { customerId: 'cust-another' };
    case 'another method':
      return { method: method === 'PayId' ? 'BankAccount' : 'PayId' };
    case 'another description':
      return { description: 'Something else' };
    default:
      return {};
  }
}

function bodyOf({ customerId, amountCents, method, description, flaw }: Intent): string {
  return JSON.stringify({
    customer_id: customerId,
    amount: amountCents / 100,
    payout_method: flaw === 'not valid' ? 'Cheque' : method,
    ...(description !== undefined && { description }),
  });
}
