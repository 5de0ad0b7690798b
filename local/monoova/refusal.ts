const BAD_REQUEST = 400;

/** A request that Monoova answers with an error envelope instead of doing it. `code` goes into the body's `status`. */
export class Refusal extends Error {
  override readonly name = 'Refusal' as const;
  readonly code: string;
  readonly httpStatus: number;
  /** 0, except that a repeated reference names the transaction that has it (2017 documentation). */
  readonly transactionId: number;

  constructor(code: string, description: string, options: { httpStatus?: number; transactionId?: number } = {}) {
    super(description);
    this.code = code;
    this.httpStatus = options.httpStatus ?? BAD_REQUEST;
    this.transactionId = options.transactionId ?? 0;
  }
}
