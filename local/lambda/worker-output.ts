import { format } from 'node:util';

type Output = {
  /** The line that stands in the log, one event each. */
  onLine(line: string): void;
  /** The running invocation's id; undefined during initialisation. */
  requestId(): string | undefined;
  readonly logFormat: 'JSON' | 'Text';
};

/** Sends what this thread prints to `onLine`, line by line, and gives `console` the form it has on Lambda. */
export function captureOutput(output: Output): { flush(): void } {
  const stdout = new LineBuffer(output.onLine);
  const stderr = new LineBuffer(output.onLine);
  process.stdout.write = writeTo(stdout);
  process.stderr.write = writeTo(stderr);
  for (const [method, level] of CONSOLE_LEVELS) {
    console[method] = (...args: unknown[]) => output.onLine(consoleLine(level, format(...args), output));
  }
  return {
    flush() {
      stdout.flush();
      stderr.flush();
    },
  };
}

const CONSOLE_LEVELS = [
  ['trace', 'TRACE'],
  ['debug', 'DEBUG'],
  ['log', 'INFO'],
  ['info', 'INFO'],
  ['warn', 'WARN'],
  ['error', 'ERROR'],
] as const;

/** One event whatever the message holds; source: "Log and monitor Node.js Lambda functions" of the Lambda guide. */
function consoleLine(level: string, message: string, { logFormat, requestId }: Output): string {
  const timestamp = new Date().toISOString();
  if (logFormat === 'JSON') return JSON.stringify({ timestamp, level, requestId: requestId(), message });
  return `${timestamp}\t${requestId() ?? 'undefined'}\t${level}\t${message}`;
}

class LineBuffer {
  readonly #onLine: (line: string) => void;
  #pending = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(text: string): void {
    const lines = (this.#pending + text).split('\n');
    this.#pending = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
  }

  flush(): void {
    if (this.#pending) this.add('\n');
  }
}

function writeTo(buffer: LineBuffer): typeof process.stdout.write {
  return (chunk: string | Uint8Array, encodingOrDone?: unknown, done?: unknown): boolean => {
    buffer.add(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    const callback = typeof encodingOrDone === 'function' ? encodingOrDone : done;
    if (typeof callback === 'function') process.nextTick(callback);
    return true;
  };
}
