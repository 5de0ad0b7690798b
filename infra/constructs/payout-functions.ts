import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Code, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { FUNCTION_NAMES, type FunctionName } from '../function-names.ts';
import type { Names } from '../names.ts';
import { functionSpecs, type Surroundings } from './function-specs.ts';
import { PayoutFunction } from './payout-function.ts';

export type PayoutFunctionsProps = Surroundings & { readonly codeOf: (name: FunctionName) => Code };

/** Every function, from one record that says what each is told and what it may do. */
export class PayoutFunctions extends Construct {
  readonly #functions: Readonly<Record<FunctionName, PayoutFunction>>;

  constructor(scope: Construct, id: string, props: PayoutFunctionsProps) {
    super(scope, id);
    const { stage, names, keys, codeOf } = props;
    const specs = functionSpecs(this, props);
    const entries = FUNCTION_NAMES.map((name) => {
      const construct = new PayoutFunction(this, name, {
        stage,
        functionName: names.functionOf(name),
        logGroupName: names.logGroups.functionOf(name),
        logKey: keys.telemetry,
        code: codeOf(name),
        ...specs[name],
      });
      return [name, construct] as const;
    });
    this.#functions = Object.fromEntries(entries) as Record<FunctionName, PayoutFunction>;
  }

  of(name: FunctionName): PayoutFunction {
    return this.#functions[name];
  }

  /** What is called: the alias, whose ARN is qualified. Permission to invoke names that ARN too. */
  live(name: FunctionName): IFunction {
    // The class does not fit its own interface under exactOptionalPropertyTypes.
    return this.#functions[name].live as IFunction;
  }

  /** What this deployment publishes, by the name of the function. */
  versions({ functionOf }: Names): Record<string, string> {
    return Object.fromEntries(FUNCTION_NAMES.map((name) => [functionOf(name), this.of(name).version.version]));
  }

  get logGroups(): LogGroup[] {
    return FUNCTION_NAMES.map((name) => this.#functions[name].logGroup);
  }

  /** For a machine that runs these functions: its placeholders, `${SubmitPaymentFunctionArn}` and so on. */
  substitutions(...names: readonly FunctionName[]): Record<string, string> {
    return Object.fromEntries(names.map((name) => [`${name}FunctionArn`, this.live(name).functionArn]));
  }

  /** For a machine that runs these functions: the permission to invoke them, and no others. */
  invocation(...names: readonly FunctionName[]): PolicyStatement {
    const resources = names.map((name) => this.live(name).functionArn);
    return new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources });
  }
}
