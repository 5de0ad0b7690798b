import * as z from 'zod';
import { ssmClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { CommandError } from './errors.ts';

const name = z.string().min(1);

const resourcesSchema = z.object({
  api_url: z.url(),
  region: name,
  api_id: name,
  /** Comma separated: path and method, such as `/payouts/POST`. */
  client_methods: name.transform((methods) => methods.split(',')),
  requests_per_second: z.number().positive(),
  requests_burst: z.int().positive(),
  transactions_table: name,
  customers_table: name,
  controls_table: name,
  destinations_key_arn: name,
  settlement_state_machine_arn: name,
  reconciliation_state_machine_arn: name,
  submission_log_group: name,
  api_key_secret: name,
  webhook_secret: name,
  monoova_environment: z.enum(['sandbox', 'production']),
  /** Comma separated, as the functions are told them. */
  monoova_hosts: name.transform((hosts) => hosts.split(',')),
  daily_stage_limit_cents: z.int().positive(),
  daily_customer_limit_cents: z.int().positive(),
  webhook_dead_letter_queue_url: z.url(),
});

/** What the command line needs of a stage, as its template wrote it down. */
export type Resources = z.output<typeof resourcesSchema>;

/**
 * Reads the SSM parameter `/payouts/{stage}/resources`.
 * @throws {CommandError} where the stage has none, or one without a name that is needed.
 */
export async function loadResources(connection: Connection): Promise<Resources> {
  const parameter = `/payouts/${connection.stage}/resources`;
  const text = await readParameter(connection, parameter);
  const parsed = resourcesSchema.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map((issue) => issue.path.join('.') || 'JSON').join(', ');
  throw new CommandError(`the SSM parameter ${parameter} lacks ${names}: deploy stage ${connection.stage} again`);
}

async function readParameter(connection: Connection, parameter: string): Promise<string> {
  const { client, GetParameterCommand } = await ssmClient(connection);
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: parameter }));
    return Parameter?.Value ?? '';
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ParameterNotFound') throw error;
    throw new CommandError(
      `there is no stage ${connection.stage} here (no SSM parameter ${parameter}): deploy it, or name another with --stage`,
      { cause: error },
    );
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
