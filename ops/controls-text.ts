import { areRecordsDoubted, type Controls, lineOf } from '../domain/controls.ts';
import type { DailyLimits, LimitUse } from './daily-limits.ts';
import { audOfCents, counted, json, sydneyTime, sydneyTimeOf, table } from './render.ts';

/** What holds payouts back, for a person: a line for the pause, the breaker, the key, and each limit that was asked for. */
export function controlsText(controls: Controls, nowMs: number, limits?: DailyLimits): string {
  return table([
    ['payouts', pauseText(controls)],
    ['breaker', breakerText(controls, nowMs)],
    ['key', keyText(controls, nowMs)],
    ...(areRecordsDoubted(controls, nowMs) ? [['records', recordsText(controls)]] : []),
    ...(limits?.uses ?? []).map((use) => ['limit', `${useText(use)}, until ${sydneyTime(limits?.endsAtMs ?? nowMs)}`]),
  ]);
}

function useText({ of, usedCents, limitCents }: LimitUse): string {
  return `${audOfCents(usedCents)} of ${audOfCents(limitCents)} asked for today (${of})`;
}

/** The same for a program: the item as it stands, what it means now, and the limits. */
export function controlsJson(controls: Controls, { day, uses }: DailyLimits, nowMs: number): string {
  return json({
    is_paused: controls.paused_at !== undefined,
    breaker: lineOf(controls, nowMs),
    is_key_refused: isKeyRefused(controls),
    item: controls,
    limits: uses.map(({ of, usedCents, limitCents }) => ({ day, of, used_cents: usedCents, limit_cents: limitCents })),
  });
}

function pauseText({ paused_at, paused_by, pause_reason }: Controls): string {
  if (paused_at === undefined) return 'go on';
  return `paused since ${sydneyTimeOf(paused_at)} by ${paused_by}: ${pause_reason}. Go on with payouts resume`;
}

function recordsText({ paused_for_restore, records_doubted_until = '' }: Controls): string {
  const until = paused_for_restore ? 'for a month after the pause' : `until ${sydneyTimeOf(records_doubted_until)}`;
  return `restored: each payout is looked up before it is sent, ${until}`;
}

function breakerText(controls: Controls, nowMs: number): string {
  const { failures, openings = 0, open_until = '', open_reason } = controls;
  switch (lineOf(controls, nowMs)) {
    case 'closed':
      return failures === undefined ? 'closed' : `closed, after ${counted(failures, 'failure')} in a row`;
    case 'half-open':
      return `half open: the next call finds out (last failure: ${open_reason})`;
    case 'open':
      return `open until ${sydneyTimeOf(open_until)}, for the ${ordinal(openings)} time in a row (${open_reason})`;
  }
}

function ordinal(number: number): string {
  return `${number}${['th', 'st', 'nd', 'rd'][number % 10 > 3 || [11, 12, 13].includes(number % 100) ? 0 : number % 10]}`;
}

/** A key that another has replaced is only remembered. */
function isKeyRefused({ refused_key, proven_key }: Controls): boolean {
  return refused_key !== undefined && proven_key === undefined;
}

function keyText(controls: Controls, nowMs: number): string {
  if (!isKeyRefused(controls)) return 'nothing is known against it';
  const { refused_key, refused_at = '', refused_reason, refused_until } = controls;
  const refused = `${refused_key} (fingerprint) refused at ${sydneyTimeOf(refused_at)} (${refused_reason})`;
  if (refused_until === undefined) return `${refused}: nobody shows it. Put another key, or run payouts resume`;
  if (nowMs < Date.parse(refused_until)) return `${refused}: it rests until ${sydneyTimeOf(refused_until)}`;
  return `${refused}: the next call finds out`;
}
