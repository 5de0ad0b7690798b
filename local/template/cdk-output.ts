import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { JsonObject, JsonValue } from '../json.ts';
import { TemplateError } from './template-error.ts';

/** One stack as `cdk synth` leaves it: the template, and the files its assets stand for. */
export type SynthesisedStack = {
  readonly stackName: string;
  readonly template: JsonObject;
  /** The folder or file behind an asset's S3 key. @throws {TemplateError} for a key that is no asset of this stack. */
  assetPath(s3Key: string): string;
};

/**
 * Reads the cloud assembly in `directory`. `name` is the stack's artifact id or its deployed name.
 *
 * @throws {TemplateError} when there is no such folder, no such stack, or a file of it is unreadable
 */
export function readStack(directory: string, name: string): SynthesisedStack {
  const artifacts = objectAt(readJson(join(directory, 'manifest.json')), 'artifacts');
  const [artifactId, artifact] = findStack(artifacts, name, directory);
  const properties = objectAt(artifact, 'properties');
  const stackName = typeof properties['stackName'] === 'string' ? properties['stackName'] : artifactId;
  const template = readJson(join(directory, String(properties['templateFile'])));
  const assets = readAssets(directory, artifactId, artifacts);
  return {
    stackName,
    template,
    assetPath(s3Key) {
      const path = assets.get(s3Key);
      if (path === undefined) throw new TemplateError(`Stack ${stackName} has no asset with the S3 key ${s3Key}`);
      return path;
    },
  };
}

function findStack(artifacts: JsonObject, name: string, directory: string): [string, JsonObject] {
  const stacks = Object.entries(artifacts).flatMap(([id, artifact]): [string, JsonObject][] =>
    isObject(artifact) && artifact['type'] === 'aws:cloudformation:stack' ? [[id, artifact]] : [],
  );
  const found = stacks.find(([id, artifact]) => id === name || objectAt(artifact, 'properties')['stackName'] === name);
  if (found) return found;
  const known = stacks.map(([id]) => id).join(', ') || 'none';
  throw new TemplateError(`${directory} holds no stack ${name} (it holds: ${known})`);
}

/** Every file asset has its destinations in the stack's asset manifest; the object key is what templates refer to. */
function readAssets(directory: string, artifactId: string, artifacts: JsonObject): Map<string, string> {
  const manifest = artifacts[`${artifactId}.assets`];
  const assets = new Map<string, string>();
  if (!isObject(manifest)) return assets;
  const files = objectAt(readJson(join(directory, String(objectAt(manifest, 'properties')['file']))), 'files');
  for (const file of Object.values(files)) {
    if (!isObject(file)) continue;
    const path = resolve(directory, String(objectAt(file, 'source')['path']));
    for (const destination of Object.values(objectAt(file, 'destinations'))) {
      if (isObject(destination)) assets.set(String(destination['objectKey']), path);
    }
  }
  return assets;
}

function readJson(path: string): JsonObject {
  try {
    const value: JsonValue = JSON.parse(readFileSync(path, 'utf8'));
    if (isObject(value)) return value;
  } catch (cause) {
    throw new TemplateError(`${path} cannot be read`, { cause });
  }
  throw new TemplateError(`${path} holds no JSON object`);
}

function objectAt(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return isObject(value) ? value : {};
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
