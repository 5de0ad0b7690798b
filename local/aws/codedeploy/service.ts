import * as z from 'zod';
import type { JsonObject } from '../../json.ts';
import { parseInput } from '../input.ts';
import { AwsError, unknownAction, type WireRequest, type WireService } from '../wire.ts';

const ReportInput = z.strictObject({
  deploymentId: z.string(),
  lifecycleEventHookExecutionId: z.string(),
  status: z.enum(['Succeeded', 'Failed']),
});

/** `group` is `application/group`. */
type Deployment = { readonly group: string; status: 'Succeeded' | 'Failed' | undefined };

/**
 * CodeDeploy, as far as a hook reports to it
 * (https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_PutLifecycleEventHookExecutionStatus.html). It shifts nothing: the
 * template is deployed once, and whoever tries a hook begins the deployment that the hook is told of.
 */
export class CodeDeployService implements WireService {
  readonly signingNames = ['codedeploy'];
  readonly #groups = new Map<string, string>();
  readonly #deployments = new Map<string, Deployment>();

  /** `path` is `application/group`. */
  addGroup(name: string, path: string): void {
    this.#groups.set(name, path);
  }

  /** By name. */
  get groups(): readonly string[] {
    return [...this.#groups.keys()];
  }

  /** A deployment that waits for its hook; gives its id. @throws {AwsError} DeploymentGroupDoesNotExistException */
  begin(groupName: string): string {
    const group = this.#groups.get(groupName);
    if (group === undefined) throw new AwsError('DeploymentGroupDoesNotExistException', `no group ${groupName}`);
    const id = `d-${String(this.#deployments.size + 1).padStart(9, '0')}`;
    this.#deployments.set(id, { group, status: undefined });
    return id;
  }

  /** What the hook has said; undefined until it has. */
  statusOf(deploymentId: string): Deployment['status'] {
    return this.#deployments.get(deploymentId)?.status;
  }

  /** `application/group`; undefined for what is no deployment. */
  groupOf(deploymentId: string): string | undefined {
    return this.#deployments.get(deploymentId)?.group;
  }

  async handle({ action, input }: WireRequest): Promise<JsonObject> {
    if (action !== 'PutLifecycleEventHookExecutionStatus') throw unknownAction('codedeploy', action);
    const { deploymentId, lifecycleEventHookExecutionId, status } = parseInput(ReportInput, input);
    const deployment = this.#deployments.get(deploymentId);
    if (!deployment) {
      throw new AwsError('DeploymentDoesNotExistException', `The deployment ${deploymentId} could not be found`);
    }
    deployment.status = status;
    return { lifecycleEventHookExecutionId };
  }
}
