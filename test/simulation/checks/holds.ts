import { CONTROLS_ITEM_ID, type Controls } from '../../../domain/controls.ts';
import type { Item } from '../database/stored-value.ts';

/** An invocation that read the controls before they changed may still make its one call: it ends within so long, by clocks that differ. */
const INVOCATION_MS = 15_000;
const CLOCKS_DISAGREE_MS = 10_000;

type Since = { pausedMs?: number | undefined; openMs?: number | undefined; refusedMs?: number | undefined };

/** Watches the control item, and whether calls to Monoova keep to it. */
export class Holds {
  readonly #since: Since = {};
  #controls: Controls | undefined;

  onControls(after: Item | undefined, nowMs: number): void {
    if (after?.['id'] !== CONTROLS_ITEM_ID) return;
    const controls = after as unknown as Controls;
    const since = this.#since;
    const isRefused = controls.refused_key !== undefined && !controls.refused_until && !controls.proven_key;
    since.pausedMs = controls.paused_at === undefined ? undefined : (since.pausedMs ?? nowMs);
    since.openMs = controls.open_until === undefined ? undefined : (since.openMs ?? nowMs);
    since.refusedMs = isRefused ? (since.refusedMs ?? nowMs) : undefined;
    this.#controls = controls;
  }

  /** Which hold a call that begins now goes against; undefined for none, and for one that may have begun before it. */
  brokenBy(call: 'post' | 'other', nowMs: number): string | undefined {
    const { pausedMs, openMs, refusedMs } = this.#since;
    const isOld = (sinceMs: number | undefined) =>
      sinceMs !== undefined && nowMs > sinceMs + INVOCATION_MS + CLOCKS_DISAGREE_MS;
    if (isOld(refusedMs)) return 'Monoova is not shown a key that it refused';
    if (call !== 'post') return undefined;
    if (isOld(pausedMs)) return 'nothing is sent while paused';
    const openUntilMs = Date.parse(this.#controls?.open_until ?? '');
    return isOld(openMs) && nowMs < openUntilMs - CLOCKS_DISAGREE_MS
      ? 'nothing is sent while the breaker is open'
      : undefined;
  }
}
