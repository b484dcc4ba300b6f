import { texts } from '../../lib/config-texts.ts';

describe('notices.texts', () => {
  test('left out: the texts that Keyturn has', () => {
    expect(texts.parse(undefined)).toEqual({});
  });

  test('good ones are taken as they are', () => {
    const own = { 'footer.secrets': 'Never send us a secret.' };
    expect(texts.parse(own)).toEqual(own);
  });

  test('every mistake is reported, each at its text', () => {
    const { error } = texts.safeParse({ 'key-replaced.lines.switch': 'Soon.', 'footer.ower': 'x' });
    expect(error?.issues.map(({ path, message }) => [path.join('/'), message])).toEqual([
      ['key-replaced.lines.switch', expect.stringContaining('leaves out {disableAt}')],
      ['key-replaced.lines.switch', expect.stringContaining('leaves out {deleteAt}')],
      ['footer.ower', expect.stringContaining('the nearest are footer.owner')],
    ]);
  });

  test('anything but text is refused', () => {
    expect(texts.safeParse({ 'footer.secrets': 5 }).success).toBe(false);
  });
});
