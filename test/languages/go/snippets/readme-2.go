package snippets

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/jsii-runtime-go"
	ecr "github.com/cdk-secure-ecr/cdk-secure-ecr-go/cdksecureecr"
)

func crossAccountPull() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Images"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("eu-west-1")},
	})
	repository := ecr.NewSecureRepository(stack, jsii.String("Api"), &ecr.SecureRepositoryProps{RepositoryName: jsii.String("team/api")})

	ecr.NewCrossAccountPull(stack, jsii.String("Share"), &ecr.CrossAccountPullProps{
		Repositories: &[]awsecr.IRepository{repository},
		Consumers: &[]ecr.PullConsumer{
			ecr.PullConsumer_Accounts(jsii.Strings("222222222222", "333333333333")),
			ecr.PullConsumer_OrganizationalUnit(jsii.String("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111")),
			ecr.PullConsumer_LambdaFunctions(jsii.String("222222222222")),
		},
	})
}
