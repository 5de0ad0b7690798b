import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { BreakerPolicy } from '../../domain/breaker.ts';
import { CONTROLS_ITEM_ID, controlsSchema, NO_CONTROLS } from '../../domain/controls.ts';
import type { ControlStore } from '../shared/ports.ts';

/** The control item: one read, one conditional write. It has no `expires_at`, so that nothing ever deletes it. */
export function createControls(client: DynamoDBDocumentClient, tableName: string): ControlStore {
  return {
    async read() {
      const Key = { id: CONTROLS_ITEM_ID };
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
      if (!Item) return NO_CONTROLS;
      const { id: _id, ...controls } = Item;
      return controlsSchema.parse(controls);
    },

    async replace(previous, next) {
      const isFirst = previous.revision === NO_CONTROLS.revision;
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...next, id: CONTROLS_ITEM_ID },
            ...(isFirst
              ? { ConditionExpression: 'attribute_not_exists(id)' }
              : {
                  ConditionExpression: 'attribute_exists(id) AND #revision = :previous',
                  ExpressionAttributeNames: { '#revision': 'revision' },
                  ExpressionAttributeValues: { ':previous': previous.revision },
                }),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}

/** What `controlsVariables` (functions/shared/environment.ts) say. */
type ControlsEnvironment = {
  readonly CONTROLS_TABLE_NAME: string;
  readonly BREAKER_FAILURES_TO_OPEN: number;
  readonly BREAKER_COOLDOWN_MS: number;
  readonly BREAKER_COOLDOWN_MAX_MS: number;
};

/** The control item as a function's environment describes it, and when its breaker opens. */
export function createControlsFrom(
  environment: ControlsEnvironment,
  client: DynamoDBDocumentClient,
): { readonly controls: ControlStore; readonly breaker: BreakerPolicy } {
  return {
    controls: createControls(client, environment.CONTROLS_TABLE_NAME),
    breaker: {
      failuresToOpen: environment.BREAKER_FAILURES_TO_OPEN,
      cooldownMs: environment.BREAKER_COOLDOWN_MS,
      cooldownMaxMs: environment.BREAKER_COOLDOWN_MAX_MS,
    },
  };
}
