import type { Identity } from '../aws/resource-type.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { readStack } from './cdk-output.ts';
import { resolveCondition, resolveValue, type Scope } from './intrinsics.ts';
import { TemplateError } from './template-error.ts';

/** A resource as CloudFormation would create it: every intrinsic resolved, and what others see of it. */
export type ResolvedResource = {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly metadata?: JsonObject;
};

export type LoadedTemplate = {
  readonly stackName: string;
  /** Each after everything it refers to or depends on. */
  readonly resources: readonly ResolvedResource[];
  readonly outputs: Readonly<Record<string, JsonValue>>;
  assetPath(s3Key: string): string;
};

export type LoadOptions = {
  readonly accountId: string;
  readonly region: string;
  /** Values of the template's parameters, before their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** @throws {TemplateError} for a type that is neither run nor inert here */
  identify(type: string, logicalId: string, properties: JsonObject): Identity;
  /** Where the REST API is served, e.g. `http://127.0.0.1:3000`. */
  readonly apiOrigin: string;
};

/**
 * Loads one stack of a cloud assembly and resolves it.
 *
 * @throws {TemplateError} naming the resource type, intrinsic, reference or cycle that cannot be run
 */
export function loadTemplate(directory: string, name: string, options: LoadOptions): LoadedTemplate {
  const stack = readStack(directory, name);
  const resolver = new TemplateResolver(stack.template, stack.stackName, options);
  return {
    stackName: stack.stackName,
    resources: resolver.resources(),
    outputs: resolver.outputs(),
    assetPath: stack.assetPath,
  };
}

/** Resolves on demand: asking for a resource's attribute resolves that resource first. */
class TemplateResolver implements Scope {
  readonly #template: JsonObject;
  readonly #stackName: string;
  readonly #options: LoadOptions;
  /** In order of completion, which is an order of creation. */
  readonly #resolved = new Map<string, ResolvedResource>();
  /** What is being resolved right now, outermost first: a name that comes back is a cycle. */
  readonly #pending: string[] = [];

  constructor(template: JsonObject, stackName: string, options: LoadOptions) {
    this.#template = template;
    this.#stackName = stackName;
    this.#options = options;
  }

  resources(): ResolvedResource[] {
    for (const logicalId of Object.keys(this.#section('Resources'))) {
      if (this.#exists(logicalId)) this.#resource(logicalId);
    }
    return [...this.#resolved.values()];
  }

  outputs(): Record<string, JsonValue> {
    const outputs: Record<string, JsonValue> = {};
    for (const [name, output] of Object.entries(this.#section('Outputs'))) {
      const { Condition: condition, Value: value } = asObject(output);
      if (typeof condition === 'string' && !this.condition(condition)) continue;
      outputs[name] = this.#resolve(value ?? null, `Outputs.${name}`) ?? null;
    }
    return outputs;
  }

  ref(name: string): JsonValue | undefined {
    if (name.startsWith('AWS::')) return this.#pseudoParameter(name);
    if (Object.hasOwn(this.#section('Parameters'), name)) return this.#parameter(name);
    return this.#resource(name).ref;
  }

  attribute(logicalId: string, attribute: string): string {
    const { type, attributes } = this.#resource(logicalId);
    const value = attributes[attribute];
    if (value === undefined) throw new TemplateError(`${type} ${logicalId} has no attribute ${attribute} here`);
    return value;
  }

  condition(name: string): boolean {
    const expression = this.#section('Conditions')[name];
    if (expression === undefined) throw new TemplateError(`The template has no condition ${name}`);
    return this.#whilePending(`condition ${name}`, () => resolveCondition(expression, this, `Conditions.${name}`));
  }

  mapping(map: string, topKey: string, secondKey: string): JsonValue {
    const value = asObject(asObject(this.#section('Mappings')[map])[topKey])[secondKey];
    if (value === undefined) throw new TemplateError(`Mappings.${map}.${topKey}.${secondKey} is not in the template`);
    return value;
  }

  #resource(logicalId: string): ResolvedResource {
    const known = this.#resolved.get(logicalId);
    if (known) return known;
    if (!this.#exists(logicalId)) throw new TemplateError(`The template creates no resource ${logicalId}`);
    return this.#whilePending(logicalId, () => {
      const resource = this.#create(logicalId);
      this.#resolved.set(logicalId, resource);
      return resource;
    });
  }

  #create(logicalId: string): ResolvedResource {
    const declared = asObject(this.#section('Resources')[logicalId]);
    const type = String(declared['Type']);
    for (const dependency of namesIn(declared['DependsOn'])) {
      if (this.#exists(dependency)) this.#resource(dependency);
    }
    const properties = asObject(this.#resolve(declared['Properties'] ?? {}, logicalId));
    const identity = this.#options.identify(type, logicalId, properties);
    const metadata = declared['Metadata'];
    return { logicalId, type, properties, ...identity, ...(metadata ? { metadata: asObject(metadata) } : {}) };
  }

  /** False for a resource whose condition does not hold: CloudFormation leaves it out, and so do we. */
  #exists(logicalId: string): boolean {
    const declared = this.#section('Resources')[logicalId];
    if (declared === undefined) return false;
    const condition = asObject(declared)['Condition'];
    return typeof condition !== 'string' || this.condition(condition);
  }

  #resolve(value: JsonValue, where: string): JsonValue | undefined {
    const resolved = resolveValue(value, this, where);
    return resolved === undefined ? undefined : this.#withLocalApi(resolved);
  }

  /**
   * The one edit made to the template: AWS's own host of a REST API becomes the local server, so that whoever reads an
   * API's address from the stack's outputs or parameters reaches this run.
   */
  #withLocalApi(value: JsonValue): JsonValue {
    const host = new RegExp(`https://[A-Za-z0-9-]+\\.execute-api\\.${this.#options.region}\\.amazonaws\\.com`, 'g');
    return mapTexts(value, (text) => text.replaceAll(host, this.#options.apiOrigin));
  }

  #pseudoParameter(name: string): JsonValue | undefined {
    const { accountId, region } = this.#options;
    switch (name) {
      case 'AWS::NoValue':
        return undefined;
      case 'AWS::AccountId':
        return accountId;
      case 'AWS::Region':
        return region;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return this.#stackName;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${region}:${accountId}:stack/${this.#stackName}/local`;
      case 'AWS::NotificationARNs':
        return [];
      default:
        throw new TemplateError(`${name} is no pseudo parameter`);
    }
  }

  #parameter(name: string): JsonValue {
    const declared = asObject(this.#section('Parameters')[name]);
    const type = String(declared['Type']);
    // Such a parameter holds the name of an SSM parameter; its value exists only in a real account.
    if (type.startsWith('AWS::SSM::Parameter::')) throw new TemplateError(`Parameter ${name} is of type ${type}`);
    const value = this.#options.parameters?.[name] ?? declared['Default'];
    if (value === undefined) throw new TemplateError(`Parameter ${name} has neither a value nor a default`);
    return type === 'CommaDelimitedList' || type.startsWith('List<') ? String(value).split(',') : value;
  }

  #whilePending<T>(name: string, work: () => T): T {
    if (this.#pending.includes(name)) {
      const cycle = [...this.#pending.slice(this.#pending.indexOf(name)), name];
      throw new TemplateError(`The template refers to itself: ${cycle.join(' -> ')}`);
    }
    this.#pending.push(name);
    try {
      return work();
    } finally {
      this.#pending.pop();
    }
  }

  #section(name: string): JsonObject {
    return asObject(this.#template[name]);
  }
}

function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function namesIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : [];
}

function mapTexts(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapTexts(member, change)]));
}
