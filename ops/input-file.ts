import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { CommandError } from './errors.ts';
import type { Terminal } from './terminal.ts';

/**
 * The bytes of a file as they are, `-` being standard input. Reads no further than `bytesMax`.
 * @throws {CommandError} where it cannot be read or is larger.
 */
export async function bytesFrom(file: string, terminal: Terminal, bytesMax: number): Promise<Buffer> {
  const bytes =
    file === '-' ? await allOf(terminal.stdin, bytesMax) : await fileBytes(resolve(terminal.cwd, file), bytesMax);
  if (bytes === undefined) throw new CommandError(`${file} cannot be read: check the path`);
  if (bytes.length > bytesMax) throw new CommandError(`${file} is larger than ${bytesMax} bytes`);
  return bytes;
}

async function fileBytes(path: string, bytesMax: number): Promise<Buffer | undefined> {
  try {
    return await allOf(createReadStream(path), bytesMax);
  } catch {
    return undefined;
  }
}

/** Stops reading once it is too large. */
async function allOf(stream: AsyncIterable<Uint8Array | string>, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk as Uint8Array);
    chunks.push(bytes);
    length += bytes.length;
    if (length > bytesMax) break;
  }
  return Buffer.concat(chunks);
}
