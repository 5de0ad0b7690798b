import * as z from 'zod';
import { parseInput } from '../aws/input.ts';
import type { TemplateResource } from '../aws/resource-type.ts';
import type { RestRoute } from '../aws/rest-route.ts';
import { AwsError, unknownAction, type WireRequest, type WireService } from '../aws/wire.ts';
import type { KeptMap } from '../data/kept-map.ts';
import type { JsonObject } from '../json.ts';
import { objectsOf, textOf } from './properties.ts';

/** Requests a second, and how many at once; either at zero lets nothing through. */
export type Throttle = { readonly rateLimit: number; readonly burstLimit: number };

type Stage = {
  readonly stageName: string;
  readonly deploymentId: string;
  /** By path and method, `~1payouts/POST`; `*` + `/*` for all that have none of their own. */
  readonly methods: ReadonlyMap<string, Throttle>;
};

const EVERY_METHOD = '*/*';
/** What a stage without settings gets: the account's own (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
const ACCOUNT: Throttle = { rateLimit: 10_000, burstLimit: 5_000 };

const StageInput = z.strictObject({ restApiId: z.string(), stageName: z.string() });
const UpdateInput = StageInput.extend({
  patchOperations: z
    .array(
      z.strictObject({
        op: z.literal('replace'),
        path: z
          .string()
          .regex(/^\/[^/]+\/[^/]+\/throttling\/(rate|burst)Limit$/, 'only throttling can be changed here'),
        value: z.string().regex(/^\d{1,6}(\.\d+)?$/),
      }),
    )
    .min(1)
    .max(80),
});

/**
 * The settings of stages, as far as they throttle, over the API of API Gateway
 * (https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html). Of them the gateway obeys zero alone: any other figure is
 * more than one machine is asked for, and would only be measured by benchmarks.
 */
export class StageSettings implements WireService {
  readonly signingNames = ['apigateway'];
  readonly routes: readonly RestRoute[] = [
    { action: 'GetStage', method: 'GET', path: '/restapis/{restApiId}/stages/{stageName}' },
    { action: 'UpdateStage', method: 'PATCH', path: '/restapis/{restApiId}/stages/{stageName}' },
  ];
  readonly #stages = new Map<string, Stage>();
  readonly #kept: KeptMap | undefined;

  constructor({ kept }: { kept?: KeptMap | undefined } = {}) {
    this.#kept = kept;
  }

  /** What the template says, and above it what was changed since, in an earlier run on the same data. */
  add({ properties }: Pick<TemplateResource, 'properties'>): void {
    const key = keyOf(textOf(properties, 'RestApiId'), textOf(properties, 'StageName'));
    const methods = objectsOf(properties, 'MethodSettings').map((settings): [string, Throttle] => [
      `${textOf(settings, 'ResourcePath').replace(/^\//, '')}/${textOf(settings, 'HttpMethod')}`,
      {
        rateLimit: Number(settings['ThrottlingRateLimit'] ?? ACCOUNT.rateLimit),
        burstLimit: Number(settings['ThrottlingBurstLimit'] ?? ACCOUNT.burstLimit),
      },
    ]);
    const stage = {
      stageName: textOf(properties, 'StageName'),
      deploymentId: String(properties['DeploymentId'] ?? ''),
      methods: new Map(methods),
    };
    this.#stages.set(key, stage);
    for (const [changed, value] of this.#kept?.entries() ?? []) {
      if (changed.startsWith(`${key} `)) this.#change(key, changed.slice(key.length + 1), String(value));
    }
  }

  /** Whether a method lets nothing through. `path` as in the template, such as `/payouts`. */
  isClosed({ apiId, stageName }: { apiId: string; stageName: string }, path: string, httpMethod: string): boolean {
    const methods = this.#stages.get(keyOf(apiId, stageName))?.methods;
    const own = methods?.get(`${path.replaceAll('/', '~1')}/${httpMethod}`) ?? methods?.get(EVERY_METHOD);
    return own !== undefined && (own.rateLimit === 0 || own.burstLimit === 0);
  }

  async handle({ action, input }: WireRequest): Promise<JsonObject> {
    switch (action) {
      case 'GetStage': {
        const { restApiId, stageName } = parseInput(StageInput, input);
        return rendered(this.#find(keyOf(restApiId, stageName)));
      }
      case 'UpdateStage':
        return this.#update(input);
      default:
        throw unknownAction('apigateway', action);
    }
  }

  #update(input: JsonObject): JsonObject {
    const { restApiId, stageName, patchOperations } = parseInput(UpdateInput, input);
    const key = keyOf(restApiId, stageName);
    this.#find(key);
    for (const { path, value } of patchOperations) {
      this.#kept?.write([[`${key} ${path}`, value]]);
      this.#change(key, path, value);
    }
    return rendered(this.#find(key));
  }

  #change(key: string, path: string, value: string): void {
    const stage = this.#find(key);
    const [, resource = '', httpMethod = '', , limit = ''] = path.split('/');
    const method = `${resource}/${httpMethod}`;
    const before = stage.methods.get(method) ?? stage.methods.get(EVERY_METHOD) ?? ACCOUNT;
    const methods = new Map(stage.methods).set(method, { ...before, [limit]: Number(value) });
    this.#stages.set(key, { ...stage, methods });
  }

  #find(key: string): Stage {
    const stage = this.#stages.get(key);
    if (stage) return stage;
    throw new AwsError('NotFoundException', 'Invalid Stage identifier specified', { statusCode: 404 });
  }
}

function keyOf(apiId: string, stageName: string): string {
  return `${apiId}/${stageName}`;
}

function rendered({ stageName, deploymentId, methods }: Stage): JsonObject {
  const settings = [...methods].map(([method, { rateLimit, burstLimit }]) => [
    method,
    { throttlingRateLimit: rateLimit, throttlingBurstLimit: burstLimit },
  ]);
  return { stageName, deploymentId, methodSettings: Object.fromEntries(settings) };
}
