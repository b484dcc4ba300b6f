/** zod/mini speaks no language until it is given one; what schemas find wrong is read by people. */
import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';

z.config(en());
