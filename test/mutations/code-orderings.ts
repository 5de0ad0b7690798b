/** An order that money depends on inside one function, and the function's body in the other order. */
export type CodeOrdering = {
  readonly file: string;
  /** The name of the function. */
  readonly inside: string;
  readonly what: string;
  readonly reorder: (body: string) => string;
};

export const CODE_ORDERINGS: readonly CodeOrdering[] = [
  {
    file: 'functions/submit-payment/handler.ts',
    inside: 'submitPayment',
    what: 'the payment is sent before the fence is raised (POST ─▶ fence ─▶ fact)',
    reorder: (body) =>
      exchanged(
        exchanged(
          body,
          'if (await fence(deps, payout, fenced))',
          `const sent = await pass.line.execute(instruction, notAfterMs);
           const line = { ...pass.line, execute: async () => sent };
           if (await fence(deps, payout, fenced))`,
        ),
        'attempt, pass, notAfterMs',
        'attempt, pass: { ...pass, line }, notAfterMs',
      ),
  },
  {
    file: 'functions/submit-payment/handler.ts',
    inside: 'post',
    what: 'the look-up comes before the fact is written (POST ─▶ look-up ─▶ fact)',
    reorder: (body) =>
      exchanged(
        body,
        'const payout = await apply(deps, under, factOf(result), fenced);',
        `const looked = wasReceived(result) ? (await lookUpAndSettle(deps, pass, fenced)).payout : fenced;
         const payout = await apply(deps, under, factOf(result), looked);`,
      ),
  },
  {
    file: 'functions/shared/settle.ts',
    inside: 'settle',
    what: 'the doorbell rings before the fact is written (ring ─▶ write)',
    reorder: (body) =>
      exchanged(
        body,
        'const { written, taskToken } =',
        `if (isFinal(applied.payout.status)) await ring(deps, transactionId, payout.task_token);
         const { written, taskToken } =`,
      ),
  },
  {
    file: 'functions/check-settlement/handler.ts',
    inside: 'checkSettlement',
    what: 'patience ends before Monoova is asked (end ─▶ look-up)',
    reorder: (body) =>
      exchanged(
        body,
        'const looked = await lookUpIfSent(',
        `if (is_last) return endPatience(deps, found);
         const looked = await lookUpIfSent(`,
      ),
  },
];

/** @throws {Error} where the text is not there exactly once: then the order has to be written down anew */
function exchanged(body: string, from: string, to: string): string {
  if (body.split(from).length !== 2) throw new Error(`The function does not hold this once: ${from}`);
  return body.replace(from, () => to);
}
