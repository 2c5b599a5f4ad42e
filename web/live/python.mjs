// The name that python.js had: what imports it by that name goes on working.

export * from "./python.js";
