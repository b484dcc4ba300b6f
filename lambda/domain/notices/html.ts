import type { Notice } from './compose.ts';
import { renderText } from './text.ts';

/** The notice as an HTML document. */
export const renderHtml = (notice: Notice): string => `<pre>${escaped(renderText(notice))}</pre>`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
