export * from './replication-destination';
export * from './replication-rule';
export * from './replication-setup';
export * from './replication-source';
export * from './replication-target';
