/** What a function said. `payload` is its answer, or `{errorType, errorMessage}` where `isError`. */
export type Answered = { readonly payload: unknown; readonly isError: boolean };

export interface FunctionVersions {
  /**
   * Calls one version and waits for its answer.
   * @throws {NotAllowedYetError} where the permission is not known yet; whatever else the call failed with.
   */
  invoke(versionArn: string, event: unknown): Promise<Answered>;
}

/** The deployment that waits for what the hook says. */
export type HookExecution = { readonly deploymentId: string; readonly executionId: string };

export interface LifecycleHook {
  report(hook: HookExecution, status: 'Succeeded' | 'Failed'): Promise<void>;
}

/** A role's new permission takes seconds to be known everywhere (IAM user guide, "Changes that I make are not always immediately visible"). */
export class NotAllowedYetError extends Error {
  override readonly name = 'NotAllowedYetError' as const;
}
