import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { apiDefinition } from './api-gateway/definition.ts';
import { createApiGateway } from './api-gateway/gateway.ts';
import { ACCOUNT_ID, REGION } from './aws/account.ts';
import { CredentialStore } from './aws/credentials.ts';
import { createAwsAnswers, createAwsEndpoint } from './aws/endpoint.ts';
import { Authority } from './aws/iam/authority.ts';
import { checkDeployment } from './aws/iam/deployment-checks.ts';
import { Enforcement } from './aws/iam/enforcement.ts';
import { readPolicies } from './aws/iam/policies.ts';
import { Scheduler } from './aws/scheduler/scheduler.ts';
import { StsService } from './aws/sts/service.ts';
import { type RunClock, ShiftableClock } from './clock.ts';
import { EventSources } from './lambda/event-sources.ts';
import { LambdaService } from './lambda/lambda-service.ts';
import { LambdaApi } from './lambda/wire.ts';
import { createMonoovaSimulator } from './monoova/server.ts';
import type { Simulator } from './monoova/simulator.ts';
import { fillSecrets, type MonoovaAccess, otherMonoova } from './monoova-secrets.ts';
import { createStepFunctions, type StepFunctions } from './step-functions/engine.ts';
import { executionArnOf } from './step-functions/task-tokens.ts';
import { createTaskRunner } from './step-functions/tasks/runner.ts';
import { createStepFunctionsService } from './step-functions/wire.ts';
import { openStorage, type Storage } from './storage.ts';
import { deploy, inertSummary } from './template/deploy.ts';
import { closeServer, listenOn } from './template/listen.ts';
import { type LoadedTemplate, loadTemplate } from './template/resolve.ts';
import { identify } from './template/resource-types.ts';
import { type AwsServices, callerAsRole, createAwsServices } from './template/services.ts';
import { synthesise } from './template/synthesis.ts';

/** The stage that is run here, as it is deployed. */
const STAGE = 'dev';
const STACK_NAME = `Payouts-${STAGE}`;
/** What a deployment is asked for. Nobody is sent mail from here. */
const PARAMETERS = { AlarmEmail: 'nobody@localhost' };
/** Longer than clients keep an idle connection, so that none is closed while a request is on its way. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const SIMULATOR_API_KEY = 'local-monoova-api-key';
const SIMULATOR_WEBHOOK_TOKEN = 'local-webhook-token';

/** A payout that outlives the process would meet another Monoova, which knows nothing of its payment. */
const FORGETFUL_SIMULATOR =
  'The simulated Monoova forgets its payments when this process ends. For payouts that outlive it, run `npm run monoova` ' +
  'beside it and give its address with --monoova-url.';

export type LocalOptions = {
  /** The project's folder. */
  readonly root: string;
  /** Of the API; 0 for any free one. */
  readonly port: number;
  /** Of the AWS endpoint; 0 for any free one. */
  readonly awsPort: number;
  /** Another Monoova than our own simulator. */
  readonly monoova?: MonoovaAccess | undefined;
  /** Where tables, queues, secrets, keys and Standard executions outlive the process. Default: nowhere. */
  readonly dataDirectory?: string | undefined;
  /** Where everything that could ever be seen is written down as JSON lines. Default: nowhere. */
  readonly recordDirectory?: string | undefined;
  /** Says, for everything inert, why. */
  readonly isVerbose?: boolean;
  /** Whether schedules fire. Default: they do. */
  readonly withSchedules?: boolean;
  /** Default: real time. */
  readonly clock?: RunClock;
  print(line: string): void;
};

/** A system that runs. */
export type LocalRun = {
  /** With the stage, e.g. `http://127.0.0.1:3000/dev`. */
  readonly apiUrl: string;
  readonly awsUrl: string;
  readonly monoovaUrl: string;
  /** Undefined when another Monoova is used. */
  readonly simulator: Simulator | undefined;
  readonly clock: RunClock;
  readonly services: AwsServices;
  readonly stepFunctions: StepFunctions;
  readonly lambda: LambdaService;
  readonly template: LoadedTemplate;
  readonly scheduler: Scheduler;
  /** Decides who may do what, and knows which of the template's grants have been used. */
  readonly authority: Authority;
  /** Does the work, unless an earlier run on the same data has done it to its end. */
  setUpOnce(work: () => Promise<void>): Promise<void>;
  /** Tasks, functions and webhooks that are under way right now; a task that waits for its token is not. */
  busyCount(): number;
  /** How many environments of functions load their code. */
  startingCount(): number;
  /** Ends everything at once; nothing is finished first. Safe to repeat. */
  stop(): Promise<void>;
};

type Stops = (() => void | Promise<void>)[];

/**
 * Runs the synthesised template of the dev stage, unedited but for the address of its API.
 *
 * @throws {PortInUseError}, {TemplateError}, {UnsupportedResource} or {InvalidDefinition}, each naming what is wrong;
 *   nothing is left running
 */
export async function startLocal(options: LocalOptions): Promise<LocalRun> {
  const stops: Stops = [];
  let isStopping = false;
  const stop = async () => {
    isStopping = true;
    await Promise.all(stops.splice(0).map(async (one) => one()));
  };
  try {
    // What is cut off by the end fails, as it must; nobody wants to read of it.
    const print = (line: string) => isStopping || options.print(line);
    return { ...(await start({ ...options, print }, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: LocalOptions, stops: Stops): Promise<Omit<LocalRun, 'stop'>> {
  const clock = options.clock ?? new ShiftableClock();
  stops.push(() => clock.stop());
  const storage = openStorage(options, clock);
  stops.push(() => storage.close());
  const apiServer = createServer({ keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS });
  const apiPort = await listenOn(apiServer, options.port, '--port');
  stops.push(() => closeServer(apiServer));
  const aws = await startAws(options, clock, storage, stops);
  const { template, stageName, handle, eventSources, scheduler } = await runTemplate(options, {
    ...aws,
    clock,
    storage,
    apiPort,
  });
  const monoova = await startMonoova(options, { ...aws, clock, storage, apiPort, stageName, stops });
  aws.stepFunctions.resume();
  stops.push(() => eventSources.stop());
  eventSources.start();
  apiServer.on('request', storage.answering(handle));
  return {
    apiUrl: `http://127.0.0.1:${apiPort}/${stageName}`,
    awsUrl: aws.awsUrl,
    monoovaUrl: monoova.url,
    simulator: monoova.simulator,
    clock,
    services: aws.services,
    stepFunctions: aws.stepFunctions,
    lambda: aws.lambda,
    template,
    scheduler,
    authority: aws.authority,
    setUpOnce: (work) => setUpOnce(storage, work),
    busyCount: () => aws.lambda.busyCount + aws.runningTaskCount() + (monoova.simulator?.deliveringCount() ?? 0),
    startingCount: () => aws.lambda.startingCount,
  };
}

/** The services, empty, behind their one port. */
async function startAws({ awsPort, print }: LocalOptions, clock: RunClock, storage: Storage, stops: Stops) {
  const credentials = new CredentialStore();
  const services = createAwsServices(clock, storage);
  let runningTasks = 0;
  const stepFunctions = createStepFunctions({
    clock,
    newId: randomUUID,
    random: Math.random,
    accountId: ACCOUNT_ID,
    region: REGION,
    kept: storage.keep('states'),
    onEvent: storage.onEvent,
    // Called when a task runs, when all of this exists.
    runTask: async (call) => {
      runningTasks += 1;
      return runTask(call).finally(() => {
        runningTasks -= 1;
      });
    },
    publishLog: (line) =>
      services.logs.put(
        line.logGroupName,
        `states/${line.stateMachineArn.split(':').at(-1)}`,
        () => JSON.stringify(line.event),
        line.timestampMs,
      ),
  });
  const authority = new Authority();
  const enforcement = new Enforcement({
    authority,
    credentials,
    kms: services.kms,
    groupOfDeployment: (id) => services.codeDeploy.groupOf(id),
    executionOfToken: executionArnOf,
    onRefusal: (sentence) => print(`Refused: ${sentence}`),
  });
  const wireServices = [
    ...Object.values(services),
    createStepFunctionsService(stepFunctions),
    new StsService(),
    new LambdaApi(() => lambda),
  ].map((service) => enforcement.guard(service));
  const asRole = callerAsRole(wireServices, credentials);
  const answerAws = createAwsAnswers({ services: wireServices, credentials, clock });
  const awsServer = createAwsEndpoint(answerAws);
  const port = await listenOn(awsServer, awsPort, '--aws-port');
  stops.push(() => closeServer(awsServer));
  const awsUrl = `http://127.0.0.1:${port}`;
  const lambda = new LambdaService({
    clock,
    credentials,
    region: REGION,
    awsUrl,
    answerAws,
    newId: randomUUID,
    putLog: (group, stream, message, timestampMs, roleArn) => {
      if (enforcement.mayWriteLogs(roleArn, group, stream)) services.logs.put(group, stream, message, timestampMs);
    },
  });
  stops.push(() => lambda.stop());
  const runTask = createTaskRunner({
    invokeLambda: async (functionArn, payload, { signal, roleArn }) => {
      enforcement.authoriseInvocation(roleArn, functionArn);
      return lambda.invoke(functionArn, payload, { signal });
    },
    aws: asRole,
  });
  return {
    credentials,
    services,
    stepFunctions,
    lambda,
    authority,
    enforcement,
    asRole,
    awsUrl,
    awsPort: port,
    runningTaskCount: () => runningTasks,
  };
}

type Running = Awaited<ReturnType<typeof startAws>> & {
  readonly clock: RunClock;
  readonly storage: Storage;
  readonly apiPort: number;
};

/** Synthesises, makes every resource, and gives the handler of the API that the template describes. */
async function runTemplate({ root, print, isVerbose, withSchedules = true }: LocalOptions, running: Running) {
  const directory = await synthesise(root, STAGE, () =>
    print('Synthesising the CDK app, whose inputs have changed ...'),
  );
  const template = loadTemplate(directory, STACK_NAME, {
    accountId: ACCOUNT_ID,
    region: REGION,
    apiOrigin: `http://127.0.0.1:${running.apiPort}`,
    parameters: PARAMETERS,
    identify: (type, logicalId, properties) =>
      identify(type, logicalId, properties, { accountId: ACCOUNT_ID, region: REGION, awsPort: running.awsPort }),
  });
  const { services, stepFunctions, lambda, credentials, clock, asRole, authority, enforcement } = running;
  authority.load(readPolicies(template.resources));
  checkDeployment(template.resources, authority);
  const eventSources = new EventSources({ clock, lambda, sqs: services.sqs, callAsRole: asRole });
  const scheduler = createScheduler(print, running);
  const inert = await deploy(template.resources, {
    ...services,
    credentials,
    stepFunctions,
    lambda,
    scheduler: withSchedules ? scheduler : { add: () => {} },
    eventSources,
    assetPath: template.assetPath,
  });
  print(`Running ${template.stackName}: ${template.resources.length} resources. ${inertSummary(inert)}`);
  if (isVerbose) for (const { what, count, reason } of inert) print(`  ${count} × ${what}: ${reason}`);
  const api = apiDefinition(template.resources);
  const gateway = createApiGateway({
    clock,
    credentials,
    api,
    isClosed: (path, httpMethod) => services.apiGateway.isClosed(api, path, httpMethod),
    startSyncExecution: async (roleArn, input) => {
      enforcement.assumeByApi(roleArn);
      return asRole('states', 'StartSyncExecution', input, roleArn);
    },
    invokeLambda: async (functionArn, payload, { methodArn }) => {
      enforcement.authoriseInvocationByApi(methodArn, functionArn);
      return lambda.invoke(functionArn, payload);
    },
    accessLog: (line) => services.logs.put(api.accessLogGroup ?? 'access-log', api.stageName, line, clock.nowMs()),
    onFault: (fault, requestId) => print(`The API answered ${fault.statusCode} to ${requestId}: ${inspect(fault)}`),
  });
  return { template, stageName: api.stageName, handle: gateway.handle, eventSources, scheduler };
}

/** Starts machines and calls functions as the role that the template gives a schedule. */
function createScheduler(print: (line: string) => void, { clock, enforcement, asRole, lambda }: Running): Scheduler {
  return new Scheduler({
    clock,
    start: async ({ targetArn, roleArn, input }) => {
      enforcement.assumeByScheduler(roleArn);
      if (!targetArn.includes(':function:')) {
        await asRole('states', 'StartExecution', { stateMachineArn: targetArn, input }, roleArn);
        return;
      }
      enforcement.authoriseInvocation(roleArn, targetArn);
      await lambda.invoke(targetArn, input);
    },
    onFailure: (error) => print(`A scheduled start failed: ${inspect(error)}`),
  });
}

type Monoova = MonoovaAccess & { readonly simulator: Simulator | undefined };

type MonoovaSurroundings = {
  readonly clock: RunClock;
  readonly services: AwsServices;
  readonly storage: Storage;
  readonly apiPort: number;
  readonly stageName: string;
  readonly stops: Stops;
};

/** The Monoova that the run speaks to, with the secrets filled accordingly. */
async function startMonoova(options: LocalOptions, around: MonoovaSurroundings): Promise<Monoova> {
  const { services, storage } = around;
  const deps = { secretsManager: services.secretsManager, kept: storage.keep('run'), stage: STAGE };
  const other = await otherMonoova(options.monoova, deps);
  if (other && !options.monoova) options.print(`Going on with the Monoova of before, ${other.url}.`);
  if (!other && options.dataDirectory !== undefined) options.print(FORGETFUL_SIMULATOR);
  const monoova = other ? { ...other, simulator: undefined } : await startSimulator(around);
  await fillSecrets(monoova, { isGiven: options.monoova !== undefined, isOther: other !== undefined }, deps);
  return monoova;
}

async function setUpOnce(storage: Storage, work: () => Promise<void>): Promise<void> {
  const kept = storage.keep('run');
  if (new Map(kept?.entries() ?? []).has('setUp')) return;
  await work();
  kept?.write([['setUp', true]]);
}

/** Only our own simulator is told where to send webhooks: another Monoova's subscriptions are its owner's business. */
async function startSimulator({ clock, apiPort, stageName, stops }: MonoovaSurroundings): Promise<Monoova> {
  const simulator = createMonoovaSimulator({
    apiKey: SIMULATOR_API_KEY,
    time: clock,
    webhook: {
      url: `http://127.0.0.1:${apiPort}/${stageName}/webhooks/monoova`,
      token: SIMULATOR_WEBHOOK_TOKEN,
      isByEvent: true,
    },
  });
  const { url } = await simulator.listen(0);
  stops.push(() => simulator.stop());
  return { url, apiKey: SIMULATOR_API_KEY, webhookToken: SIMULATOR_WEBHOOK_TOKEN, simulator };
}
