import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** As nice as a background job, and no nicer: on a busy machine events still go on. */
const NICENESS = 5;

/**
 * Lets the main thread go first where both want a processor. It serves everybody, and each message that it sends wakes the thread of a
 * function: without this the woken one takes the processor from it at once, and all others wait for the main thread while another
 * core may be idle. Linux alone gives each thread a priority of its own (setpriority(2), "C library/kernel differences") and tells a
 * thread its number (proc(5), /proc/thread-self); elsewhere this does nothing.
 */
export function giveWayToMainThread(): void {
  if (process.platform !== 'linux') return;
  try {
    const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(threadId, NICENESS);
  } catch {
    // No /proc, or a sandbox that allows no such call: it is only slower.
  }
}
