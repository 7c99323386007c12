import { ExitCode, type Io } from '../core/io';
import { policyFor } from '../snapshot/calls';

/**
 * `permissions`: prints the IAM policy that `snapshot` needs.
 */
export function permissions({ findings = false }: { findings?: boolean }, io: Io): ExitCode {
  io.stdout(`${JSON.stringify(policyFor({ findings }), undefined, 2)}\n`);
  return ExitCode.CLEAN;
}
