/**
 * DO NOT MODIFY - This file has been generated using oazapfts.
 * See https://www.npmjs.com/package/oazapfts
 */
import * as Oazapfts from "@oazapfts/runtime";
import * as QS from "@oazapfts/runtime/query";
export const defaults: Oazapfts.Defaults<Oazapfts.CustomHeaders> = {
    headers: {},
    baseUrl: "https://api.execute-api.ap-southeast-2.amazonaws.com/dev"
};
const oazapfts = Oazapfts.runtime(defaults);
export const servers = {
    aStageOnAwsTheOutputApiUrlOfItsStack: ({ api = "api", stage = "dev" }: {
        api: string | number | boolean;
        stage: "dev" | "prod";
    }) => `https://${api}.execute-api.ap-southeast-2.amazonaws.com/${stage}`,
    theLocalRun: "http://127.0.0.1:3000/dev"
};
export type PayoutRequest = {
    customer_id: string;
    amount: number;
    payout_method: "PayId" | "BankAccount";
    description?: string;
};
export type Payout = {
    /** Ours, for ever the same. */
    transaction_id: string;
    /** Pending: recorded and on its way. Failed: no money moved. Rejected: the bank of the payee refused it. Completed: the payee has the money. Returned: it arrived and came back. All but Pending are final, but a Completed payout can still come back. */
    status: "Pending" | "Failed" | "Rejected" | "Completed" | "Returned";
    /** AUD. Null in a rebuilt record whose amount nobody knows. */
    amount: number | null;
    currency: "AUD";
    /** Masked: at most four characters of it, never a name. */
    destination: string;
    /** What the status means, and what to do next. For people; its words may change. */
    message: string;
    /** When it was recorded. */
    created_at: string;
};
export type Problem = {
    "type": string;
    /** Stable: decide by this one. */
    code: "invalid_request" | "invalid_idempotency_key" | "unknown_customer" | "no_such_destination" | "unsigned" | "filtered" | "unauthenticated_webhook" | "not_found" | "payload_too_large" | "unsupported_media_type" | "idempotency_key_reused" | "destination_unusable" | "declined" | "over_limit" | "too_many_requests" | "internal" | "unavailable" | "paused" | "outcome_unknown";
    /** The HTTP status again. */
    status: number;
    title: string;
    /** What to change or do, for a person. */
    detail: string;
    /** What is wrong with which field, in words. */
    errors?: {
        field: string;
        message: string;
    }[];
    /** Of the payout that was declined. */
    transaction_id?: string;
    /** Whose daily limit would be exceeded. */
    limit?: "customer" | "stage";
    /** When that limit starts anew: midnight in Sydney. */
    limit_ends_at?: string;
};
export type PayoutPage = {
    /** Newest first. */
    payouts: Payout[];
    /** Asks for the next page. A page can be shorter than the limit, or empty, and still have one. */
    cursor?: string;
};
export type HistoryEntry = {
    /** When we learnt it. */
    at: string;
    /** Who learnt it. */
    source: "request" | "submission" | "status" | "webhook" | "settlement" | "reconciliation" | "operator";
    event: "recorded" | "rebuilt" | "accepted" | "unanswered" | "unreceived" | "not-found" | "declined" | "patience-ended" | "escalated" | "rejected" | "completed" | "returned" | "failed" | "resend";
    /** A code of Monoova, or a few scrubbed words. */
    detail?: string;
};
export type PayoutDetails = {
    /** Ours, for ever the same. */
    transaction_id: string;
    /** Pending: recorded and on its way. Failed: no money moved. Rejected: the bank of the payee refused it. Completed: the payee has the money. Returned: it arrived and came back. All but Pending are final, but a Completed payout can still come back. */
    status: "Pending" | "Failed" | "Rejected" | "Completed" | "Returned";
    /** AUD. Null in a rebuilt record whose amount nobody knows. */
    amount: number | null;
    currency: "AUD";
    /** Masked: at most four characters of it, never a name. */
    destination: string;
    /** What the status means, and what to do next. For people; its words may change. */
    message: string;
    /** When it was recorded. */
    created_at: string;
    /** Absent in a rebuilt record. */
    customer_id?: string;
    /** Absent in a rebuilt record. */
    payout_method?: "PayId" | "BankAccount";
    /** As the request gave it. */
    description?: string;
    updated_at: string;
    /** What is known does not fit together, and a person is looking at it: do not pay it again. */
    conflict?: true;
    /** AUD that came back so far. */
    returned_amount?: number;
    /** Oldest first. */
    history: HistoryEntry[];
};
/**
 * Pay somebody out
 */
export function createPayout(payoutRequest: PayoutRequest, { idempotencyKey }: {
    idempotencyKey?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 202;
        data: Payout;
    } | {
        status: 400;
        data: Problem & {
            code?: "invalid_request" | "invalid_idempotency_key" | "unknown_customer" | "no_such_destination";
            status?: 400;
        };
    } | {
        status: 403;
        data: Problem & {
            code?: "unsigned" | "filtered";
            status?: 403;
        };
    } | {
        status: 413;
        data: {
            message: string;
        };
    } | {
        status: 415;
        data: Problem & {
            code?: "unsupported_media_type";
            status?: 415;
        };
    } | {
        status: 422;
        data: Problem & {
            code?: "idempotency_key_reused" | "declined" | "over_limit" | "destination_unusable";
            status?: 422;
        };
    } | {
        status: 429;
        data: Problem & {
            code?: "too_many_requests";
            status?: 429;
        };
    } | {
        status: 500;
        data: Problem & {
            code?: "internal";
            status?: 500;
        };
    } | {
        status: 503;
        data: Problem & {
            code?: "unavailable" | "paused";
            status?: 503;
        };
    } | {
        status: 504;
        data: Problem & {
            code?: "outcome_unknown";
            status?: 504;
        };
    }>("/payouts", oazapfts.json({
        ...opts,
        method: "POST",
        body: payoutRequest,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Idempotency-Key": idempotencyKey
        })
    }));
}
/**
 * See a customer's payouts, newest first
 */
export function listPayouts(customerId: string, { status, limit, cursor }: {
    status?: "Pending" | "Failed" | "Rejected" | "Completed" | "Returned";
    limit?: number;
    cursor?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: PayoutPage;
    } | {
        status: 400;
        data: Problem & {
            code?: "invalid_request";
            status?: 400;
        };
    } | {
        status: 403;
        data: Problem & {
            code?: "unsigned" | "filtered";
            status?: 403;
        };
    } | {
        status: 429;
        data: Problem & {
            code?: "too_many_requests";
            status?: 429;
        };
    } | {
        status: 500;
        data: Problem & {
            code?: "internal";
            status?: 500;
        };
    } | {
        status: 504;
        data: Problem & {
            code?: "outcome_unknown";
            status?: 504;
        };
    }>(`/payouts${QS.query(QS.explode({
        customer_id: customerId,
        status,
        limit,
        cursor
    }))}`, {
        ...opts
    });
}
/**
 * See one payout, with its history
 */
export function readPayout(transactionId: string, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: PayoutDetails;
    } | {
        status: 403;
        data: Problem & {
            code?: "unsigned" | "filtered";
            status?: 403;
        };
    } | {
        status: 404;
        data: Problem & {
            code?: "not_found";
            status?: 404;
        };
    } | {
        status: 429;
        data: Problem & {
            code?: "too_many_requests";
            status?: 429;
        };
    } | {
        status: 500;
        data: Problem & {
            code?: "internal";
            status?: 500;
        };
    } | {
        status: 504;
        data: Problem & {
            code?: "outcome_unknown";
            status?: 504;
        };
    }>(`/payouts/${encodeURIComponent(transactionId)}`, {
        ...opts
    });
}
/**
 * Whether the API answers
 */
export function readHealth(opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            status: "ok";
        };
    } | {
        status: 403;
        data: Problem & {
            code?: "filtered";
            status?: 403;
        };
    } | {
        status: 429;
        data: Problem & {
            code?: "too_many_requests";
            status?: 429;
        };
    } | {
        status: 500;
        data: Problem & {
            code?: "internal";
            status?: 500;
        };
    }>("/health", {
        ...opts
    });
}
/**
 * Monoova's webhooks
 */
export function receiveWebhook(body: {
    [key: string]: any;
}, { verificationSignature }: {
    verificationSignature?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            received: true;
        };
    } | {
        status: 400;
        data: Problem & {
            code?: "invalid_request";
            status?: 400;
        };
    } | {
        status: 401;
        data: Problem & {
            code?: "unauthenticated_webhook";
            status?: 401;
        };
    } | {
        status: 413;
        data: {
            message: string;
        };
    } | {
        status: 429;
        data: Problem & {
            code?: "too_many_requests";
            status?: 429;
        };
    } | {
        status: 500;
        data: Problem & {
            code?: "internal";
            status?: 500;
        };
    } | {
        status: 504;
        data: Problem & {
            code?: "outcome_unknown";
            status?: 504;
        };
    }>("/webhooks/monoova", oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Verification-Signature": verificationSignature
        })
    }));
}
/**
 * Monoova's webhooks of one event
 */
export function receiveNamedWebhook(eventName: string, body: {
    [key: string]: any;
}, { verificationSignature }: {
    verificationSignature?: string;
} = {}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.fetchJson<{
        status: 200;
        data: {
            received: true;
        };
    } | {
        status: 400;
        data: Problem & {
            code?: "invalid_request";
            status?: 400;
        };
    } | {
        status: 401;
        data: Problem & {
            code?: "unauthenticated_webhook";
            status?: 401;
        };
    } | {
        status: 413;
        data: {
            message: string;
        };
    } | {
        status: 429;
        data: Problem & {
            code?: "too_many_requests";
            status?: 429;
        };
    } | {
        status: 500;
        data: Problem & {
            code?: "internal";
            status?: 500;
        };
    } | {
        status: 504;
        data: Problem & {
            code?: "outcome_unknown";
            status?: 504;
        };
    }>(`/webhooks/monoova/${encodeURIComponent(eventName)}`, oazapfts.json({
        ...opts,
        method: "POST",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "Verification-Signature": verificationSignature
        })
    }));
}
