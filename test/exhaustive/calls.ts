import type { HttpOutcome } from '../../functions/adapters/monoova/http-exchange.ts';
import type { Answer, Request } from '../simulation/database/database.ts';

/** One call of a function to the world: the atomic step of the exploration. */
export type Call =
  | { readonly to: 'dynamodb'; readonly action: string; readonly request: Request }
  | { readonly to: 'states'; readonly action: 'SendTaskSuccess'; readonly taskToken: string }
  | { readonly to: 'monoova'; readonly method: 'GET' | 'POST' };

/** What comes back. An error is named as the SDK names it. */
export type Reply =
  | { readonly kind: 'stored'; readonly answer: Answer }
  | { readonly kind: 'rung' }
  | { readonly kind: 'http'; readonly outcome: HttpOutcome }
  | { readonly kind: 'error'; readonly name: string };

/** Makes the call and waits for what comes back. */
export type Ask = (call: Call) => Promise<Reply>;
