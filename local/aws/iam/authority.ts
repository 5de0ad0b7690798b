import { ACCOUNT_ID } from '../account.ts';
import { ROOT, SECOND } from '../credentials.ts';
import type { Context } from './condition.ts';
import { toContext } from './condition.ts';
import { type AccessRequest, evaluate, type Verdict } from './evaluate.ts';
import { GrantUsage } from './grants.ts';
import type { Policies, Role } from './policies.ts';
import type { Principal, Statement } from './statement.ts';

/** What one call needs to be allowed to do. */
export type Need = { readonly action: string; readonly resource: string; readonly context?: Context };

/** Who calls: the account's root, a role of the template by the ARN of its session, or an AWS service by its name. */
export type Caller = string;

/** Why a need is refused, as AWS ends its sentence. */
export type Refusal = { readonly caller: Caller; readonly need: Need; readonly because: string };

/** `because` is undefined where it is allowed. */
type Decision = { readonly because: string | undefined };

/** Requests can name any resource, so the number of different ones is theirs to choose. */
const DECISIONS_MAX = 5_000;
const NOBODY: Policies = { roleByName: new Map(), byResource: new Map(), keyByResource: new Map() };

/**
 * Decides by the template's policies, within one account: what a role may do is said by its own policies or by the
 * resource's; for a key its own policy must allow it, and may leave it to the account's policies
 * (https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html). Nobody but an administrator may do anything before
 * {@link load}.
 */
export class Authority {
  readonly usage = new GrantUsage();
  #policies = NOBODY;
  /** By all that a decision depends on besides the policies: equal needs of a caller are decided alike. */
  readonly #decisions = new Map<string, Decision>();

  get policies(): Policies {
    return this.#policies;
  }

  /** Replaces all policies, as a change of the account's policies would: from the next call on. */
  load(policies: Policies): void {
    this.#policies = policies;
    this.#decisions.clear();
  }

  /** Root, and the user whom nothing here restricts. */
  isAdministrator(caller: Caller): boolean {
    return caller === ROOT.principalArn || caller === SECOND.principalArn;
  }

  /** Undefined when it is allowed. */
  refusal(caller: Caller, need: Need): Refusal | undefined {
    if (this.isAdministrator(caller)) return undefined;
    const { action, resource, context } = need;
    const key = `${caller} ${action} ${resource} ${JSON.stringify(context)}`;
    const known = this.#decisions.get(key);
    const { because } = known ?? this.#decide(caller, need);
    if (!known) {
      if (this.#decisions.size >= DECISIONS_MAX) this.#decisions.clear();
      this.#decisions.set(key, { because });
    }
    return because === undefined ? undefined : { caller, need, because };
  }

  /** Undefined when the service may act as the role. */
  assumeRefusal(service: string, roleArn: string): Refusal | undefined {
    const role = this.#policies.roleByName.get(roleArn.slice(roleArn.lastIndexOf('/') + 1));
    const need = { action: 'sts:AssumeRole', resource: roleArn };
    const trust = (role?.trust ?? []).filter((statement) => namesService(statement, service));
    const request = { ...need, context: ownContext(undefined) };
    const verdict = evaluate(trust, request);
    this.#note(role?.name ?? roleArn, verdict, service, request);
    const because = "because the role's trust policy does not allow the service to assume it";
    return verdict.isAllowed ? undefined : { caller: service, need, because };
  }

  #decide(caller: Caller, need: Need): Decision {
    const isService = !caller.startsWith('arn:');
    const role = isService ? undefined : this.#roleOfSession(caller);
    const { action, resource } = need;
    const request = { action, resource, context: { ...need.context, ...ownContext(role) } };
    return { because: isService ? this.#refuseService(caller, request) : this.#refuseRole(caller, role, request) };
  }

  #refuseRole(caller: Caller, role: Role | undefined, request: AccessRequest): string | undefined {
    const hung = this.#policies.byResource.get(request.resource) ?? [];
    const ofAccount = evaluate(hung.filter(namesAccount), request);
    const direct = evaluate(
      hung.filter((statement) => namesRole(statement, caller, role)),
      request,
    );
    const identity = evaluate(role?.statements ?? [], request);
    if (isDenied(identity)) return 'with an explicit deny in an identity-based policy';
    if (isDenied(direct) || isDenied(ofAccount)) return 'with an explicit deny in a resource-based policy';
    if (direct.isAllowed) return undefined;
    if (isKey(request.resource) && !ofAccount.isAllowed) {
      return `because no resource-based policy allows the ${request.action} action`;
    }
    if (!identity.isAllowed) return `because no identity-based policy allows the ${request.action} action`;
    this.#note(role?.name ?? '', identity, caller, request);
    return undefined;
  }

  #refuseService(service: string, request: AccessRequest): string | undefined {
    const hung = this.#policies.byResource.get(request.resource) ?? [];
    const verdict = evaluate(
      hung.filter((statement) => namesService(statement, service)),
      request,
    );
    if (!verdict.isAllowed) return `because no resource-based policy allows the ${request.action} action`;
    this.#note(request.resource, verdict, service, request);
    return undefined;
  }

  #note(holder: string, verdict: Verdict, caller: Caller, request: AccessRequest): void {
    if (!verdict.isAllowed) return;
    const { statement, action, resource } = verdict;
    this.usage.note(holder, { statement, action: action.text, resource: resource.text }, { caller, request });
  }

  /** `arn:aws:sts::1:assumed-role/Name/session`: the name alone tells the role, its path is not in it. */
  #roleOfSession(sessionArn: string): Role | undefined {
    return this.#policies.roleByName.get(sessionArn.split('/')[1] ?? '');
  }
}

function ownContext(role: Role | undefined): Context {
  return toContext({
    'aws:SecureTransport': 'true',
    ...(role ? { 'aws:PrincipalArn': role.arn, 'aws:PrincipalAccount': ACCOUNT_ID } : {}),
  });
}

function isDenied(verdict: Verdict): boolean {
  return !verdict.isAllowed && verdict.reason === 'explicit-deny';
}

function isKey(resource: string): boolean {
  return resource.startsWith('arn:aws:kms:');
}

/** The account as a principal stands for whomever its own policies allow. */
function namesAccount(statement: Statement): boolean {
  return some(statement, 'AWS', (name) => name === ROOT.principalArn || name === ACCOUNT_ID);
}

function namesRole(statement: Statement, sessionArn: string, role: Role | undefined): boolean {
  return some(statement, 'AWS', (name) => name === '*' || name === sessionArn || name === role?.arn);
}

function namesService(statement: Statement, service: string): boolean {
  return some(statement, 'Service', (name) => name === service);
}

function some({ principals }: Statement, kind: Principal['kind'], isMeant: (name: string) => boolean): boolean {
  return principals?.some((principal) => principal.kind === kind && isMeant(principal.name)) ?? false;
}
