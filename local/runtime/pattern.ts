/**
 * Whether an event matches an EventBridge-style pattern, as far as event source mappings use them: exact values,
 * prefix, suffix, equals-ignore-case, exists, anything-but, numeric and $or. Any other operator throws.
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (!isObject(pattern)) throw new Error('A filter pattern is a JSON object.');
  return Object.entries(pattern).every(([name, expected]) => {
    if (name === '$or' && Array.isArray(expected)) return expected.some((branch) => matchesPattern(branch, event));
    const value = isObject(event) ? event[name] : undefined;
    return Array.isArray(expected) ? matchesAny(expected, value) : matchesPattern(expected, value);
  });
}

function matchesAny(alternatives: readonly unknown[], value: unknown): boolean {
  // An array in the event matches if any of its elements does.
  const values = Array.isArray(value) ? value : [value];
  return alternatives.some((alternative) => values.some((each) => matchesOne(alternative, each)));
}

function matchesOne(expected: unknown, value: unknown): boolean {
  if (!isObject(expected)) return expected === value;
  const [[operator, operand] = ['', undefined], ...more] = Object.entries(expected);
  if (more.length > 0) throw new Error(`A filter has two operators in one place: ${JSON.stringify(expected)}`);
  switch (operator) {
    case 'exists':
      return (value !== undefined) === operand;
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(operand));
    case 'suffix':
      return typeof value === 'string' && value.endsWith(String(operand));
    case 'equals-ignore-case':
      return typeof value === 'string' && value.toLowerCase() === String(operand).toLowerCase();
    case 'anything-but':
      return value !== undefined && !matchesAny(Array.isArray(operand) ? operand : [operand], value);
    case 'numeric':
      return typeof value === 'number' && Array.isArray(operand) && matchesNumeric(operand, value);
    default:
      throw new Error(`The local runtime does not know the filter operator ${operator}.`);
  }
}

function matchesNumeric(comparisons: readonly unknown[], value: number): boolean {
  for (let at = 0; at < comparisons.length; at += 2) {
    if (!compares(String(comparisons[at]), value, Number(comparisons[at + 1]))) return false;
  }
  return true;
}

function compares(operator: string, value: number, bound: number): boolean {
  switch (operator) {
    case '=':
      return value === bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    default:
      throw new Error(`A numeric filter cannot compare with ${operator}.`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
