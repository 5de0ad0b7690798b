import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { CONTROLS_ITEM_ID } from '../../domain/controls.ts';
import {
  DISPUTED_MESSAGE,
  NO_KEY_MESSAGE,
  PARTLY_RETURNED_MESSAGE,
  REBUILT_MESSAGE,
  STATUS_MESSAGES,
} from '../../domain/payout-view.ts';
import { problemAnswer, problemDocument } from '../../domain/problem.ts';
import type { Names } from '../names.ts';
import { holdsSeconds, type Stage } from '../stages.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import { RECONCILE_SECONDS } from './function-specs.ts';
import { encryptedLogGroup } from './log-group.ts';
import type { PayoutFunctions } from './payout-functions.ts';
import { PayoutMachine, type PayoutMachineProps } from './payout-machine.ts';
import type { Tables } from './tables.ts';

export type StateMachinesProps = {
  readonly stage: Stage;
  readonly names: Names;
  readonly logKey: IKey;
  readonly functions: PayoutFunctions;
  readonly tables: Tables;
  readonly alarmTopic: AlarmTopic;
};

/** What a turn by steps is undone for, whichever machine turns: they do each other's work. */
const TURNED_BACK_FOR = ['SubmissionFailed', 'SettlementFailed', 'ApiErrors'] as const;

type MachineSpec = Omit<PayoutMachineProps, 'logGroup' | 'deployments' | 'alarmNames'>;

/**
 * The longest that one round of the guard takes beside its wait: hanging the doorbell with all its retries (15 min), a look-up with
 * its own (3 min), and a submission with its own (1 min).
 */
const ROUND_OVERHEAD_SECONDS = 20 * 60;
/** Telling a person, with all its retries. */
const ESCALATION_SECONDS = 5 * 60;

/** How long the counters of a day are kept after it, for whoever asks how a limit was used up. */
const LIMIT_KEPT_SECONDS = 7 * 86_400;

/** Of one phase of reconciliation. Four phases of so many, with seven events a step, stay below the 25,000 events of an execution. */
const PHASE_STEPS_MAX = 500;
/** A day of ten thousand payouts takes minutes; a month of them, with a slow Monoova, no longer than this. */
const RECONCILIATION_SECONDS = 4 * 3_600;

/**
 * The submission (Express, answers the request), the guard (Standard, owns the payout until its outcome is known) and the
 * reconciliation (Standard, once a day).
 */
export class StateMachines extends Construct {
  readonly submission: PayoutMachine;
  readonly settlement: PayoutMachine;
  readonly reconciliation: PayoutMachine;
  /** Operators read the submissions here: Express keeps no history of its own. */
  readonly submissionLogs: LogGroup;
  readonly settlementLogs: LogGroup;
  readonly #stage: Stage;
  readonly #logKey: IKey;
  readonly #names: Names;

  constructor(scope: Construct, id: string, props: StateMachinesProps) {
    super(scope, id);
    this.#stage = props.stage;
    this.#logKey = props.logKey;
    this.#names = props.names;
    this.settlementLogs = this.#logGroup('SettlementLogs', props.names.settlementMachine);
    this.settlement = this.#machine('PayoutSettlement', settlementSpec(props), this.settlementLogs);
    const reconciliationLogs = this.#logGroup('ReconciliationLogs', props.names.reconciliationMachine);
    this.reconciliation = this.#machine('Reconciliation', reconciliationSpec(props), reconciliationLogs);
    this.submissionLogs = this.#logGroup('SubmissionLogs', props.names.submissionMachine);
    this.submission = this.#machine('PayoutSubmission', submissionSpec(props, this.settlement), this.submissionLogs);
  }

  /** The ARNs of the versions that this deployment publishes. */
  get versionArns(): string[] {
    return [this.submission, this.settlement, this.reconciliation].map(({ versionArn }) => versionArn);
  }

  #machine(constructId: string, spec: MachineSpec, logGroup: LogGroup): PayoutMachine {
    const { deployments } = this.#stage;
    return new PayoutMachine(this, constructId, {
      ...spec,
      logGroup,
      deployments,
      alarmNames: TURNED_BACK_FOR.map((alarm) => this.#names.alarm(alarm)),
    });
  }

  #logGroup(constructId: string, machineName: string): LogGroup {
    return encryptedLogGroup(this, constructId, {
      logGroupName: this.#names.logGroups.machine(machineName),
      stage: this.#stage,
      key: this.#logKey,
    });
  }
}

function submissionSpec(props: StateMachinesProps, settlement: PayoutMachine): MachineSpec {
  const { stage, names, functions, tables } = props;
  const run = ['ValidatePayout', 'DecryptDestination', 'SubmitPayment'] as const;
  return {
    name: names.submissionMachine,
    type: StateMachineType.EXPRESS,
    file: 'payout-submission.asl.yaml',
    texts: { StageName: stage.name, ControlsItemId: CONTROLS_ITEM_ID },
    values: {
      SubmissionSeconds: stage.timers.expressMs / 1000,
      SubmitPaymentSeconds: stage.timers.submitPaymentMs / 1000,
      IdempotencyKeyReusedAnswer: problemAnswer('idempotency_key_reused'),
      DestinationUnusableAnswer: problemAnswer('destination_unusable'),
      PausedAnswer: problemAnswer('paused'),
      OverLimitProblem: problemDocument('over_limit'),
      CustomerLimitCents: stage.dailyLimits.customerCents,
      StageLimitCents: stage.dailyLimits.stageCents,
      LimitKeptSeconds: LIMIT_KEPT_SECONDS,
      UnavailableAnswer: problemAnswer('unavailable'),
      OutcomeUnknownAnswer: problemAnswer('outcome_unknown'),
      DeclinedProblem: problemDocument('declined'),
      StatusMessages: STATUS_MESSAGES,
      NoKeyMessage: NO_KEY_MESSAGE,
      DisputedMessage: DISPUTED_MESSAGE,
      PartlyReturnedMessage: PARTLY_RETURNED_MESSAGE,
      RebuiltMessage: REBUILT_MESSAGE,
    },
    substitutions: {
      ...functions.substitutions(...run),
      TransactionsTableName: tables.transactions.tableName,
      ControlsTableName: tables.controls.tableName,
      PayoutSettlementStateMachineArn: settlement.liveArn,
    },
    statements: [
      functions.invocation(...run),
      ...tables.access(tables.transactions, 'dynamodb:GetItem', 'dynamodb:PutItem'),
      ...tables.access(tables.controls, 'dynamodb:GetItem', 'dynamodb:UpdateItem'),
      settlement.starting('states:StartExecution'),
    ],
  };
}

function settlementSpec({ stage, names, functions, tables, alarmTopic }: StateMachinesProps): MachineSpec {
  const { settlementWaitsSeconds: waits, holds } = stage.timers;
  const patienceSeconds = waits.reduce((sum, wait) => sum + wait, 0) + holdsSeconds(holds);
  const rounds = waits.length + holds.max;
  const run = ['CheckSettlement', 'SubmitPayment'] as const;
  return {
    name: names.settlementMachine,
    type: StateMachineType.STANDARD,
    file: 'payout-settlement.asl.yaml',
    texts: { StageName: stage.name },
    values: {
      SubmitPaymentSeconds: stage.timers.submitPaymentMs / 1000,
      SettlementWaitsSeconds: waits,
      HoldSeconds: holds.firstSeconds,
      HoldMaxSeconds: holds.longestSeconds,
      HoldsMax: holds.max,
      SettlementSeconds: patienceSeconds + rounds * ROUND_OVERHEAD_SECONDS + ESCALATION_SECONDS,
    },
    substitutions: {
      ...functions.substitutions(...run),
      TransactionsTableName: tables.transactions.tableName,
      AlarmTopicArn: alarmTopic.topic.topicArn,
    },
    statements: [
      functions.invocation(...run),
      ...tables.access(tables.transactions, 'dynamodb:GetItem', 'dynamodb:UpdateItem'),
      ...alarmTopic.publication(),
    ],
  };
}

function reconciliationSpec({ stage, names, functions, alarmTopic }: StateMachinesProps): MachineSpec {
  return {
    name: names.reconciliationMachine,
    type: StateMachineType.STANDARD,
    file: 'reconciliation.asl.yaml',
    texts: { StageName: stage.name },
    values: {
      ReconcileSeconds: RECONCILE_SECONDS,
      PhaseStepsMax: PHASE_STEPS_MAX,
      ReconciliationSeconds: RECONCILIATION_SECONDS,
    },
    substitutions: {
      ...functions.substitutions('Reconcile'),
      AlarmTopicArn: alarmTopic.topic.topicArn,
    },
    statements: [functions.invocation('Reconcile'), ...alarmTopic.publication()],
  };
}
