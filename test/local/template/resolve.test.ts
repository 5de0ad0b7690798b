import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../local/json.ts';
import { type LoadedTemplate, loadTemplate } from '../../../local/template/resolve.ts';
import { TemplateError } from '../../../local/template/template-error.ts';

const directories: string[] = [];

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A cloud assembly with one stack, as `cdk synth` writes it. */
function assembly(template: JsonObject): string {
  const directory = mkdtempSync(join(tmpdir(), 'assembly-'));
  directories.push(directory);
  const write = (file: string, content: JsonObject) => writeFileSync(join(directory, file), JSON.stringify(content));
  write('Stack.template.json', template);
  write('Stack.assets.json', {
    files: {
      abc: { source: { path: 'asset.abc', packaging: 'zip' }, destinations: { here: { objectKey: 'abc.zip' } } },
    },
  });
  write('manifest.json', {
    artifacts: {
      'Stack.assets': { type: 'cdk:asset-manifest', properties: { file: 'Stack.assets.json' } },
      Stack: {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'Stack.template.json', stackName: 'Stack-deployed' },
      },
    },
  });
  return directory;
}

/** Every thing has its Name (or logical id) as Ref, and an Arn. */
function load(template: JsonObject, parameters: Record<string, string> = {}): LoadedTemplate {
  return loadTemplate(assembly(template), 'Stack', {
    accountId: '000000000000',
    region: 'ap-southeast-2',
    apiOrigin: 'http://127.0.0.1:3000',
    parameters,
    identify: (_type, logicalId, properties) => {
      const ref = String(properties['Name'] ?? logicalId);
      return { ref, attributes: { Arn: `arn:aws:thing:::${ref}` } };
    },
  });
}

const thing = (properties: JsonObject, others: JsonObject = {}): JsonObject => ({
  Type: 'AWS::Test::Thing',
  Properties: properties,
  ...others,
});

/** What one property comes to, beside a resource `Other` whose Ref is `other-name`. */
function resolved(value: JsonValue, sections: JsonObject = {}): JsonValue | undefined {
  const Resources = { It: thing({ Value: value }), Other: thing({ Name: 'other-name' }) };
  const { resources } = load({ ...sections, Resources });
  return resources.find(({ logicalId }) => logicalId === 'It')?.properties['Value'];
}

describe('loadTemplate', () => {
  it.each<[string, JsonValue, JsonValue]>([
    ['Ref of a resource', { Ref: 'Other' }, 'other-name'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::AccountId' }, '000000000000'],
    ['Ref of the stack name', { Ref: 'AWS::StackName' }, 'Stack-deployed'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Other', 'Arn'] }, 'arn:aws:thing:::other-name'],
    ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Other.Arn' }, 'arn:aws:thing:::other-name'],
    ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'AWS::Region' }, 3]] }, 'a/ap-southeast-2/3'],
    [
      'Fn::Sub of a text',
      { 'Fn::Sub': '${Other}-${Other.Arn}-${!Kept}-${AWS::Partition}' },
      'other-name-arn:aws:thing:::other-name-${Kept}-aws',
    ],
    [
      'Fn::Sub with values of its own',
      { 'Fn::Sub': ['${x}+${Other}', { x: { Ref: 'AWS::Region' } }] },
      'ap-southeast-2+other-name',
    ],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', 'dev', 'memory'] }, 256],
    ['Fn::If, true', { 'Fn::If': ['IsLocal', 'yes', 'no'] }, 'yes'],
    ['Fn::If with AWS::NoValue', { a: 1, b: { 'Fn::If': ['IsProd', 2, { Ref: 'AWS::NoValue' }] } }, { a: 1 }],
    ['a list item that is AWS::NoValue', ['a', { Ref: 'AWS::NoValue' }, 'b'], ['a', 'b']],
    ['plain data that only looks like a condition', { Condition: 'IsLocal' }, { Condition: 'IsLocal' }],
  ])('resolves %s', (_name, value, expected) => {
    const sections = {
      Mappings: { Sizes: { dev: { memory: 256 } } },
      Conditions: {
        IsRegion: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'ap-southeast-2'] },
        IsProd: { 'Fn::Not': [{ Condition: 'IsRegion' }] },
        IsLocal: {
          'Fn::And': [{ Condition: 'IsRegion' }, { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'IsRegion' }] }],
        },
      },
    };

    expect(resolved(value, sections)).toEqual(expected);
  });

  it('takes a parameter from the caller before its default', () => {
    const template = {
      Parameters: { Stage: { Type: 'String', Default: 'dev' }, Names: { Type: 'CommaDelimitedList', Default: 'a,b' } },
      Resources: { It: thing({ Stage: { Ref: 'Stage' }, Names: { Ref: 'Names' } }) },
    };

    expect(load(template).resources[0]?.properties).toEqual({ Stage: 'dev', Names: ['a', 'b'] });
    expect(load(template, { Stage: 'test' }).resources[0]?.properties['Stage']).toBe('test');
  });

  it('loads a template with the bootstrap version that nothing refers to', () => {
    const BootstrapVersion = {
      Type: 'AWS::SSM::Parameter::Value<String>',
      Default: '/cdk-bootstrap/hnb659fds/version',
    };
    const template = { Parameters: { BootstrapVersion }, Resources: { It: thing({}) } };

    expect(load(template).resources).toHaveLength(1);
    expect(() => load({ ...template, Resources: { It: thing({ Value: { Ref: 'BootstrapVersion' } }) } })).toThrow(
      /BootstrapVersion is of type AWS::SSM::Parameter::Value<String>/,
    );
  });

  it('orders each resource after what it refers to or depends on', () => {
    const { resources } = load({
      Resources: {
        Last: thing({ Value: { 'Fn::Sub': '${Middle.Arn}' } }),
        Middle: thing({}, { DependsOn: ['First'] }),
        First: thing({}),
      },
    });

    expect(resources.map(({ logicalId }) => logicalId)).toEqual(['First', 'Middle', 'Last']);
  });

  it('leaves out a resource whose condition does not hold, and refuses a reference to it', () => {
    const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
    const Absent = thing({}, { Condition: 'Never' });

    expect(load({ Conditions, Resources: { Absent } }).resources).toEqual([]);
    expect(() => load({ Conditions, Resources: { Absent, It: thing({ Value: { Ref: 'Absent' } }) } })).toThrow(
      'The template creates no resource Absent',
    );
  });

  it('leads the address of the REST API to the local server, in properties and outputs', () => {
    const address = {
      'Fn::Join': [
        '',
        ['https://', { Ref: 'Other' }, '.execute-api.ap-southeast-2.', { Ref: 'AWS::URLSuffix' }, '/dev/'],
      ],
    };
    const { outputs } = load({ Resources: { Other: thing({}) }, Outputs: { ApiUrl: { Value: address } } });

    expect(resolved(address)).toBe('http://127.0.0.1:3000/dev/');
    expect(outputs).toEqual({ ApiUrl: 'http://127.0.0.1:3000/dev/' });
  });

  it.each<[string, JsonValue, string]>([
    ['an unknown intrinsic', { 'Fn::GetAZs': '' }, 'It.Value: Fn::GetAZs is not evaluated by the local run'],
    ['Fn::ImportValue', { 'Fn::ImportValue': 'shared' }, 'Fn::ImportValue "shared"'],
    ['a reference to nothing', { Ref: 'Nobody' }, 'no resource Nobody'],
    [
      'an attribute that is not there',
      { 'Fn::GetAtt': ['Other', 'Colour'] },
      'AWS::Test::Thing Other has no attribute Colour',
    ],
    ['a dynamic reference', '{{resolve:ssm:/name}}', 'dynamic references'],
    ['an unknown pseudo parameter', { Ref: 'AWS::Moon' }, 'AWS::Moon'],
    ['a resource that refers to itself', { Ref: 'It' }, 'It -> It'],
  ])('refuses %s by name', (_name, value, message) => {
    expect(() => resolved(value)).toThrow(TemplateError);
    expect(() => resolved(value)).toThrow(message);
  });

  it('names every member of a cycle', () => {
    const Resources = {
      A: thing({ Value: { Ref: 'B' } }),
      B: thing({ Value: { Ref: 'C' } }),
      C: thing({ Value: { 'Fn::GetAtt': ['B', 'Arn'] } }),
    };

    expect(() => load({ Resources })).toThrow('The template refers to itself: B -> C -> B');
  });

  it('finds the folder of an asset by its S3 key', () => {
    const loaded = load({ Resources: {} });

    expect(loaded.assetPath('abc.zip')).toMatch(/assembly-.*\/asset\.abc$/);
    expect(() => loaded.assetPath('other.zip')).toThrow('no asset with the S3 key other.zip');
  });

  it('names the stacks there are when the wanted one is missing', () => {
    const options = { accountId: '0', region: 'r', apiOrigin: '', identify: () => ({ ref: '', attributes: {} }) };

    expect(() => loadTemplate(assembly({}), 'Elsewhere', options)).toThrow(
      'holds no stack Elsewhere (it holds: Stack)',
    );
    expect(() => loadTemplate('/nowhere', 'Stack', options)).toThrow('/nowhere/manifest.json cannot be read');
  });
});
