import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { ssmClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { CommandError } from './errors.ts';

const liveVersionsSchema = z.object({
  alias: z.string().min(1),
  /** By the name of the function. */
  functions: z.record(z.string(), z.string()),
  /** Their ARNs. */
  machines: z.array(z.string()),
});

/** The versions of functions and machines that one deployment has put together. */
export type LiveVersions = z.output<typeof liveVersionsSchema>;

/** Parameter Store keeps a hundred; a page holds fifty. */
const PAGES_MAX = 4;

/**
 * What each deployment has put together, oldest first: the history of the SSM parameter `/payouts/{stage}/live-versions`.
 * @throws {CommandError} where the stage has none, or one that cannot be read.
 */
export async function loadLiveVersions(connection: Connection): Promise<LiveVersions[]> {
  const name = `/payouts/${connection.stage}/live-versions`;
  const { client, GetParameterHistoryCommand } = await ssmClient(connection);
  const entries: { readonly version: number; readonly value: string }[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const token = nextToken === undefined ? {} : { NextToken: nextToken };
    const answer = await client.send(new GetParameterHistoryCommand({ Name: name, ...token })).catch((error) => {
      if (error instanceof Error && error.name === 'ParameterNotFound') throw neverDeployed(connection, name, error);
      throw error;
    });
    entries.push(
      ...(answer.Parameters ?? []).map(({ Version = 0, Value = '' }) => ({ version: Version, value: Value })),
    );
    nextToken = answer.NextToken;
    if (nextToken === undefined) break;
  }
  return entries.toSorted((a, b) => a.version - b.version).map(({ value }) => parse(value, name));
}

/**
 * What was together before the newest came for the first time; undefined where nothing was. A deployment that failed and was undone
 * by CloudFormation leaves itself between two entries that are alike, and is no way back.
 */
export function versionsBefore(history: readonly LiveVersions[]): LiveVersions | undefined {
  const newest = history.at(-1);
  return history[history.findIndex((one) => isDeepStrictEqual(one, newest)) - 1];
}

function parse(value: string, name: string): LiveVersions {
  try {
    return liveVersionsSchema.parse(JSON.parse(value));
  } catch (cause) {
    throw new CommandError(`the SSM parameter ${name} holds something else than versions: deploy the stage again`, {
      cause,
    });
  }
}

function neverDeployed({ stage }: Connection, name: string, cause: Error): CommandError {
  const message = `stage ${stage} was never deployed with versions to go back to (no SSM parameter ${name})`;
  return new CommandError(message, { cause });
}
