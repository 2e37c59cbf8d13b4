/** Types of locate.mjs, which stays plain JavaScript because it runs before anything is installed. */
export declare const root: string;
export declare function onPath(names: string[]): string | undefined;
export declare function findChromium(): string | undefined;
export declare function findFirefox(): string | undefined;
export declare function findLavapipe(): string | undefined;
export declare function findPython(): string | undefined;
export declare function findNcdump(): string | undefined;
