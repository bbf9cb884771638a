/** JSON of a log, as parsed: any shape, hostile until proven otherwise. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonMap = { readonly [key: string]: Json };
