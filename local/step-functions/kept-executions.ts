import { createHash } from 'node:crypto';
import type { Change, KeptMap } from '../data/kept-map.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { freeze } from './data.ts';
import { parseDefinition } from './definition-parse.ts';
import type { ExecutionRecord } from './execution.ts';
import type { HistoryEvent } from './history.ts';
import type { ParseOptions } from './parse-options.ts';
import type { StateMachine } from './state-machine.ts';

type Head = Omit<ExecutionRecord, 'history'> & { readonly machineId: string };
type KeptMachine = Omit<StateMachine, 'definition'>;

/** An execution as it was kept, with the machine it was started with. */
export type KeptExecution = { readonly record: ExecutionRecord; readonly machine: StateMachine };

/**
 * Keeps Standard executions: `execution ARN`, everything but its history; `event ARN ID`, one event each; `machine HASH`, since an
 * execution goes on by the definition and role it was started with, whatever is deployed meanwhile
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html).
 */
export class KeptExecutions {
  readonly #kept: KeptMap;
  readonly #machineIds = new WeakMap<StateMachine, string>();
  readonly #eventsKept = new WeakMap<ExecutionRecord, number>();

  constructor(kept: KeptMap) {
    this.#kept = kept;
  }

  /** Keeps the execution as it stands, in one write. */
  save(record: ExecutionRecord, machine: StateMachine): void {
    const { history, ...rest } = record;
    const kept = this.#eventsKept.get(record) ?? 0;
    const head: Head = { ...rest, machineId: this.#machineId(machine) };
    const events = history.slice(kept).map((event): Change => [eventKey(record, event.id), event]);
    this.#kept.write([[`execution ${record.executionArn}`, asJson(head)], ...events]);
    this.#eventsKept.set(record, history.length);
  }

  forget(record: ExecutionRecord): void {
    const events = record.history.map(({ id }): Change => [eventKey(record, id)]);
    this.#kept.write([[`execution ${record.executionArn}`], ...events]);
  }

  /**
   * In the order of their start.
   * @throws {InvalidDefinition} when a kept definition is no longer run here
   */
  load(options: Omit<ParseOptions, 'type'>): KeptExecution[] {
    const { heads, events, machines } = this.#read(options);
    const loaded = heads.map(({ machineId, ...rest }): KeptExecution => {
      const machine = machines.get(machineId);
      if (!machine) throw new Error(`The machine of ${rest.executionArn} was not kept`);
      const history = (events.get(rest.executionArn) ?? []).sort((a, b) => a.id - b.id);
      const record: ExecutionRecord = { ...rest, variables: freeze({ ...rest.variables }), history };
      this.#eventsKept.set(record, history.length);
      return { record, machine };
    });
    return loaded.sort((a, b) => a.record.startMs - b.record.startMs);
  }

  #read(options: Omit<ParseOptions, 'type'>) {
    const heads: Head[] = [];
    const events = new Map<string, HistoryEvent[]>();
    const machines = new Map<string, StateMachine>();
    for (const [key, value] of this.#kept.entries()) {
      const [kind, id = ''] = key.split(' ');
      if (kind === 'execution') heads.push(value as unknown as Head);
      if (kind === 'event') events.set(id, [...(events.get(id) ?? []), value as unknown as HistoryEvent]);
      if (kind === 'machine') machines.set(id, this.#machineFrom(id, value, options));
    }
    return { heads, events, machines };
  }

  #machineFrom(id: string, value: JsonValue, options: Omit<ParseOptions, 'type'>): StateMachine {
    const kept = value as unknown as KeptMachine;
    const definition = parseDefinition(kept.definitionText, { ...options, type: kept.type });
    const machine: StateMachine = { ...kept, logging: kept.logging, definition };
    this.#machineIds.set(machine, id);
    return machine;
  }

  #machineId(machine: StateMachine): string {
    const known = this.#machineIds.get(machine);
    if (known !== undefined) return known;
    const { definition: _compiled, ...kept } = machine;
    const id = createHash('sha256').update(JSON.stringify(kept)).digest('hex');
    this.#kept.write([[`machine ${id}`, asJson(kept)]]);
    this.#machineIds.set(machine, id);
    return id;
  }
}

function eventKey({ executionArn }: ExecutionRecord, id: number): string {
  return `event ${executionArn} ${id}`;
}

/** Members that are undefined are left out, as JSON leaves them. */
function asJson(value: Head | KeptMachine): JsonObject {
  return value as unknown as JsonObject;
}
