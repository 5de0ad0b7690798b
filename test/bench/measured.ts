import type { SystemUnderTest } from './system-under-test.ts';

export type Measured<Result> = {
  readonly result: Result;
  readonly elapsedMs: number;
  /** Processor time used by this process, and by the system under test. */
  readonly clientCpuMs: number;
  readonly systemCpuMs: number;
  /** Of the system, at the end. */
  readonly residentMb: number;
};

/** Runs `run` and tells what it cost, here and there. */
export async function measured<Result>(system: SystemUnderTest, run: () => Promise<Result>): Promise<Measured<Result>> {
  const before = { atMs: performance.now(), client: process.cpuUsage(), system: system.usage() };
  const result = await run();
  const { user, system: kernel } = process.cpuUsage(before.client);
  const { cpuMs, residentMb } = system.usage();
  return {
    result,
    elapsedMs: performance.now() - before.atMs,
    clientCpuMs: (user + kernel) / 1_000,
    systemCpuMs: cpuMs - before.system.cpuMs,
    residentMb,
  };
}
