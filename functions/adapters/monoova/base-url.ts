import { ConfigurationError } from '../../../domain/errors.ts';

/** Stands in a stage's list of hosts for this machine at any port; only there is plain HTTP allowed. */
const LOOPBACK = 'loopback';
const LOOPBACK_HOSTNAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * The base URL without a slash at its end, where this stage may speak to it. `hosts` are `host`, `host:port` or `loopback`.
 * @throws {ConfigurationError} for another host or scheme, or for anything beside scheme, host and path. Nothing was sent.
 */
export function allowedBaseUrl(text: string, hosts: readonly string[]): string {
  const url = URL.parse(text);
  if (!url) throw new ConfigurationError("Monoova's base URL is no URL.");
  const isLoopback = hosts.includes(LOOPBACK) && LOOPBACK_HOSTNAMES.has(url.hostname);
  const isOfStage = hosts.includes(url.host);
  if (!isLoopback && !isOfStage) throw new ConfigurationError(`The host ${url.host} is not one of this stage's.`);
  const isAllowedScheme = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback);
  if (!isAllowedScheme) throw new ConfigurationError(`The scheme ${url.protocol} is not allowed for ${url.host}.`);
  if (url.username || url.password || url.search || url.hash) {
    throw new ConfigurationError(`The base URL of ${url.host} holds more than scheme, host and path.`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
