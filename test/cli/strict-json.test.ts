import { strictJson } from '../../cli/strict-json.ts';

test.each([
  ['{"a":1}'],
  ['{ "a" : [ {"b":1}, {"b":2} ], "c":{"a":"a"} }'],
  ['["a","a",{"a":":{}[],\\"a\\":"}]'],
  ['{"a":{"a":{"a":null}}, "b":-0.10e2}'],
  ['{"":1, "\\u0061":2}'],
  ['[0, -0, 1.50, 0.15e1, 1e-06, 1.0E+3, 120000000000000000000000, 0.1, 9007199254740992]'],
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

test.each([
  ['[90.00000000000000001]', '90'],
  ['{"a": 9007199254740993}', '9007199254740992'],
  ['[1e400]', 'Infinity'],
  ['[1e-400]', '0'],
])('%s has a number that says more than is read of it', (text, read) => {
  expect(() => strictJson(text)).toThrow(`is read as ${read}`);
});

test.each([['{"a":1} x'], ['{"a":1}{"a":1}'], ['{"a":1'], ["{'a':1}"], ['']])('%s is no JSON', (text) => {
  expect(() => strictJson(text)).toThrow(SyntaxError);
});
