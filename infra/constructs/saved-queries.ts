import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Names } from '../names.ts';

export type SavedQueriesProps = {
  readonly names: Names;
  readonly logGroups: {
    readonly functions: readonly ILogGroup[];
    readonly apiAccess: ILogGroup;
    readonly submissions: ILogGroup;
    readonly settlements: ILogGroup;
  };
};

/** Where an operator puts the id that is asked for. */
const A_PAYOUT = 'txn-00000000-0000-4000-8000-000000000000';

/**
 * Questions that come up at night, in CloudWatch Logs Insights. The command line answers those about one payout better
 * (`payouts explain`); these are for what no payout's id is known of.
 */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { names, logGroups }: SavedQueriesProps) {
    super(scope, id);
    const save = (name: string, groups: readonly ILogGroup[], query: ConstructorParameters<typeof QueryString>[0]) =>
      new QueryDefinition(this, name.replaceAll(/\W/g, ''), {
        queryDefinitionName: `${names.prefix}/${name}`,
        logGroups: [...groups],
        queryString: new QueryString(query),
      });
    save('One payout through every function', logGroups.functions, {
      fields: ['@timestamp', 'function', 'level', 'message', 'fact', 'source', 'status', 'error.name'],
      filterStatements: [`transaction_id = "${A_PAYOUT}"`],
      sort: '@timestamp asc',
      limit: 200,
    });
    save('Errors by function and name', logGroups.functions, {
      filterStatements: ['level = "ERROR"'],
      statsStatements: ['count(*) as errors, latest(transaction_id) as example by function, error.name, message'],
      sort: 'errors desc',
      limit: 50,
    });
    save('Answers by route and status', [logGroups.apiAccess], {
      statsStatements: [
        'count(*) as answers, pct(latency_ms, 50) as p50, pct(latency_ms, 95) as p95 by route, method, status',
      ],
      sort: 'answers desc',
      limit: 50,
    });
    save('Refused requests and their callers', [logGroups.apiAccess], {
      filterStatements: ['status >= 400'],
      statsStatements: ['count(*) as refused by caller, source_ip, route, status, response_type'],
      sort: 'refused desc',
      limit: 50,
    });
    save('Submissions that failed or ran out of time', [logGroups.submissions], {
      fields: ['@timestamp', 'type', 'execution_arn', 'details.error', 'details.cause'],
      filterStatements: ['type in ["ExecutionFailed", "ExecutionTimedOut", "TaskFailed", "LambdaFunctionFailed"]'],
      sort: '@timestamp desc',
      limit: 100,
    });
    save('Guards by how they ended', [logGroups.settlements], {
      filterStatements: ['type in ["ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"]'],
      statsStatements: ['count(*) as guards by type, bin(1h)'],
      limit: 200,
    });
  }
}
