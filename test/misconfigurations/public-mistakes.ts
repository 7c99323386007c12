import { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { PublicRepository, type PublicRepositoryProps } from '../../lib';
import { type Mistake, OWNER } from './mistake';

const REFUSED = 'CreateRepository: InvalidParameterException';
const ANYBODY = { actions: ['ecr-public:PutImage'], principals: [new iam.AnyPrincipal()] };

/** A stack in us-east-1 in place of the one in another Region. */
function gallery({ node: { root, id } }: Stack): Stack {
  root.node.tryRemoveChild(id);
  return new Stack(root, id, { env: { account: OWNER, region: 'us-east-1' } });
}

function named(repositoryName: string, mistake: string): Mistake {
  return catalog({ repositoryName }, mistake, "'repositoryName'", REFUSED);
}

function catalog(props: PublicRepositoryProps, mistake: string, names: string, atAws = 'the resource schema of CloudFormation refuses the template at deployment'): Mistake {
  return {
    mistake,
    atAws,
    names,
    ours: stack => new PublicRepository(gallery(stack), 'Public', props),
    core: stack => new ecr.CfnPublicRepository(gallery(stack), 'Public', {
      repositoryName: props.repositoryName,
      repositoryCatalogData: { AboutText: props.aboutText, Architectures: props.architectures, RepositoryDescription: props.description },
    }),
  };
}

export const PUBLIC_MISTAKES: Mistake[] = [
  {
    mistake: 'a public repository in another Region than us-east-1',
    atAws: 'UnsupportedCommandException: ECR Public is in us-east-1',
    names: 'us-east-1',
    ours: stack => new PublicRepository(stack, 'Public'),
    core: stack => new ecr.CfnPublicRepository(stack, 'Public'),
  },
  named('tools__converter', 'two underscores in the name of a public repository, which a private one may have'),
  named(`tools/${'x'.repeat(200)}`, 'a public repository with a name of 206 characters'),
  catalog({ aboutText: 'x'.repeat(10_241) }, "an 'about' text of 10,241 characters", "'aboutText'"),
  catalog({ description: 'x'.repeat(1025) }, 'a description of 1,025 characters', "'description'"),
  catalog({ architectures: [''] }, 'an empty architecture', "'architectures[0]'"),
  {
    mistake: 'everybody may push to a public repository',
    atAws: 'every AWS account in the world can replace the images',
    names: "'statement'",
    ours: stack => new PublicRepository(gallery(stack), 'Public').addToResourcePolicy(new iam.PolicyStatement(ANYBODY)),
    core: stack => new ecr.CfnPublicRepository(gallery(stack), 'Public', {
      repositoryPolicyText: new iam.PolicyDocument({ statements: [new iam.PolicyStatement(ANYBODY)] }),
    }),
  },
  {
    mistake: 'private actions in the policy of a public repository',
    atAws: 'the statement lets nobody push',
    names: "'statement'",
    ours: stack => new PublicRepository(gallery(stack), 'Public').addToResourcePolicy(new iam.PolicyStatement({
      actions: ['ecr:PutImage'], principals: [new iam.AccountPrincipal(OWNER)],
    })),
    core: stack => new ecr.CfnPublicRepository(gallery(stack), 'Public', {
      repositoryPolicyText: new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: ['ecr:PutImage'], principals: [new iam.AccountPrincipal(OWNER)] })] }),
    }),
  },
];
