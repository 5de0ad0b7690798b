/** One function of the template, ready to be run. */
export type LambdaFunction = {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly codeDirectory: string;
  /** `file.export`. */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memorySizeMb: number;
  /** The variables of the template, without those that Lambda adds. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroupName: string;
  readonly logFormat: 'JSON' | 'Text';
  /** Undefined: only the account's limit holds. */
  readonly reservedConcurrency: number | undefined;
};

/** The answer to a synchronous invocation, as the Invoke API gives it. */
export type LambdaResult = {
  /** JSON text. With `functionError` it is `{"errorType","errorMessage","trace"}`. */
  readonly payload: string;
  readonly functionError?: 'Unhandled';
};

export function failure(error: { errorType: string; errorMessage: string; trace?: readonly string[] }): LambdaResult {
  return { payload: JSON.stringify(error), functionError: 'Unhandled' };
}
