import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import type { JsonObject } from '../../json.ts';
import { parseInput } from '../input.ts';
import { Ring } from '../ring.ts';
import type { SqsService } from '../sqs/service.ts';
import { AwsError, unknownAction, type WireRequest, type WireService } from '../wire.ts';
import { envelope } from './envelope.ts';
import { MessageAttributes, type Published } from './published.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MESSAGE_BYTES_MAX = 262_144;
const PUBLISHED_MAX = 1_000;
const SUBSCRIPTIONS_MAX = 1_000;

const PublishInput = z.strictObject({
  TopicArn: z.string().min(1),
  Message: z
    .string()
    .min(1)
    .refine((text) => Buffer.byteLength(text) <= MESSAGE_BYTES_MAX, `at most ${MESSAGE_BYTES_MAX} bytes`),
  Subject: z.string().min(1).max(100).optional(),
  MessageAttributes: MessageAttributes.default({}),
});
const ListInput = z.strictObject({});

/** Where a topic's messages go. Only `sqs` is delivered; what people read (mail, text messages) is kept to be listed. */
export type Subscription = { readonly protocol: string; readonly endpoint: string; readonly isRaw: boolean };

type Topic = { readonly subscriptions: Subscription[]; readonly published: Ring<Published> };

/** Amazon SNS with standard topics: the newest 1,000 messages of each stay listed, so that an alert can be shown. */
export class SnsService implements WireService {
  readonly signingNames = ['sns'];
  readonly #clock: Clock;
  readonly #sqs: SqsService;
  readonly #onPublished: ((published: Published) => void) | undefined;
  readonly #topics = new Map<string, Topic>();

  constructor(deps: { clock: Clock; sqs: SqsService; onPublished?: ((published: Published) => void) | undefined }) {
    this.#clock = deps.clock;
    this.#sqs = deps.sqs;
    this.#onPublished = deps.onPublished;
  }

  async handle({ action, input }: WireRequest): Promise<JsonObject> {
    if (action === 'Publish') return this.#publish(parseInput(PublishInput, input));
    if (action === 'ListTopics') {
      parseInput(ListInput, input);
      return { Topics: [...this.#topics.keys()].map((TopicArn) => ({ TopicArn })) };
    }
    throw unknownAction('sns', action);
  }

  createTopic(topicArn: string): void {
    if (this.#topics.has(topicArn)) throw new AwsError('InvalidParameter', `the topic ${topicArn} exists`);
    this.#topics.set(topicArn, { subscriptions: [], published: new Ring(PUBLISHED_MAX) });
  }

  /** @throws {AwsError} NotFound for the topic, SubscriptionLimitExceeded */
  subscribe(topicArn: string, subscription: Subscription): void {
    const { subscriptions } = this.#find(topicArn);
    if (subscriptions.length >= SUBSCRIPTIONS_MAX) throw new AwsError('SubscriptionLimitExceeded', topicArn);
    subscriptions.push(subscription);
  }

  /** Oldest first. @throws {AwsError} NotFound */
  published(topicArn: string): readonly Published[] {
    return this.#find(topicArn).published.items();
  }

  #publish(request: z.output<typeof PublishInput>): JsonObject {
    const topic = this.#find(request.TopicArn);
    const published: Published = {
      messageId: randomUUID(),
      topicArn: request.TopicArn,
      publishedAtMs: this.#clock.nowMs(),
      message: request.Message,
      subject: request.Subject,
      attributes: request.MessageAttributes,
    };
    topic.published.push(published);
    this.#onPublished?.(published);
    for (const subscription of topic.subscriptions) this.#deliver(published, subscription);
    return { MessageId: published.messageId };
  }

  #deliver(published: Published, subscription: Subscription): void {
    if (subscription.protocol !== 'sqs') return;
    const queue = this.#sqs.findByArn(subscription.endpoint);
    if (!queue) return;
    const { message: body, attributes } = published;
    const sent = subscription.isRaw ? { body, attributes } : { body: envelope(published), attributes: {} };
    queue.send({ ...sent, senderId: 'sns', delayS: undefined });
  }

  #find(topicArn: string): Topic {
    const topic = this.#topics.get(topicArn);
    if (topic) return topic;
    throw new AwsError('NotFoundException', 'Topic does not exist', { statusCode: 404, queryCode: 'NotFound' });
  }
}
