import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian's packages `velocity` (1.7) and `default-jdk-headless` put them here. */
const JARS = ['velocity', 'commons-collections3', 'commons-lang'].map((name) => `/usr/share/java/${name}.jar`);
const JAVA = '/usr/bin/java';

/** For a process that lives a second or two. */
const QUICK = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** Whether this machine can run Apache Velocity 1.7. */
export const HAS_APACHE_VELOCITY = [JAVA, ...JARS].every((path) => existsSync(path));

/** Far above what the tests take, so that a Java that hangs ends the test instead of stopping it. */
const TIMEOUT_MS = 60_000;

/** One answer of Render.java for each line given to it, all from one Java process. */
export function answersOfApacheVelocity(lines: readonly string[]): string[] {
  const source = new URL('Render.java', import.meta.url).pathname;
  const output = execFileSync(JAVA, [...QUICK, '-cp', JARS.join(':'), source], {
    input: `${lines.join('\n')}\n`,
    encoding: 'ascii',
    maxBuffer: 256 * 1024 * 1024,
    timeout: TIMEOUT_MS,
  });
  const answers = output.split('\n').slice(0, -1);
  if (lines.length !== answers.length) throw new Error(`${lines.length} lines, and ${answers.length} answers to them`);
  return answers;
}

export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

export function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
