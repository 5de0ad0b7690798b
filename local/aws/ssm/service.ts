import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import type { KeptMap } from '../../data/kept-map.ts';
import type { JsonObject } from '../../json.ts';
import { ACCOUNT_ID, REGION } from '../account.ts';
import { parseInput } from '../input.ts';
import { AwsError, unknownAction, type WireRequest, type WireService } from '../wire.ts';

/** https://docs.aws.amazon.com/general/latest/gr/ssm.html: a standard and an advanced parameter's value. */
const VALUE_BYTES_MAX = 8192;
const PARAMETERS_MAX = 10_000;
const PAGE_MAX = 10;
/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html: the oldest of 100 makes room. */
const HISTORY_MAX = 100;
const HISTORY_PAGE_MAX = 50;

const Name = z.string().regex(/^[\w./-]{1,1011}$/);
const Type = z.enum(['String', 'StringList']);
const Value = z.string().min(1).max(VALUE_BYTES_MAX);

/** Nothing here is a SecureString, so decrypting or not makes no difference. */
const WithDecryption = z.boolean().optional();

const GetInput = z.strictObject({ Name, WithDecryption });
const GetManyInput = z.strictObject({ Names: z.array(Name).min(1).max(10), WithDecryption });
const PutInput = z.strictObject({
  Name,
  Value,
  Type: Type.optional(),
  Description: z.string().optional(),
  Overwrite: z.boolean().default(false),
  DataType: z.literal('text').optional(),
  Tier: z.enum(['Standard', 'Advanced', 'Intelligent-Tiering']).optional(),
});
const ByPathInput = z.strictObject({
  Path: Name,
  Recursive: z.boolean().default(false),
  WithDecryption,
  MaxResults: z.int().min(1).max(PAGE_MAX).default(PAGE_MAX),
  NextToken: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
});

const HistoryInput = z.strictObject({
  Name,
  WithDecryption,
  MaxResults: z.int().min(1).max(HISTORY_PAGE_MAX).default(HISTORY_PAGE_MAX),
  NextToken: ByPathInput.shape.NextToken,
});

type Parameter = {
  readonly name: string;
  readonly type: 'String' | 'StringList';
  readonly value: string;
  readonly version: number;
  readonly changedAtMs: number;
};

/** The Parameter Store of AWS Systems Manager: plain parameters, their newest version, and their history as long as this runs. SecureString is not run. */
export class SsmService implements WireService {
  readonly signingNames = ['ssm'];
  readonly #clock: Clock;
  readonly #kept: KeptMap | undefined;
  readonly #parameters = new Map<string, Parameter>();
  /** Oldest first. */
  readonly #history = new Map<string, readonly Parameter[]>();

  readonly #actions: Readonly<Record<string, (input: JsonObject) => JsonObject>> = {
    GetParameter: (input) => this.#get(input),
    GetParameters: (input) => this.#getMany(input),
    GetParameterHistory: (input) => this.#historyOf(input),
    GetParametersByPath: (input) => this.#byPath(input),
    PutParameter: (input) => this.#put(input),
  };

  constructor(deps: { clock: Clock; kept?: KeptMap | undefined }) {
    this.#clock = deps.clock;
    this.#kept = deps.kept;
    for (const [name, kept] of deps.kept?.entries() ?? []) this.#parameters.set(name, kept as unknown as Parameter);
  }

  async handle({ action, input }: WireRequest): Promise<JsonObject> {
    const run = this.#actions[action];
    if (!run) throw unknownAction('ssm', action);
    return run(input);
  }

  #get(input: JsonObject): JsonObject {
    const { Name: name } = parseInput(GetInput, input);
    const parameter = this.#parameters.get(name);
    if (!parameter) throw new AwsError('ParameterNotFound', '');
    return { Parameter: rendered(parameter) };
  }

  #getMany(input: JsonObject): JsonObject {
    const { Names } = parseInput(GetManyInput, input);
    const found = Names.map((name) => this.#parameters.get(name)).filter((parameter) => parameter !== undefined);
    return { Parameters: found.map(rendered), InvalidParameters: Names.filter((name) => !this.#parameters.has(name)) };
  }

  #historyOf(input: JsonObject): JsonObject {
    const { Name: name, MaxResults, NextToken } = parseInput(HistoryInput, input);
    const current = this.#parameters.get(name);
    if (!current) throw new AwsError('ParameterNotFound', '');
    const all = this.#history.get(name) ?? [current];
    const from = Number(NextToken ?? 0);
    const to = from + MaxResults;
    const Parameters = all.slice(from, to).map((parameter) => {
      const { ARN: _arn, ...entry } = rendered(parameter);
      return entry;
    });
    return { Parameters, ...(to < all.length ? { NextToken: String(to) } : {}) };
  }

  #byPath(input: JsonObject): JsonObject {
    const { Path, Recursive, MaxResults, NextToken } = parseInput(ByPathInput, input);
    const prefix = Path.endsWith('/') ? Path : `${Path}/`;
    const isWanted = ({ name }: Parameter) =>
      name.startsWith(prefix) && (Recursive || !name.slice(prefix.length).includes('/'));
    const wanted = [...this.#parameters.values()].filter(isWanted);
    const from = Number(NextToken ?? 0);
    const to = from + MaxResults;
    const Parameters = wanted.slice(from, to).map(rendered);
    return { Parameters, ...(to < wanted.length ? { NextToken: String(to) } : {}) };
  }

  #put(input: JsonObject): JsonObject {
    const { Name: name, Value: value, Type: type, Overwrite } = parseInput(PutInput, input);
    const known = this.#parameters.get(name);
    if (known && !Overwrite) {
      throw new AwsError('ParameterAlreadyExists', 'The parameter already exists. To overwrite it, set Overwrite.');
    }
    const kind = type ?? known?.type;
    if (!kind) throw new AwsError('ValidationException', 'A parameter type is required when you create a parameter.');
    if (known && kind !== known.type) {
      throw new AwsError('HierarchyTypeMismatchException', 'a parameter cannot change its type');
    }
    if (!known && this.#parameters.size >= PARAMETERS_MAX) throw new AwsError('ParameterLimitExceeded', '');
    const version = (known?.version ?? 0) + 1;
    const parameter = { name, type: kind, value, version, changedAtMs: this.#clock.nowMs() };
    this.#kept?.write([[name, parameter]]);
    this.#history.set(name, [...(this.#history.get(name) ?? []), parameter].slice(-HISTORY_MAX));
    this.#parameters.set(name, parameter);
    return { Version: version, Tier: 'Standard' };
  }
}

function rendered(parameter: Parameter): JsonObject {
  const path = parameter.name.startsWith('/') ? parameter.name : `/${parameter.name}`;
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: parameter.value,
    Version: parameter.version,
    LastModifiedDate: parameter.changedAtMs / 1000,
    ARN: `arn:aws:ssm:${REGION}:${ACCOUNT_ID}:parameter${path}`,
    DataType: 'text',
  };
}
