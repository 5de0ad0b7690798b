import { AwsError, unknownAction } from '../../../local/aws/wire.ts';
import type { JsonObject } from '../../../local/json.ts';
import type { StepFunctions } from '../../../local/step-functions/engine.ts';
import { StepFunctionsError } from '../../../local/step-functions/errors.ts';
import type { Database } from '../database/database.ts';
import { toAttributes } from '../database/stored-value.ts';
import { readWireRequest } from './clients.ts';
import type { Letters } from './letters.ts';

type StartInput = { readonly stateMachineArn: string; readonly input: string; readonly name?: string };

export type ServicesDeps = {
  readonly database: Database;
  readonly stepFunctions: () => StepFunctions;
  /** Starts an execution under a name of the run. */
  readonly start: (input: StartInput) => { readonly executionArn: string; readonly startMs: number };
  /** The values of the secrets, by the end of their names. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly observe: (what: string, whose: string, text: string) => void;
  readonly letters: () => Letters;
  /** Told of each message to people. */
  readonly onNotice: (subject: string, message: string) => void;
};

/** One call of a service, done at once, in the words of its wire. @throws {AwsError} */
export type CallService = (service: string, action: string, input: JsonObject) => JsonObject;

/** The services beside Lambda, as far as machines and functions use them. */
export function createServices(deps: ServicesDeps): CallService {
  return (service, action, input) => {
    if (service === 'dynamodb') return callDatabase(deps.database, action, input);
    // What is sent to a queue, a topic or another execution can be seen by whoever may look there.
    deps.observe(service, action, JSON.stringify(input));
    switch (`${service} ${action}`) {
      case 'states StartExecution':
        return asAws(() => {
          const { executionArn, startMs } = deps.start(input as StartInput);
          return { executionArn, startDate: startMs / 1000 };
        });
      case 'states SendTaskSuccess':
        return asAws(() => {
          deps.stepFunctions().sendTaskSuccess(String(input['taskToken']), String(input['output']));
          return {};
        });
      case 'secretsmanager GetSecretValue':
        return { SecretString: secretOf(deps.secrets, String(input['SecretId'])) };
      case 'sqs SendMessage':
        deps.letters().send(input);
        return { MessageId: 'simulated-message' };
      case 'sqs ChangeMessageVisibility':
        deps.letters().postpone(input);
        return {};
      case 'sns Publish':
        deps.onNotice(String(input['Subject']), String(input['Message']));
        return { MessageId: 'simulated-message' };
      default:
        throw unknownAction(service, action);
    }
  };
}

function callDatabase(database: Database, action: string, input: JsonObject): JsonObject {
  const { Item, Items, Attributes } = database.call(action, readWireRequest(input));
  return {
    ...(Item && { Item: toAttributes(Item) }),
    ...(Items && { Items: Items.map(toAttributes) }),
    ...(Attributes && { Attributes: toAttributes(Attributes) }),
  };
}

function secretOf(secrets: Readonly<Record<string, string>>, arn: string): string {
  const [, value] = Object.entries(secrets).find(([name]) => arn.includes(name)) ?? [];
  if (value !== undefined) return value;
  throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

function asAws<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof StepFunctionsError) throw new AwsError(error.code, error.message, { cause: error });
    throw error;
  }
}
