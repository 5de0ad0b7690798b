/**
 * The words of banks that may be kept of free text. Monoova's reasons are sentences of the payee's bank, which may quote a name that
 * nobody here knows ("registered to ..."), so what is not one of these words is left out. None of them is a name that people bear.
 */
const WORDS: ReadonlySet<string> = new Set(
  `a aborted accept accepted account accounts acn action address after agent already amount an and another are as at attempt
  authorised authorisation authority available bad bank banking banks be because been before beneficiary blocked branch bsb but by
  cancelled cannot check clearing close closed code completed contact correct could credit creditor currency customer date days
  debit debtor deceased declined department deregistered details different direct disabled dishonoured does doesn't due duplicate
  entity entry error exceeded exceeds exist exists expired failed failure fatal financial for forbidden found fraud from frozen funds
  general has have held holder id identifier in inactive incorrect institution insufficient internal invalid is issue it item kind known
  length limit limits locked match matched matches maximum message method minimum mismatch missing monoova more name network
  no non not npp number of offline on online only open operation or osko other outage over participant party pay payee payer payid
  payment payments pending permitted person please policy portal processed processing processor prohibited reached reason received
  recipient reference refer refused registered registration reject rejected rejection request required restricted restriction return
  returned reversed scheme see sender server service settlement status stop stopped successful support suspected suspended system
  technical temporarily than that the their this time timeout timed to too transaction transactions transfer try type unable
  unauthorised unavailable unknown unpaid unreachable unresolved unsuccessful unsupported until valid validation value was we were
  wrong with within you your`.split(/\s+/),
);

const LEFT_OUT = '…';
const WORD = /[\p{L}][\p{L}'’]*/gu;

/** The text with every word left out that is not a bank's; digits, signs and the scrubber's marks stay. */
export function wordsOfBanks(text: string): string {
  const kept = text.replace(WORD, (word) => (WORDS.has(word.toLowerCase().replaceAll('’', "'")) ? word : LEFT_OUT));
  return kept.replace(/…(?:[\s.,;:'"-]*…)+/gu, LEFT_OUT);
}
