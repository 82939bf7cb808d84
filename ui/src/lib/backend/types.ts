// The one place that says where the contract's types come from.
export type * from "./contract";
