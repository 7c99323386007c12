import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pack } from './packages';

/**
 * The NuGet package is generated, and not compiled: no .NET SDK is part of these gates. docs/guide/languages.md lists it as not proven.
 */
export function dotnet(folder: string): false {
  const project = join(pack('dotnet', folder, '--code-only'), 'CdkSecureEcr');
  for (const file of ['CdkSecureEcr.csproj', 'CdkSecureEcr/SecureRepository.cs', 'CdkSecureEcr/EcrChecks.cs']) {
    assert.ok(existsSync(join(project, file)), `${file} is missing`);
  }
  return false;
}
