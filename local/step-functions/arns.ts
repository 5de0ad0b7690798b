/** Where a machine lives, for the ARNs of what belongs to it. */
export type Home = { readonly accountId: string; readonly region: string };

export function stateMachineArn({ accountId, region }: Home, name: string): string {
  return `arn:aws:states:${region}:${accountId}:stateMachine:${name}`;
}

export function standardExecutionArn({ accountId, region }: Home, machineName: string, name: string): string {
  return `arn:aws:states:${region}:${accountId}:execution:${machineName}:${name}`;
}

/** Express executions have an id of their own behind the name, because names may repeat. */
export function expressExecutionArn(home: Home, machineName: string, name: string, id: string): string {
  return `arn:aws:states:${home.region}:${home.accountId}:express:${machineName}:${name}:${id}`;
}
