import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type Handler = (event: unknown, context: unknown) => unknown;

/** The names that Lambda's runtime gives to a function it cannot load. */
class HandlerLoadError extends Error {
  override readonly name: string;

  constructor(name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/**
 * Imports the module of `handler` (`file.export`) from `directory` and gives the exported function.
 *
 * @throws {HandlerLoadError} named `Runtime.ImportModuleError`, `Runtime.UserCodeSyntaxError` or `Runtime.HandlerNotFound`;
 *   what the module itself throws while it is loaded passes through unchanged
 */
export async function loadHandler(directory: string, handler: string): Promise<Handler> {
  const [file = '', ...exportPath] = handler.split('.');
  const path = ['.mjs', '.js', '.cjs'].map((extension) => join(directory, file + extension)).find(existsSync);
  if (!path) throw new HandlerLoadError('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  let found: unknown = await importModule(path);
  for (const name of exportPath) found = Reflect.get(Object(found), name);
  if (isHandler(found)) return found;
  throw new HandlerLoadError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
}

async function importModule(path: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new HandlerLoadError('Runtime.UserCodeSyntaxError', `SyntaxError: ${cause.message}`, { cause });
    }
    throw cause;
  }
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}
