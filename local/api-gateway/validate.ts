import type { ValidateFunction } from 'ajv';
import AjvDraft04 from 'ajv-draft-04';
import { UnsupportedResource } from '../aws/resource-type.ts';
import type { JsonValue } from '../json.ts';
import { headerOf } from './api-request.ts';
import type { Exchange } from './context.ts';
import type { ApiDefinition, Model } from './definition.ts';
import type { Method } from './definition-method.ts';
import { GatewayFault } from './gateway-fault.ts';
import { forMediaType, mediaTypeOf } from './media-type.ts';
import { requestParameter } from './substitution.ts';
import { validationErrorString } from './validation-messages.ts';

/**
 * Keywords that API Gateway does not honour, or that JSON Schema has only since draft 6: with one of them a model would refuse
 * here what AWS lets through.
 */
const NOT_HONOURED = [
  'const',
  'contains',
  'discriminator',
  'exclusiveMinimum',
  'if',
  'maxItems',
  'minItems',
  'propertyNames',
  'readOnly',
];

/** Models that every API has (https://docs.aws.amazon.com/apigateway/latest/api/API_Model.html): they take anything. */
const BUILT_IN_MODELS = ['Empty', 'Error'];

export type RequestValidator = (exchange: Exchange, method: Method) => void;

/**
 * Compiles the models of an API once, in JSON Schema draft 4.
 *
 * @throws {UnsupportedResource} naming the model: for a schema that is not draft 4, and for keywords that API Gateway passes
 * over (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html).
 */
export function createRequestValidator(api: ApiDefinition): RequestValidator {
  const schemas = new Map([...api.models.values()].map((model) => [model.name, compile(model)]));
  for (const resource of api.resources)
    for (const method of resource.methods.values()) checkMethod(api, schemas, method);
  return (exchange, method) => {
    const validator = method.validatorId === undefined ? undefined : api.validators.get(method.validatorId);
    if (validator?.validatesParameters) validateParameters(exchange, method);
    if (validator?.validatesBody) validateBody(exchange, method, schemas);
  };
}

function compile(model: Model): ValidateFunction {
  const keyword = NOT_HONOURED.find((name) => hasKeyword(model.schema, name));
  if (keyword !== undefined) throw new UnsupportedResource(`model ${model.name}: API Gateway passes over ${keyword}`);
  try {
    return new AjvDraft04.default({ allErrors: true, verbose: true, strictTypes: false }).compile(model.schema);
  } catch (error) {
    throw new UnsupportedResource(`model ${model.name}: ${error instanceof Error ? error.message : 'no JSON Schema'}`);
  }
}

/** Looks at schemas alone: a property of the payload may well be called `readOnly`. */
function hasKeyword(schema: JsonValue, keyword: string, isSchema = true): boolean {
  if (Array.isArray(schema)) return schema.some((item) => hasKeyword(item, keyword, isSchema));
  if (typeof schema !== 'object' || schema === null) return false;
  if (isSchema && Object.hasOwn(schema, keyword)) return true;
  return Object.entries(schema).some(([name, value]) => {
    if (isSchema && (name === 'enum' || name === 'default')) return false;
    return hasKeyword(
      value,
      keyword,
      !isSchema || (name !== 'properties' && name !== 'patternProperties' && name !== 'definitions'),
    );
  });
}

function checkMethod(api: ApiDefinition, schemas: ReadonlyMap<string, ValidateFunction>, method: Method): void {
  const { logicalId, requestModels, requestParameters, validatorId } = method;
  if (validatorId !== undefined && !api.validators.has(validatorId)) {
    throw new UnsupportedResource(`${logicalId}: its RequestValidatorId names no validator of this API`);
  }
  const model = Object.values(requestModels).find((name) => !schemas.has(name) && !BUILT_IN_MODELS.includes(name));
  if (model !== undefined) throw new UnsupportedResource(`${logicalId}: there is no model ${model}`);
  const other = Object.keys(requestParameters).find(
    (name) => !/^method\.request\.(header|querystring|path)\./.test(name),
  );
  if (other !== undefined) throw new UnsupportedResource(`${logicalId}: the parameter ${other} is not run here`);
}

/** Headers count in their very spelling. AWS names what is missing in the order header, path, query. */
function validateParameters(exchange: Exchange, method: Method): void {
  const required = Object.entries(method.requestParameters).filter(([, isRequired]) => isRequired);
  const names = required.map(([name]) => name.slice('method.request.'.length)).toSorted();
  const missing = names.filter((name) => {
    const dot = name.indexOf('.');
    return (requestParameter(exchange, name.slice(0, dot), name.slice(dot + 1)) ?? '') === '';
  });
  if (missing.length === 0) return;
  const list = missing.map((name) => name.slice(name.indexOf('.') + 1)).join(', ');
  throw new GatewayFault('BAD_REQUEST_PARAMETERS', `Missing required request parameters: [${list}]`, {
    errorType: 'BadRequestException',
  });
}

/**
 * Against the model for the request's Content-Type, JSON where there is none. Without a model for that type nothing is checked
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html). An absent body
 * counts as `{}`.
 */
function validateBody(exchange: Exchange, method: Method, schemas: ReadonlyMap<string, ValidateFunction>): void {
  const name = forMediaType(method.requestModels, mediaTypeOf(headerOf(exchange.request, 'content-type')));
  const validate = name === undefined ? undefined : schemas.get(name);
  if (!validate) return;
  let body: unknown;
  try {
    body = JSON.parse(exchange.request.body.toString('utf8').trim() || '{}');
  } catch (error) {
    throw badBody(undefined, error);
  }
  if (!validate(body)) throw badBody(validationErrorString(validate.errors ?? []));
}

function badBody(details: string | undefined, cause?: unknown): GatewayFault {
  return new GatewayFault('BAD_REQUEST_BODY', 'Invalid request body', {
    errorType: 'BadRequestException',
    ...(details === undefined ? {} : { validationErrorString: details }),
    ...(cause === undefined ? {} : { cause }),
  });
}
