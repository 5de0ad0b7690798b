import type { JsonObject } from '../../../local/json.ts';
import type { Outcome } from '../lambda/lambda.ts';
import type { Surroundings } from '../surroundings.ts';

export type LettersDeps = {
  readonly around: Surroundings;
  /** Runs retry-webhook with one message. */
  readonly deliver: (event: JsonObject, name: string, respond: (outcome: Outcome) => void) => void;
};

type Letter = {
  readonly name: string;
  readonly body: string;
  receives: number;
  /** Ends the wait that the queue itself would give it. */
  postponedMs: number | undefined;
};

/** As the template has it; the simulation's own test compares. */
const RECEIVES_MAX = 5;
const VISIBILITY_TIMEOUT_MS = 90_000;

/** The queue `webhook-retry`, which feeds retry-webhook one letter at a time, and its dead letters. */
export class Letters {
  readonly #deps: LettersDeps;
  readonly #waiting = new Map<string, Letter>();
  readonly #dead: Letter[] = [];
  #sent = 0;

  constructor(deps: LettersDeps) {
    this.#deps = deps;
  }

  send({ MessageBody, DelaySeconds = 0 }: JsonObject): void {
    this.#sent += 1;
    const letter = { name: `letter ${this.#sent}`, body: String(MessageBody), receives: 0, postponedMs: undefined };
    this.#waiting.set(letter.name, letter);
    this.#deps.around.time.after(Number(DelaySeconds) * 1000, () => this.#receive(letter));
  }

  postpone({ ReceiptHandle, VisibilityTimeout }: JsonObject): void {
    const letter = this.#waiting.get(String(ReceiptHandle));
    if (letter) letter.postponedMs = Number(VisibilityTimeout) * 1000;
  }

  /** Something about this reference waits, or was given up. */
  holds(uniqueReference: string): boolean {
    return [...this.#waiting.values(), ...this.#dead].some(({ body }) => body.includes(uniqueReference));
  }

  #receive(letter: Letter): void {
    const { around, deliver } = this.#deps;
    if (letter.receives >= RECEIVES_MAX) {
      around.trace.note(letter.name, () => 'is a dead letter');
      this.#waiting.delete(letter.name);
      this.#dead.push(letter);
      return;
    }
    letter.receives += 1;
    letter.postponedMs = undefined;
    const { name, body, receives } = letter;
    const attributes = { ApproximateReceiveCount: String(receives) };
    const event = { Records: [{ messageId: name, receiptHandle: name, body, attributes }] };
    deliver(event, `${name} receive ${receives}`, (outcome) => this.#end(letter, outcome));
  }

  #end(letter: Letter, outcome: Outcome): void {
    const failed = outcome.kind === 'answered' ? JSON.parse(outcome.payload).batchItemFailures.length > 0 : true;
    if (!failed) this.#waiting.delete(letter.name);
    else this.#deps.around.time.after(letter.postponedMs ?? VISIBILITY_TIMEOUT_MS, () => this.#receive(letter));
  }
}
