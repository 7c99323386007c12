package snippets

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	ecr "github.com/cdk-secure-ecr/cdk-secure-ecr-go/cdksecureecr"
)

func quickStart() {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("Images"), nil)
	ecr.NewSecureRepository(stack, jsii.String("Api"), nil)
}
