import { describe, expect, test } from 'vitest';
import { compileTemplate } from '../../../../local/api-gateway/velocity/render.ts';
import { fromJson, JavaMap, type Value } from '../../../../local/api-gateway/velocity/values.ts';

function render(template: string, variables: Record<string, Value> = {}): string {
  return compileTemplate(template).render(variables);
}

describe('what is missing, as recorded on AWS', () => {
  test('prints as nothing', () => {
    expect(render('[$map.gone][$map.gone.deeper]', { map: new JavaMap() })).toBe('[][]');
  });

  test('equals null and the empty text alike', () => {
    const template = '#set($x = $map.gone)#if($x == $null)null #end#if($x == "")empty#end';
    expect(render(template, { map: new JavaMap() })).toBe('null empty');
  });

  test('is not the same as something', () => {
    expect(render('#if($map.gone == "a")a#{else}none#end', { map: new JavaMap() })).toBe('none');
  });
});

describe('values out of a JSON document', () => {
  const document = fromJson('{"a":1,"b":[{"c":5}],"d":1.0,"big":12345678901234567890,"e":null}');

  test('a map prints as Java writes maps, a list inside it as JSON', () => {
    expect(render('$o', { o: document })).toBe('{a=1, b=[{"c":5}], d=1.0, big=12345678901234567890, e=null}');
  });

  test('keep an integer exact and a decimal decimal', () => {
    expect(render('$o.a $o.d $o.big $o.b[0].c', { o: document })).toBe('1 1.0 12345678901234567890 5');
  });

  test('a member called __proto__ is a member like others', () => {
    expect(render('$o["__proto__"].x $o.x|', { o: fromJson('{"__proto__":{"x":"y"}}') })).toBe('y |');
  });
});

describe('refuses when the template is read', () => {
  test.each([
    ['#macro(f)x#end', '#macro is not run here'],
    ['#parse("x")', '#parse is not run here'],
    ['#if(true)a', '#if has no #end'],
    ['a#end', 'closes nothing'],
    ['#set($x)', 'expected ='],
    ['#set($x = 3 -1)', 'expected )'],
    ['${x', 'expected }'],
    ['\\$x', 'a backslash before a reference'],
    ['$x.f($y + 1)', 'expected ,'],
    ['cost: 5$', 'ends with $ or #'],
  ])('%s', (template, problem) => {
    expect(() => compileTemplate(template)).toThrow(problem);
  });

  test('a template beyond 300 KB', () => {
    expect(() => compileTemplate('x'.repeat(300 * 1024 + 1))).toThrow('300 KB');
  });
});

describe('refuses while rendering, by the name of the construct and never by a value', () => {
  test.each([
    ['$typo', 'nobody sets $typo'],
    ['$s.strip()', 'the method strip of a string'],
    ['$s.constructor()', 'the method constructor of a string'],
    ['$s.class', 'the property class'],
    ['$s.length', 'the property length'],
    ['#if($empty)x#end', 'undecided'],
    ['#set($x = 1)#set($x = $null)', 'to nothing'],
    ['#foreach($c in $s)x#end', 'neither a list nor a map'],
    ['#foreach($i in [1..2000])x#end', 'more than 1000 items'],
    ['#set($x = $s * 2)', 'anything but two integers'],
    ['#set($x = 1 / 0)', 'no exact integer'],
    ['#if($s < "b")x#end', 'anything but two numbers'],
    ['$s.substring(99)', 'outside its string'],
    ['$s.replaceAll("(?i)a", "b")', 'inline flag'],
    ['$s.replaceAll("a++", "b")', 'possessive'],
    ['$s.replaceAll("\\Qa\\E", "b")', 'the escape \\Q'],
    ['$s.split("l")', 'a Java array'],
  ])('%s', (template, problem) => {
    const failing = () => render(template, { s: 'hello, secret-value', empty: '' });
    expect(failing).toThrow(problem);
    expect(failing).toThrow(expect.not.objectContaining({ message: expect.stringContaining('secret-value') }));
  });
});
