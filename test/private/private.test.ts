// One file for jest, which loads the CDK anew for each: two seconds for a test of milliseconds.
import './actions.spec';
import './errors.spec';
import './names.spec';
import './physical-names.spec';
import './registry-policy.spec';
import './repository-policy.spec';
import './resource-tags.spec';
import './role-statements.spec';
import './shell.spec';
import './statement-text.spec';
import './tag-mutability.spec';
import './values.spec';
import './wildcards.spec';
