import { strictJson } from '../../cli/strict-json.ts';

test.each([
  ['{"a":1}'],
  ['{ "a" : [ {"b":1}, {"b":2} ], "c":{"a":"a"} }'],
  ['["a","a",{"a":":{}[],\\"a\\":"}]'],
  ['{"a":{"a":{"a":null}}, "b":-0.10e2}'],
  ['{"":1, "\\u0061":2}'],
])('%s says one thing', (text) => {
  expect(strictJson(text)).toEqual(JSON.parse(text));
});

test.each([
  ['{"a":1,"a":1}', '"a"'],
  ['{"a":1,"b":{"x":[{"c":1,"c":2}]}}', '"c"'],
  ['{"a":1,"\\u0061":2}', '"\\u0061"'],
  ['{"a":{"b":1},"c":"}","a":2}', '"a"'],
  ['{"__proto__":1,"__proto__":2}', '"__proto__"'],
])('%s says two', (text, name) => {
  expect(() => strictJson(text)).toThrow(`an object has the name ${name} twice`);
});

test.each([['{"a":1} x'], ['{"a":1}{"a":1}'], ['{"a":1'], ["{'a':1}"], ['']])('%s is no JSON', (text) => {
  expect(() => strictJson(text)).toThrow(SyntaxError);
});
