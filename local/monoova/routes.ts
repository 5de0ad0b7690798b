export type RouteName =
  | 'execute'
  | 'validate'
  | 'status'
  | 'status-by-date'
  | 'statement'
  | 'webhook-report'
  | 'webhook-resend'
  | 'subscription-create'
  | 'subscription-update'
  | 'subscription-list'
  | 'subscription-delete'
  | 'financials'
  | 'public-key'
  | 'certificate'
  | 'public-ping'
  | 'tools-ping';

export type Route = {
  readonly name: RouteName;
  readonly isPublic: boolean;
  /** The variable segments, decoded. */
  readonly parameters: readonly string[];
};

type Pattern = { readonly name: RouteName; readonly method: 'GET' | 'POST' | 'DELETE'; readonly path: string };

const PATTERNS: readonly Pattern[] = [
  { name: 'execute', method: 'POST', path: '/financial/v2/transaction/execute' },
  { name: 'validate', method: 'POST', path: '/financial/v2/transaction/validate' },
  { name: 'status', method: 'GET', path: '/financial/v2/status/*' },
  { name: 'status-by-date', method: 'GET', path: '/financial/v2/status/*/*' },
  { name: 'statement', method: 'GET', path: '/reports/v1/statement/*' },
  { name: 'webhook-report', method: 'GET', path: '/subscriptions/v1/report/*' },
  { name: 'webhook-resend', method: 'POST', path: '/subscriptions/v2/resend/*' },
  { name: 'subscription-create', method: 'POST', path: '/subscriptions/v1/create' },
  { name: 'subscription-update', method: 'POST', path: '/subscriptions/v1/update' },
  { name: 'subscription-list', method: 'GET', path: '/subscriptions/v1/list' },
  { name: 'subscription-delete', method: 'DELETE', path: '/subscriptions/v1/delete/*' },
  { name: 'financials', method: 'GET', path: '/mAccount/v1/financials/*' },
  { name: 'public-key', method: 'GET', path: '/public/v1/certificate/public-key' },
  { name: 'certificate', method: 'GET', path: '/public/v1/certificate' },
  { name: 'public-ping', method: 'GET', path: '/public/v1/ping' },
  { name: 'tools-ping', method: 'GET', path: '/tools/v1/ping' },
];

export const ROUTE_NAMES: ReadonlySet<string> = new Set(PATTERNS.map((pattern) => pattern.name));

/** Undefined for what the simulator does not play, and for a path that cannot be decoded. `path` is raw, without query. */
export function findRoute(method: string, path: string): Route | undefined {
  for (const pattern of PATTERNS) {
    const parameters = pattern.method === method ? parametersOf(pattern.path, path) : undefined;
    if (parameters) return { name: pattern.name, isPublic: pattern.path.startsWith('/public/'), parameters };
  }
  return undefined;
}

function parametersOf(pattern: string, path: string): string[] | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const parameters: string[] = [];
  for (const [index, segment] of given.entries()) {
    if (wanted[index] === '*') parameters.push(segment);
    else if (wanted[index] !== segment) return undefined;
  }
  try {
    return parameters.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
