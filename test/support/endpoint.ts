/** Points the AWS SDK's clients that the code under test makes itself at `url()`, as AWS_ENDPOINT_URL does in operation. */
export function useEndpoint(url: () => string): void {
  const names = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_STS'] as const;
  const before = names.map((name) => [name, process.env[name]] as const);
  beforeAll(() => {
    for (const name of names) delete process.env[name];
    process.env.AWS_ENDPOINT_URL = url();
  });
  afterAll(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}
