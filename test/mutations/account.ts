import type { Payout } from '../../domain/payout.ts';
import type { ExecutionRecord } from '../../local/step-functions/execution.ts';
import type { Item } from '../simulation/database/stored-value.ts';
import type { WorldOptions } from '../simulation/world.ts';

/** Of a run that goes on for days the others are counted. */
const CALLS_SHOWN = 16;

type Seen = {
  readonly calls: { readonly what: string; readonly atMs: number }[];
  readonly counted: Map<string, number>;
  readonly reasons: Set<string>;
  readonly guards: ExecutionRecord[];
  readonly told: string[];
  readonly says: Set<string>;
  rings: number;
  readonly records: Map<string, Payout>;
  controls: Item | undefined;
};

/** What a run did, as people and Monoova saw it. */
export class Account {
  readonly #seen: Seen = {
    calls: [],
    counted: new Map(),
    reasons: new Set(),
    guards: [],
    told: [],
    says: new Set(),
    rings: 0,
    records: new Map(),
    controls: undefined,
  };

  /** Sees the run. */
  readonly watching: Pick<WorldOptions, 'onWrite' | 'witness'>;

  /** @param nowMs the run's clock, wherever it starts */
  constructor(nowMs: () => number) {
    const { calls, counted, reasons, records, guards, told, says } = this.#seen;
    this.watching = {
      onWrite: (_table, _before, after) => {
        if (after?.['id'] === 'submissions') this.#seen.controls = after;
        if (after?.['uniqueReference'] !== undefined)
          records.set(String(after['transaction_id']), after as unknown as Payout);
      },
      witness: {
        onCounted: (metric) => counted.set(metric, (counted.get(metric) ?? 0) + 1),
        onThrown: (error) => {
          const name = error.split(':')[0] ?? '';
          counted.set(name, (counted.get(name) ?? 0) + 1);
        },
        onAnswer: ({ body }) => {
          const { message } = JSON.parse(body) as { readonly message?: string };
          if (message !== undefined) says.add(message);
        },
        onNotice: (message) => told.push(message),
        onClosed: (execution) => {
          if (execution.stateMachineArn.endsWith('-settlement')) guards.push(execution);
        },
        onRing: () => {
          this.#seen.rings += 1;
        },
        onCall: ({ method, url, body = '' }) => {
          if (!/\/financial\/v2\/(transaction|status\/[^/]+$)/.test(url)) return;
          calls.push({
            what: method === 'GET' ? 'asks' : body.includes('"lodgementReference"') ? 'pays, described' : 'pays',
            atMs: nowMs(),
          });
        },
        onLog: (_whose, line) => {
          const [, reason] = /"reason":"([^"]*)"/.exec(line) ?? [];
          const isNothingSaid = line.startsWith('Monoova said nothing');
          if (reason !== undefined || isNothingSaid) reasons.add(reason ?? 'no reason');
        },
      },
    };
  }

  /** Which calls of Monoova, so many seconds after the first, one after the other. */
  get calls(): string {
    const { calls } = this.#seen;
    const sinceMs = calls[0]?.atMs ?? 0;
    const first = calls.slice(0, CALLS_SHOWN).map(({ what, atMs }) => `${what} ${Math.round((atMs - sinceMs) / 1000)}`);
    return [...first, ...(calls.length > CALLS_SHOWN ? [`${calls.length} in all`] : [])].join(', ');
  }

  /** What was counted for people and thrown, and how often; and how often a guard's doorbell was rung. */
  get counted(): string {
    const counted = [...this.#seen.counted].map(([metric, times]) => `${metric} ${times}`).toSorted();
    return [...counted, `rings ${this.#seen.rings}`].join(', ');
  }

  /** What is noted of each payout, and what else its record holds. */
  get records(): string {
    return [...this.#seen.records.values()].map(shownRecord).toSorted().join('; ');
  }

  /** What the control item holds. */
  get controls(): string {
    const { failures, openings, open_reason, refused_reason, doubts, probe_by, proven_key, revision } =
      this.#seen.controls ?? {};
    const left = { failures, openings, open_reason, refused_reason, doubts, revision };
    const named = Object.entries(left).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name} ${String(value)}`],
    );
    return [
      ...named,
      ...(probe_by === undefined ? [] : ['probed']),
      ...(proven_key === undefined ? [] : ['proven']),
    ].join(', ');
  }

  /** What clients are told of their payouts, in the order in which it was first said. */
  get says(): string {
    return [...this.#seen.says].join(' | ');
  }

  /** What people are told of payouts, without the next step; of anything else, that they are told. To the second: an effect more takes milliseconds. */
  get told(): string {
    return this.#seen.told
      .map((message) => /look-up\. (.*) It may have been/.exec(message)?.[1] ?? 'something')
      .join('; ')
      .replace(/\.\d{3}Z/g, 'Z');
  }

  /** How each guard ended, and after how many seconds. */
  get guards(): string {
    const ends = this.#seen.guards.map(({ startMs, stopMs = startMs, status, error = '' }) => {
      const how = status === 'SUCCEEDED' ? 'ends' : error || status;
      return `${how} after ${Math.round((stopMs - startMs) / 1000)}`;
    });
    return ends.toSorted().join(', ');
  }

  /** Why Monoova was held to have said nothing, or to be left alone. */
  get reasons(): string {
    return [...this.#seen.reasons].toSorted().join(', ');
  }
}

function shownRecord({ status, posts, revision, history, ...others }: Payout): string {
  const facts = history.map(({ kind, source, detail }) =>
    [kind, source, ...(detail === undefined ? [] : [detail])].join(' '),
  );
  const { task_token, monoova_transaction_id: number } = others;
  const also = `${task_token === undefined ? '' : ', a doorbell'}${number === undefined ? '' : `, number ${number}`}`;
  return `${status}, revision ${revision}, posts ${posts}${also}: ${counted(facts).join(', ')}`;
}

/** Those that come several times in a row, once. */
function counted(facts: readonly string[]): string[] {
  const runs: { readonly fact: string; times: number }[] = [];
  for (const fact of facts) {
    const last = runs.at(-1);
    if (last?.fact === fact) last.times += 1;
    else runs.push({ fact, times: 1 });
  }
  return runs.map(({ fact, times }) => (times === 1 ? fact : `${times} times ${fact}`));
}
