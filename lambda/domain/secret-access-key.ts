/**
 * The one home of a secret access key between CreateAccessKey and PutSecretValue. It has no string form: printing,
 * serialising, inspecting or interpolating it shows `[secret]`. Only `reveal` gives the text, and only adapters call it.
 */
export class SecretAccessKey {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The secret itself, for the one call that stores or proves it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.toPrimitive](): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}
