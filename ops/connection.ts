/** Where `npm start` serves the AWS APIs unless it was told another port. */
const LOCAL_ENDPOINT = 'http://127.0.0.1:3001';
const LOCAL_REGION = 'ap-southeast-2';
const LOCAL_ROOT = 'local';
const SECOND_PERSON = 'second';
const DEFAULT_STAGE = 'dev';
const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** How long one request to AWS may take to connect, and in all. */
const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 15_000;

/** What every AWS client is made with. What is absent comes from the SDK's own chain (environment, profile, role). */
export type ClientSettings = {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
};

export type Connection = {
  readonly stage: string;
  /** The endpoint of a local run; undefined where AWS itself is meant. */
  readonly localEndpoint?: string;
  readonly client: ClientSettings;
};

/**
 * Whom the command line speaks to. Without `--stage` and AWS_ENDPOINT_URL: a local run. With `--stage`: AWS, by the SDK's own
 * chain. AWS_ENDPOINT_URL wins over both. A loopback endpoint is signed as the local account's root, or as its second person where
 * AWS_ACCESS_KEY_ID says so: real keys that happen to lie in the environment are never used there.
 */
export function connectionOf(
  options: { readonly stage?: string },
  env: Readonly<Record<string, string | undefined>>,
): Connection {
  const stage = options.stage ?? DEFAULT_STAGE;
  const requestHandler = {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  };
  const endpoint = env['AWS_ENDPOINT_URL'] || (options.stage === undefined ? LOCAL_ENDPOINT : undefined);
  if (endpoint === undefined) return { stage, client: { maxAttempts: 3, requestHandler } };
  if (!isLoopback(endpoint)) return { stage, client: { endpoint, maxAttempts: 3, requestHandler } };
  const credentials = localCredentials(env['AWS_ACCESS_KEY_ID']);
  const client = { endpoint, region: LOCAL_REGION, credentials, maxAttempts: 1, requestHandler };
  return { stage, localEndpoint: endpoint, client };
}

/** The two key pairs of a local run (docs/local-run.md) have one word for both of their parts. */
function localCredentials(accessKeyId: string | undefined) {
  const name = accessKeyId === SECOND_PERSON ? SECOND_PERSON : LOCAL_ROOT;
  return { accessKeyId: name, secretAccessKey: name };
}

function isLoopback(endpoint: string): boolean {
  return URL.canParse(endpoint) && LOOPBACK_HOSTS.includes(new URL(endpoint).hostname);
}
