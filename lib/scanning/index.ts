export * from './missing-scan';
export * from './registry-scanning';
export * from './scan-gate';
export * from './scan-type';
export { FindingGranularity, ScanFindings, type ScanFindingsProps } from './scan-findings';
export { ScanFindingsFormat } from './scan-findings-message';
