export * from './quota-alarm';
export * from './registry-metrics';
export * from './registry-policy';
export * from './replication-destination';
export * from './replication-rule';
export * from './replication-setup';
export * from './replication-source';
export * from './replication-target';
