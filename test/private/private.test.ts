// One file for jest, which loads the CDK anew for each: two seconds for a test of milliseconds.
import './ecr/actions.spec';
import './core/errors.spec';
import './ecr/names.spec';
import './core/physical-names.spec';
import './ownership/registry-policy.spec';
import './policy/repository-policy.spec';
import './ecr/resource-tags.spec';
import './policy/role-statements.spec';
import './core/shell.spec';
import './policy/statement-text.spec';
import './ecr/tag-mutability.spec';
import './core/values.spec';
import './core/wildcards.spec';
