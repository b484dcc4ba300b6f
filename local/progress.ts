/** Called with one short line whenever something slow starts or ends; the caller decides how to show it. */
export type OnProgress = (line: string) => void;
