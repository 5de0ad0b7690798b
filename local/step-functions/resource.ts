/** What a Task's `Resource` names. */
export type Resource =
  | { readonly kind: 'lambda-function'; readonly text: string }
  | { readonly kind: 'activity'; readonly text: string }
  | {
      readonly kind: 'service';
      readonly text: string;
      /** As history events name it: `lambda`, `dynamodb`, or `aws-sdk:dynamodb` for an SDK integration. */
      readonly resourceType: string;
      /** As history events name it, with the pattern: `invoke`, `updateItem.waitForTaskToken`. */
      readonly resource: string;
      /** Without the pattern: `updateItem`. */
      readonly action: string;
      readonly pattern: 'request-response' | 'waitForTaskToken' | 'sync';
    };

const LAMBDA_FUNCTION = /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:\S+$/;
const ACTIVITY = /^arn:aws[\w-]*:states:[\w-]+:\d{12}:activity:\S+$/;
const SERVICE =
  /^arn:aws[\w-]*:states:[\w-]*:\d*:(?<type>(?:aws-sdk:)?[\w-]+):(?<action>\w+)(?<pattern>\.waitForTaskToken|\.sync(?::2)?)?$/;

/** They come from definitions, so they are few; a definition is read again and again. */
const parsed = new Map<string, Resource | undefined>();
const PARSED_MAX = 1_000;

/** Reads a Task's `Resource`; undefined when it is no ARN that Step Functions knows. */
export function parseResource(text: string): Resource | undefined {
  if (parsed.has(text)) return parsed.get(text);
  const resource = parse(text);
  if (parsed.size >= PARSED_MAX) parsed.clear();
  parsed.set(text, resource);
  return resource;
}

function parse(text: string): Resource | undefined {
  if (LAMBDA_FUNCTION.test(text)) return { kind: 'lambda-function', text };
  if (ACTIVITY.test(text)) return { kind: 'activity', text };
  const { type, action, pattern } = SERVICE.exec(text)?.groups ?? {};
  if (type === undefined || action === undefined) return undefined;
  return {
    kind: 'service',
    text,
    resourceType: type,
    resource: `${action}${pattern ?? ''}`,
    action,
    pattern: pattern === undefined ? 'request-response' : pattern === '.waitForTaskToken' ? 'waitForTaskToken' : 'sync',
  };
}
