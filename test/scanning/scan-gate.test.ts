import { App, Aws, CfnOutput, CfnParameter, Duration, Fn, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as pipelines from 'aws-cdk-lib/pipelines';
import { MissingScan, ScanGate, type ScanGateProps, ScanType, SecureRepository } from '../../lib';
import { runScript } from '../shells/shell';

const OWNER = '111111111111';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const READ = ['ecr:BatchGetImage', 'ecr:DescribeImageScanFindings'];
const INSPECTOR = { Action: ['inspector2:ListCoverage', 'inspector2:ListFindings'], Effect: 'Allow', Resource: '*' };

function stackOf(account: string | undefined = OWNER, app = new App(), id = 'Images'): Stack {
  return new Stack(app, id, account === 'unknown' ? {} : { env: { account, region: 'eu-west-1' } });
}

function repositoryIn(stack: Stack): SecureRepository {
  return stack.node.tryFindChild('Api') as SecureRepository ?? new SecureRepository(stack, 'Api', { repositoryName: 'team/api' });
}

const gateIn = (stack: Stack, props: Partial<ScanGateProps> = {}): ScanGate => new ScanGate({ repository: repositoryIn(stack), ...props });

/** The text of a command, with what the template fills in in the form of `${…}`. */
function textOf(stack: Stack, value: unknown): string {
  const resolved = stack.resolve(value) as unknown;
  const flat = (part: any): string => {
    if (typeof part === 'string') {
      return part;
    }
    if (Array.isArray(part)) {
      return part.map(flat).join('|');
    }
    const [[name, argument]] = Object.entries<any>(part);
    return name === 'Fn::Join' && argument[0] === '' ? argument[1].map(flat).join('') : `\${${name.replace('Fn::', '')} ${flat(argument)}}`;
  };
  return flat(resolved);
}

const linesOf = (stack: Stack, gate: ScanGate, image = 'v1'): string[] => textOf(stack, gate.toCommands(image)[0]).split('\n');

function warningsOf(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);
}

function statementsOf(stack: Stack): object[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .flatMap(policy => (policy.Properties as { PolicyDocument: { Statement: object[] } }).PolicyDocument.Statement);
}

const repositoryOf = (stack: Stack): unknown => stack.resolve(repositoryIn(stack).repositoryArn);

describe('the limits of a ScanGate', () => {
  const limits = (props: Partial<ScanGateProps>): string | undefined => {
    const stack = stackOf();
    return linesOf(stack, gateIn(stack, props)).find(line => line.startsWith('timeout='));
  };

  test('are no critical and five high findings in ten minutes', () => {
    expect(limits({})).toBe('timeout=600 max_critical=0 max_high=5');
  });

  test('can be others', () => {
    expect(limits({ maxCritical: 1, maxHigh: 0, maxMedium: 20, timeout: Duration.hours(1) })).toBe('timeout=3600 max_critical=1 max_high=0 max_medium=20');
    expect(limits({ maxMedium: 0 })).toBe('timeout=600 max_critical=0 max_high=5 max_medium=0');
  });

  test.each([['maxCritical'], ['maxHigh'], ['maxMedium']] as const)('%s is a whole number', prop => {
    for (const value of [0, 1, Number.MAX_SAFE_INTEGER]) {
      expect(() => limits({ [prop]: value })).not.toThrow();
    }
    for (const value of [-1, 0.5, NaN, Infinity, -Infinity, Number.MAX_SAFE_INTEGER + 1]) {
      expect(() => limits({ [prop]: value })).toThrow(`'${prop}' must be a whole number, 0 or more, got ${value}`);
    }
  });

  test('the timeout is whole seconds, up to a day', () => {
    for (const timeout of [Duration.seconds(0), Duration.hours(24), Duration.millis(2000)]) {
      expect(() => limits({ timeout })).not.toThrow();
    }
    for (const timeout of [Duration.millis(1500), Duration.seconds(86_401), Duration.days(7)]) {
      expect(() => limits({ timeout })).toThrow(`'timeout' must be whole seconds and at most 24 hours, got ${timeout.toHumanString()}`);
    }
  });

  test('may come with the deployment, which quotes them', () => {
    const stack = stackOf();
    const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
    const gate = gateIn(stack, { maxCritical: number, maxHigh: number, maxMedium: number, timeout: Duration.seconds(number) });
    const quoted = "'${Join '\\''|${Split '|${Ref Number}}}'";

    expect(linesOf(stack, gate)).toContain(`timeout=${quoted} max_critical=${quoted} max_high=${quoted} max_medium=${quoted}`);
  });

  test('are told all at once what is wrong with them', () => {
    const enhanced = { scanType: ScanType.ENHANCED, missingScan: MissingScan.START_SCAN };
    expect(() => limits({ maxCritical: -1, maxHigh: 1.5, maxMedium: NaN, timeout: Duration.days(2), ...enhanced })).toThrow(
      /'maxCritical'.*\n'maxHigh'.*\n'maxMedium'.*\n'timeout'.*\n'missingScan' must not be START_SCAN if 'scanType' is ENHANCED/,
    );
  });
});

describe('the repository of a ScanGate', () => {
  const registryOf = (stack: Stack, repository: ecr.IRepository): string[] => linesOf(stack, new ScanGate({ repository }))
    .filter(line => /^repository=|^ecr\(\)/.test(line));

  test('is the one that the template makes', () => {
    const stack = stackOf();

    expect(registryOf(stack, new SecureRepository(stack, 'Unnamed'))).toEqual([
      expect.stringMatching(/^repository='\$\{Ref Unnamed[A-F0-9]+\}'$/),
      `ecr() { aws ecr "$@" --repository-name "$repository" --registry-id '${OWNER}' --region 'eu-west-1' --output text; }`,
    ]);
  });

  test('is in the registry of whoever asks, where the account is not known', () => {
    const stack = stackOf('unknown');

    expect(registryOf(stack, repositoryIn(stack))).toContain('ecr() { aws ecr "$@" --repository-name "$repository" --output text; }');
  });

  test('may be imported', () => {
    const stack = stackOf();
    const repository = ecr.Repository.fromRepositoryArn(stack, 'Theirs', 'arn:aws:ecr:us-east-1:222222222222:repository/team/web');

    expect(registryOf(stack, repository)).toEqual([
      "repository='team/web'",
      'ecr() { aws ecr "$@" --repository-name "$repository" --registry-id \'222222222222\' --region \'us-east-1\' --output text; }',
    ]);
  });

  test('may be a parameter, whose quotes end no word', () => {
    const stack = stackOf();
    const { valueAsString } = new CfnParameter(stack, 'Name');

    expect(registryOf(stack, ecr.Repository.fromRepositoryName(stack, 'Named', valueAsString))[0])
      .toBe("repository='${Join '\\''|${Split '|${Ref Name}}}'");
  });

  test('may be of another stack', () => {
    const app = new App();
    const other = stackOf(OWNER, app, 'Ci');
    const repository = new SecureRepository(stackOf(OWNER, app), 'Unnamed');
    new CfnOutput(other, 'Gate', { value: new ScanGate({ repository }).toCommands('v1')[0] });

    const { Value } = Template.fromStack(other).findOutputs('Gate').Gate;
    expect(textOf(other, Value)).toMatch(/^repository='\$\{ImportValue Images:/m);
  });
});

describe('the image of a ScanGate', () => {
  const imageOf = (image: string): string => {
    const stack = stackOf();
    return linesOf(stack, gateIn(stack), image).find(line => line.startsWith('image='))!;
  };

  test.each([
    ['v1.2_3-x', "image='v1.2_3-x'"], [DIGEST, `image='${DIGEST}'`], ['t'.repeat(300), `image='${'t'.repeat(300)}'`],
    ['$TAG', 'image=${TAG-}'], ['${TAG}', 'image=${TAG-}'], ['$CODEBUILD_RESOLVED_SOURCE_VERSION', 'image=${CODEBUILD_RESOLVED_SOURCE_VERSION-}'],
  ])('may be %s', (image, line) => {
    expect(imageOf(image)).toBe(line);
  });

  test.each([
    ' ', 'a b', 'a:b', '-a', '.a', "it's", '$(id)', '`id`', '$A$B', '$A-$B', '${A:-$(id)}', '${A', '$', '$1A B', 'a\nb', 'sha256:abc', 't'.repeat(301), 'team/api:v1', '$TAG\n',
  ])('cannot be %j', image => {
    expect(() => imageOf(image)).toThrow("'image' must be a tag such as 'v1', a digest such as 'sha256:' and 64 hexadecimal digits, or a variable such as '$IMAGE_TAG', got ");
  });

  test('may come with the deployment', () => {
    const stack = stackOf();
    const image = new CfnParameter(stack, 'Tag').valueAsString;

    expect(linesOf(stack, gateIn(stack), image)).toContain("image='${Join '\\''|${Split '|${Ref Tag}}}'");
  });

  const world = { images: [{ digest: DIGEST, tag: 'v1' }], scans: { [DIGEST]: [{ pages: [{ imageScanStatus: { status: 'COMPLETE' }, imageScanFindings: { imageScanCompletedAt: 'now' } }] }] } };
  const run = (image: string, env: Record<string, string>): ReturnType<typeof runScript> => {
    const stack = stackOf();
    const gate = new ScanGate({ repository: ecr.Repository.fromRepositoryName(stack, 'Api', 'team/api') });
    return runScript(`${gate.toCommands(image)[0]}\ncode=$?\necho "after: $code, image: \${image-unset}, options: $-"\nexit $code`, world, { env });
  };

  test('is what the variable of the shell holds, and the commands after the gate see nothing of it', () => {
    const { code, output } = run('$TAG', { TAG: 'v1' });

    expect(code).toBe(0);
    expect(output).toContain('scan gate: PASSED team/api v1\nafter: 0, image: unset');
    expect(output).not.toMatch(/options: .*[uf]/);
    expect(run('${TAG}', { TAG: DIGEST }).code).toBe(0);
    expect(run('v1', {}).code).toBe(0);
  });

  test.each(['image', 'repository', 'timeout', 'name', 'status'])('may be in a variable that the gate uses itself: %s', name => {
    expect(run(`$${name}`, { [name]: 'v1' }).code).toBe(0);
  });

  test('is found whatever separates words for the commands before', () => {
    const stack = stackOf();
    const gate = new ScanGate({ repository: ecr.Repository.fromRepositoryName(stack, 'Api', 'team/api') });

    expect(runScript(`IFS=:/\n${gate.toCommands('v1')[0]}`, world)).toMatchObject({ code: 0, errors: '' });
  });

  test.each([{}, { TAG: '' }, { TAG: '$(exit 0)' }, { TAG: 'v1; exit 0' }, { TAG: 'v1 --profile x' }])('is nothing but a tag, whatever the variable holds: %j', env => {
    expect(run('$TAG', env as Record<string, string>)).toMatchObject({ code: 3, calls: [] });
  });
});

describe('what a ScanGate may', () => {
  const granted = (props: Partial<ScanGateProps> = {}): { stack: Stack; statements: object[] } => {
    const stack = stackOf();
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com') });
    expect(gateIn(stack, props).grantRead(role).success).toBe(true);
    return { stack, statements: statementsOf(stack) };
  };

  test('is read images and findings of the one repository, and what Amazon Inspector found', () => {
    const { stack, statements } = granted();

    expect(statements).toEqual([{ Action: READ, Effect: 'Allow', Resource: repositoryOf(stack) }, INSPECTOR]);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('is nothing of Amazon Inspector where it does not scan', () => {
    const { stack, statements } = granted({ scanType: ScanType.BASIC });

    expect(statements).toEqual([{ Action: READ, Effect: 'Allow', Resource: repositoryOf(stack) }]);
  });

  test('is to start a scan as well, if it does', () => {
    const { stack, statements } = granted({ scanType: ScanType.BASIC, missingScan: MissingScan.START_SCAN });

    expect(statements).toEqual([{ Action: [...READ, 'ecr:StartImageScan'], Effect: 'Allow', Resource: repositoryOf(stack) }]);
  });

  test('is the same in statements', () => {
    for (const props of [{}, { scanType: ScanType.BASIC }, { missingScan: MissingScan.START_SCAN }]) {
      const { stack, statements } = granted(props);

      expect(stack.resolve(gateIn(stack, props).toPolicyStatements().map(statement => statement.toStatementJson() as object))).toEqual(statements);
    }
  });

  test('is told to the owner of an imported role', () => {
    const stack = stackOf();
    gateIn(stack).grantRead(iam.Role.fromRoleArn(stack, 'Theirs', 'arn:aws:iam::222222222222:role/ci'));

    const warning = warningsOf(stack).find(text => text.includes('RepositoryGrants.importedPrincipal'));
    expect(warning).toMatch(/inspector2:ListFindings.*"Resource":"\*"/);
    Template.fromStack(stack).hasResourceProperties('AWS::ECR::Repository', {
      RepositoryPolicyText: { Statement: [Match.objectLike({ Action: READ })] },
    });
  });

  test('warns that another account sees no findings of enhanced scanning', () => {
    const app = new App();
    const stack = stackOf(OWNER, app);
    const role = new iam.Role(stackOf('222222222222', app, 'Ci'), 'Role', { roleName: 'ci', assumedBy: new iam.AccountRootPrincipal() });
    const id = 'cdk-secure-ecr:ScanGate.foreignRepository';

    gateIn(stack, { scanType: ScanType.BASIC }).grantRead(role);
    expect(warningsOf(stack)).toEqual([]);
    gateIn(stack).grantRead(role);
    expect(warningsOf(stack)).toEqual([expect.stringContaining(`${id}`)]);

    Validations.of(repositoryIn(stack)).acknowledge({ id, reason: 'basic scanning' });
    expect(warningsOf(stack)).toEqual([]);
  });
});

describe('a gate that lets unscanned images pass', () => {
  test('is a warning', () => {
    const stack = stackOf();
    gateIn(stack, { missingScan: MissingScan.REFUSE });
    gateIn(stack, { missingScan: MissingScan.START_SCAN });
    expect(warningsOf(stack)).toEqual([]);

    gateIn(stack, { missingScan: MissingScan.PASS });
    expect(warningsOf(stack)).toEqual([expect.stringMatching(/every image passes .*'missingScan' is PASS.*cdk-secure-ecr:ScanGate.passesUnscanned/)]);

    Validations.of(repositoryIn(stack)).acknowledge({ id: 'cdk-secure-ecr:ScanGate.passesUnscanned', reason: 'first runs' });
    expect(warningsOf(stack)).toEqual([]);
  });
});

describe('a gate for images that the scanner does not support', () => {
  const unsupported = (props: Partial<ScanGateProps>): string => gateIn(stackOf(), props).toScript().split('\n').find(line => line.startsWith('unsupported()')) ?? '';

  test('has no verdict on them', () => {
    expect(unsupported({})).toBe('unsupported() { unknown "the scanner does not support it"; }');
  });

  test('lets them pass if that is allowed', () => {
    expect(unsupported({ allowUnsupported: true })).toBe('unsupported() { say "$name: passed, as allowed: the scanner does not support it"; }');
  });
});

describe('a gate for images without a scan', () => {
  const PASSES = 'passed, as allowed: it was not scanned';

  test.each([[MissingScan.REFUSE, false], [MissingScan.START_SCAN, false], [MissingScan.PASS, true]])('lets them pass with %s: %s', (missingScan, passes) => {
    expect(gateIn(stackOf(), { missingScan }).toScript().includes(PASSES)).toBe(passes);
  });
});

describe('the forms of a ScanGate', () => {
  test('are a build specification for AWS CodeBuild', () => {
    const stack = stackOf();
    const gate = gateIn(stack);
    new codebuild.Project(stack, 'Project', { buildSpec: gate.toBuildSpec('$IMAGE_TAG') });

    const [project] = Object.values(Template.fromStack(stack).findResources('AWS::CodeBuild::Project'));
    const spec = JSON.parse(textOf(stack, (project.Properties as { Source: { BuildSpec: unknown } }).Source.BuildSpec)) as object;
    expect(spec).toEqual({ version: '0.2', phases: { build: { commands: [textOf(stack, gate.toCommands('$IMAGE_TAG')[0])] } } });
  });

  test('are a step of CDK Pipelines with the permissions and no others', () => {
    const app = new App();
    const stack = stackOf(OWNER, app, 'Pipeline');
    const gate = new ScanGate({ repository: ecr.Repository.fromRepositoryName(stack, 'Api', 'team/api') });
    const production = new Stage(app, 'Production', { env: { account: OWNER, region: 'eu-west-1' } });
    new CfnOutput(stackOf(OWNER, production as App, 'App'), 'Tag', { value: 'v1' });
    const source = pipelines.CodePipelineSource.connection('octo/api', 'main', { connectionArn: 'arn:aws:codestar-connections:eu-west-1:111111111111:connection/1' });
    const pipeline = new pipelines.CodePipeline(stack, 'Pipeline', { synth: new pipelines.ShellStep('Synth', { input: source, commands: ['true'] }) });
    pipeline.addStage(production, { pre: [gate.toPipelineStep('Gate', { image: '$IMAGE_TAG', env: { IMAGE_TAG: 'v1' } })] });

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CodeBuild::Project', {
      Source: { BuildSpec: Match.stringLikeRegexp('"commands": \\[\\s*"\\(\\\\nset -uf\\\\nunset IFS\\\\nimage=\\$\\{IMAGE_TAG-\\}\\\\nrepository=\'team/api\'') },
      Environment: Match.objectLike({ EnvironmentVariables: [{ Name: 'IMAGE_TAG', Type: 'PLAINTEXT', Value: 'v1' }] }),
    });
    const [policy, ...others] = Object.values(template.findResources('AWS::IAM::Policy', { Properties: { PolicyDocument: { Statement: Match.arrayWith([INSPECTOR]) } } }));
    const { Statement } = (policy.Properties as { PolicyDocument: { Statement: Array<{ Action: string | string[] }> } }).PolicyDocument;
    expect(others).toEqual([]);
    expect(Statement.filter(({ Action }) => [Action].flat().some(action => /^(ecr|inspector2):/.test(action)))).toEqual([
      { Action: READ, Effect: 'Allow', Resource: stack.resolve(stack.formatArn({ service: 'ecr', resource: 'repository', resourceName: 'team/api' })) as object },
      INSPECTOR,
    ]);
    template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
      Stages: Match.arrayWith([Match.objectLike({
        Name: 'Production', Actions: Match.arrayWith([Match.objectLike({ Name: 'Gate', RunOrder: 1 })]),
      })]),
    });
  });

  test('are a step that takes its tag from a stack', () => {
    const stack = stackOf();
    const Tag = new CfnOutput(stack, 'Tag', { value: 'v1' });
    const step = gateIn(stack).toPipelineStep('Gate', { image: '$TAG', envFromCfnOutputs: { TAG: Tag } });

    expect(step).toBeInstanceOf(pipelines.CodeBuildStep);
    expect(Object.keys(step.envFromCfnOutputs)).toEqual(['TAG']);
    expect(step.rolePolicyStatements).toHaveLength(2);
  });

  test('are a script with the name of the repository, if it is known', () => {
    const stack = stackOf();
    const script = gateIn(stack).toScript();

    expect(script).toMatch(/^#!\/bin\/sh\nset -uf\nunset IFS\nimage=\$\{1-\}\nrepository='team\/api'\n/);
    expect(script).not.toContain('${Token[');
    expect(script.endsWith('\n')).toBe(true);
  });

  test('are a script that the deployment fills in, if it is not', () => {
    const stack = stackOf();
    const { valueAsString } = new CfnParameter(stack, 'Name');

    expect(textOf(stack, new ScanGate({ repository: new SecureRepository(stack, 'Unnamed') }).toScript())).toMatch(/^repository='\$\{Ref Unnamed/m);
    expect(textOf(stack, new ScanGate({ repository: new SecureRepository(stack, 'Named', { repositoryName: valueAsString }) }).toScript()))
      .toMatch(/^repository='\$\{Ref Named/m);
  });

  test('are short enough for a build specification', () => {
    const stack = stackOf();
    const script = gateIn(stack, { maxMedium: 1, missingScan: MissingScan.START_SCAN }).toScript();

    expect(script.length).toBeLessThan(6000);
    expect(script).not.toMatch(/\b(jq|python|awk|sed|grep)\b/);
  });
});

test('the parts of a name that come with the deployment are quoted too', () => {
  const stack = stackOf('unknown');
  const repository = ecr.Repository.fromRepositoryAttributes(stack, 'Theirs', {
    repositoryName: Fn.join('/', ['team', Aws.STACK_NAME]),
    repositoryArn: Fn.importValue('Arn'),
  });

  expect(textOf(stack, new ScanGate({ repository }).toCommands('v1')[0])).toContain("repository='${Join '\\''|${Split '|${Join /|team|${Ref AWS::StackName}}}}'");
});
