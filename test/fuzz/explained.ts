import { isDeepStrictEqual } from 'node:util';
import type { Fact } from '../../domain/fact.ts';
import type { Payout } from '../../domain/payout.ts';

/** What proven bodies have said, read without any of the code that is under test. */
export class Said {
  readonly #said = new Set<string>();

  /** Takes note of every fact that a proven body may be read as. */
  note(body: Buffer): void {
    const json = jsonOf(body);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return;
    const values = new Map(Object.entries(json).map(([name, value]) => [name.toLowerCase(), value]));
    const amount = amountOf(values.get('amount'));
    for (const name of ['uniquereference', 'transactionreference']) {
      const reference = values.get(name);
      if (typeof reference !== 'string') continue;
      for (const kind of kindsOf(values)) this.#said.add(keyOf(kind, reference, amount));
    }
  }

  /** What webhooks are said to have told of a payout since an earlier look, and none of these has. */
  unexplained({ uniqueReference, history }: Payout, earlier: Payout | undefined): readonly Fact[] {
    const known = earlier?.history ?? [];
    return history.filter(
      (fact) =>
        fact.source === 'webhook' &&
        !known.some((other) => isDeepStrictEqual(other, fact)) &&
        !this.#said.has(keyOf(fact.kind, uniqueReference, fact.amount_cents)),
    );
  }
}

function keyOf(kind: string, reference: string, cents: number | undefined): string {
  return `${kind} ${reference.toLowerCase()} ${cents ?? 'no amount'}`;
}

function kindsOf(values: ReadonlyMap<string, unknown>): string[] {
  const said = values.get('status');
  const status = typeof said === 'string' ? said.trim().toLowerCase() : '';
  return [
    ...(status === 'payment successful' ? ['completed'] : []),
    ...(status === 'rejected' ? ['rejected'] : []),
    ...(values.has('returntransactionid') || values.has('returnreason') || values.has('returndate')
      ? ['returned']
      : []),
  ];
}

function amountOf(value: unknown): number | undefined {
  return typeof value === 'number' || typeof value === 'string' ? Math.round(Number(value) * 100) : undefined;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
