/** Types of flags.mjs, which both plain scripts and the Playwright configuration import. */
export declare const plainFlags: string[];
export declare const webgpuFlags: string[];
