/** Whom the mutated webhooks name as paid. No such text stands anywhere else, so wherever one is found, a body has leaked. */
export const PAYEE = {
  accountName: 'Zebedee Quillfeather',
  // Letters too: a number of digits alone could stand where Monoova's own numbers do.
  accountNumber: 'QF735192846405',
  bsb: 'QZ7-9K1',
  payId: 'zebedee.quill@fuzz.example',
} as const;

/** What a stranger shows for a token: it may be somebody's real one, sent to the wrong address. */
export const STRANGERS_TOKEN = 'strangers-token-8c1f';

/** An id that a caller gives its own request. The gateway tells it to that caller again, and to nobody else. */
export const STRANGERS_ID = 'strangers-id-51d0';

/** What nobody may ever read of a run. */
export const CANARIES: readonly string[] = [...Object.values(PAYEE), STRANGERS_TOKEN, STRANGERS_ID];
