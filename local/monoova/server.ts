import { createServer } from 'node:http';
import { Authentication } from './authentication.ts';
import { type Behaviour, type BehaviourName, behaviourNamed } from './behaviours.ts';
import type { Context } from './context.ts';
import { Ledger } from './ledger.ts';
import { ScriptBook } from './scripts.ts';
import { serve } from './serve.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { Settlement } from './settlement.ts';
import { SigningKey } from './signing-key.ts';
import type { Simulator } from './simulator.ts';
import { Subscriptions, type WebhookTarget } from './subscriptions.ts';
import { realTime, StoppableTime, type Time } from './time.ts';
import { Webhooks } from './webhooks.ts';
import { close, listenOn } from './wire.ts';
import { RequestWitness } from './witness.ts';

export type SimulatorOptions = {
  readonly apiKey: string;
  /** @default real time */
  readonly time?: Time;
  /** Where webhooks go; nowhere until given here or to `subscribe`. */
  readonly webhook?: WebhookTarget;
  /**
   * From 0 up to 1; makes the references of payments sent without one.
   * @default Math.random
   */
  readonly random?: () => number;
  readonly settings?: Partial<Settings>;
  /**
   * Serves `/_simulator/…` too.
   * @default false
   */
  readonly control?: boolean;
};

/** Longer than clients keep an idle connection, so that the client and not the server closes it. */
const KEEP_ALIVE_MS = 65_000;

/** A stand-in for Monoova's Payments API as far as NPP payouts need it. README.md says what is Monoova's and what is ours. */
export function createMonoovaSimulator(options: SimulatorOptions): Simulator {
  const context = createContext(options);
  const { settings, time, ledger, signingKey, webhooks, scripts } = context;
  const witness = new RequestWitness(settings.keptRecords);
  const authentication = new Authentication({ apiKey: options.apiKey, time, settings });
  const server = createServer((request, response) => {
    void serve(
      { context, witness, authentication, controlled: options.control ? simulator : undefined },
      request,
      response,
    );
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const simulator: Simulator = {
    listen: async (port, host = '127.0.0.1') => ({ url: await listenOn(server, port, host) }),
    stop: async () => {
      time.stop();
      webhooks.stop();
      await close(server);
    },
    subscribe: (webhook) => context.subscriptions.subscribeAll(webhook),
    payments: () => ledger.payments(),
    balanceCents: () => ledger.balanceCents(),
    requests: () => witness.requests(),
    webhooks: () => webhooks.tries(),
    deliveringCount: () => webhooks.deliveringCount,
    script: (matcher, behaviour, scriptOptions) => scripts.add(matcher, knownBehaviour(behaviour), scriptOptions),
    tell: (eventName, body, plan = {}) => webhooks.tell(eventName, body, plan),
    sign: (body) => signingKey.sign(body),
    rotateKey: () => signingKey.rotate(),
    resend: (webhookId) => webhooks.resend(webhookId),
  };
  return simulator;
}

function createContext(options: SimulatorOptions): Context {
  const settings: Settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const random = options.random ?? Math.random;
  const time = new StoppableTime(options.time ?? realTime);
  const signingKey = new SigningKey(time);
  const subscriptions = new Subscriptions(time, options.webhook);
  const webhooks = new Webhooks({ time, signingKey, settings, subscriptions });
  const ledger = new Ledger(settings);
  const settlement = new Settlement({ time, ledger, webhooks, settings });
  const newReference = () => hexadecimalDigits(32, random);
  const scripts = new ScriptBook();
  return { settings, time, signingKey, subscriptions, webhooks, ledger, settlement, scripts, newReference };
}

function knownBehaviour(behaviour: BehaviourName | Behaviour): Behaviour {
  if (typeof behaviour !== 'string') return behaviour;
  const known = behaviourNamed(behaviour);
  if (!known) throw new RangeError(`No behaviour is called ${behaviour}`);
  return known;
}

function hexadecimalDigits(count: number, random: () => number): string {
  return Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('');
}
