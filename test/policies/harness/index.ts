export * from './accounts';
export * from './evaluator';
export * from './matrix';
export * from './world';
