import type { Component } from "svelte";

/** A lucide icon, or anything that is drawn like one. */
export type Icon = Component<{ size?: number | string; strokeWidth?: number | string; class?: string; "aria-hidden"?: "true" }>;
