package snippets

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/jsii-runtime-go"
	ecr "github.com/cdk-secure-ecr/cdk-secure-ecr-go/cdksecureecr"
)

func ciPush() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Images"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("eu-west-1")},
	})
	repository := ecr.NewSecureRepository(stack, jsii.String("Api"), &ecr.SecureRepositoryProps{RepositoryName: jsii.String("team/api")})

	push := ecr.NewCiPushRole(stack, jsii.String("Push"), &ecr.CiPushRoleProps{
		Repositories: &[]awsecr.IRepository{repository},
		Subjects: &[]ecr.CiSubject{
			ecr.CiSubject_Github(&ecr.GitHubSubjectOptions{
				Owner: jsii.String("octo-org"), OwnerId: jsii.String("123456"), Repo: jsii.String("api"), RepoId: jsii.String("456789"),
				Branches: jsii.Strings("main"), Tags: jsii.Strings("v*"),
			}),
		},
	})
	push.Role().RoleArn() // the role-to-assume of the workflow
}
