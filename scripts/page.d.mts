/** Folder of the built page. */
export declare const PAGE_FOLDER: string;
/** Whether the built page is there and no older than its sources. */
export declare const isPageCurrent: () => boolean;
/** Builds the page. */
export declare const buildPage: () => Promise<void>;
/** Builds the page where it is missing or stale. */
export declare const ensurePage: () => Promise<void>;
