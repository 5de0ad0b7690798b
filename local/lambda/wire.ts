import * as z from 'zod';
import { parseInput } from '../aws/input.ts';
import type { RestRoute } from '../aws/rest-route.ts';
import { AwsError, unknownAction, type WireRequest, type WireService } from '../aws/wire.ts';
import type { JsonObject } from '../json.ts';
import type { LambdaService } from './lambda-service.ts';

const AliasInput = z.strictObject({ FunctionName: z.string(), Name: z.string() });
const UpdateInput = AliasInput.extend({
  FunctionVersion: z.string(),
  RevisionId: z.string().optional(),
  // One version gets all: weights would need chance, which a test cannot repeat.
  RoutingConfig: z.strictObject({ AdditionalVersionWeights: z.strictObject({}).optional() }).optional(),
});
const InvokeInput = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.string().optional(),
  Payload: z.string().default(''),
});

const ALIAS = '/2015-03-31/functions/{FunctionName}/aliases/{Name}';

/**
 * The API of Lambda, as far as deployments and those who undo them use it
 * (https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html): what an alias leads to, and an invocation that is waited for.
 * Functions and their versions come from the template alone.
 */
export class LambdaApi implements WireService {
  readonly signingNames = ['lambda'];
  readonly routes: readonly RestRoute[] = [
    { action: 'GetAlias', method: 'GET', path: ALIAS },
    { action: 'UpdateAlias', method: 'PUT', path: ALIAS },
    {
      action: 'Invoke',
      method: 'POST',
      path: '/2015-03-31/functions/{FunctionName}/invocations',
      payload: 'Payload',
      headers: { 'x-amz-function-error': 'FunctionError' },
    },
  ];
  readonly #lambda: () => LambdaService;

  /** `lambda` is asked for with each call: its functions call AWS themselves, so one of the two comes first. */
  constructor(lambda: () => LambdaService) {
    this.#lambda = lambda;
  }

  async handle({ action, input }: WireRequest): Promise<JsonObject> {
    switch (action) {
      case 'GetAlias': {
        const { FunctionName, Name } = parseInput(AliasInput, input);
        return this.#alias(FunctionName, Name);
      }
      case 'UpdateAlias':
        return this.#update(input);
      case 'Invoke': {
        const { FunctionName, Qualifier, Payload } = parseInput(InvokeInput, input);
        const target = Qualifier === undefined ? FunctionName : `${FunctionName}:${Qualifier}`;
        const { payload, functionError } = await this.#lambda().invoke(target, Payload);
        return { Payload: payload, ...(functionError && { FunctionError: functionError }) };
      }
      default:
        throw unknownAction('lambda', action);
    }
  }

  #update(input: JsonObject): JsonObject {
    const { FunctionName, Name, FunctionVersion, RevisionId } = parseInput(UpdateInput, input);
    const { RevisionId: current } = this.#alias(FunctionName, Name);
    if (RevisionId !== undefined && RevisionId !== current) {
      const message = 'The Revision Id provided does not match the latest Revision Id.';
      throw new AwsError('PreconditionFailedException', message, { statusCode: 412 });
    }
    this.#lambda().setAlias(FunctionName, Name, FunctionVersion);
    return this.#alias(FunctionName, Name);
  }

  #alias(functionName: string, name: string): JsonObject {
    const version = this.#lambda().aliasVersion(functionName, name);
    const AliasArn = `${this.#lambda().describe(functionName).arn}:${name}`;
    // A revision is as good as any id that changes with the alias.
    return { AliasArn, Name: name, FunctionVersion: version, Description: '', RevisionId: `${name}-${version}` };
  }
}
