import { type Controls, lineOf } from '../domain/controls.ts';
import { counted, json, sydneyTimeOf, table } from './render.ts';

/** What holds payouts back, for a person: one line each for the pause, the breaker and the key. */
export function controlsText(controls: Controls, nowMs: number): string {
  return table([
    ['payouts', pauseText(controls)],
    ['breaker', breakerText(controls, nowMs)],
    ['key', keyText(controls, nowMs)],
  ]);
}

/** The same for a program: the item as it stands, and what it means now. */
export function controlsJson(controls: Controls, nowMs: number): string {
  return json({
    is_paused: controls.paused_at !== undefined,
    breaker: lineOf(controls, nowMs),
    is_key_refused: isKeyRefused(controls),
    item: controls,
  });
}

function pauseText({ paused_at, paused_by, pause_reason }: Controls): string {
  if (paused_at === undefined) return 'go on';
  return `paused since ${sydneyTimeOf(paused_at)} by ${paused_by}: ${pause_reason}. Go on with payouts resume`;
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
