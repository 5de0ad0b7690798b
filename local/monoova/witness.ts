import { Ring } from './ring.ts';
import type { RouteName } from './routes.ts';

/** One HTTP request as it was seen. */
export type RequestSeen = {
  readonly atMs: number;
  readonly method: string;
  /** Raw, with the query. */
  readonly path: string;
  /** Null for what Monoova has no endpoint for here. */
  readonly route: RouteName | null;
  readonly uniqueReference: string | null;
  /** The how-manieth request for this route and reference, from 1. */
  readonly nth: number;
  /** The first 4,096 characters. */
  readonly body: string;
  /** Null until answered, and for ever where the connection was cut. */
  readonly httpStatus: number | null;
};

/** Distinct routes and references counted; beyond that the oldest start again at 1. */
const COUNTS_MAX = 50_000;
const BODY_CHARACTERS_MAX = 4_096;

type Noted = Omit<RequestSeen, 'nth' | 'httpStatus'>;

/** Remembers every request, so that a test can ask what a client really sent. */
export class RequestWitness {
  readonly #seen: Ring<{ request: RequestSeen }>;
  readonly #counts = new Map<string, number>();

  constructor(keptRecords: number) {
    this.#seen = new Ring(keptRecords);
  }

  /** Oldest first. */
  requests(): RequestSeen[] {
    return this.#seen.all().map(({ request }) => ({ ...request }));
  }

  /** @returns a function to tell it the status that was answered */
  note(noted: Noted): (httpStatus: number) => void {
    const nth = this.#count(`${noted.route ?? noted.path} ${noted.uniqueReference ?? ''}`);
    const body = noted.body.slice(0, BODY_CHARACTERS_MAX);
    const entry = { request: { ...noted, body, nth, httpStatus: null } as RequestSeen };
    this.#seen.add(entry);
    return (httpStatus) => {
      entry.request = { ...entry.request, httpStatus };
    };
  }

  #count(key: string): number {
    const nth = (this.#counts.get(key) ?? 0) + 1;
    // Deleting first moves the key to the young end.
    this.#counts.delete(key);
    this.#counts.set(key, nth);
    if (this.#counts.size > COUNTS_MAX) {
      const [oldest] = this.#counts.keys();
      if (oldest !== undefined) this.#counts.delete(oldest);
    }
    return nth;
  }
}
