import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import type { JsonObject } from '../../json.ts';
import { ACCOUNT_ID, REGION } from '../account.ts';
import { parseInput } from '../input.ts';
import { Ring } from '../ring.ts';
import { AwsError, unknownAction, type WireRequest, type WireService } from '../wire.ts';
import { filterPattern } from './filter-pattern.ts';

const EVENTS_MAX = 100_000;
const GROUPS_MAX = 1_000;
const PAGE_MAX = 10_000;

const FilterInput = z
  .strictObject({
    logGroupName: z.string().min(1).optional(),
    logGroupIdentifier: z.string().min(1).optional(),
    logStreamNames: z.array(z.string()).min(1).max(100).optional(),
    logStreamNamePrefix: z.string().min(1).optional(),
    startTime: z.number().optional(),
    endTime: z.number().optional(),
    filterPattern: z.string().max(1024).default(''),
    limit: z.int().min(1).max(PAGE_MAX).default(PAGE_MAX),
    nextToken: z
      .string()
      .regex(/^\d{1,15}$/)
      .optional(),
    /** AWS has ignored it since 2019. */
    interleaved: z.boolean().optional(),
  })
  .refine((input) => (input.logGroupName ?? input.logGroupIdentifier) !== undefined, 'a log group is missing');
const DescribeInput = z.strictObject({
  logGroupNamePrefix: z.string().default(''),
  limit: z.int().min(1).max(50).default(50),
  nextToken: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
});

type FilterRequest = z.output<typeof FilterInput>;

/** `sequence` grows by one with each line of the service: it is the event's id, and where a next page starts. */
export type LogEvent = {
  readonly sequence: number;
  readonly streamName: string;
  readonly timestampMs: number;
  readonly ingestedAtMs: number;
  readonly message: Message;
};

/** A line's text, or what makes it, for texts that are dear to make and seldom read. It must always make the same. */
type Message = string | (() => string);

/** A line as it is put. */
export type LogLine = Pick<LogEvent, 'streamName' | 'timestampMs'> & {
  readonly logGroupName: string;
  readonly message: string;
};

type LogGroup = {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  readonly events: Ring<LogEvent>;
};

/** CloudWatch Logs: the newest 100,000 lines of each group, and the two calls by which they are read. */
export class LogsService implements WireService {
  readonly signingNames = ['logs'];
  readonly #clock: Clock;
  readonly #groups = new Map<string, LogGroup>();
  readonly #onLine: ((line: LogLine) => void) | undefined;
  #sequence = 0;

  constructor(deps: { clock: Clock; onLine?: ((line: LogLine) => void) | undefined }) {
    this.#clock = deps.clock;
    this.#onLine = deps.onLine;
  }

  async handle({ action, input }: WireRequest): Promise<JsonObject> {
    if (action === 'FilterLogEvents') return this.#filter(parseInput(FilterInput, input));
    if (action === 'DescribeLogGroups') return this.#describe(input);
    throw unknownAction('logs', action);
  }

  /** Safe to repeat: a function may have written before its group is made, which makes the group, as on AWS. */
  createGroup(name: string): void {
    this.#groupOf(name);
  }

  /** Appends one line. @throws {AwsError} LimitExceededException when it would make one group too many */
  put(logGroupName: string, streamName: string, message: Message, timestampMs: number): void {
    this.#onLine?.({ logGroupName, streamName, message: textOf(message), timestampMs });
    this.#sequence += 1;
    this.#groupOf(logGroupName).events.push({
      sequence: this.#sequence,
      streamName,
      timestampMs: Math.floor(timestampMs),
      ingestedAtMs: Math.floor(this.#clock.nowMs()),
      message,
    });
  }

  #groupOf(name: string): LogGroup {
    const known = this.#groups.get(name);
    if (known) return known;
    if (this.#groups.size >= GROUPS_MAX) throw new AwsError('LimitExceededException', 'there are too many log groups');
    const arn = logGroupArn(name, { accountId: ACCOUNT_ID, region: REGION });
    const made = { name, arn, createdAtMs: Math.floor(this.#clock.nowMs()), events: new Ring<LogEvent>(EVENTS_MAX) };
    this.#groups.set(name, made);
    return made;
  }

  /** Pages follow the order of arrival; within a page events are in order of time. */
  #filter(request: FilterRequest): JsonObject {
    const group = this.#find(request.logGroupName ?? request.logGroupIdentifier ?? '');
    const isWanted = matcher(request);
    const page: LogEvent[] = [];
    let isMore = false;
    for (const event of group.events.items()) {
      if (!isWanted(event)) continue;
      isMore = page.length === request.limit;
      if (isMore) break;
      page.push(event);
    }
    const last = page.at(-1);
    return {
      events: page.toSorted((a, b) => a.timestampMs - b.timestampMs).map(rendered),
      searchedLogStreams: [],
      ...(isMore && last ? { nextToken: String(last.sequence) } : {}),
    };
  }

  #describe(input: JsonObject): JsonObject {
    const { logGroupNamePrefix, limit, nextToken } = parseInput(DescribeInput, input);
    const groups = [...this.#groups.values()].filter(({ name }) => name.startsWith(logGroupNamePrefix));
    groups.sort((a, b) => (a.name < b.name ? -1 : 1));
    const from = Number(nextToken ?? 0);
    const to = from + limit;
    const logGroups = groups.slice(from, to).map(({ name, arn, createdAtMs }) => ({
      logGroupName: name,
      arn,
      logGroupArn: arn.slice(0, -2),
      creationTime: createdAtMs,
      logGroupClass: 'STANDARD',
    }));
    return { logGroups, ...(to < groups.length ? { nextToken: String(to) } : {}) };
  }

  /** By name or ARN. @throws {AwsError} ResourceNotFoundException */
  #find(nameOrArn: string): LogGroup {
    const name = nameOrArn.startsWith('arn:') ? nameOrArn.split(':')[6] : nameOrArn;
    const group = this.#groups.get(name ?? '');
    if (group) return group;
    throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  }
}

export function logGroupArn(name: string, place: { accountId: string; region: string }): string {
  return `arn:aws:logs:${place.region}:${place.accountId}:log-group:${name}:*`;
}

function matcher(request: FilterRequest): (event: LogEvent) => boolean {
  const matches = filterPattern(request.filterPattern);
  const { startTime = 0, endTime = Number.POSITIVE_INFINITY, logStreamNames, logStreamNamePrefix = '' } = request;
  const after = Number(request.nextToken ?? 0);
  return (event) => {
    if (event.sequence <= after) return false;
    if (event.timestampMs < startTime || event.timestampMs > endTime) return false;
    if (logStreamNames && !logStreamNames.includes(event.streamName)) return false;
    return event.streamName.startsWith(logStreamNamePrefix) && matches(textOf(event.message));
  };
}

function rendered(event: LogEvent): JsonObject {
  return {
    eventId: String(event.sequence),
    logStreamName: event.streamName,
    timestamp: event.timestampMs,
    ingestionTime: event.ingestedAtMs,
    message: textOf(event.message),
  };
}

function textOf(message: Message): string {
  return typeof message === 'string' ? message : message();
}
