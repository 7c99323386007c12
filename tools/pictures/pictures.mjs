// The pictures of the documentation. Each says what a template of this library creates, or what Amazon ECR does with it.

const ours = (at, title, ...lines) => ({ at, title, lines, kind: 'ours' });
const box = (at, title, ...lines) => ({ at, title, lines });
const good = (at, title, ...lines) => ({ at, title, lines, kind: 'good' });
const bad = (at, title, ...lines) => ({ at, title, lines, kind: 'bad' });

export const PICTURES = {
  'adopting': {
    title: 'An ecr.Repository becomes a SecureRepository of the same logical ID: AES_256 updates it in place, the default key replaces it',
    boxes: {
      before: box([0, 0], 'ecr.Repository', 'no encryption block'),
      kept: ours([1, 0], 'SecureRepository', 'encryption: AES_256'),
      key: ours([1, 1], 'SecureRepository', 'the default: a key'),
      update: good([2, 0], 'Update in place', 'all images stay'),
      replace: bad([2, 1], 'Replacement', 'a new, empty repository'),
    },
    arrows: [['before', 'kept', ''], ['before', 'key', ''], ['kept', 'update', 'deploy'], ['key', 'replace', 'deploy']],
  },

  'platform': {
    title: 'The platform of bin/: builds push to a signed and scanned registry, other accounts pull through VPC endpoints, a second Region has replicas',
    boxes: {
      upstreams: box([0, 0], 'Upstream registries', 'Docker Hub, GitHub, Quay,', 'Kubernetes, ECR Public'),
      github: box([0, 1], 'GitHub Actions', 'OIDC token, no stored key'),
      people: box([0, 3], 'Security team', 'e-mail or chat'),
      caches: ours([1, 0], 'PullThroughCache', 'base images, with templates'),
      ci: ours([1, 1], 'CiPushRole', 'main and release-* only'),
      build: box([1, 2], 'AWS CodeBuild', 'ScanGate before prod tags'),
      findings: ours([1, 3], 'ScanFindings', 'an encrypted SNS topic'),
      repository: ours([2, 1], 'SecureRepository', 'platform/web, platform/worker'),
      signing: ours([2, 2], 'ImageSigning', 'signs platform/* on push'),
      scanning: ours([2, 3], 'RegistryScanning', 'enhanced, continuous'),
      share: ours([2, 0], 'CrossAccountPull', 'staging and production'),
      staging: box([3, 0], 'Staging: AWS Fargate', 'EcrVpcEndpoints, no NAT'),
      production: box([3, 1], 'Production: AWS Fargate', 'EcrVpcEndpoints, no NAT'),
      replicas: ours([3, 2], 'ReplicationDestination', 'immutable tags, own key, lifecycle'),
      standby: box([3, 3], 'Standby: AWS Fargate', 'desired count 0'),
    },
    groups: [
      { title: 'Tooling account', of: ['caches', 'ci', 'build', 'findings', 'repository', 'signing', 'scanning', 'share'] },
      { title: 'Workload accounts', of: ['staging', 'production'] },
      { title: 'Second Region', of: ['replicas', 'standby'] },
    ],
    arrows: [
      ['upstreams', 'caches', 'first pull'], ['github', 'ci', 'assumes'], ['ci', 'repository', 'push'], ['build', 'repository', 'push'],
      ['share', 'repository', ''], ['repository', 'production', 'pull'], ['share', 'staging', 'pull'], ['scanning', 'findings', 'events'], ['findings', 'people', 'messages'],
      ['repository', 'replicas', 'replicate'], ['replicas', 'standby', 'pull'],
    ],
  },

  'repositories': {
    title: 'A SecureRepository and the resources that it creates or grants',
    boxes: {
      pusher: box([0, 0], 'A role that pushes', 'grants.push(role)'),
      puller: box([0, 1], 'A role that pulls', 'grants.pull(role)'),
      repository: ours([1, 0], 'SecureRepository', 'immutable tags', 'scan on push', 'retained on delete'),
      key: ours([2, 0], 'AWS KMS key', 'customer managed, with rotation', 'one for all repositories of the stack'),
      lifecycle: ours([2, 1], 'LifecyclePolicy', 'untagged: 7 days', 'newest 500 images stay'),
      events: box([1, 1], 'Events and metrics', 'onImagePushed, onScanFindings', 'metricPullCount, QuotaAlarm'),
    },
    arrows: [['pusher', 'repository', 'push'], ['puller', 'repository', 'pull'], ['repository', 'key', 'encrypted with'], ['repository', 'lifecycle', 'expires images'], ['repository', 'events']],
  },

  'cross-account-pull': {
    title: 'A pull from another account needs an identity policy of the consumer and a repository policy of the owner',
    boxes: {
      role: box([0, 0], 'Role', 'task, node, build, function'),
      identity: ours([0, 1], 'Identity policy', 'images.grants.pull(role)', 'login on *, pull on team/api'),
      ecr: box([1, 0], 'Amazon ECR', 'allows a pull', 'only if both policies do'),
      repository: ours([2, 0], 'SecureRepository', 'team/api'),
      policy: ours([2, 1], 'Repository policy', 'CrossAccountPull', 'accounts, organization, services'),
    },
    groups: [{ title: 'Account of the consumer', of: ['role', 'identity'] }, { title: 'Account of the owner', of: ['repository', 'policy'] }],
    arrows: [['role', 'ecr', 'docker pull'], ['ecr', 'repository', 'reads'], ['identity', 'ecr', 'first half'], ['policy', 'ecr', 'second half']],
  },

  'ci-push': {
    title: 'A CI job exchanges its OIDC token for short-lived credentials of a role that may push to named repositories',
    boxes: {
      job: box([0, 0], 'Job of GitHub or GitLab', 'branch main, tag v*'),
      other: bad([0, 1], 'Any other job', 'pull request, other repository'),
      sts: box([1, 0], 'AWS STS', 'checks issuer, audience', 'and subject of the token'),
      role: ours([2, 0], 'CiPushRole', 'credentials of one hour', 'push and login, nothing else'),
      repository: ours([3, 0], 'SecureRepository', 'team/api'),
      denied: bad([1, 1], 'Access denied', 'the subject does not match'),
    },
    groups: [{ title: 'Your AWS account', of: ['role', 'repository'] }],
    arrows: [['job', 'sts', 'OIDC token'], ['sts', 'role', 'assumes'], ['role', 'repository', 'push'], ['other', 'denied', 'OIDC token']],
  },

  'vpc-endpoints': {
    title: 'A pull without NAT: login through ecr.api, manifests through ecr.dkr, layers through the gateway to Amazon S3',
    boxes: {
      task: box([0, 1], 'Task, node or function', 'in a private subnet'),
      api: ours([1, 0], 'ecr.api', 'interface endpoint'),
      dkr: ours([1, 1], 'ecr.dkr', 'interface endpoint'),
      s3: ours([1, 2], 's3', 'gateway endpoint'),
      login: box([2, 0], 'Amazon ECR API', 'authorization token'),
      registry: box([2, 1], 'Your registry', 'manifests'),
      bucket: box([2, 2], 'Amazon S3 bucket of ECR', 'image layers'),
    },
    groups: [{ title: 'VPC without NAT and without an internet gateway', of: ['task', 'api', 'dkr', 's3'] }, { title: 'AWS Region', of: ['login', 'registry', 'bucket'] }],
    arrows: [
      ['task', 'api', '1 login'], ['task', 'dkr', '2 manifest'], ['task', 's3', '3 layers'],
      ['api', 'login', 'port 443'], ['dkr', 'registry', 'port 443'], ['s3', 'bucket', 'route'],
    ],
  },

  'supply-chain': {
    title: 'An image from push to replicas: pushed, scanned, gated, signed and replicated',
    boxes: {
      push: ours([0, 0], 'Push', 'CiPushRole', 'grants.push(role)'),
      repository: ours([1, 0], 'Repository', 'SecureRepository', 'immutable tags'),
      scan: ours([2, 0], 'Scan', 'RegistryScanning', 'basic or enhanced'),
      gate: ours([3, 0], 'Gate', 'ScanGate', 'maxCritical, maxHigh'),
      deploy: good([4, 0], 'Deployment', 'the digest that passed'),
      sign: ours([1, 1], 'Sign', 'ImageSigning', 'on push, by Amazon ECR'),
      replicate: ours([0, 1], 'Replicate', 'ReplicationSetup', 'to Regions and accounts'),
      findings: ours([2, 1], 'Notify', 'ScanFindings', 'e-mail, chat, any target'),
      stop: bad([3, 1], 'Refused', 'too many findings', 'or no finished scan'),
      replicas: ours([0, 2], 'Replicas', 'ReplicationDestination', 'immutable tags, own key'),
    },
    arrows: [
      ['push', 'repository', 'image'], ['repository', 'scan', 'on push'], ['scan', 'gate', 'findings'], ['gate', 'deploy', 'exit code 0'], ['gate', 'stop', 'exit code 1, 2 or 3'],
      ['scan', 'findings', 'events'], ['repository', 'sign', 'signature'], ['repository', 'replicate', 'each push'], ['replicate', 'replicas', 'copies'],
    ],
  },

  'pull-through-caches': {
    title: 'A pull-through cache: the rule fetches, the template configures the repository that Amazon ECR creates, later pulls read that repository',
    boxes: {
      client: box([0, 0], 'Task or node', 'docker-hub/library/nginx:1.27', 'grants.pull(role)'),
      rule: ours([1, 0], 'PullThroughCache', 'the rule for prefix docker-hub'),
      upstream: box([2, 0], 'Upstream registry', 'registry-1.docker.io'),
      secret: ours([2, 1], 'Secret', 'ecr-pullthroughcache/docker-hub', 'credentials, never in the template'),
      repository: box([1, 1], 'Repository', 'docker-hub/library/nginx', 'created by Amazon ECR'),
      template: ours([1, 2], 'RepositoryTemplate', 'prefix docker-hub', 'mutable tags, key, lifecycle'),
    },
    groups: [{ title: 'Your registry', of: ['rule', 'template', 'repository'] }],
    arrows: [['client', 'rule', 'first pull'], ['rule', 'upstream', 'fetches'], ['secret', 'upstream', 'login'], ['rule', 'repository', 'creates'], ['template', 'repository', 'settings'], ['client', 'repository', 'later pulls']],
  },

  'templates': {
    title: 'A repository template configures the repositories that Amazon ECR creates below a prefix',
    boxes: {
      push: box([0, 0], 'First push', 'CREATE_ON_PUSH'),
      cache: box([0, 1], 'First pull through a cache', 'PULL_THROUGH_CACHE'),
      replica: box([0, 2], 'First replicated image', 'REPLICATION'),
      template: ours([1, 1], 'RepositoryTemplate', 'the longest matching prefix', 'or ROOT'),
      repository: box([2, 1], 'New repository', 'tags, key, lifecycle policy,', 'repository policy of the template'),
      existing: box([2, 2], 'Existing repository', 'is never changed'),
    },
    arrows: [['push', 'template', ''], ['cache', 'template', 'Amazon ECR looks up'], ['replica', 'template', ''], ['template', 'repository', 'creates']],
  },

  'lifecycle': {
    title: 'Each image belongs to the first rule that selects it: lower rules cannot act on it, even when the image stays',
    boxes: {
      h0: box([0, 0], 'Image'),
      h1: ours([1, 0], 'Rule 1', 'protect release-*'),
      h2: ours([2, 0], 'Rule 2', 'expire pr-* after 30 days'),
      h3: ours([3, 0], 'Rule 3', 'expire untagged after 7 days'),
      i1: box([0, 1], 'release-1.0, pr-7', 'pushed 300 days ago'),
      a1: good([1, 1], 'Selected: stays'),
      b1: box([2, 1], '', 'cannot act, although', 'pr-7 is older than 30 days'),
      i2: box([0, 2], 'pr-8', 'pushed 45 days ago'),
      a2: bad([2, 2], 'Selected: expires', '45 days, limit 30 days'),
      i3: box([0, 3], 'pr-9', 'pushed 2 days ago'),
      a3: good([2, 3], 'Selected: stays', '2 days, limit 30 days'),
      i4: box([0, 4], 'sha256:cba0…', 'untagged, 19 days old'),
      a4: bad([3, 4], 'Selected: expires', '19 days, limit 7 days'),
      i5: box([0, 5], 'main-42', 'no rule selects it'),
      h4: box([4, 0], 'No rule'),
      a5: good([4, 5], 'Stays'),
    },
    arrows: [['i1', 'a1'], ['a1', 'b1', '', 'later'], ['i2', 'a2'], ['i3', 'a3'], ['i4', 'a4'], ['i5', 'a5']],
  },

  'replication': {
    title: 'Replication copies new images to another Region or account, where templates make the replicas as strict as the source',
    boxes: {
      push: box([0, 0], 'New image', 'prod/api:v1'),
      source: ours([1, 0], 'ReplicationSetup', 'prefix prod/'),
      old: bad([1, 1], 'Not replicated', 'existing images, deletions,', 'settings, replicas'),
      policy: ours([2, 0], 'Registry policy', 'ReplicationDestination', 'this account and prod/ only'),
      template: ours([3, 0], 'RepositoryTemplate', 'immutable tags, key, lifecycle'),
      replica: box([3, 1], 'Replica', 'prod/api:v1'),
    },
    groups: [{ title: 'Source registry', of: ['push', 'source', 'old'] }, { title: 'Destination registry', of: ['policy', 'template', 'replica'] }],
    arrows: [['push', 'source', 'push'], ['source', 'policy', 'replicate'], ['policy', 'template', 'allows'], ['template', 'replica', 'creates']],
  },

  'registry': {
    title: 'Settings that a registry has once: constructs add statements to one registry policy, all other settings have one owner',
    boxes: {
      cache: ours([0, 0], 'UpstreamAccess'),
      destination: ours([0, 1], 'ReplicationDestination'),
      own: ours([0, 2], 'RegistryPolicy', 'your own statements'),
      policy: box([1, 1], 'Registry policy', 'one resource, all statements'),
      replication: box([2, 0], 'Replication', 'ReplicationSetup'),
      scanning: box([2, 1], 'Scanning', 'RegistryScanning'),
      signing: box([2, 2], 'Signing', 'ImageSigning'),
    },
    groups: [{ title: 'One account and Region', of: ['policy', 'replication', 'scanning', 'signing'] }],
    arrows: [['cache', 'policy'], ['destination', 'policy', 'statements'], ['own', 'policy']],
  },

  'public': {
    title: 'A PublicRepository: you push to us-east-1, anyone can pull from the Amazon ECR Public Gallery',
    boxes: {
      role: box([0, 0], 'Release role', 'grants.push(role)'),
      repository: ours([1, 0], 'PublicRepository', 'tools/converter in us-east-1', 'catalog data'),
      gallery: box([2, 0], 'Amazon ECR Public Gallery', 'public.ecr.aws/alias/tools/converter'),
      people: box([3, 0], 'Everybody', 'no AWS account needed'),
    },
    arrows: [['role', 'repository', 'push'], ['repository', 'gallery', 'shown in'], ['gallery', 'people', 'pull']],
  },

  'checks': {
    title: 'EcrChecks reads every synthesized template and fails the synthesis on errors',
    boxes: {
      app: box([0, 0], 'Your app', 'ecr.Repository, CfnRepository,', 'policies, SecureRepository'),
      templates: box([1, 0], 'Templates', 'with overrides and aspects'),
      checks: ours([2, 0], 'EcrChecks', 'rules with stable ids'),
      ack: box([2, 1], 'Acknowledgement', 'id and reason'),
      pass: good([3, 0], 'Synthesis succeeds', 'warnings are reported'),
      fail: bad([3, 1], 'Synthesis fails', 'resource, property and fix'),
    },
    arrows: [['app', 'templates', 'synth'], ['templates', 'checks', 'read by'], ['checks', 'pass', 'no error'], ['checks', 'fail', 'error'], ['ack', 'checks', '']],
  },

  'cli': {
    title: 'The command reads templates, change sets and registries, and never writes to AWS',
    boxes: {
      templates: box([0, 0], 'Templates', 'cdk.out, AWS SAM, YAML'),
      changes: box([0, 1], 'Change sets', 'of AWS CloudFormation'),
      registry: box([0, 2], 'A registry', 'read-only API calls'),
      command: ours([1, 1], 'cdk-secure-ecr-cli', 'the rules of EcrChecks'),
      findings: box([2, 0], 'Findings', 'file, line, rule and fix'),
      report: box([2, 1], 'Report', 'text, JSON or SARIF'),
      code: box([2, 2], 'Exit code', '0 none, 1 findings, 2 failed'),
    },
    arrows: [['templates', 'command'], ['changes', 'command', 'reads'], ['registry', 'command'], ['command', 'findings'], ['command', 'report', 'writes'], ['command', 'code']],
  },

  'languages': {
    title: 'One library in TypeScript, published with jsii for five languages that write the same templates',
    boxes: {
      source: ours([0, 1], 'cdk-secure-ecr', 'TypeScript'),
      jsii: box([1, 1], 'jsii', 'generates the packages'),
      npm: good([2, 0], 'npm, PyPI', 'TypeScript, JavaScript, Python'),
      maven: good([2, 1], 'Maven Central, Go modules', 'Java, Go'),
      nuget: box([2, 2], 'NuGet', '.NET, not tested yet'),
      template: box([3, 1], 'CloudFormation template', 'the same in each language'),
    },
    arrows: [['source', 'jsii', 'build'], ['jsii', 'npm'], ['jsii', 'maven'], ['jsii', 'nuget'], ['npm', 'template'], ['maven', 'template', 'synth']],
  },
};
